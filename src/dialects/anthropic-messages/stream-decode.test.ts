import { describe, expect, test } from 'vitest';
import { isRelaisError, type JsonObject, type StreamPart } from '../../spec/index.ts';
import { anthropicMessages } from './index.ts';

function decode(events: JsonObject[], ended = true): StreamPart[] {
	const decoder = anthropicMessages.streamDecoder();
	const parts = events.flatMap((event) => decoder.push({ event: '', data: JSON.stringify(event) }));
	return ended ? [...parts, ...decoder.end()] : parts;
}

const START: JsonObject = {
	type: 'message_start',
	message: {
		id: 'msg_1',
		type: 'message',
		role: 'assistant',
		model: 'claude',
		content: [],
		stop_reason: null,
		usage: { input_tokens: 5, output_tokens: 1 },
	},
};
const text = (index: number, ...pieces: string[]): JsonObject[] => [
	{ type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
	...pieces.map((piece): JsonObject => ({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: piece } })),
	{ type: 'content_block_stop', index },
];
const DELTA: JsonObject = {
	type: 'message_delta',
	delta: { stop_reason: 'end_turn', stop_sequence: null },
	usage: { input_tokens: 5, output_tokens: 9 },
};
const STOP: JsonObject = { type: 'message_stop' };
const types = (parts: StreamPart[]): string[] => parts.map((part) => part.type);

describe('a stream of this API', () => {
	test('is told in canonical parts', () => {
		expect(types(decode([START, ...text(0, 'Hel', 'lo'), DELTA, STOP]))).toEqual([
			...['start', 'block-start', 'text-delta', 'text-delta', 'block-end'],
			...['finish', 'usage', 'end'],
		]);
	});

	test('repeats input tokens at its end: they are not added up', () => {
		const usage = decode([START, DELTA, STOP]).find((part) => part.type === 'usage');
		expect(usage?.usage).toMatchObject({ inputTokens: 5, outputTokens: 9 });
	});

	test('that starts twice is one answer', () => {
		const parts = decode([START, START, ...text(0, 'Hi'), DELTA, STOP]);
		expect(types(parts).filter((type) => type === 'start').length).toBe(1);
	});

	test('that finishes but lacks its end mark is complete', () => {
		expect(types(decode([START, ...text(0, 'Hi'), DELTA])).at(-1)).toBe('end');
	});

	test('that breaks off is not', () => {
		const [, ...rest] = text(0, 'Hi');
		expect(types(decode([START, ...text(0, 'Hi').slice(0, 2)]))).toEqual(['start', 'block-start', 'text-delta']);
		expect(types(decode([START, ...rest]))).not.toContain('end');
	});

	test('may leave out the start of a text block', () => {
		const parts = decode([
			START,
			{ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
			DELTA,
			STOP,
		]);
		expect(types(parts)).toEqual(['start', 'block-start', 'text-delta', 'finish', 'usage', 'block-end', 'end']);
	});

	test('may bring the whole of a block with its start', () => {
		const parts = decode([
			START,
			{ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'get', input: { x: 1 } } },
			{ type: 'content_block_stop', index: 0 },
			DELTA,
			STOP,
		]);
		expect(parts.slice(1, 4)).toMatchObject([
			{ type: 'block-start', content: { type: 'tool-call', input: '' } },
			{ type: 'tool-input-delta', input: '{"x":1}' },
			{ type: 'block-end' },
		]);
	});

	test('can fail inside: the error is a part and nothing follows', () => {
		const failure: JsonObject = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
		const parts = decode([START, failure, ...text(0, 'Hi'), DELTA, STOP]);
		expect(types(parts)).toEqual(['start', 'error']);
		expect(parts[1]).toMatchObject({ error: { code: 'provider_overloaded', retryable: true, message: 'Overloaded' } });
	});

	test('may hold events of tomorrow: they are kept for clients of this dialect', () => {
		const parts = decode([START, { type: 'mood_change', mood: 'good' }, DELTA, STOP]);
		expect(parts[1]).toMatchObject({ type: 'vendor-event', event: 'mood_change', data: { mood: 'good' }, meaningful: true });
	});

	test.each([
		['text that is no JSON', 'oops'],
		['a delta without content', '{"type":"content_block_delta","index":0}'],
		['input of no block', '{"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{"}}'],
		['a start without a block', '{"type":"content_block_start","index":0}'],
		['a block of a wrong form', '{"type":"content_block_start","index":0,"content_block":{"type":"text","text":1}}'],
	])('%s is a fault of the provider', (_, data) => {
		const decoder = anthropicMessages.streamDecoder();
		try {
			decoder.push({ event: '', data });
			expect.unreachable();
		} catch (error) {
			expect(isRelaisError(error) && error.code).toBe('provider_protocol');
		}
	});
});

describe('the tap', () => {
	const tapOf = (events: JsonObject[], named = false) => {
		const tap = anthropicMessages.streamTap({ dropUsage: true });
		for (const event of events) tap.frame({ event: named ? String(event.type) : '', data: JSON.stringify(event) });
		return tap;
	};

	test('has not started while nothing is to be seen', () => {
		expect(tapOf([START, { type: 'ping' }, ...text(0)]).started).toBe(false);
		expect(tapOf([START, ...text(0, 'H')]).started).toBe(true);
		expect(
			tapOf(
				[START, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'b', input: {} } }],
				true,
			).started,
		).toBe(true);
	});

	test('supplies a missing end mark once the stop reason was seen', () => {
		const cut = tapOf([START, ...text(0, 'Hi')]);
		expect([cut.complete, cut.closing()]).toEqual([false, '']);
		const unmarked = tapOf([START, ...text(0, 'Hi'), DELTA]);
		expect([unmarked.complete, unmarked.closing()]).toEqual([true, 'event: message_stop\ndata: {"type":"message_stop"}\n\n']);
		expect(tapOf([START, DELTA, STOP]).closing()).toBe('');
	});

	test('counts characters as they are shown, escapes and all', () => {
		const shown = 'a"b\\c\n\u0001é😀';
		expect(tapOf(text(0, shown)).outputChars).toBe(shown.length);
		expect(tapOf(text(0, shown), true).outputChars).toBe(shown.length);
		const spaced = anthropicMessages.streamTap({ dropUsage: false });
		spaced.frame({ event: 'content_block_delta', data: '{"index": 0, "delta": {"text": "abc", "type": "text_delta"}}' });
		expect(spaced.outputChars).toBe(3);
	});

	test('sees an error in the stream; the answer is not complete then', () => {
		const tap = tapOf([START, ...text(0, 'Hi'), { type: 'error', error: { type: 'api_error', message: 'Oh' } }]);
		expect([tap.error?.code, tap.complete, tap.closing()]).toEqual(['provider_error', false, '']);
	});

	test('reads a whole answer', () => {
		const body: JsonObject = {
			model: 'claude',
			stop_reason: 'max_tokens',
			usage: { input_tokens: 2, cache_read_input_tokens: 3, output_tokens: 1 },
		};
		expect(anthropicMessages.tapResponse(body)).toMatchObject({
			model: 'claude',
			finish: 'max_tokens',
			usage: { inputTokens: 5, outputTokens: 1 },
		});
		expect(anthropicMessages.tapResponse('oops')).toEqual({ usage: undefined, finish: undefined, model: undefined });
	});
});
