import { describe, expect, test } from 'vitest';
import type { Frame, JsonObject, StreamPart } from '../../spec/index.ts';
import { streamFault } from '../../testing/index.ts';
import { openaiResponses } from './index.ts';

const CREATED: JsonObject = {
	type: 'response.created',
	response: { id: 'resp_1', object: 'response', model: 'm', status: 'in_progress', output: [] },
};
const CALL: JsonObject = {
	id: 'fc_1',
	type: 'function_call',
	call_id: 'call_1',
	name: 'f',
	arguments: '',
	status: 'in_progress',
};

function frames(events: JsonObject[], named = true): Frame[] {
	return events.map((event) => ({ event: named ? String(event.type) : '', data: JSON.stringify(event) }));
}

function decode(events: JsonObject[]): StreamPart[] {
	const decoder = openaiResponses.streamDecoder();
	return [...frames(events).flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

function completed(output: JsonObject[], more: JsonObject = {}): JsonObject {
	const usage = { input_tokens: 3, output_tokens: 2, total_tokens: 5 };
	return { type: 'response.completed', response: { id: 'resp_1', model: 'm', status: 'completed', output, usage, ...more } };
}

describe('a stream that a vendor cuts short or words oddly', () => {
	test('has no end without its last event', () => {
		expect(decode([CREATED]).some((part) => part.type === 'end')).toBe(false);
	});

	test('tells the whole arguments of a call that came at once', () => {
		const whole = { ...CALL, arguments: '{"a":1}', status: 'completed' };
		const parts = decode([
			CREATED,
			{ type: 'response.output_item.added', output_index: 0, item: whole },
			{ type: 'response.function_call_arguments.done', output_index: 0, item_id: 'fc_1', arguments: '{"a":1}' },
			{ type: 'response.output_item.done', output_index: 0, item: whole },
			completed([whole]),
		]);
		expect(parts.flatMap((part) => (part.type === 'tool-input-delta' ? part.input : []))).toEqual(['{"a":1}']);
		expect(parts.find((part) => part.type === 'finish')?.stop.kind).toBe('tool_calls');
		expect(streamFault(parts)).toBeUndefined();
	});

	test('tells what only the last event holds', () => {
		const message = { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'All at once.' }] };
		const parts = decode([CREATED, completed([message])]);
		expect(parts).toContainEqual(
			expect.objectContaining({ type: 'block-start', content: expect.objectContaining({ text: 'All at once.' }) }),
		);
		expect(streamFault(parts)).toBeUndefined();
	});

	test('closes an item that its vendor left open', () => {
		const parts = decode([
			CREATED,
			{ type: 'response.output_item.added', output_index: 0, item: CALL },
			{ type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_1', delta: '{}' },
			completed([{ ...CALL, arguments: '{}' }]),
		]);
		expect(streamFault(parts)).toBeUndefined();
	});

	test.each<[string, JsonObject, string]>([
		['flat', { type: 'error', code: 'rate_limit_exceeded', message: 'Slow down.', param: null }, 'rate_limited'],
		['nested', { type: 'error', error: { type: 'server_error', code: 'server_error', message: 'Slow down.' } }, 'provider_error'],
		[
			'of a failed answer',
			{
				type: 'response.failed',
				response: { object: 'response', status: 'failed', error: { code: 'server_error', message: 'Slow down.' } },
			},
			'provider_error',
		],
	])('reports an error, %s', (_, event, code) => {
		const last = decode([CREATED, event]).at(-1);
		expect(last).toMatchObject({ type: 'error', error: { code, message: 'Slow down.' } });
		const tap = openaiResponses.streamTap({ dropUsage: true });
		for (const frame of frames([CREATED, event])) tap.frame(frame);
		expect(tap.error?.code).toBe(code);
		expect(tap.complete).toBe(false);
	});

	test('is refused where an event is no JSON', () => {
		const decoder = openaiResponses.streamDecoder();
		expect(() => decoder.push({ event: '', data: '{"type":' })).toThrow(expect.objectContaining({ code: 'provider_protocol' }));
	});
});

describe('the tap', () => {
	const events = [
		CREATED,
		{ type: 'response.output_item.added', output_index: 0, item: { id: 'msg_1', type: 'message', content: [] } },
		{ type: 'response.output_text.delta', output_index: 0, content_index: 0, item_id: 'msg_1', delta: 'ab"c' },
		completed([]),
	];

	test.each([
		['named events', true],
		['events without names', false],
	])('counts what is said, with %s', (_, named) => {
		const tap = openaiResponses.streamTap({ dropUsage: true });
		for (const frame of frames(events, named)) expect(tap.frame(frame)).toBe('forward');
		expect(tap).toMatchObject({ started: true, complete: true, finish: 'completed', model: 'm', outputChars: 5 });
		expect(tap.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
		expect(tap.closing()).toBe('');
	});

	test('has seen nothing a user would before the first item', () => {
		const tap = openaiResponses.streamTap({ dropUsage: true });
		for (const frame of frames(events.slice(0, 1))) tap.frame(frame);
		expect(tap.started).toBe(false);
	});
});
