import { describe, expect, it } from 'vitest';
import { RelaisError, type StreamPart } from '../spec/index.ts';
import { streamFault } from './index.ts';

const start: StreamPart = { type: 'start', id: 'a', model: 'm' };
const usage: StreamPart = { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } };
const end: StreamPart = { type: 'end' };
const error: StreamPart = { type: 'error', error: new RelaisError('provider_error', 'broke') };
const ping: StreamPart = { type: 'ping' };

const text = (block: number, candidate = 0): StreamPart => ({
	type: 'block-start',
	block,
	candidate,
	content: { type: 'text', text: '' },
});
const delta = (block: number): StreamPart => ({ type: 'text-delta', block, text: 'x' });
const close = (block: number): StreamPart => ({ type: 'block-end', block });
const finish = (candidate = 0): StreamPart => ({ type: 'finish', candidate, stop: { kind: 'stop' } });

const WHOLE = [start, text(0), delta(0), close(0), finish(), usage, end];

/** A part that the types would not allow. */
const odd = (part: object): StreamPart => part as StreamPart;

describe('a stream by the grammar', () => {
	it.each<[string, StreamPart[]]>([
		['one block', WHOLE],
		['no block at all', [start, finish(), usage, end]],
		['several blocks, one after the other', [start, text(0), close(0), text(1), delta(1), close(1), finish(), usage, end]],
		['interleaved blocks', [start, text(0), text(1), delta(1), delta(0), close(0), delta(1), close(1), finish(), usage, end]],
		['two candidates', [start, text(0), text(1, 1), delta(1), delta(0), close(0), finish(), close(1), finish(1), usage, end]],
		['usage told again and again, and early', [start, usage, text(0), usage, delta(0), close(0), finish(), usage, usage, end]],
		['pings anywhere', [ping, start, ping, text(0), ping, close(0), finish(), ping, usage, ping, end]],
		['a vendor’s own event', [start, { type: 'vendor-event', dialect: 'd', data: {} }, finish(), usage, end]],
		['a break with an error', [start, text(0), delta(0), error]],
		['nothing but an error', [error]],
	])('may have %s', (_, parts) => expect(streamFault(parts)).toBeUndefined());
});

describe('a stream against the grammar', () => {
	it.each<[string, StreamPart[], RegExp]>([
		['nothing', [], /^the stream has no end: its last part is undefined$/],
		['no end', WHOLE.slice(0, -1), /has no end: its last part is "usage"/],
		['no start', WHOLE.slice(1), /^part 0 \("block-start"\): comes before the start$/],
		['a second start', [start, ...WHOLE], /^part 1 \("start"\): is a second start$/],
		['a delta of no block', [start, delta(0)], /part 1 \("text-delta"\): block 0 is not open/],
		['a delta after its block', [start, text(0), close(0), delta(0)], /part 3 .*block 0 is not open/],
		['a block closed twice', [start, text(0), close(0), close(0)], /part 3 .*block 0 is not open/],
		['a number used twice', [start, text(0), close(0), text(0)], /opens block 0: .* the next is 1/],
		['a number left out', [start, text(0), text(2)], /opens block 2: .* the next is 1/],
		['a first number other than 0', [start, text(1)], /opens block 1: .* the next is 0/],
		['a block left open at the finish', [start, text(0), finish()], /finishes candidate 0, whose block 0 is still open/],
		['a finish twice', [start, finish(), finish()], /finishes candidate 0 a second time/],
		['a block after the finish', [start, finish(), text(0)], /opens a block of candidate 0, which has finished/],
		['no finish', [start, usage, end], /no candidate has finished/],
		['a candidate without a finish', [start, text(0), close(0), finish(1), usage, end], /candidate 0 has not finished/],
		['a block left open at the end', [start, finish(1), text(0), usage, end], /block 0 is still open/],
		['no usage', [start, finish(), end], /no usage was told/],
		['anything after the end', [...WHOLE, ping], /part 7 \("ping"\): comes after end/],
		['anything after an error', [start, error, end], /part 2 \("end"\): comes after error/],
		['a part nobody knows', [start, odd({ type: 'text' })], /part 1 \("text"\): type must be one of start, block-start/],
		['nothing in place of a part', [start, undefined as never], /type must be one of/],
		['text that is none', [start, text(0), odd({ type: 'text-delta', block: 0 })], /part\.text must be a text, is undefined/],
		['a block number that is none', [odd({ ...text(0), block: -1 })], /part\.block must be a whole number/],
		['usage that is none', [start, odd({ type: 'usage', usage: {} })], /part\.usage\.inputTokens must be a whole number/],
		[
			'an error of another kind',
			[odd({ type: 'error', error: new Error('x') })],
			/part\.error must be a RelaisError, is Error: x/,
		],
		[
			'a stop reason of another kind',
			[start, odd({ type: 'finish', candidate: 0, stop: 'stop' })],
			/part\.stop must be an object/,
		],
	])('is found for %s', (_, parts, message) => expect(streamFault(parts)).toMatch(message));

	it.each<[StreamPart['type'], object, object]>([
		['reasoning-delta', { text: 'x' }, { type: 'text', text: '' }],
		['text-delta', { text: 'x' }, { type: 'reasoning' }],
		['tool-input-delta', { input: 'x' }, { type: 'text', text: '' }],
		['media-delta', { data: 'x' }, { type: 'text', text: '' }],
		['citation', { citation: { source: 'url' } }, { type: 'tool-call', id: '1', name: 'n', kind: 'function', input: '' }],
	])('is found where a %s goes to a block of another kind', (type, fields, content) => {
		const parts = [start, odd({ ...text(0), content }), odd({ type, block: 0, ...fields })];
		expect(streamFault(parts)).toMatch(/block 0 is a .* block, which takes no /);
	});
});
