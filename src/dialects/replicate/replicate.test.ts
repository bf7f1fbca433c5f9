import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { ChatRequest, ContentPart, JsonObject, Message } from '../../spec/index.ts';
import { accumulate, streamFault } from '../../testing/index.ts';
import { decodeError, decodePrediction, encodeInput, failureOf, inputNames, PredictionParts, usualInputs } from './index.ts';

const ASKED = { prompt: 'a prompt of some length', limit: undefined };
const text = (value: string): ContentPart => ({ type: 'text', text: value });
const user = (...content: ContentPart[]): Message => ({ role: 'user', content });
const picture: ContentPart = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } };

function encode(more: Partial<ChatRequest>, properties?: JsonObject) {
	const request: ChatRequest = { model: 'o/m', messages: [user(text('hi'))], stream: false, sampling: {}, ...more };
	const described = { openapi_schema: { components: { schemas: { Input: { properties: properties ?? {} } } } } };
	const names = properties === undefined ? usualInputs : inputNames(described);
	if (names === undefined) throw new Error('no names');
	return encodeInput(request, names, {});
}
const paths = (warnings: readonly { path: string }[]): string[] => warnings.map(({ path }) => path);

describe('what goes in', () => {
	it('is one prompt with the usual settings', () => {
		const { value, warnings } = encode({
			messages: [{ role: 'system', content: [text('Be brief.')] }, user(text('hi'))],
			maxOutputTokens: 9,
			sampling: { temperature: 0.5, topP: 0.9, stop: ['a', 'b'] },
		});
		expect(value).toEqual({
			prompt: 'hi',
			system_prompt: 'Be brief.',
			max_tokens: 9,
			temperature: 0.5,
			top_p: 0.9,
			stop_sequences: 'a,b',
		});
		expect(warnings).toEqual([]);
	});

	it('is named as each model names it', () => {
		const { value, warnings } = encode(
			{
				messages: [{ role: 'system', content: [text('Be brief.')] }, user(text('hi'), picture)],
				maxOutputTokens: 9,
				reasoning: { effort: 'low' },
				verbosity: 'low',
				sampling: { stop: ['a,b'] },
			},
			{
				prompt: {},
				system_instruction: {},
				max_completion_tokens: {},
				image_input: { type: 'array' },
				reasoning_effort: {},
				verbosity: {},
				stop: { type: 'array' },
			},
		);
		expect(value).toEqual({
			prompt: 'hi',
			system_instruction: 'Be brief.',
			max_completion_tokens: 9,
			image_input: ['data:image/png;base64,AAAA'],
			reasoning_effort: 'low',
			verbosity: 'low',
			stop: ['a,b'],
		});
		expect(warnings).toEqual([]);
	});

	const TALK: Message[] = [user(text('hi')), { role: 'assistant', content: [text('Hello')] }, user(text('bye'))];

	it('is a conversation with its speakers, and says so', () => {
		const { value, warnings } = encode({ messages: TALK });
		expect(value.prompt).toBe('User: hi\n\nAssistant: Hello\n\nUser: bye\n\nAssistant:');
		expect(warnings).toMatchObject([{ kind: 'changed', path: 'messages' }]);
	});

	it('is a conversation as it is where the model takes one', () => {
		const { value, warnings } = encode({ messages: TALK }, { prompt: {}, messages: { type: 'array' }, system_prompt: {} });
		expect(value.messages).toEqual([
			{ role: 'user', content: 'hi' },
			{ role: 'assistant', content: 'Hello' },
			{ role: 'user', content: 'bye' },
		]);
		expect([value.prompt, warnings]).toEqual([undefined, []]);
	});

	it('tells what happened with tools as text', () => {
		const call: ContentPart = { type: 'tool-call', id: 'c', name: 'look', kind: 'function', input: '{"at":1}' };
		const result: ContentPart = { type: 'tool-result', callId: 'c', name: 'look', content: [text('a cat')] };
		const { value, warnings } = encode({
			messages: [user(text('hi')), { role: 'assistant', content: [call] }, { role: 'tool', content: [result] }],
		});
		expect(value.prompt).toContain('[called look: {"at":1}]');
		expect(value.prompt).toContain('[look answered: a cat]');
		expect(paths(warnings)).toContain('messages[1].content[0]');
	});

	it.each<[string, Partial<ChatRequest>]>([
		['tools', { tools: [{ type: 'function', name: 'look' }] }],
		['several answers', { candidates: 2 }],
		['a stored conversation', { previousResponseId: 'x' }],
		['spoken answers', { modalities: ['text', 'audio'] }],
		['a picture the model cannot see', { messages: [user(picture)] }],
	])('is refused with %s', (_, more) => expect(() => encode(more)).toThrow(expect.objectContaining({ code: 'unsupported' })));

	it('is refused for a model that takes no prompt', () =>
		expect(() => encode({}, { image: {}, scale: {} })).toThrow('takes no prompt'));

	it('loses what the model has no input for, and says so', () => {
		const { value, warnings } = encode({
			output: { type: 'json' },
			user: 'u',
			sampling: { seed: 4, minP: 0, repetitionPenalty: 1.2, stop: ['a,b', 'c'] },
			reasoning: { effort: 'high' },
		});
		expect(value).toEqual({ prompt: 'hi', stop_sequences: 'c' });
		expect(paths(warnings).toSorted()).toEqual(['reasoning', 'repetition_penalty', 'response_format', 'seed', 'stop', 'user']);
	});
});

