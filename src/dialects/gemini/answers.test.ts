import { describe, expect, test } from 'vitest';
import type { ChatResponse, ContentPart, JsonObject, StopReason, StreamPart, TokenLogprob } from '../../spec/index.ts';
import { accumulate, streamFault } from '../../testing/index.ts';
import { gemini } from './index.ts';

const CONTEXT = { model: 'shown', now: 0, id: 'answer-1', streamUsage: true };
const encode = (content: ContentPart[], more: Partial<ChatResponse> = {}) =>
	gemini.encodeResponse({ candidates: [{ index: 0, content, stop: { kind: 'stop' } }], ...more }, CONTEXT);
const decode = (candidate: JsonObject, more: JsonObject = {}) =>
	gemini.decodeResponse({ candidates: [candidate], ...more }).value.candidates[0];
const answer = (...parts: JsonObject[]): JsonObject => ({ content: { parts, role: 'model' }, finishReason: 'STOP' });

const chunk = (body: JsonObject) => ({ event: '', data: JSON.stringify(body) });
function decodeStream(...chunks: JsonObject[]): StreamPart[] {
	const decoder = gemini.streamDecoder();
	return [...chunks.flatMap((each) => decoder.push(chunk(each))), ...decoder.end()];
}
function encodeStream(parts: StreamPart[]): JsonObject[] {
	const encoder = gemini.streamEncoder(CONTEXT);
	const text = parts.map((part) => encoder.push(part)).join('');
	return text
		.split('\r\n\r\n')
		.filter((event) => event !== '')
		.map((event) => JSON.parse(event.replace('data: ', '')) as JsonObject);
}
const partsOf = (chunks: JsonObject[]): unknown[] =>
	chunks.flatMap(({ candidates }) =>
		(candidates as { content: { parts: JsonObject[] } }[]).flatMap(({ content }) => content.parts),
	);

