import { describe, expect, test } from 'vitest';
import { SseScanner } from '../../lib/sse.ts';
import type { ChatResponse, ContentPart, Frame, JsonObject, StreamPart } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { accumulate } from '../../testing/index.ts';
import { cohere } from './index.ts';

const CONTEXT = { model: 'shown', now: 0, id: 'x-1', streamUsage: true };
const answering = (content: ContentPart[], more: Partial<ChatResponse> = {}): ChatResponse => ({
	id: 'a',
	candidates: [{ index: 0, content, stop: { kind: 'stop' } }],
	usage: { inputTokens: 5, outputTokens: 3 },
	...more,
});

function framesOf(text: string): Frame[] {
	return new SseScanner().push(Buffer.from(text)).filter(({ data }) => data !== '');
}

function stream(parts: StreamPart[]): { frames: Frame[]; paths: string[] } {
	const encoder = cohere.streamEncoder(CONTEXT);
	const frames = framesOf(parts.map((part) => encoder.push(part)).join(''));
	return { frames, paths: encoder.warnings().map(({ path }) => path) };
}

const typed = (frames: Frame[]): string[] => frames.map(({ event, data }) => event || data);

function decode(...events: JsonObject[]): StreamPart[] {
	const decoder = cohere.streamDecoder();
	return [...events.flatMap((event) => decoder.push({ event: '', data: JSON.stringify(event) })), ...decoder.end()];
}

describe('an answer', () => {
	test('is counted by what is billed', () => {
		const usage = {
			billed_units: { input_tokens: 47, output_tokens: 8 },
			tokens: { input_tokens: 1563, output_tokens: 22 },
			cached_tokens: 1376,
		};
		const { value } = cohere.decodeResponse({
			id: 'a',
			finish_reason: 'COMPLETE',
			message: { role: 'assistant', content: [] },
			usage,
		});
		expect(value.usage).toMatchObject({ inputTokens: 47, outputTokens: 8 });
		expect(value.usage?.cacheReadTokens).toBeUndefined();
	});

	test('cites its sources where the text says it', () => {
		const document = { id: 'doc:1', title: 'T', url: 'https://example.com', text: 'fact' };
		const citation = {
			start: 0,
			end: 4,
			text: 'Ruby',
			sources: [{ type: 'document', id: 'doc:1', document }],
			type: 'TEXT_CONTENT',
			content_index: 1,
		};
		const content = [
			{ type: 'thinking', thinking: 'Hm.' },
			{ type: 'text', text: 'Ruby.' },
		];
		const { value } = cohere.decodeResponse({ message: { role: 'assistant', content, citations: [citation] } });
		expect(value.candidates[0]?.content[1]).toMatchObject({
			citations: [
				{
					source: 'document',
					documentIndex: 1,
					title: 'T',
					url: 'https://example.com',
					citedText: 'fact',
					answerSpan: { unit: 'char', start: 0, end: 4 },
				},
			],
		});
	});

	test("another vendor's citations become its own", () => {
		const citations = [
			{ source: 'url' as const, url: 'https://example.com', title: 'T', answerSpan: { unit: 'char' as const, start: 0, end: 4 } },
		];
		const { value } = cohere.encodeResponse(answering([{ type: 'text', text: 'Ruby.', citations }]), CONTEXT);
		expect(value.message).toMatchObject({
			citations: [
				{ start: 0, end: 4, text: 'Ruby', sources: [{ type: 'document', document: { url: 'https://example.com', title: 'T' } }] },
			],
		});
	});

	test("another vendor's signatures return with the history", () => {
		const signature = { vendor: 'anthropic-messages', value: 'c2ln' };
		const content: ContentPart[] = [
			{ type: 'reasoning', text: 'Hm.', signature },
			{ type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: '{}', signature },
		];
		const { value } = cohere.encodeResponse(answering(content), CONTEXT);
		const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }, value.message ?? null] };
		expect(cohere.decodeRequest(body).value.messages[1]?.content).toEqual(content);
		expect(cohere.sketch(body).foreign).toBe(true);
	});

	test.each([
		['stop', 'COMPLETE', 0],
		['length', 'MAX_TOKENS', 0],
		['stop_sequence', 'STOP_SEQUENCE', 0],
		['content_filter', 'ERROR', 1],
		['refusal', 'COMPLETE', 1],
	] as const)('that ended by %s is shown as %s', (kind, reason, warned) => {
		const response: ChatResponse = { candidates: [{ index: 0, content: [], stop: { kind } }] };
		const { value, warnings } = cohere.encodeResponse(response, CONTEXT);
		expect([value.finish_reason, warnings.length]).toEqual([reason, warned]);
	});
});