describe('what comes out', () => {
	const DONE: JsonObject = {
		id: 'p1',
		model: 'meta/llama',
		created_at: '2026-01-02T03:04:05Z',
		status: 'succeeded',
		output: ['Hel', 'lo'],
		metrics: { input_token_count: 3, output_token_count: 2 },
	};

	it('is read from pieces or a text, with the model’s own counts', () => {
		expect(decodePrediction(DONE, ASKED)).toEqual({
			id: 'p1',
			model: 'meta/llama',
			createdAt: 1_767_323_045,
			candidates: [{ index: 0, content: [{ type: 'text', text: 'Hello' }], stop: { kind: 'stop', raw: 'succeeded' } }],
			usage: { inputTokens: 3, outputTokens: 2 },
		});
		expect(decodePrediction({ ...DONE, output: 'Hello' }, ASKED).candidates[0]?.content).toEqual([
			{ type: 'text', text: 'Hello' },
		]);
		expect(decodePrediction({ ...DONE, output: { a: 1 } }, ASKED).candidates[0]?.content).toEqual([
			{ type: 'text', text: '{"a":1}' },
		]);
	});

	it('has estimated tokens where the model tells none, and says that they are', () => {
		expect(decodePrediction({ ...DONE, metrics: {} }, ASKED).usage).toEqual({ inputTokens: 6, outputTokens: 2, estimated: true });
	});

	it('that is as long as it may be was cut', () => {
		expect(decodePrediction(DONE, { ...ASKED, limit: 2 }).candidates[0]?.stop?.kind).toBe('length');
		expect(decodePrediction(DONE, { ...ASKED, limit: 3 }).candidates[0]?.stop?.kind).toBe('stop');
	});

	it.each([
		['failed', 'CUDA out of memory', 'provider_error'],
		['failed', 'The input was flagged as sensitive. (E005)', 'content_filtered'],
		['failed', 'Service is currently unavailable due to high demand (E003)', 'provider_overloaded'],
		['failed', 'max_tokens must be at least 1', 'provider_rejected'],
		['canceled', null, 'provider_error'],
	])('of one that %s with "%s" is %s', (status, error, code) => {
		expect(failureOf({ id: 'p', status, error })).toMatchObject({ code });
		expect(() => decodePrediction({ id: 'p', status, error }, ASKED)).toThrow();
	});

	it('streams piece by piece, and is completed by the finished prediction', () => {
		const parts = new PredictionParts(ASKED);
		const told = [
			parts.start(DONE),
			...parts.push({ event: 'output', data: 'Hel' }),
			...parts.push({ event: 'logs', data: 'noise' }),
			...parts.finish(DONE),
		];
		expect(streamFault(told)).toBeUndefined();
		expect(accumulate(told)).toMatchObject({
			id: 'p1',
			candidates: [{ content: [{ text: 'Hello' }] }],
			usage: { outputTokens: 2 },
		});
		const empty = new PredictionParts(ASKED);
		expect(streamFault([empty.start(DONE), ...empty.finish({ ...DONE, output: null })])).toBeUndefined();
	});

	it.each([
		['error', '{"detail":"It broke."}', 'It broke.'],
		['error', 'plain words', 'plain words'],
		['done', '{"reason":"error"}', 'The prediction failed.'],
		['done', '{"reason":"canceled"}', 'cancelled'],
	])('that streams the event %s %s has failed', (event, data, message) => {
		expect(new PredictionParts(ASKED).push({ event, data })).toMatchObject([
			{ type: 'error', error: { message: expect.stringContaining(message) } },
		]);
	});
});

/** Recordings are found beside the repository. */
const WIRE = join(import.meta.dirname, '../../../../shared/wire/replicate');
const recorded = (id: string) =>
	JSON.parse(readFileSync(join(WIRE, `${id}.json`), 'utf8')).response as { status: number; body: JsonObject };

describe.skipIf(!existsSync(WIRE))('recorded traffic (skipped where ../shared/wire is absent)', () => {
	test('a refusal says which field is wrong', () => {
		const { status, body } = recorded('replicate-predictions-4693a8d4ea6a');
		expect(decodeError(status, {}, body)).toMatchObject({
			code: 'provider_rejected',
			status: 422,
			message: '- Additional property provider is not allowed',
		});
	});

	test.each(['replicate-models-419b60b81912', 'replicate-models-afa969287ff3'])('%s: the inputs are read', (id) => {
		const names = inputNames(recorded(id).body);
		expect([names?.name('prompt'), names?.name('seed'), names?.name('system')]).toEqual(['prompt', 'seed', undefined]);
	});

	test('the example of a model is a finished prediction', () => {
		const { default_example: example } = recorded('replicate-models-afa969287ff3').body;
		expect(decodePrediction(example as JsonObject, ASKED)).toMatchObject({
			id: 'dzsqmb3bg4lqpjkz2iptjqgccm',
			model: 'stability-ai/sdxl',
		});
	});
});
