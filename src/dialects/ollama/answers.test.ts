import { describe, expect, test } from 'vitest';
import type { ChatResponse, ContentPart, JsonObject, StreamPart } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { accumulate } from '../../testing/index.ts';
import { ollama } from './index.ts';

const CONTEXT = { model: 'shown', now: 1_700_000_000, id: 'x', streamUsage: true };
const AT = '2026-01-02T03:04:05.678Z';
const FOREIGN = { vendor: 'anthropic-messages', value: 'c2ln' };

function decode(...lines: JsonObject[]): StreamPart[] {
	const decoder = ollama.streamDecoder();
	return [...lines.flatMap((line) => decoder.push({ event: '', data: JSON.stringify(line) })), ...decoder.end()];
}

function encode(parts: StreamPart[]): { lines: JsonObject[]; paths: string[] } {
	const encoder = ollama.streamEncoder(CONTEXT);
	const text = parts.map((part) => encoder.push(part)).join('');
	const lines = text.split('\n').filter((line) => line !== '');
	return { lines: lines.map((line) => JSON.parse(line) as JsonObject), paths: encoder.warnings().map(({ path }) => path) };
}

const line = (message: JsonObject, more: JsonObject = {}): JsonObject => ({
	model: 'm',
	created_at: AT,
	message: { role: 'assistant', ...message },
	done: false,
	...more,
});
const LAST = line({ content: '' }, { done: true, done_reason: 'stop', prompt_eval_count: 4, eval_count: 2, eval_duration: 9 });

describe('an answer', () => {
	test('that asks for tools ended to ask, though the word is stop', () => {
		const body = {
			...LAST,
			message: { role: 'assistant', content: '', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
		};
		const [candidate] = ollama.decodeResponse(body).value.candidates;
		expect(candidate).toMatchObject({
			stop: { kind: 'tool_calls', raw: 'stop' },
			content: [{ type: 'tool-call', input: '{"a":1}' }],
		});
		expect(ollama.encodeResponse(ollama.decodeResponse(body).value, CONTEXT)).toEqual({ value: body, warnings: [] });
	});

	test('of a model that was merely loaded says so again', () => {
		const body = { ...LAST, done_reason: 'load' };
		const { value } = ollama.decodeResponse(body);
		expect(value.candidates[0]?.stop?.kind).toBe('other');
		expect(ollama.encodeResponse(value, CONTEXT).value).toEqual(body);
	});

	test('may hold log-probabilities and images', () => {
		const logprobs = [{ token: 'a', logprob: -0.1, bytes: [97], top_logprobs: [{ token: 'b', logprob: -2 }] }];
		const body = { ...LAST, message: { role: 'assistant', content: 'a', images: ['/9j/4A'] }, logprobs };
		const { value } = ollama.decodeResponse(body);
		expect(value.candidates[0]).toMatchObject({
			content: [{ type: 'text' }, { type: 'image', source: { data: '/9j/4A', mediaType: 'image/jpeg' } }],
			logprobs: [{ token: 'a', logprob: -0.1, top: [{ token: 'b', logprob: -2 }] }],
		});
		expect(ollama.encodeResponse(value, CONTEXT)).toEqual({ value: body, warnings: [] });
	});

	test('of another vendor loses no piece of its reasoning on the way through a client', () => {
		const content: ContentPart[] = [
			{ type: 'reasoning', text: 'First.', signature: FOREIGN },
			{ type: 'reasoning', encrypted: FOREIGN, redacted: true },
			{ type: 'text', text: 'Yes.' },
			{ type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: '{}', signature: FOREIGN },
		];
		const response: ChatResponse = { candidates: [{ index: 0, content, stop: { kind: 'tool_calls' } }] };
		const { message } = ollama.encodeResponse(response, CONTEXT).value;
		const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }, message ?? null] };
		const request = ollama.decodeRequest(body).value;
		expect(request.messages[1]?.content).toMatchObject(content);
		expect(ollama.sketch(body).foreign).toBe(true);
		expect(ollama.locate(body, 'messages[1].content[3]')).toBe('messages[1].tool_calls[0]');
		const sent = ollama.encodeRequest(request, { model: 'm', traits: {} });
		expect(JSON.stringify(sent.value)).not.toContain('relais.');
		expect(sent.warnings.map(({ path }) => path)).toEqual(
			[0, 1, 3].map((at) => `messages[1].content[${at}]${at === 3 ? '.signature' : ''}`),
		);
	});

	test('without a message is none', () => {
		expect(() => ollama.decodeResponse({ done: true })).toThrowError(expect.objectContaining({ code: 'provider_protocol' }));
		expect(() => ollama.decodeResponse({ error: 'boom' })).toThrowError('boom');
	});
});

