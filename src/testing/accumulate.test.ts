import { describe, expect, it } from 'vitest';
import { type ContentPart, RelaisError, type StreamPart } from '../spec/index.ts';
import { accumulate } from './index.ts';

const usage: StreamPart = { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } };
const end: StreamPart = { type: 'end' };
const finish: StreamPart = { type: 'finish', candidate: 0, stop: { kind: 'stop' } };

function open(content: ContentPart, block = 0, candidate = 0): StreamPart {
	return { type: 'block-start', block, candidate, content };
}

/** The only part of an answer of one block. */
function grown(content: ContentPart, ...deltas: StreamPart[]): ContentPart | undefined {
	const parts: StreamPart[] = [{ type: 'start' }, open(content), ...deltas, { type: 'block-end', block: 0 }, finish, usage, end];
	const answer = accumulate(parts);
	expect(answer.candidates).toHaveLength(1);
	return answer.candidates[0]?.content[0];
}

const signature = (value: string) => ({ vendor: 'd', value });

describe('an accumulated stream', () => {
	it('is the answer the parts tell, from start to usage', () => {
		const answer = accumulate([
			{ type: 'start', id: 'a', model: 'm', createdAt: 5, usage: { inputTokens: 9, outputTokens: 0 }, serviceTier: 's' },
			open({ type: 'text', text: '' }),
			{ type: 'ping' },
			{ type: 'text-delta', block: 0, text: 'Hel' },
			{ type: 'usage', usage: { inputTokens: 5, outputTokens: 1 } },
			{ type: 'text-delta', block: 0, text: 'lo' },
			{ type: 'block-end', block: 0 },
			{ type: 'vendor-event', dialect: 'd', data: {} },
			finish,
			usage,
			end,
		]);
		expect(answer).toEqual({
			id: 'a',
			model: 'm',
			createdAt: 5,
			serviceTier: 's',
			candidates: [{ index: 0, content: [{ type: 'text', text: 'Hello' }], stop: { kind: 'stop' } }],
			usage: { inputTokens: 1, outputTokens: 2 },
		});
	});

	it('keeps what was known at the start where nothing else is told', () => {
		const started: StreamPart = { type: 'start', usage: { inputTokens: 9, outputTokens: 0 } };
		expect(accumulate([started, finish, end]).usage).toEqual({ inputTokens: 9, outputTokens: 0 });
	});

	it('joins text, its citations and its last signature', () => {
		const citation = (url: string): StreamPart => ({ type: 'citation', block: 0, citation: { source: 'url', url } });
		expect(
			grown(
				{ type: 'text', text: 'A' },
				{ type: 'text-delta', block: 0, text: 'B', signature: signature('1') },
				citation('u'),
				{ type: 'text-delta', block: 0, text: 'C', signature: signature('2') },
				citation('v'),
			),
		).toEqual({
			type: 'text',
			text: 'ABC',
			signature: signature('2'),
			citations: [
				{ source: 'url', url: 'u' },
				{ source: 'url', url: 'v' },
			],
		});
	});

	it('joins reasoning: text, summary paragraphs, signature and sealed form', () => {
		expect(
			grown(
				{ type: 'reasoning' },
				{ type: 'reasoning-delta', block: 0, text: 'a' },
				{ type: 'reasoning-delta', block: 0, text: 'b', signature: signature('s') },
				{ type: 'reasoning-delta', block: 0, summary: 'one' },
				{ type: 'reasoning-delta', block: 0, summary: 'two', summaryIndex: 1 },
				{ type: 'reasoning-delta', block: 0, summary: ' more' },
				{ type: 'reasoning-delta', block: 0, encrypted: signature('e') },
			),
		).toEqual({
			type: 'reasoning',
			text: 'ab',
			summary: ['one', 'two more'],
			signature: signature('s'),
			encrypted: signature('e'),
		});
	});

	it('joins the input of a tool call', () => {
		const call: ContentPart = { type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: '' };
		expect(
			grown(
				call,
				{ type: 'tool-input-delta', block: 0, input: '{"a":' },
				{ type: 'tool-input-delta', block: 0, input: '1}', signature: signature('s') },
			),
		).toEqual({ ...call, input: '{"a":1}', signature: signature('s') });
		expect(call.input).toBe('');
	});

	it('joins sound and its transcript', () => {
		expect(
			grown(
				{ type: 'audio', source: { type: 'base64', data: 'AA', mediaType: 'audio/wav' } },
				{ type: 'media-delta', block: 0, data: 'BB' },
				{ type: 'media-delta', block: 0, transcript: 'Hel' },
				{ type: 'media-delta', block: 0, transcript: 'lo' },
			),
		).toEqual({ type: 'audio', source: { type: 'base64', data: 'AABB', mediaType: 'audio/wav' }, transcript: 'Hello' });
	});

	it('takes whole parts as they are', () => {
		const image: ContentPart = { type: 'image', source: { type: 'url', url: 'u' } };
		expect(grown(image)).toEqual(image);
	});

	it('gathers log-probabilities, those of a refusal apart', () => {
		const logprobs = (token: string) => [{ token, logprob: -1, top: [] }];
		const told = accumulate([
			open({ type: 'text', text: '' }),
			{ type: 'text-delta', block: 0, text: 'a', logprobs: logprobs('a') },
			{ type: 'text-delta', block: 0, text: 'b', logprobs: logprobs('b') },
			open({ type: 'refusal', text: '' }, 1),
			{ type: 'text-delta', block: 1, text: 'no', logprobs: logprobs('no') },
			finish,
			end,
		]);
		expect(told.candidates[0]).toMatchObject({
			content: [
				{ type: 'text', text: 'ab' },
				{ type: 'refusal', text: 'no' },
			],
			logprobs: [...logprobs('a'), ...logprobs('b')],
			refusalLogprobs: logprobs('no'),
		});
	});

	it('lays what one dialect says over its part, its candidate and its answer', () => {
		const says = (fields: { [key: string]: number }) => ({ extensions: { d: fields } });
		const told = accumulate([
			{ type: 'start', ...says({ a: 1 }) },
			open({ type: 'text', text: '', ...says({ b: 1, c: 1 }) }),
			{ type: 'text-delta', block: 0, text: 'x', ...says({ c: 2 }) },
			{ type: 'block-end', block: 0, ...says({ d: 3 }) },
			{ ...finish, ...says({ e: 4 }) },
			{ ...end, ...says({ f: 5 }) },
		]);
		expect(told.extensions).toEqual({ d: { a: 1, f: 5 } });
		expect(told.candidates[0]?.extensions).toEqual({ d: { e: 4 } });
		expect(told.candidates[0]?.content[0]?.extensions).toEqual({ d: { b: 1, c: 2, d: 3 } });
	});

	it('keeps candidates apart, in the order of their numbers', () => {
		const told = accumulate([
			open({ type: 'text', text: 'b' }, 0, 1),
			open({ type: 'text', text: 'a' }, 1, 0),
			{ type: 'text-delta', block: 0, text: 'B' },
			{ type: 'finish', candidate: 2, stop: { kind: 'length' } },
			end,
		]);
		expect(told.candidates.map(({ index, content }) => [index, content])).toEqual([
			[0, [{ type: 'text', text: 'a' }]],
			[1, [{ type: 'text', text: 'bB' }]],
			[2, []],
		]);
	});
});

describe('a stream that is not whole', () => {
	it('fails with its own error', () => {
		const error = new RelaisError('provider_overloaded', 'busy');
		expect(() => accumulate([{ type: 'start' }, { type: 'error', error }])).toThrow(error);
	});

	it('fails as interrupted where its end is missing', () => {
		expect(() => accumulate([{ type: 'start' }, finish])).toThrow(expect.objectContaining({ code: 'stream_interrupted' }));
	});

	it.each<[string, StreamPart[]]>([
		['of a block that was not opened', [{ type: 'text-delta', block: 3, text: 'x' }]],
		['that does not fit its block', [open({ type: 'reasoning' }), { type: 'text-delta', block: 0, text: 'x' }]],
		['of media for a text', [open({ type: 'text', text: '' }), { type: 'media-delta', block: 0, data: 'x' }]],
		[
			'of data for an address',
			[open({ type: 'image', source: { type: 'url', url: 'u' } }), { type: 'media-delta', block: 0, data: 'x' }],
		],
	])('fails as a breach of protocol for a piece %s', (_, parts) => {
		expect(() => accumulate(parts)).toThrow(expect.objectContaining({ code: 'provider_protocol' }));
	});
});
