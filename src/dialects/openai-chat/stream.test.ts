import { describe, expect, test } from 'vitest';
import { collect, orderFaults } from '../../../test/support/openai-chat/collect.ts';
import { type ContentPart, isRelaisError, type JsonObject, RelaisError, type StreamPart } from '../../spec/index.ts';
import { openaiChat } from './index.ts';

const ENVELOPE = { id: 'a', object: 'chat.completion.chunk', created: 1, model: 'm' };

function chunk(delta: JsonObject, choice: JsonObject = {}, more: JsonObject = {}): string {
	return JSON.stringify({ ...ENVELOPE, choices: [{ index: 0, delta, finish_reason: null, ...choice }], ...more });
}

const STOP = chunk({}, { finish_reason: 'stop' });
const DONE = '[DONE]';

/** The parts a stream of payloads is decoded to; `body ended` after the last. */
function decode(...payloads: string[]): StreamPart[] {
	const decoder = openaiChat.streamDecoder();
	return [...payloads.flatMap((data) => decoder.push({ event: '', data })), ...decoder.end()];
}

function content(parts: StreamPart[]): ContentPart[] {
	expect(orderFaults(parts)).toEqual([]);
	return collect(parts).candidates[0]?.content ?? [];
}

const kinds = (parts: StreamPart[]): string[] => parts.map((part) => part.type);

function encode(parts: StreamPart[], streamUsage = true) {
	const encoder = openaiChat.streamEncoder({ model: 'shown', now: 7, id: 'own', streamUsage });
	const text = parts.map((part) => encoder.push(part)).join('');
	const events = text.split('\n\n').filter((event) => event !== '');
	return {
		events,
		chunks: events.flatMap((event) => (event.startsWith('data: {') ? [JSON.parse(event.slice(6)) as JsonObject] : [])),
		warnings: encoder.warnings().map(({ kind, path }) => `${kind} ${path}`),
	};
}