describe('An answer of a Gemini model', () => {
	test('counts thoughts as output, and what tools put into the prompt as input', () => {
		const usageMetadata = {
			promptTokenCount: 10,
			toolUsePromptTokenCount: 5,
			candidatesTokenCount: 7,
			thoughtsTokenCount: 20,
			cachedContentTokenCount: 4,
			totalTokenCount: 42,
		};
		expect(gemini.decodeResponse({ candidates: [], usageMetadata }).value.usage).toMatchObject({
			...{ inputTokens: 15, outputTokens: 27, reasoningTokens: 20, cacheReadTokens: 4, totalTokens: 42 },
		});
		expect(gemini.decodeResponse({ usageMetadata: { promptTokenCount: 3 } }).value.usage).toMatchObject({
			inputTokens: 3,
			outputTokens: 0,
		});
	});

	test.each<[JsonObject, Partial<StopReason>]>([
		[{ finishReason: 'MAX_TOKENS' }, { kind: 'length', raw: 'MAX_TOKENS' }],
		[{ finishReason: 2 }, { kind: 'length', raw: 'MAX_TOKENS' }],
		[
			{ finishReason: 'MODEL_ARMOR', finishMessage: 'no' },
			{ kind: 'content_filter', message: 'no' },
		],
		[{ finishReason: 'UNEXPECTED_TOOL_CALL' }, { kind: 'malformed_tool_call' }],
		[{ finishReason: 'BRAND_NEW' }, { kind: 'other', raw: 'BRAND_NEW' }],
		[answer({ functionCall: { name: 'f' } }), { kind: 'tool_calls', raw: 'STOP' }],
		[answer({ executableCode: { code: '1' } }), { kind: 'stop' }],
	])('that ends with %j', (candidate, stop) => {
		expect(decode(candidate)?.stop).toMatchObject(stop);
	});

	test('that was never given, as the prompt was refused', () => {
		const body = {
			promptFeedback: { blockReason: 'PROHIBITED_CONTENT', blockReasonMessage: 'no' },
			usageMetadata: { promptTokenCount: 3 },
		};
		const { value } = gemini.decodeResponse(body);
		expect(value.candidates).toMatchObject([
			{ content: [], stop: { kind: 'content_filter', raw: 'PROHIBITED_CONTENT', message: 'no' } },
		]);
		expect(gemini.encodeResponse(value, CONTEXT).value).toEqual(body);
		expect(decodeStream(body)).toMatchObject([
			{ type: 'start' },
			{ type: 'finish', stop: { kind: 'content_filter' } },
			{ type: 'usage' },
			{ type: 'end' },
		]);
	});

	test('names its calls the same whether it is streamed or not', () => {
		const head = { responseId: 'r1' };
		const part = { functionCall: { name: 'f', args: { a: 1 } } };
		const whole = decode(answer(part, part), head)?.content ?? [];
		const streamed = accumulate(decodeStream({ candidates: [answer(part, part)], ...head }));
		const ids = (parts: readonly ContentPart[]): string[] => parts.map((each) => (each.type === 'tool-call' ? each.id : ''));
		expect(new Set(ids(whole)).size).toBe(2);
		expect(ids(streamed.candidates[0]?.content ?? [])).toEqual(ids(whole));
		expect(ids(decode(answer(part), { responseId: 'r2' })?.content ?? [])).not.toContain(ids(whole)[0]);
	});

	test('joins code that the vendor ran to its outcome', () => {
		const content = decode(
			answer(
				{ executableCode: { language: 'PYTHON', code: 'x' } },
				{ codeExecutionResult: { outcome: 'OUTCOME_FAILED', output: 'e' } },
			),
		)?.content;
		const [call, result] = content ?? [];
		expect(call).toMatchObject({ type: 'tool-call', name: 'code_execution', providerExecuted: { kind: 'code_execution' } });
		expect(result).toMatchObject({ type: 'tool-result', isError: true, json: { outcome: 'OUTCOME_FAILED', output: 'e' } });
		expect(result?.type === 'tool-result' && call?.type === 'tool-call' ? result.callId : '').toBe(
			call?.type === 'tool-call' ? call.id : 'none',
		);
	});

	test('cites its sources in characters, though the wire counts bytes', () => {
		const text = 'Über Käse: gut.';
		const groundingMetadata = {
			groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }, { web: { uri: 'https://b.example' } }],
			groundingSupports: [{ segment: { startIndex: 6, endIndex: 11, text: 'Käse' }, groundingChunkIndices: [0] }],
			webSearchQueries: ['q1', 'q2'],
		};
		const body = { candidates: [{ ...answer({ text }), groundingMetadata }], usageMetadata: { promptTokenCount: 1 } };
		const { value } = gemini.decodeResponse(body);
		const cited = { source: 'url', url: 'https://a.example', title: 'A', answerSpan: { unit: 'char', start: 5, end: 9 } };
		expect(value.candidates[0]).toMatchObject({ content: [{ citations: [cited] }], citations: [{ url: 'https://b.example' }] });
		expect(value.usage?.serverToolUses).toEqual({ web_search: 2 });
		const parts = decodeStream(body);
		expect(streamFault(parts)).toBeUndefined();
		expect(parts.filter(({ type }) => type === 'citation')).toMatchObject([
			{ citation: cited },
			{ citation: { url: 'https://b.example' } },
		]);
	});

	test('puts calls together whose arguments come in pieces', () => {
		const piece = (functionCall: JsonObject): JsonObject => ({
			candidates: [{ content: { parts: [{ functionCall }] } }],
			usageMetadata: {},
		});
		const parts = decodeStream(
			piece({ name: 'f', willContinue: true }),
			piece({ partialArgs: [{ jsonPath: '$.a.list[0]', stringValue: 'on' }], willContinue: true }),
			piece({
				partialArgs: [
					{ jsonPath: '$.a.list[0]', stringValue: 'e' },
					{ jsonPath: "$['odd key']", numberValue: 2 },
				],
				willContinue: true,
			}),
			piece({ partialArgs: [{ jsonPath: '$.none', nullValue: 'NULL_VALUE' }] }),
			{ candidates: [{ finishReason: 'STOP' }] },
		);
		expect(streamFault(parts)).toBeUndefined();
		const [call] = accumulate(parts).candidates[0]?.content ?? [];
		expect(call).toMatchObject({ name: 'f', input: JSON.stringify({ a: { list: ['one'] }, 'odd key': 2, none: null }) });
		expect(parts.find(({ type }) => type === 'finish')).toMatchObject({ stop: { kind: 'tool_calls' } });
	});

	test('tells several candidates apart', () => {
		const parts = decodeStream(
			{
				candidates: [
					{ index: 0, content: { parts: [{ text: 'a' }] } },
					{ index: 1, content: { parts: [{ text: 'b' }] } },
				],
			},
			{ candidates: [{ index: 1, finishReason: 'STOP' }], usageMetadata: {} },
			{ candidates: [{ index: 0, content: { parts: [{ text: 'c' }] }, finishReason: 'STOP' }] },
		);
		expect(streamFault(parts)).toBeUndefined();
		expect(accumulate(parts).candidates).toMatchObject([{ content: [{ text: 'ac' }] }, { content: [{ text: 'b' }] }]);
	});

	test('is not whole while a candidate has not ended', () => {
		const parts = decodeStream({ candidates: [{ content: { parts: [{ text: 'a' }] } }] });
		expect(parts.at(-1)?.type).toBe('block-end');
	});

	test('keeps a signature behind the text it came with, and text after it apart', () => {
		const parts = decodeStream(
			{ candidates: [{ content: { parts: [{ text: 'a' }] } }] },
			{ candidates: [{ content: { parts: [{ text: '', thoughtSignature: 'c2ln' }] } }] },
			{ candidates: [{ content: { parts: [{ text: 'b' }] }, finishReason: 'STOP' }], usageMetadata: {} },
		);
		expect(accumulate(parts).candidates[0]?.content).toMatchObject([
			{ type: 'text', text: 'a', signature: { vendor: 'gemini', value: 'c2ln' } },
			{ type: 'text', text: 'b' },
		]);
		expect(partsOf(encodeStream(parts))).toEqual([
			{ text: 'a' },
			{ text: '', thoughtSignature: 'c2ln' },
			{ text: 'b' },
			{ text: '' },
		]);
	});

	test.each([
		['no JSON', 'nonsense'],
		['a list', []],
		['without any member of an answer', { object: 'chat.completion' }],
		['with a call that is none', { candidates: [{ content: { parts: [{ functionCall: 'f' }] } }] }],
	])('is refused where it is %s', (_, body) => {
		expect(() => gemini.decodeResponse(body)).toThrowError(expect.objectContaining({ code: 'provider_protocol' }));
	});
});

