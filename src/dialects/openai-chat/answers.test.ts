import { describe, expect, test } from 'vitest';
import { type ChatResponse, isRelaisError, type JsonObject, type JsonValue, type StopKind } from '../../spec/index.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { openaiChat } from './index.ts';
import { decodeUsage, encodeUsage } from './usage.ts';

const CONTEXT = { model: 'shown', now: 1_790_000_000, id: 'chatcmpl-own', streamUsage: true };

function answer(message: JsonObject, choice: JsonObject = {}, more: JsonObject = {}): JsonObject {
	return {
		id: 'a',
		object: 'chat.completion',
		created: 1,
		model: 'm',
		choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message }, ...choice }],
		...more,
	};
}

function decode(message: JsonObject, choice: JsonObject = {}, more: JsonObject = {}): ChatResponse {
	return openaiChat.decodeResponse(answer(message, choice, more)).value;
}

function candidate(message: JsonObject, choice: JsonObject = {}) {
	const [first] = decode(message, choice).candidates;
	if (first === undefined) throw new Error('no candidate');
	return first;
}

function encode(response: Partial<ChatResponse>) {
	const { value, warnings } = openaiChat.encodeResponse({ candidates: [], ...response }, CONTEXT);
	return { body: JSON.parse(JSON.stringify(value)) as JsonObject, warnings: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

function thrown(act: () => unknown) {
	try {
		act();
	} catch (error) {
		if (isRelaisError(error)) return error;
		throw error;
	}
	throw new Error('nothing was thrown');
}

describe('an answer of a vendor', () => {
	test('may show its reasoning in any of the usual fields', () => {
		for (const field of ['reasoning_content', 'reasoning']) {
			expect(candidate({ [field]: 'hm', content: 'Hi' }).content).toMatchObject([
				{ type: 'reasoning', text: 'hm' },
				{ type: 'text', text: 'Hi' },
			]);
		}
	});

	test('keeps inline thinking as the text it is', () => {
		expect(candidate({ content: '<think>hm</think>Hi' }).content).toEqual([{ type: 'text', text: '<think>hm</think>Hi' }]);
	});

	test('may be content in an array, or the JSON itself', () => {
		const items = [
			{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
			{ type: 'text', text: 'Hi' },
		];
		expect(candidate({ content: items }).content).toMatchObject([
			{ type: 'reasoning', text: 'hm' },
			{ type: 'text', text: 'Hi' },
		]);
		expect(candidate({ content: { title: 'x' } }).content).toMatchObject([{ type: 'text', text: '{"title":"x"}' }]);
	});

	test.each<[string, JsonValue]>([
		['stop', 'tool_calls'],
		['tool_call', 'tool_calls'],
		['', 'tool_calls'],
		['length', 'length'],
	])('with calls and the finish reason "%s" ended with %s', (word, kind) => {
		const tool_calls = [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }];
		expect(candidate({ content: null, tool_calls }, { finish_reason: word }).stop).toMatchObject({ kind, raw: word });
	});

	test.each<[string, StopKind]>([
		['stop', 'stop'],
		['eos', 'stop'],
		['max_tokens', 'length'],
		['model_length', 'length'],
		['content_filter', 'content_filter'],
		['sensitive', 'content_filter'],
		['insufficient_system_resource', 'error'],
		['SAFETY', 'content_filter'],
		['word_of_tomorrow', 'other'],
		['constructor', 'other'],
	])('that ended with "%s" ended with %s', (word, kind) => {
		expect(candidate({ content: 'x' }, { finish_reason: word }).stop?.kind).toBe(kind);
	});

	test('names the stop sequence where the server does', () => {
		expect(candidate({ content: 'x' }, { stop_reason: '###' }).stop).toMatchObject({ kind: 'stop_sequence', sequence: '###' });
		expect(candidate({ content: 'x' }, { stop_reason: 128_001 }).stop).toMatchObject({ kind: 'stop' });
	});

	test('has calls that can be told apart, even without ids', () => {
		const call = { id: '', function: { name: 'f', arguments: '{}' } };
		const { content } = candidate({ tool_calls: [call, { ...call, id: undefined }] });
		const ids = content.map((part) => (part.type === 'tool-call' ? part.id : ''));
		expect(new Set(ids).size).toBe(2);
		expect(ids.every((id) => /^call_[0-9a-f]+$/.test(id))).toBe(true);
		expect(ids).toEqual(
			candidate({ tool_calls: [call, call] }).content.map((part) => (part.type === 'tool-call' ? part.id : '')),
		);
	});

	test('cites what supports it, by stretch or as a list of sources', () => {
		const annotation = { type: 'url_citation', url_citation: { url: 'https://e.com', title: 'E', start_index: 0, end_index: 2 } };
		expect(candidate({ content: 'Hi', annotations: [annotation] }).content).toMatchObject([
			{ citations: [{ source: 'url', url: 'https://e.com', title: 'E', answerSpan: { unit: 'char', start: 0, end: 2 } }] },
		]);
		const listed = decode(
			{ content: 'Hi' },
			{},
			{ citations: ['https://a.com'], search_results: [{ url: 'https://a.com', title: 'A' }] },
		);
		expect(listed.candidates[0]?.citations).toMatchObject([{ source: 'url', url: 'https://a.com', title: 'A' }]);
	});

	test('does not report what a filter thought of each answer as lost', () => {
		const results = { hate: { filtered: false, severity: 'safe' } };
		const answer = decode(
			{ content: 'Hi' },
			{ content_filter_results: results },
			{ prompt_filter_results: [{ prompt_index: 0 }] },
		);
		expect(anthropicMessages.encodeResponse(answer, CONTEXT).warnings).toEqual([]);
	});

	test('keeps Gemini’s signature with the call it belongs to', () => {
		const extra_content = { google: { thought_signature: 'c2ln' } };
		const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
		const signature = { vendor: 'gemini', value: 'c2ln' };
		expect(candidate({ tool_calls: [{ ...call, extra_content }] }).content).toMatchObject([{ signature }]);
		expect(candidate({ tool_calls: [call], extra_content }).content).toMatchObject([{ signature }]);
		expect(candidate({ content: 'x', extra_content }).content).toMatchObject([{ type: 'text', signature }]);
	});

	test('that is an error under a status of success fails as that error', () => {
		const body = { error: { message: 'filtered by the content management policy', code: 'content_filter', status: 400 } };
		for (const read of [openaiChat.decodeResponse, openaiChat.tapResponse]) {
			expect(thrown(() => read(body))).toMatchObject({ code: 'content_filtered', status: 400, providerBody: body });
		}
	});

	test.each<[string, JsonValue]>([
		['text', '<html></html>'],
		['no choices', { id: 'a' }],
		['an empty list of choices', { choices: [] }],
		['a choice that is no object', { choices: ['x'] }],
	])('that is %s cannot be read', (_, body) => {
		expect(thrown(() => openaiChat.decodeResponse(body)).code).toBe('provider_protocol');
		expect(thrown(() => openaiChat.tapResponse(body)).code).toBe('provider_protocol');
	});

	test('with fields of the wrong type is read all the same', () => {
		const { value } = openaiChat.decodeResponse(
			answer({ content: 'Hi', refusal: { odd: true }, reasoning: 7, tool_calls: 'none' }),
		);
		expect(value.candidates[0]?.content).toEqual([{ type: 'text', text: 'Hi' }]);
		expect(openaiChat.encodeResponse(value, CONTEXT).value).toMatchObject({
			choices: [{ message: { refusal: { odd: true }, reasoning: 7, tool_calls: 'none' } }],
		});
	});
});

describe('usage', () => {
	test.each<[string, JsonObject, object]>([
		[
			'OpenAI',
			{ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 4 } },
			{ inputTokens: 10, cacheReadTokens: 4 },
		],
		[
			'DeepSeek',
			{ prompt_tokens: 10, completion_tokens: 5, prompt_cache_hit_tokens: 4, prompt_cache_miss_tokens: 6 },
			{ inputTokens: 10, cacheReadTokens: 4 },
		],
		['Together', { prompt_tokens: 10, completion_tokens: 5, cached_tokens: 4 }, { inputTokens: 10, cacheReadTokens: 4 }],
		[
			'Databricks',
			{ prompt_tokens: 10, completion_tokens: null, cache_read_input_tokens: 4, cache_creation_input_tokens: 2 },
			{ inputTokens: 10, outputTokens: 0, cacheReadTokens: 4, cacheWriteTokens: 2 },
		],
		[
			'a vendor that counts cached tokens apart',
			{ prompt_tokens: 3, completion_tokens: 5, cache_read_input_tokens: 40 },
			{ inputTokens: 43, cacheReadTokens: 40 },
		],
		[
			'xAI, which counts reasoning apart',
			{
				prompt_tokens: 10,
				completion_tokens: 5,
				total_tokens: 25,
				completion_tokens_details: { reasoning_tokens: 10 },
				cost_in_usd_ticks: 5_000_000,
			},
			{ outputTokens: 15, reasoningTokens: 10, statedCostUsd: 0.0005 },
		],
		[
			'Gemini, which hides reasoning in the total',
			{ prompt_tokens: 35, completion_tokens: 12, total_tokens: 109 },
			{ outputTokens: 74, reasoningTokens: 62 },
		],
		[
			'OpenRouter',
			{
				prompt_tokens: 1,
				completion_tokens: 2,
				total_tokens: 3,
				cost: 0.002,
				server_tool_use_details: { web_search_requests: 2 },
			},
			{ statedCostUsd: 0.002, serverToolUses: { web_search: 2 } },
		],
		['Perplexity', { prompt_tokens: 1, completion_tokens: 2, cost: { total_cost: 0.006 } }, { statedCostUsd: 0.006 }],
	])('of %s is understood, and comes back as it was', (_, wire, expected) => {
		const usage = decodeUsage(wire);
		expect(usage).toMatchObject(expected);
		if (usage !== undefined) expect(encodeUsage(usage)).toEqual(wire);
	});

	test('that Relais corrected is written anew', () => {
		const usage = decodeUsage({ prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, queue_time: 0.5 });
		expect(encodeUsage({ inputTokens: 0, ...usage, outputTokens: 9 })).toMatchObject({
			completion_tokens: 9,
			queue_time: 0.5,
			prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
		});
	});

	test.each([null, undefined, 'x', {}, { total_tokens: 5 }])('%j is none', (wire) => {
		expect(decodeUsage(wire as JsonValue)).toBeUndefined();
	});
});

describe('an answer from another dialect', () => {
	test('has every field official clients expect', () => {
		const { body, warnings } = encode({
			candidates: [
				{
					index: 0,
					content: [
						{ type: 'text', text: 'Hel' },
						{ type: 'text', text: 'lo' },
					],
					stop: { kind: 'stop', raw: 'end_turn' },
				},
			],
			usage: { inputTokens: 3, outputTokens: 2, cacheReadTokens: 1 },
		});
		expect(body).toEqual({
			id: 'chatcmpl-own',
			object: 'chat.completion',
			created: 1_790_000_000,
			model: 'shown',
			choices: [
				{ index: 0, message: { role: 'assistant', content: 'Hello', refusal: null }, logprobs: null, finish_reason: 'stop' },
			],
			usage: {
				prompt_tokens: 3,
				completion_tokens: 2,
				total_tokens: 5,
				prompt_tokens_details: { cached_tokens: 1, audio_tokens: 0 },
				completion_tokens_details: {
					reasoning_tokens: 0,
					audio_tokens: 0,
					accepted_prediction_tokens: 0,
					rejected_prediction_tokens: 0,
				},
			},
		});
		expect(warnings).toEqual([]);
	});

	test.each<[StopKind, string, boolean]>([
		['stop', 'stop', false],
		['stop_sequence', 'stop', false],
		['length', 'length', false],
		['tool_calls', 'tool_calls', false],
		['content_filter', 'content_filter', false],
		['refusal', 'content_filter', false],
		['pause', 'stop', true],
		['context_overflow', 'length', true],
		['malformed_tool_call', 'stop', true],
		['compaction', 'stop', true],
		['error', 'length', true],
		['other', 'stop', true],
	])('that ended with %s says %s', (kind, word, warned) => {
		const { body, warnings } = encode({
			candidates: [{ index: 0, content: [{ type: 'text', text: 'x' }], stop: { kind, raw: 'vendor_word' } }],
		});
		expect((body.choices as JsonObject[])[0]?.finish_reason).toBe(word);
		expect(warnings).toEqual(warned ? ['approximated choices[0].finish_reason'] : []);
	});

	test('refuses in the field for refusals', () => {
		const refused = { index: 0, content: [{ type: 'refusal' as const, text: 'I cannot.' }], stop: { kind: 'refusal' as const } };
		expect(encode({ candidates: [refused] }).body.choices).toMatchObject([
			{ finish_reason: 'stop', message: { content: null, refusal: 'I cannot.' } },
		]);
		const explained = { index: 0, content: [], stop: { kind: 'refusal' as const, message: 'cyber' } };
		expect(encode({ candidates: [explained] }).body.choices).toMatchObject([{ message: { refusal: 'cyber' } }]);
	});

	test('cites by stretch of the whole text, and says what it cannot cite', () => {
		const { body, warnings } = encode({
			candidates: [
				{
					index: 0,
					content: [
						{ type: 'text', text: 'First. ' },
						{
							type: 'text',
							text: 'Second.',
							citations: [
								{ source: 'url', url: 'https://e.com', title: 'E', citedText: 'two' },
								{ source: 'document', title: 'D', documentIndex: 0 },
							],
						},
					],
				},
			],
		});
		expect(body.choices).toMatchObject([
			{
				message: {
					content: 'First. Second.',
					annotations: [
						{
							type: 'url_citation',
							url_citation: { url: 'https://e.com', title: 'E', content: 'two', start_index: 7, end_index: 14 },
						},
					],
				},
			},
		]);
		expect(warnings).toEqual(['dropped choices[0].message.content[1].citations[1]']);
	});

	test('shows images and sound the model made', () => {
		const { body } = encode({
			candidates: [
				{
					index: 0,
					content: [
						{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aGk=' } },
						{ type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'UklG' }, transcript: 'Hi', id: 'au' },
					],
				},
			],
		});
		expect(body.choices).toMatchObject([
			{
				message: {
					images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } }],
					audio: { id: 'au', data: 'UklG', transcript: 'Hi', expires_at: 0 },
				},
			},
		]);
	});

	test('asks for no tool that the provider ran itself', () => {
		const { body, warnings } = encode({
			candidates: [
				{
					index: 0,
					content: [
						{
							type: 'tool-call',
							id: 's',
							name: 'web_search',
							kind: 'function',
							input: '{}',
							providerExecuted: { kind: 'web_search' },
						},
						{
							type: 'tool-result',
							callId: 's',
							content: [{ type: 'text', text: 'found' }],
							providerExecuted: { kind: 'web_search' },
						},
						{ type: 'text', text: 'So it is.' },
					],
					stop: { kind: 'stop' },
				},
			],
		});
		expect(body.choices).toMatchObject([{ message: { content: 'So it is.' } }]);
		expect(JSON.stringify(body)).not.toContain('tool_calls');
		expect(warnings).toEqual(['dropped choices[0].message.content[0]', 'dropped choices[0].message.content[1]']);
	});
});
