import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { accumulate, parseEvents } from '../../../test/support/anthropic/accumulate.ts';
import type { ChatResponse, ContentPart, JsonObject, JsonValue, Signature, StreamPart, Usage } from '../../spec/index.ts';
import { anthropicMessages } from './index.ts';

const CONTEXT = { model: 'shown-model', now: 0, id: '0199-ab', streamUsage: true };
const USAGE: Usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 10, reasoningTokens: 5 };

/** An answer of another vendor, whole and as a stream, as an Anthropic client gets it. */
function whole(content: ContentPart[], more: Partial<ChatResponse> = {}, kind: 'stop' | 'tool_calls' = 'stop') {
	const response: ChatResponse = {
		id: 'chatcmpl-1',
		model: 'gpt',
		candidates: [{ index: 0, content, stop: { kind } }],
		usage: USAGE,
		...more,
	};
	return anthropicMessages.encodeResponse(response, CONTEXT);
}

function streamed(parts: StreamPart[]) {
	const encoder = anthropicMessages.streamEncoder(CONTEXT);
	const text = parts.map((part) => encoder.push(part)).join('');
	return { text, message: accumulate(parseEvents(text)), warnings: encoder.warnings() };
}

const start: StreamPart = { type: 'start', id: 'chatcmpl-1', model: 'gpt' };
const close = (kind: 'stop' | 'tool_calls' = 'stop'): StreamPart[] => [
	{ type: 'finish', candidate: 0, stop: { kind, raw: kind } },
	{ type: 'usage', usage: USAGE },
	{ type: 'end' },
];
const open = (block: number, content: ContentPart): StreamPart => ({ type: 'block-start', block, candidate: 0, content });
const end = (block: number): StreamPart => ({ type: 'block-end', block });
const input = (block: number, text: string): StreamPart => ({ type: 'tool-input-delta', block, input: text });
const tool = (id: string): ContentPart => ({ type: 'tool-call', id, name: `tool_${id}`, kind: 'function', input: '' });