describe('An answer shown to a Gemini client', () => {
	test('has what its client reads', () => {
		const { value, warnings } = encode(
			[
				{ type: 'text', text: 'Hello' },
				{ type: 'tool-call', id: 'call_1', name: 'f', kind: 'function', input: '{"a":1}' },
				{ type: 'image', source: { type: 'base64', data: 'AA', mediaType: 'image/png' } },
			],
			{ createdAt: 1_700_000_000, usage: { inputTokens: 9, outputTokens: 8, reasoningTokens: 3, cacheReadTokens: 2 } },
		);
		expect(value).toEqual({
			candidates: [
				{
					content: {
						parts: [
							{ text: 'Hello' },
							{ functionCall: { name: 'f', args: { a: 1 }, id: 'call_1' } },
							{ inlineData: { mimeType: 'image/png', data: 'AA' } },
						],
						role: 'model',
					},
					finishReason: 'STOP',
					index: 0,
				},
			],
			usageMetadata: {
				promptTokenCount: 9,
				candidatesTokenCount: 5,
				thoughtsTokenCount: 3,
				cachedContentTokenCount: 2,
				totalTokenCount: 17,
			},
			modelVersion: 'shown',
			responseId: 'answer-1',
			createTime: '2023-11-14T22:13:20.000Z',
		});
		expect(warnings).toEqual([]);
	});

	test('shows citations as grounding', () => {
		const { value } = encode([{ type: 'text', text: 'Ü', citations: [{ source: 'url', url: 'https://a.example', title: 'A' }] }]);
		expect(value.candidates).toMatchObject([
			{
				groundingMetadata: {
					groundingChunks: [{ web: { uri: 'https://a.example', title: 'A' } }],
					groundingSupports: [{ segment: { startIndex: 0, endIndex: 2, text: 'Ü' }, groundingChunkIndices: [0] }],
				},
			},
		]);
	});

	test('shows log-probabilities', () => {
		const logprobs: TokenLogprob[] = [{ token: 'a', logprob: -1, top: [{ token: 'b', logprob: -2 }] }];
		const { value } = gemini.encodeResponse({ candidates: [{ index: 0, content: [], logprobs }] }, CONTEXT);
		expect(decode((value.candidates as JsonObject[])[0] ?? {})?.logprobs).toEqual(logprobs);
	});

	test('does not show tools another vendor ran', () => {
		const { value, warnings } = encode([
			{ type: 'tool-call', id: 's', name: 'web_search', kind: 'function', input: '{}', providerExecuted: { kind: 'web_search' } },
			{ type: 'text', text: 'Found.' },
		]);
		expect(value.candidates).toMatchObject([{ content: { parts: [{ text: 'Found.' }] } }]);
		expect(warnings).toMatchObject([{ kind: 'dropped', path: 'candidates[0].content[0]' }]);
	});

	test('streams whole calls, and ends with reasons and usage in a piece that has a part', () => {
		const chunks = encodeStream([
			{ type: 'start' },
			{
				type: 'block-start',
				block: 0,
				candidate: 0,
				content: { type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: '' },
			},
			{ type: 'tool-input-delta', block: 0, input: '{"a"' },
			{ type: 'tool-input-delta', block: 0, input: ':1}' },
			{ type: 'block-end', block: 0 },
			{ type: 'finish', candidate: 0, stop: { kind: 'tool_calls' } },
			{ type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } },
			{ type: 'end' },
		]);
		expect(chunks).toEqual([
			{
				candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: { a: 1 }, id: 'c' } }], role: 'model' }, index: 0 }],
				modelVersion: 'shown',
				responseId: 'answer-1',
			},
			{
				candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
				usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 2, totalTokenCount: 3 },
				modelVersion: 'shown',
				responseId: 'answer-1',
			},
		]);
	});
});

