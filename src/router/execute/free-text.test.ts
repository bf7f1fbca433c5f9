import { describe, expect, test } from 'vitest';
import type { ChatResponse, ContentPart, StreamPart, ToolCallPart } from '../../spec/index.ts';
import { freeTextTools, Unwrapper, unwrapped } from './free-text.ts';

const NAMES = new Set(['patch']);
const call = (name: string, input: string, more: Partial<ToolCallPart> = {}): ToolCallPart => ({
	type: 'tool-call',
	id: 'c1',
	name,
	kind: 'function',
	input,
	...more,
});

function answer(...content: ContentPart[]): ChatResponse {
	return { candidates: [{ index: 0, content }] };
}

describe('a call of a tool that takes free text', () => {
	test('is known by the request', () => {
		const base = { model: 'm', messages: [], stream: false, sampling: {} };
		expect(freeTextTools(base)).toBeUndefined();
		expect(freeTextTools({ ...base, tools: [{ type: 'function', name: 'add' }] })).toBeUndefined();
		expect(freeTextTools({ ...base, tools: [{ type: 'custom', name: 'patch' }] })).toEqual(NAMES);
	});

	test.each([
		['{"input":"*** Begin\\n"}', '*** Begin\n'],
		['{"input":""}', ''],
		['{"input":1}', '{"input":1}'],
		['{"input":"a","more":"b"}', '{"input":"a","more":"b"}'],
		['{"inp', '{"inp'],
		['', ''],
	])('told as %s is the text %j', (input, text) => {
		const content = unwrapped(answer(call('patch', input)), NAMES).candidates[0]?.content;
		expect(content).toEqual([call('patch', text, { kind: 'custom' })]);
	});

	test('leaves other calls and texts alone', () => {
		const other = answer(
			{ type: 'text', text: 'x' },
			call('add', '{"input":"a"}'),
			call('patch', '{"input":"a"}', { providerExecuted: { kind: 'patch' } }),
			call('patch', 'free already', { kind: 'custom' }),
		);
		expect(unwrapped(other, NAMES)).toEqual(other);
	});

	test('comes in one piece in a stream, proofs at once, others untouched', () => {
		const unwrapper = new Unwrapper(NAMES);
		const signature = { vendor: 'v', value: 's' };
		const parts: StreamPart[] = [
			{ type: 'block-start', block: 0, candidate: 0, content: call('patch', '') },
			{ type: 'block-start', block: 1, candidate: 0, content: call('add', '') },
			{ type: 'tool-input-delta', block: 0, input: '{"inp' },
			{ type: 'tool-input-delta', block: 1, input: '{"input":"a"}' },
			{ type: 'tool-input-delta', block: 0, input: 'ut":"Ä\\n"}', signature },
			{ type: 'block-end', block: 0 },
			{ type: 'block-end', block: 1 },
			{ type: 'end' },
		];
		expect(parts.flatMap((part) => unwrapper.push(part))).toEqual([
			{ type: 'block-start', block: 0, candidate: 0, content: call('patch', '', { kind: 'custom' }) },
			parts[1],
			parts[3],
			{ type: 'tool-input-delta', block: 0, input: '', signature },
			{ type: 'tool-input-delta', block: 0, input: 'Ä\n' },
			parts[5],
			parts[6],
			parts[7],
		]);
	});

	test('that came whole with its start is told whole too', () => {
		const unwrapper = new Unwrapper(NAMES);
		const parts: StreamPart[] = [
			{ type: 'block-start', block: 0, candidate: 0, content: call('patch', '{"input":"a"}') },
			{ type: 'block-end', block: 0 },
		];
		expect(parts.flatMap((part) => unwrapper.push(part))).toEqual([
			{ type: 'block-start', block: 0, candidate: 0, content: call('patch', '', { kind: 'custom' }) },
			{ type: 'tool-input-delta', block: 0, input: 'a' },
			parts[1],
		]);
	});
});