describe("answers of other vendors' models", () => {
	test('have the whole skeleton and the counts as this API counts them', () => {
		expect(whole([{ type: 'text', text: 'Hello' }])).toEqual({
			value: {
				id: 'chatcmpl-1',
				type: 'message',
				role: 'assistant',
				model: 'gpt',
				content: [{ type: 'text', text: 'Hello' }],
				stop_reason: 'end_turn',
				stop_sequence: null,
				stop_details: null,
				usage: {
					input_tokens: 60,
					cache_creation_input_tokens: 10,
					cache_read_input_tokens: 30,
					output_tokens: 20,
					output_tokens_details: { thinking_tokens: 5 },
				},
			},
			warnings: [],
		});
	});

	test('that name nothing get names', () => {
		const { value } = anthropicMessages.encodeResponse({ candidates: [{ index: 0, content: [] }] }, CONTEXT);
		expect(value).toMatchObject({ id: 'msg_0199ab', model: 'shown-model', content: [], stop_reason: 'end_turn' });
		expect(value.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
	});

	test.each<[NonNullable<ChatResponse['candidates'][0]['stop']>, string]>([
		[{ kind: 'length', raw: 'length' }, 'max_tokens'],
		[{ kind: 'content_filter', message: 'violence' }, 'refusal'],
		[{ kind: 'context_overflow' }, 'model_context_window_exceeded'],
		[{ kind: 'pause' }, 'pause_turn'],
		[{ kind: 'stop_sequence', sequence: 'END' }, 'stop_sequence'],
		[{ kind: 'malformed_tool_call', raw: 'MALFORMED_FUNCTION_CALL' }, 'end_turn'],
		[{ kind: 'other', raw: 'RECITATION' }, 'end_turn'],
	])('end for a reason of the closed list: %o', (stop, reason) => {
		const { value } = whole([], { candidates: [{ index: 0, content: [], stop }] });
		expect(value).toMatchObject({ stop_reason: reason, stop_sequence: stop.sequence ?? null });
		if (reason === 'refusal') expect(value.stop_details).toEqual({ type: 'refusal', category: null, explanation: 'violence' });
	});

	test('that call a tool end with tool_use, whatever the vendor called it', () => {
		expect(whole([{ ...tool('a'), input: '{"x":1}' } as ContentPart]).value).toMatchObject({
			content: [{ type: 'tool_use', id: 'a', name: 'tool_a', input: { x: 1 } }],
			stop_reason: 'tool_use',
		});
		expect(streamed([start, open(0, tool('a')), input(0, '{"x":1}'), end(0), ...close()]).message.stop_reason).toBe('tool_use');
	});

	test('that decline are text with the reason refusal', () => {
		expect(whole([{ type: 'refusal', text: 'No.' }]).value).toMatchObject({
			content: [{ type: 'text', text: 'No.' }],
			stop_reason: 'refusal',
		});
	});

	test('with sources cite them, also those listed for the whole answer', () => {
		const citation = { source: 'url', url: 'https://a', title: 'A', answerSpan: { unit: 'char', start: 0, end: 2 } } as const;
		const { value } = whole([{ type: 'text', text: 'Hi' }], {
			candidates: [{ index: 0, content: [{ type: 'text', text: 'Hi' }], citations: [citation] }],
		});
		expect(value.content).toEqual([
			{
				type: 'text',
				text: 'Hi',
				citations: [{ type: 'web_search_result_location', url: 'https://a', title: 'A', cited_text: '', encrypted_index: '' }],
			},
		]);
	});

	test('with several candidates show the first', () => {
		const { value, warnings } = whole([], {
			candidates: [
				{ index: 1, content: [{ type: 'text', text: 'two' }] },
				{ index: 0, content: [{ type: 'text', text: 'one' }] },
			],
		});
		expect(value.content).toEqual([{ type: 'text', text: 'one' }]);
		expect(warnings.map((warning) => warning.path)).toEqual(['candidates']);
	});

	test('show what they can: transcripts of speech, but no pictures and no tools others ran', () => {
		const { value, warnings } = whole([
			{ type: 'audio', source: { type: 'base64', data: 'QQ', mediaType: 'audio/wav' }, transcript: 'Spoken' },
			{ type: 'image', source: { type: 'url', url: 'https://x' } },
			{ ...tool('a'), providerExecuted: { kind: 'web_search' } } as ContentPart,
			{ type: 'opaque', dialect: 'gemini', value: {} },
			{ type: 'text', text: '' },
		]);
		expect(value).toMatchObject({ content: [{ type: 'text', text: 'Spoken' }], stop_reason: 'end_turn' });
		expect(warnings.map((warning) => `${warning.kind} ${warning.path}`)).toEqual([
			'approximated content[0]',
			'dropped content[1]',
			'dropped content[2]',
			'dropped content[3]',
		]);
	});
});

describe('streams of other vendors', () => {
	test('interleaved calls are told one after another, the open one without delay', () => {
		const encoder = anthropicMessages.streamEncoder(CONTEXT);
		const parts: StreamPart[] = [
			start,
			open(0, tool('a')),
			open(1, tool('b')),
			input(0, '{"x"'),
			input(1, '{"y"'),
			input(0, ':1}'),
			input(1, ':2}'),
			end(1),
			end(0),
			...close('tool_calls'),
		];
		const texts = parts.map((part) => encoder.push(part));
		expect(texts[3]).toContain('partial_json');
		expect(texts[4]).toBe('');
		expect(texts[5]).toContain('partial_json');
		expect(accumulate(parseEvents(texts.join('')))).toMatchObject({
			content: [
				{ type: 'tool_use', id: 'a', input: { x: 1 } },
				{ type: 'tool_use', id: 'b', input: { y: 2 } },
			],
			stop_reason: 'tool_use',
		});
	});

	test('text after calls that never ended on their own is told too', () => {
		const text: StreamPart = { type: 'text-delta', block: 1, text: 'Done' };
		const { message } = streamed([start, open(0, tool('a')), open(1, { type: 'text', text: '' }), text, ...close()]);
		expect(message.content).toMatchObject([{ type: 'tool_use' }, { type: 'text', text: 'Done' }]);
	});

	test('a block that stays empty is not told; the numbers have no gap', () => {
		const { message } = streamed([
			start,
			open(0, { type: 'text', text: '' }),
			end(0),
			open(1, { type: 'reasoning', text: '' }),
			end(1),
			open(2, { type: 'text', text: '' }),
			{ type: 'text-delta', block: 2, text: 'Hi' },
			end(2),
			...close(),
		]);
		expect(message.content).toEqual([{ type: 'text', text: 'Hi' }]);
	});

	test('usage known only at the end is stated at the end', () => {
		const { text, message } = streamed([start, ...close()]);
		expect(parseEvents(text).map((event) => event.type)).toEqual(['message_start', 'message_delta', 'message_stop']);
		expect(message.usage).toMatchObject({ input_tokens: 60, cache_read_input_tokens: 30, output_tokens: 20 });
	});

	test('pings pass, other candidates and foreign events do not', () => {
		const { text, warnings } = streamed([
			start,
			{ type: 'ping' },
			{ type: 'block-start', block: 0, candidate: 1, content: { type: 'text', text: '' } },
			{ type: 'text-delta', block: 0, text: 'other' },
			{ type: 'vendor-event', dialect: 'gemini', event: 'odd', data: {}, meaningful: true },
			...close(),
		]);
		expect(text).toContain('event: ping\ndata: {"type":"ping"}\n\n');
		expect(text).not.toContain('other');
		expect(warnings.map((warning) => warning.path)).toEqual(['candidates', 'odd']);
	});

	test('a call that arrives whole, without an id, or as free text', () => {
		const { message, warnings } = streamed([
			start,
			open(0, { type: 'tool-call', id: '', name: 'get', kind: 'function', input: '{"x":1}' }),
			end(0),
			open(1, { type: 'tool-call', id: 'c', name: 'patch', kind: 'custom', input: '' }),
			input(1, 'free '),
			input(1, 'text'),
			end(1),
			...close(),
		]);
		expect(message.content).toEqual([
			{ type: 'tool_use', id: 'toolu_0199ab_0', name: 'get', input: { x: 1 } },
			{ type: 'tool_use', id: 'c', name: 'patch', input: { input: 'free text' } },
		]);
		expect(warnings.map((warning) => warning.kind)).toEqual(['changed']);
	});
});

describe("other vendors' reasoning returns through a client that sends the turn back", () => {
	const google: Signature = { vendor: 'gemini', value: 'c2ln+/=' };
	const openai: Signature = { vendor: 'openai-responses', value: 'gAAA' };
	const parts: ContentPart[] = [
		{ type: 'reasoning', text: 'Unsigned.' },
		{ type: 'reasoning', text: 'Signed.', signature: google },
		{ type: 'reasoning', summary: ['One.', 'Two.'], encrypted: openai, id: 'rs_1' },
		{ type: 'reasoning', encrypted: openai, redacted: true },
		{ type: 'text', text: 'Hi', signature: google },
		{ type: 'tool-call', id: 'a', name: 'get', kind: 'function', input: '{}', signature: google },
	];

	/** The content as the next request brings it back. */
	function echoed(content: JsonValue | undefined): ContentPart[] | undefined {
		const body: JsonObject = { model: 'm', max_tokens: 1, messages: [{ role: 'assistant', content: content ?? [] }] };
		expect(anthropicMessages.sketch(body).foreign).toBe(true);
		return anthropicMessages.decodeRequest(body).value.messages[0]?.content;
	}

	test('from whole answers', () => {
		expect(echoed(whole(parts).value.content)).toEqual(parts);
	});

	test('from streams', () => {
		const blank: ContentPart[] = [
			{ type: 'reasoning' },
			{ type: 'reasoning' },
			{ type: 'reasoning', id: 'rs_1' },
			{ type: 'reasoning', encrypted: openai, redacted: true },
			{ type: 'text', text: '' },
			{ type: 'tool-call', id: 'a', name: 'get', kind: 'function', input: '' },
		];
		const deltas: StreamPart[][] = [
			[
				{ type: 'reasoning-delta', block: 0, text: 'Unsi' },
				{ type: 'reasoning-delta', block: 0, text: 'gned.' },
			],
			[
				{ type: 'reasoning-delta', block: 1, text: 'Signed.' },
				{ type: 'reasoning-delta', block: 1, signature: google },
			],
			[
				{ type: 'reasoning-delta', block: 2, summary: 'One', summaryIndex: 0 },
				{ type: 'reasoning-delta', block: 2, summary: '.', summaryIndex: 0 },
				{ type: 'reasoning-delta', block: 2, summary: 'Two.', summaryIndex: 1 },
				{ type: 'reasoning-delta', block: 2, encrypted: openai },
			],
			[],
			[{ type: 'text-delta', block: 4, text: 'Hi', signature: google }],
			[{ type: 'tool-input-delta', block: 5, input: '{}', signature: google }],
		];
		const { message } = streamed([
			start,
			...blank.flatMap((content, block) => [open(block, content), ...(deltas[block] ?? []), end(block)]),
			...close(),
		]);
		expect(message.content).toMatchObject([
			{ thinking: 'Unsigned.' },
			{},
			{ thinking: 'One.\n\nTwo.' },
			{ type: 'redacted_thinking' },
			{},
			{},
			{},
			{},
		]);
		expect(echoed(message.content)).toEqual(parts);
	});

	test('a seal nobody can read leaves the text and no more', () => {
		const body = (signature: string): JsonObject => ({
			model: 'm',
			max_tokens: 1,
			messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature }] }],
		});
		for (const signature of ['relais.x.###', 'relais.x.bnVsbA', 'relais.']) {
			expect(anthropicMessages.decodeRequest(body(signature)).value.messages[0]?.content).toEqual([
				{ type: 'reasoning', text: 'Hm.' },
			]);
		}
	});

	test("this vendor's own reasoning passes as it is, from wherever it comes", () => {
		const own: ContentPart[] = [
			{ type: 'reasoning', text: 'Hm.', signature: { vendor: 'anthropic-messages', value: 'sig' } },
			{ type: 'reasoning', encrypted: { vendor: 'anthropic-messages', value: 'blob' }, redacted: true },
		];
		const blocks = [
			{ type: 'thinking', thinking: 'Hm.', signature: 'sig' },
			{ type: 'redacted_thinking', data: 'blob' },
		];
		expect(whole(own).value.content).toEqual(blocks);
		const { message } = streamed([
			start,
			open(0, { type: 'reasoning' }),
			{ type: 'reasoning-delta', block: 0, text: 'Hm.' },
			{ type: 'reasoning-delta', block: 0, signature: { vendor: 'anthropic-messages', value: 'sig' } },
			end(0),
			open(1, { type: 'reasoning' }),
			{ type: 'reasoning-delta', block: 1, encrypted: { vendor: 'anthropic-messages', value: 'blob' } },
			end(1),
			...close(),
		]);
		expect(message.content).toEqual(blocks);
	});
});