describe('a vendor’s stream', () => {
	test('is a start, blocks in order, a finish, usage and the end', () => {
		const usage = JSON.stringify({
			...ENVELOPE,
			choices: [],
			usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
		});
		const parts = decode(
			chunk({ role: 'assistant', content: '' }),
			chunk({ content: 'Hel' }),
			chunk({ content: 'lo' }),
			STOP,
			usage,
			DONE,
		);
		expect(kinds(parts)).toEqual(['start', 'block-start', 'text-delta', 'text-delta', 'block-end', 'finish', 'usage', 'end']);
		expect(parts[0]).toMatchObject({ id: 'a', model: 'm', createdAt: 1 });
		expect(parts[5]).toMatchObject({ candidate: 0, stop: { kind: 'stop', raw: 'stop' } });
	});

	test('may lack the end mark: a finish reason is enough', () => {
		expect(kinds(decode(chunk({ content: 'x' }), STOP)).slice(-2)).toEqual(['finish', 'end']);
	});

	test('that stops without a finish reason and without the end mark is cut off', () => {
		expect(kinds(decode(chunk({ content: 'x' })))).toEqual(['start', 'block-start', 'text-delta']);
	});

	test('that ends with the mark alone is whole', () => {
		const parts = decode(chunk({ content: 'x' }), DONE);
		expect(parts.find((part) => part.type === 'finish')).toMatchObject({ stop: { kind: 'stop' } });
		expect(parts.at(-1)?.type).toBe('end');
	});

	test('that ends before it began, or cannot be parsed, breaks the protocol', () => {
		for (const data of [DONE, '<html>', '[1]', '{"cut":']) {
			const decoder = openaiChat.streamDecoder();
			expect(() => decoder.push({ event: '', data })).toThrowError(expect.objectContaining({ code: 'provider_protocol' }));
		}
	});

	test('may begin with a verdict on the prompt, before the answer has an id', () => {
		const verdict = JSON.stringify({
			id: '',
			object: '',
			created: 0,
			model: '',
			choices: [],
			prompt_filter_results: [{ prompt_index: 0 }],
		});
		const [start] = decode(verdict, chunk({ content: 'x' }), STOP, DONE);
		expect(start).toMatchObject({
			type: 'start',
			id: 'a',
			extensions: { 'openai-chat': { prompt_filter_results: [{ prompt_index: 0 }] } },
		});
	});

	test('says twice why it ended and is heard once; content after it still counts', () => {
		const parts = decode(chunk({ content: 'x' }), STOP, chunk({ content: 'y' }, { finish_reason: 'length' }), DONE);
		expect(parts.filter((part) => part.type === 'finish')).toMatchObject([{ stop: { raw: 'stop' } }]);
		expect(content(parts)).toMatchObject([{ text: 'xy' }]);
	});

	test('closes reasoning before text, and text before calls', () => {
		const parts = decode(
			chunk({ reasoning: 'hm' }),
			chunk({ content: 'Hi' }),
			chunk({ tool_calls: [{ index: 0, id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] }),
			chunk({}, { finish_reason: 'stop' }),
			DONE,
		);
		expect(content(parts)).toMatchObject([
			{ type: 'reasoning', text: 'hm' },
			{ type: 'text', text: 'Hi' },
			{ type: 'tool-call', id: 'c', name: 'f', input: '{}' },
		]);
		expect(parts.find((part) => part.type === 'finish')).toMatchObject({ stop: { kind: 'tool_calls', raw: 'stop' } });
	});

	test('begins a new thought after a signature', () => {
		const detail = (more: JsonObject) =>
			chunk({ reasoning_details: [{ type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0, ...more }] });
		const parts = decode(detail({ text: 'one' }), detail({ text: '', signature: 's' }), detail({ text: 'two' }), STOP, DONE);
		expect(content(parts)).toMatchObject([
			{ text: 'one', signature: { vendor: 'anthropic-messages', value: 's' } },
			{ text: 'two' },
		]);
	});

	test.each<[string, JsonObject[][]]>([
		[
			'in turn',
			[
				[{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }],
				[{ index: 0, function: { arguments: ':1}' } }],
				[{ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }],
			],
		],
		[
			'announced first',
			[
				[
					{ index: 0, id: 'a', function: { name: 'f', arguments: '' } },
					{ index: 1, id: 'b', function: { name: 'g', arguments: '' } },
				],
				[{ index: 1, function: { arguments: '{}' } }],
				[{ index: 0, function: { arguments: '{"x":1}' } }],
			],
		],
		[
			'interleaved',
			[
				[{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x"' } }],
				[{ index: 1, id: 'b', function: { name: 'g', arguments: '{' } }],
				[{ index: 0, function: { arguments: ':1}' } }],
				[{ index: 1, function: { arguments: '}' } }],
			],
		],
		[
			'whole, without index',
			[[{ id: 'a', function: { name: 'f', arguments: '{"x":1}' } }], [{ id: 'b', function: { name: 'g', arguments: '{}' } }]],
		],
		[
			'under one index, each with its id',
			[
				[{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":1}' } }],
				[{ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }],
			],
		],
		[
			'with empty ids and names afterwards',
			[
				[{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }],
				[{ index: 0, id: '', function: { name: '', arguments: '{"x":1}' } }],
				[{ index: 1, id: 'b', function: { name: 'g', arguments: null } }],
				[{ index: 1, id: '', function: { arguments: '{}' } }],
			],
		],
		[
			'with the name arriving late',
			[
				[{ index: 0, id: 'a', function: { arguments: '{"x"' } }],
				[{ index: 0, function: { name: 'f', arguments: ':1}' } }],
				[{ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }],
			],
		],
	])('may give parallel calls %s', (_, pieces) => {
		const parts = decode(...pieces.map((tool_calls) => chunk({ tool_calls })), STOP, DONE);
		expect(content(parts)).toMatchObject([
			{ id: 'a', name: 'f', input: '{"x":1}' },
			{ id: 'b', name: 'g', input: '{}' },
		]);
	});

	test('passes the pieces of a call on as they come', () => {
		const decoder = openaiChat.streamDecoder();
		decoder.push({ event: '', data: chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }] }) });
		expect(
			decoder.push({ event: '', data: chunk({ tool_calls: [{ index: 0, function: { arguments: '{"x' } }] }) }),
		).toMatchObject([{ type: 'tool-input-delta', input: '{"x' }]);
	});

	test('keeps candidates apart', () => {
		const of = (index: number, text: string) => chunk({ content: text }, { index });
		const end = (index: number) => chunk({}, { index, finish_reason: 'stop' });
		const parts = decode(of(0, 'a'), of(1, 'x'), of(0, 'b'), end(0), of(1, 'y'), end(1), DONE);
		expect(orderFaults(parts)).toEqual([]);
		expect(collect(parts).candidates).toMatchObject({ 0: { content: [{ text: 'ab' }] }, 1: { content: [{ text: 'xy' }] } });
	});

	test('counts usage once, whether beside choices, cumulative or in a vendor’s own place', () => {
		const used = (count: number) => ({ prompt_tokens: 1, completion_tokens: count, total_tokens: 1 + count });
		const last = (parts: StreamPart[]) => collect(parts).usage?.outputTokens;
		expect(
			last(
				decode(
					chunk({ content: 'x' }, {}, { usage: used(1) }),
					chunk({ content: 'y' }, { finish_reason: 'stop' }, { usage: used(2) }),
				),
			),
		).toBe(2);
		expect(last(decode(chunk({ content: 'x' }), chunk({}, { finish_reason: 'stop' }, { x_groq: { usage: used(3) } })))).toBe(3);
		expect(last(decode(chunk({ content: 'x' }), chunk({}, { finish_reason: 'stop', usage: used(4) })))).toBe(4);
	});

	test('cites its sources once', () => {
		const sources = { search_results: [{ url: 'https://a.com', title: 'A' }], citations: ['https://a.com'] };
		const parts = decode(chunk({ content: 'x' }, {}, sources), chunk({ content: 'y' }, {}, sources), STOP, DONE);
		expect(content(parts)).toMatchObject([{ text: 'xy', citations: [{ url: 'https://a.com', title: 'A' }] }]);
	});

	test('that breaks off with an error is that error, and nothing more', () => {
		const failure = JSON.stringify({ error: { message: 'Slow down', code: 'rate_limit_exceeded' } });
		const parts = decode(chunk({ content: 'x' }), failure, chunk({ content: 'y' }), DONE);
		expect(kinds(parts)).toEqual(['start', 'block-start', 'text-delta', 'error']);
		expect(parts[3]).toMatchObject({ error: { code: 'rate_limited', message: 'Slow down' } });
	});

	test.each([
		[
			'beside choices',
			{ ...ENVELOPE, error: { code: 502, message: 'upstream' }, choices: [{ index: 0, delta: {}, finish_reason: 'error' }] },
			'',
		],
		['as a text', { error: 'broken' }, ''],
		['as vLLM says it', { object: 'error', message: 'broken', code: 500 }, ''],
		['named by the event', { message: 'broken' }, 'error'],
	])('may give the error %s', (_, body, event) => {
		const [part] = openaiChat.streamDecoder().push({ event, data: JSON.stringify(body) });
		expect(part?.type).toBe('error');
	});

	test('that adds an error to a whole answer is whole', () => {
		const remark = chunk({ content: '' }, {}, { error: { code: 400, message: 'Token limit reached' } });
		expect(kinds(decode(chunk({ content: 'x' }), chunk({}, { finish_reason: 'length' }), remark, DONE)).slice(-1)).toEqual([
			'end',
		]);
	});

	test('that waits keeps alive', () => {
		expect(openaiChat.streamDecoder().push({ event: '', data: '' })).toEqual([{ type: 'ping' }]);
	});
});

function lastChoice(chunks: JsonObject[]): JsonObject {
	const choices = chunks.at(-1)?.choices;
	const [choice] = Array.isArray(choices) ? choices : [];
	if (typeof choice !== 'object' || choice === null || Array.isArray(choice)) throw new Error('no choice');
	return choice;
}

const start: StreamPart = { type: 'start', id: 'msg_1', model: 'claude' };
const open = (block: number, part: ContentPart, candidate = 0): StreamPart => ({
	type: 'block-start',
	block,
	candidate,
	content: part,
});
const close = (block: number): StreamPart => ({ type: 'block-end', block });
const say = (block: number, text: string): StreamPart => ({ type: 'text-delta', block, text });
const finish = (kind: 'stop' | 'tool_calls' | 'pause' | 'refusal' = 'stop'): StreamPart => ({
	type: 'finish',
	candidate: 0,
	stop: { kind, raw: 'vendor_word' },
});
const EMPTY: ContentPart = { type: 'text', text: '' };

describe('a stream for a client', () => {
	test('is what official clients read: role first, deltas, finish, usage apart, end mark', () => {
		const { events } = encode([
			start,
			open(0, EMPTY),
			say(0, 'Hi'),
			close(0),
			finish(),
			{ type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
			{ type: 'end' },
		]);
		const envelope = '"id":"msg_1","object":"chat.completion.chunk","created":7,"model":"claude"';
		expect(events).toEqual([
			`data: {${envelope},"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"finish_reason":null}]}`,
			`data: {${envelope},"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}`,
			`data: {${envelope},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`,
			expect.stringMatching(/^data: \{.*"choices":\[\],"usage":\{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,/),
			'data: [DONE]',
		]);
	});

	test('holds no usage nobody asked for', () => {
		const { chunks } = encode(
			[
				start,
				open(0, EMPTY),
				say(0, 'Hi'),
				close(0),
				{ type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
				finish(),
				{ type: 'end' },
			],
			false,
		);
		expect(chunks.some((each) => each.usage !== undefined)).toBe(false);
	});

	test('gives calls an index, the id and the name first, then the arguments', () => {
		const call = (id: string): ContentPart => ({ type: 'tool-call', id, name: 'f', kind: 'function', input: '' });
		const { chunks } = encode([
			start,
			open(0, call('a')),
			{ type: 'tool-input-delta', block: 0, input: '{}' },
			close(0),
			open(1, call('b')),
			close(1),
			finish('tool_calls'),
		]);
		const deltas = chunks.flatMap((each) => (each.choices as JsonObject[]).map((choice) => choice.delta));
		expect(deltas.slice(1)).toEqual([
			{ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] },
			{ tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
			{ tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'f', arguments: '' } }] },
			{},
		]);
	});

	test('gives every candidate its role', () => {
		const { chunks } = encode([start, open(0, EMPTY), say(0, 'a'), close(0), open(1, EMPTY, 1), say(1, 'b'), close(1)]);
		expect(chunks.at(-1)?.choices).toEqual([{ index: 1, delta: { role: 'assistant', content: 'b' }, finish_reason: null }]);
	});

	test('shows no word of another vendor, and warns where its own word says less', () => {
		const { chunks, warnings } = encode([start, finish('pause'), { type: 'end' }]);
		expect(lastChoice(chunks).finish_reason).toBe('stop');
		expect(warnings).toEqual(['approximated choices[0].finish_reason']);
	});

	test('cites when the text it supports is known', () => {
		const { chunks } = encode([
			start,
			open(0, EMPTY),
			say(0, 'So '),
			close(0),
			open(1, EMPTY),
			{ type: 'citation', block: 1, citation: { source: 'url', url: 'https://e.com', title: 'E' } },
			say(1, 'it is.'),
			close(1),
		]);
		expect(lastChoice(chunks).delta).toEqual({
			annotations: [{ type: 'url_citation', url_citation: { start_index: 3, end_index: 9, title: 'E', url: 'https://e.com' } }],
		});
	});

	test('refuses in the field for refusals', () => {
		const { chunks } = encode([start, open(0, { type: 'refusal', text: '' }), say(0, 'No'), close(0), finish('refusal')]);
		const choices = chunks.flatMap((each) => each.choices as JsonObject[]);
		expect(choices[1]?.delta).toEqual({ refusal: 'No' });
		expect(choices.at(-1)?.finish_reason).toBe('stop');
	});

	test('leaves out what the provider ran itself, with a warning', () => {
		const run: ContentPart = {
			type: 'tool-call',
			id: 's',
			name: 'web_search',
			kind: 'function',
			input: '',
			providerExecuted: { kind: 'web_search' },
		};
		const found: ContentPart = { type: 'tool-result', callId: 's', content: [] };
		const { chunks, warnings } = encode([
			start,
			open(0, run),
			{ type: 'tool-input-delta', block: 0, input: '{}' },
			close(0),
			open(1, found),
			close(1),
			finish(),
		]);
		expect(JSON.stringify(chunks)).not.toContain('tool_calls');
		expect(warnings).toEqual(['dropped choices[0].message.tool_calls', 'dropped choices[0].message.content']);
	});

	test('fails in the words official clients raise an error for', () => {
		const { events } = encode([start, { type: 'error', error: new RelaisError('provider_overloaded', 'busy') }]);
		expect(JSON.parse(events.at(-1)?.slice(6) ?? '')).toEqual({
			error: { message: 'busy', type: 'server_error', param: null, code: 'overloaded' },
		});
	});

	test('passes keep-alives on as comments', () => {
		expect(encode([{ type: 'ping' }]).events).toEqual([': ping']);
	});

	test('reports events and fields that only another dialect has, once', () => {
		const left = { extensions: { 'anthropic-messages': { container: {}, $own: true } } };
		const { warnings } = encode([
			{ ...start, ...left },
			{ type: 'vendor-event', dialect: 'anthropic-messages', event: 'compaction', data: {}, meaningful: true },
			{ type: 'vendor-event', dialect: 'anthropic-messages', event: 'compaction', data: {}, meaningful: true },
			{ type: 'vendor-event', dialect: 'anthropic-messages', event: 'ping', data: {} },
		]);
		expect(warnings).toEqual(['dropped start.container', 'dropped compaction']);
	});
});

describe('an error inside a stream', () => {
	test('is recognised as Relais’s own error', () => {
		const [part] = decode(JSON.stringify({ error: { message: 'x' } }));
		expect(part?.type === 'error' && isRelaisError(part.error)).toBe(true);
	});
});