describe('What another vendor needs back', () => {
	const SECRETS: ContentPart[] = [
		{ type: 'reasoning', text: 'First this, then that.', signature: { vendor: 'anthropic-messages', value: 'c2lnbmVk' } },
		{ type: 'reasoning', encrypted: { vendor: 'anthropic-messages', value: 'YmxvYg' }, redacted: true },
		{ type: 'reasoning', summary: ['One.', 'Two.'], id: 'rs_1', encrypted: { vendor: 'openai-responses', value: 'YmxvYg' } },
		{ type: 'text', text: 'Hello.', signature: { vendor: 'another', value: 'dGV4dA' } },
		{ type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: '{}', signature: { vendor: 'another', value: 'Y2FsbA' } },
	];

	/** The history a client sends back: pieces as it got them. */
	const replay = (contents: JsonObject[]) => ({ model: 'm', contents: [{ role: 'user', parts: [{ text: 'Hi' }] }, ...contents] });

	test.each(SECRETS.map((part): [string, ContentPart] => [JSON.stringify(part), part]))(
		'returns with the history: %s',
		(_, part) => {
			const { value } = encode([part]);
			const content = (value.candidates as { content: JsonObject }[])[0]?.content ?? {};
			const body = replay([content]);
			expect(gemini.decodeRequest(body).value.messages[1]?.content).toMatchObject([part]);
			expect(gemini.sketch(body).foreign).toBe(true);
		},
	);

	test('returns also where the answer was streamed and its pieces are sent back one by one', () => {
		const parts: StreamPart[] = [
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning', text: '' } },
			{ type: 'reasoning-delta', block: 0, text: 'First this, ' },
			{ type: 'reasoning-delta', block: 0, text: 'then that.' },
			{ type: 'reasoning-delta', block: 0, signature: { vendor: 'anthropic-messages', value: 'c2ln' } },
			{ type: 'reasoning-delta', block: 0, signature: { vendor: 'anthropic-messages', value: 'bmVk' } },
			{ type: 'block-end', block: 0 },
			{ type: 'block-start', block: 1, candidate: 0, content: { type: 'text', text: '' } },
			{ type: 'text-delta', block: 1, text: 'Hello.' },
			{ type: 'block-end', block: 1 },
			{ type: 'finish', candidate: 0, stop: { kind: 'stop' } },
			{ type: 'end' },
		];
		const contents = encodeStream(parts).map(({ candidates }) => (candidates as { content: JsonObject }[])[0]?.content ?? {});
		const { value } = gemini.decodeRequest(replay(contents));
		expect(value.messages).toHaveLength(2);
		expect(value.messages[1]?.content).toEqual([SECRETS[0], { type: 'text', text: 'Hello.' }]);
	});

	test('is never sent to a Gemini model', () => {
		const { value } = encode(SECRETS);
		const content = (value.candidates as { content: JsonObject }[])[0]?.content ?? {};
		const request = gemini.decodeRequest(replay([content])).value;
		const { value: body, warnings } = gemini.encodeRequest(request, { model: 'gemini-2.5-pro', traits: {} });
		expect(body.contents).toMatchObject([{}, { parts: [{ text: 'Hello.' }, { functionCall: { name: 'f' } }] }]);
		expect(JSON.stringify(body)).not.toContain('thoughtSignature');
		expect(warnings.filter(({ kind }) => kind === 'dropped')).toHaveLength(4);
	});

	test('is left alone where a seal cannot be read', () => {
		const broken = Buffer.from('relais.{nonsense').toString('base64');
		const body = replay([
			{
				role: 'model',
				parts: [
					{ text: 'Hm.', thought: true, thoughtSignature: broken },
					{ text: 'Yes.', thoughtSignature: broken },
				],
			},
		]);
		expect(gemini.decodeRequest(body).value.messages[1]?.content).toEqual([
			{ type: 'reasoning', text: 'Hm.' },
			{ type: 'text', text: 'Yes.' },
		]);
	});
});