describe('the official client', () => {
	const client = (body: string, type: string, status = 200, headers: { [name: string]: string } = {}) =>
		new Anthropic({
			apiKey: 'test',
			maxRetries: 0,
			fetch: async () => new Response(body, { status, headers: { 'content-type': type, ...headers } }),
		});
	const params = { model: 'm', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hi' }] };

	test('reads a stream of thinking, text and interleaved calls', async () => {
		const { text } = streamed([
			start,
			open(0, { type: 'reasoning' }),
			{ type: 'reasoning-delta', block: 0, text: 'Hm.' },
			end(0),
			open(1, { type: 'text', text: '' }),
			{ type: 'text-delta', block: 1, text: 'Hello "you"\n' },
			open(2, tool('a')),
			open(3, tool('b')),
			input(2, '{"x":'),
			input(3, '{"y":2}'),
			input(2, '1}'),
			end(1),
			end(2),
			end(3),
			...close('tool_calls'),
		]);
		const message = await client(text, 'text/event-stream').messages.stream(params).finalMessage();
		expect(message.content).toMatchObject([
			{ type: 'thinking', thinking: 'Hm.', signature: 'relais.unsigned' },
			{ type: 'text', text: 'Hello "you"\n' },
			{ type: 'tool_use', id: 'a', input: { x: 1 } },
			{ type: 'tool_use', id: 'b', input: { y: 2 } },
		]);
		expect(message).toMatchObject({ stop_reason: 'tool_use', usage: { input_tokens: 60, output_tokens: 20 } });
	});

	test('reads a whole answer', async () => {
		const { value } = whole([{ type: 'text', text: 'Hello' }]);
		const message = await client(JSON.stringify(value), 'application/json').messages.create(params);
		expect(message).toMatchObject({ content: [{ text: 'Hello' }], stop_reason: 'end_turn' });
	});
});