describe('a stream', () => {
	test('tells plan, calls and words as events of their own', () => {
		const { frames } = stream([
			{ type: 'start', id: 'a' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } },
			{ type: 'text-delta', block: 0, text: 'Let me look.' },
			{ type: 'block-end', block: 0 },
			{
				type: 'block-start',
				block: 1,
				candidate: 0,
				content: { type: 'tool-call', id: '', name: 'f', kind: 'function', input: '' },
			},
			{ type: 'tool-input-delta', block: 1, input: '{}' },
			{ type: 'block-end', block: 1 },
			{ type: 'finish', candidate: 0, stop: { kind: 'tool_calls' } },
			{ type: 'usage', usage: { inputTokens: 5, outputTokens: 3 } },
			{ type: 'end' },
		]);
		expect(typed(frames)).toEqual([
			...['message-start', 'content-start', 'content-delta', 'content-end'],
			...['tool-call-start', 'tool-call-delta', 'tool-call-end', 'message-end', '[DONE]'],
		]);
		expect(frames[4]?.data).toContain('"id":"call_x1_0"');
		expect(JSON.parse(frames[7]?.data ?? '')).toMatchObject({
			delta: { finish_reason: 'TOOL_CALL', usage: { billed_units: { input_tokens: 5 } } },
		});
	});

	test('a summary and its proof are shown as thinking, and the proof is sealed', () => {
		const { frames } = stream([
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning' } },
			{ type: 'reasoning-delta', block: 0, summary: 'One.', summaryIndex: 0 },
			{ type: 'reasoning-delta', block: 0, summary: 'Two.', summaryIndex: 1 },
			{ type: 'reasoning-delta', block: 0, encrypted: { vendor: 'openai-responses', value: 'blob' } },
			{ type: 'block-end', block: 0 },
		]);
		const shown = frames.map(({ data }) => data).join('\n');
		expect(shown).toContain('"thinking":"One."');
		expect(shown).toContain('"thinking":"\\n\\nTwo."');
		expect(shown).toContain('"signature":"relais.openai-responses.');
		expect(shown).not.toContain('blob');
	});

	test('that fails says so in its last event', () => {
		const decoder = cohere.streamDecoder();
		const frames = framesOf(cohere.encodeStreamError(new RelaisError('provider_overloaded', 'too busy'), 'r'));
		expect(frames.flatMap((frame) => decoder.push(frame))).toMatchObject([
			{ type: 'start' },
			{ type: 'error', error: { message: 'too busy' } },
		]);
	});

	test('events nobody knows are kept', () => {
		const news: JsonObject = { type: 'news', a: 1 };
		const parts = decode({ type: 'message-start', id: 'a' }, news);
		expect(parts.at(-1)).toEqual({ type: 'vendor-event', dialect: 'cohere', event: 'news', data: news, meaningful: true });
		expect(stream(parts).frames.at(-1)).toEqual({ event: 'news', data: JSON.stringify(news), raw: expect.anything() });
	});

	test('a plan ends where calls begin', () => {
		const plan = (text: string): JsonObject => ({ type: 'tool-plan-delta', delta: { message: { tool_plan: text } } });
		const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '' } };
		const parts = decode(
			{ type: 'message-start', id: 'a' },
			plan('I will'),
			plan(' call.'),
			{ type: 'tool-call-start', index: 0, delta: { message: { tool_calls: call } } },
			{ type: 'tool-call-delta', index: 0, delta: { message: { tool_calls: { function: { arguments: '{}' } } } } },
			{ type: 'tool-call-end', index: 0 },
			{ type: 'message-end', delta: { finish_reason: 'TOOL_CALL', usage: {} } },
		);
		const [candidate] = accumulate(parts).candidates;
		expect(candidate).toMatchObject({
			content: [
				{ type: 'reasoning', text: 'I will call.' },
				{ type: 'tool-call', input: '{}' },
			],
			stop: { kind: 'tool_calls' },
		});
	});
});

describe('an error', () => {
	test.each([
		[400, 'too many tokens: size limit exceeded', 'context_overflow'],
		[401, 'invalid api token', 'provider_auth'],
		[404, "model 'x' was removed on September 15, 2025", 'model_retired'],
		[404, "model 'x' not found", 'provider_not_found'],
		[429, 'a Trial key is limited to 20 calls / minute', 'rate_limited'],
		[429, 'a Trial key is limited to 1000 calls / month', 'provider_quota'],
		[429, 'too many requests', 'rate_limited'],
		[498, 'blocked', 'content_filtered'],
		[503, 'try later', 'provider_unavailable'],
	])('%i %s is %s', (status, message, code) => {
		expect(cohere.decodeError(status, {}, { id: 'e', message })).toMatchObject({ code });
	});
});
