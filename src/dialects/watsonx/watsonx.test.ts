import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { SseScanner } from '../../lib/sse.ts';
import type { ChatRequest, Frame, JsonObject, JsonValue, StreamPart } from '../../spec/index.ts';
import { accumulate, streamFault } from '../../testing/index.ts';
import { anthropicMessages } from '../anthropic-messages/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { watsonxOver } from './index.ts';

const watsonx = watsonxOver(openaiChat);
const CONTEXT = { model: 'shown', now: 0, id: 'r', streamUsage: true };
const REQUEST: ChatRequest = {
	model: 'ibm/granite',
	messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
	stream: false,
	sampling: {},
};
const encode = (more: Partial<ChatRequest>) =>
	watsonx.encodeRequest({ ...REQUEST, ...more }, { model: 'ibm/granite', traits: {} });
const TOOL = { type: 'function' as const, name: 'look', parameters: { type: 'object' }, strict: true };

function frames(text: string): Frame[] {
	return new SseScanner().push(Buffer.from(text)).filter(({ data }) => data !== '');
}
function parts(list: readonly Frame[]): StreamPart[] {
	const decoder = watsonx.streamDecoder();
	return [...list.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}
function written(list: readonly StreamPart[]): Frame[] {
	const encoder = watsonx.streamEncoder(CONTEXT);
	return frames(list.map((part) => encoder.push(part)).join(''));
}
const bodies = (list: readonly Frame[]): JsonValue[] => list.map(({ data }) => JSON.parse(data) as JsonValue);

describe('a request', () => {
	it('names its model and its choice of tools in the API’s words, and does not say whether to stream', () => {
		const { value, warnings } = encode({
			stream: true,
			tools: [TOOL],
			toolChoice: { type: 'required' },
			maxOutputTokens: 9,
			sampling: { temperature: 0.5 },
		});
		expect(value).toEqual({
			model_id: 'ibm/granite',
			messages: [{ role: 'user', content: 'hi' }],
			tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
			tool_choice_option: 'required',
			max_tokens: 9,
			temperature: 0.5,
		});
		expect(warnings.map(({ path }) => path)).toEqual(['tools[0].function.strict']);
	});

	it('names a tool as the API wants it', () => {
		expect(encode({ tools: [TOOL], toolChoice: { type: 'tool', name: 'look' } }).value).toMatchObject({
			tool_choice: { type: 'function', function: { name: 'look' } },
		});
		const narrowed = encode({ tools: [TOOL], toolChoice: { type: 'allowed', mode: 'auto', names: ['look'] } });
		expect(narrowed.value).toMatchObject({ tool_choice_option: 'auto' });
		expect(narrowed.warnings.map(({ kind, path }) => [kind, path])).toContainEqual(['approximated', 'tool_choice']);
	});

	it('loses what the API does not have, and says so', () => {
		const { value, warnings } = encode({
			user: 'u',
			store: false,
			serviceTier: 'auto',
			parallelToolCalls: false,
			tools: [TOOL],
			sampling: { topK: 3 },
		});
		expect(Object.keys(value).toSorted()).toEqual(['messages', 'model_id', 'tools']);
		expect(warnings.map(({ path }) => path).toSorted()).toEqual([
			'parallel_tool_calls',
			'tools[0].function.strict',
			'top_k',
			'user',
		]);
	});

	it('of a client of this API comes back as it was', () => {
		const body: JsonObject = {
			model_id: 'ibm/granite',
			project_id: 'p',
			time_limit: 1000,
			messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
			tool_choice_option: 'auto',
			tools: [{ type: 'function', function: { name: 'look', parameters: {} } }],
			length_penalty: 1.5,
		};
		const { value } = watsonx.decodeRequest(body);
		expect(value.model).toBe('ibm/granite');
		expect(watsonx.encodeRequest(value, { model: 'ibm/granite', traits: {} })).toEqual({ value: body, warnings: [] });
	});
});

describe('an answer', () => {
	const ANSWER: JsonObject = {
		id: 'chat-1',
		model_id: 'ibm/granite',
		created: 1_700_000_000,
		created_at: '2023-11-14T22:13:20Z',
		choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
		usage: { completion_tokens: 2, prompt_tokens: 3, total_tokens: 5 },
		system: { warnings: [{ message: 'a disclaimer', id: 'disclaimer_warning' }] },
	};

	it('is read, and comes back as it was', () => {
		const { value } = watsonx.decodeResponse(ANSWER);
		expect(value).toMatchObject({ model: 'ibm/granite', candidates: [{ content: [{ text: 'Hello' }], stop: { kind: 'stop' } }] });
		expect(value.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
		// Nothing in it is worth a warning to clients of other APIs.
		expect(openaiChat.encodeResponse(value, CONTEXT).warnings).toEqual([]);
		expect(anthropicMessages.encodeResponse(value, CONTEXT).warnings).toEqual([]);
		expect(watsonx.encodeResponse(value, CONTEXT)).toEqual({ value: ANSWER, warnings: [] });
		expect(watsonx.tapResponse(ANSWER)).toMatchObject({ model: 'ibm/granite', finish: 'stop' });
	});

	it('cut by a time limit is told as cut', () => {
		const choices = [{ index: 0, message: { role: 'assistant', content: 'Hel' }, finish_reason: 'time_limit' }];
		expect(watsonx.decodeResponse({ ...ANSWER, choices }).value.candidates[0]?.stop).toMatchObject({
			kind: 'length',
			raw: 'time_limit',
		});
	});

	it('that is an error is one, whatever its status', () => {
		const body = { errors: [{ code: 'model_not_supported', message: 'no such model' }], status_code: 404 };
		for (const read of [watsonx.decodeResponse, watsonx.tapResponse]) expect(() => read(body)).toThrow('no such model');
	});
});

describe('a stream', () => {
	const chunk = (delta: JsonObject, more: JsonObject = {}): string =>
		`id: 1\nevent: message\ndata: ${JSON.stringify({ id: 'c', model_id: 'm', created: 1, choices: [{ index: 0, finish_reason: null, delta, ...more }] })}\n\n`;
	const TEXT = [
		chunk({ role: 'assistant', content: '' }),
		chunk({ content: 'Hel' }),
		chunk({ content: 'lo' }),
		chunk({ content: '' }, { finish_reason: 'stop' }),
		`id: 5\nevent: message\ndata: ${JSON.stringify({ id: 'c', model_id: 'm', created: 1, choices: [], usage: { completion_tokens: 2, prompt_tokens: 3, total_tokens: 5 } })}\n\n`,
	].join('');

	it('needs no end mark', () => {
		const found = parts(frames(TEXT));
		expect(streamFault(found)).toBeUndefined();
		expect(accumulate(found)).toMatchObject({
			model: 'm',
			candidates: [{ content: [{ text: 'Hello' }], stop: { kind: 'stop' } }],
			usage: { inputTokens: 3, outputTokens: 2 },
		});
		expect(bodies(written(found)).at(1)).toMatchObject({ model_id: 'm', choices: [{ delta: { content: 'Hel' } }] });
		const tap = watsonx.streamTap({ dropUsage: false });
		for (const frame of frames(TEXT)) expect(tap.frame(frame)).toBe('forward');
		expect(tap).toMatchObject({ started: true, complete: true, finish: 'stop', usage: { inputTokens: 3 } });
	});

	it('cut before its finish is not complete', () => {
		const cut = frames(TEXT).slice(0, 3);
		expect(parts(cut).some(({ type }) => type === 'end')).toBe(false);
	});

	it('that reports an error ends with it', () => {
		const error =
			'event: error\ndata: {"errors":[{"code":"downstream_request_failed","message":"It broke."}],"status_code":500}\n\n';
		const list = frames(`${chunk({ content: 'Hel' })}${error}`);
		expect(parts(list).at(-1)).toMatchObject({ type: 'error', error: { code: 'provider_unavailable', message: 'It broke.' } });
		const tap = watsonx.streamTap({ dropUsage: false });
		for (const frame of list) tap.frame(frame);
		expect(tap.error).toMatchObject({ message: 'It broke.' });
	});
});

describe('a refusal', () => {
	it.each<[number, string, string, string]>([
		[401, 'authentication_token_expired', 'Failed to authenticate the request due to an expired token', 'provider_auth'],
		[403, 'token_quota_reached', 'monthly quota', 'provider_quota'],
		[404, 'model_not_supported', "Model 'x' is not supported", 'provider_not_found'],
		[429, 'rate_limit_reached_requests', 'slow down', 'rate_limited'],
		[400, 'invalid_input_argument', 'input tokens exceed the limit', 'context_overflow'],
		[400, 'invalid_request_entity', 'Json document validation error: project_id', 'provider_rejected'],
		[500, 'downstream_request_failed', 'broken', 'provider_unavailable'],
	])('%i %s is %s', (status, code, message, expected) => {
		const body = { errors: [{ code, message, more_info: 'https://x' }], trace: 't', status_code: status };
		const error = watsonx.decodeError(status, {}, body);
		expect(error).toMatchObject({ code: expected, providerCode: code });
		expect(error.message).toContain(message);
	});
});

interface Recording {
	id: string;
	request: { body: JsonObject };
	response: { status: number; body?: JsonValue; body_text?: string };
}
/** Recordings are found beside the repository. */
const WIRE = join(import.meta.dirname, '../../../../shared/wire/watsonx');
const recorded: [string, Recording][] = (existsSync(WIRE) ? readdirSync(WIRE) : []).map((file) => {
	const recording = JSON.parse(readFileSync(join(WIRE, file), 'utf8')) as Recording;
	return [recording.id, recording];
});

describe.skipIf(recorded.length === 0)('recorded text generation (skipped where ../shared/wire is absent)', () => {
	test.each(recorded.filter(([, { response }]) => response.body !== undefined))(
		'%s: the answer comes back exactly',
		(_, { response }) => {
			const body = response.body ?? null;
			const { value } = watsonx.decodeResponse(body);
			expect(value).toMatchObject({
				createdAt: 1_709_108_209,
				candidates: [{ content: [{ text: '2' }], stop: { kind: 'stop' } }],
				usage: { inputTokens: 7, outputTokens: 2 },
			});
			expect(watsonx.encodeResponse(value, CONTEXT)).toEqual({ value: body, warnings: [] });
		},
	);

	test.each(recorded.filter(([, { response }]) => response.body_text !== undefined))(
		'%s: the stream comes back exactly',
		(_, { response }) => {
			const list = frames(response.body_text ?? '');
			const found = parts(list);
			expect(streamFault(found)).toBeUndefined();
			expect(accumulate(found)).toMatchObject({
				candidates: [{ content: [{ text: 'the sun is the most important star in the sky' }], stop: { kind: 'stop' } }],
				usage: { inputTokens: 8, outputTokens: 11 },
			});
			expect(bodies(written(found))).toEqual(bodies(list));
		},
	);
});