describe('a stream', () => {
	test('thinks, speaks and calls in turn', () => {
		const lines = [
			line({ content: '', thinking: 'Hm' }),
			line({ content: '', thinking: '.' }),
			line({ content: 'Yes.' }),
			line({ content: '', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] }),
			LAST,
		];
		const parts = decode(...lines);
		expect(accumulate(parts)).toMatchObject({
			model: 'm',
			createdAt: Date.parse(AT) / 1000 - 0.678,
			candidates: [
				{ content: [{ text: 'Hm.' }, { text: 'Yes.' }, { name: 'f', input: '{"a":1}' }], stop: { kind: 'tool_calls' } },
			],
			usage: { inputTokens: 4, outputTokens: 2 },
		});
		expect(encode(parts)).toEqual({ lines, paths: [] });
	});

	test('that lacks its last line is not whole, for decoder and tap', () => {
		const cut = line({ content: 'Yes.' });
		expect(decode(cut).at(-1)?.type).toBe('text-delta');
		const tap = ollama.streamTap({ dropUsage: false });
		tap.frame({ event: '', data: JSON.stringify(cut) });
		expect([tap.complete, tap.started, tap.outputChars, tap.closing()]).toEqual([false, true, 4, '']);
	});

	test('that fails in its middle ends with the error', () => {
		const parts = decode(line({ content: 'Y' }), { error: 'an error was encountered while running the model' });
		expect(parts.at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_error' } });
		expect(ollama.encodeStreamError(new RelaisError('provider_timeout', 'too slow'), 'r')).toBe('{"error":"too slow"}\n');
	});

	test('seals proofs behind the thinking they belong to', () => {
		const { lines } = encode([
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning' } },
			{ type: 'reasoning-delta', block: 0, text: 'Hm.' },
			{ type: 'reasoning-delta', block: 0, signature: FOREIGN },
			{ type: 'block-end', block: 0 },
		]);
		expect(lines).toMatchObject([
			{ model: 'shown', created_at: '2023-11-14T22:13:20.000Z', message: { thinking: 'Hm.' }, done: false },
			{ message: { content: '', seals: [{ thinking: 3, seal: expect.stringMatching(/^relais\.anthropic-messages\./) }] } },
		]);
	});

	test('a line that is no JSON is the fault of the server', () => {
		expect(() => ollama.streamDecoder().push({ event: '', data: '{"model":' })).toThrowError(
			expect.objectContaining({ code: 'provider_protocol' }),
		);
	});
});

describe('an error', () => {
	test.each([
		[404, "model 'x' not found", 'provider_not_found'],
		[400, 'the input length exceeds the context length', 'context_overflow'],
		[400, '"x" does not support tools', 'provider_rejected'],
		[401, 'unauthorized', 'provider_auth'],
		[503, 'server busy, please try again', 'provider_unavailable'],
		[500, 'model runner has unexpectedly stopped', 'provider_error'],
	])('%i %s is %s', (status, error, code) => {
		expect(ollama.decodeError(status, {}, { error })).toMatchObject({ code });
	});
});
