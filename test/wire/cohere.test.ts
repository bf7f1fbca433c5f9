import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cohere } from '../../src/dialects/cohere/index.ts';
import { SseScanner } from '../../src/lib/sse.ts';
import type { Frame, JsonObject, JsonValue, StreamPart } from '../../src/spec/index.ts';
import { accumulate, streamFault } from '../../src/testing/index.ts';

interface Recording {
	id: string;
	api: string;
	request: { path: string; body: JsonObject } | null;
	response: {
		status: number;
		headers: { [name: string]: string };
		body?: JsonValue;
		body_text?: string;
		framing?: string;
	};
}

/** Recordings are found beside the repository. */
const WIRE = join(import.meta.dirname, '../../../shared/wire/cohere');
const all: Recording[] = (
	existsSync(WIRE) ? readdirSync(WIRE).map((file) => JSON.parse(readFileSync(join(WIRE, file), 'utf8')) as Recording) : []
).filter(({ api }) => api === 'cohere-chat');

/** Recordings of the first version of the API, which has other requests, answers and events, and is no part of the dialect. */
const FIRST_VERSION = ['cohere-cohere-chat-1d0b41686a61', 'cohere-cohere-chat-1f0a950a07b7', 'cohere-cohere-chat-8dcb293e9c7f'];
const recorded = all.filter(({ id }) => !FIRST_VERSION.includes(id));
const named = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);
const asked = recorded.filter(({ request }) => request !== null);
const ok = recorded.filter(({ response }) => response.status === 200);
const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };

function framesOf({ body_text: text = '', framing }: Recording['response']): Frame[] {
	if (framing === 'payload-lines')
		return text
			.split('\n')
			.filter((line) => line !== '')
			.map((data) => ({ event: '', data }));
	const scanner = new SseScanner();
	return scanner.push(Buffer.from(text)).filter(({ data }) => data !== '');
}

function partsOf(frames: readonly Frame[]): StreamPart[] {
	const decoder = cohere.streamDecoder();
	return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

const events = (frames: readonly Frame[]): JsonValue[] =>
	frames.filter(({ data }) => data !== '[DONE]').map(({ data }) => JSON.parse(data) as JsonValue);

describe.skipIf(all.length === 0)('recorded traffic of v2 chat (skipped where ../shared/wire is absent)', () => {
	test('all recordings are read; those of the first version are known', () => {
		expect(all.length).toBe(14);
		expect(recorded.length).toBe(11);
		for (const { id, request } of all) expect([id, request?.path === '/v1/chat']).toEqual([id, FIRST_VERSION.includes(id)]);
	});

	test.each(named(asked))('%s: the request comes back exactly', (_, { request }) => {
		const body = request?.body ?? {};
		const { value, warnings } = cohere.decodeRequest(body);
		expect(warnings).toEqual([]);
		expect(cohere.encodeRequest(value, { model: value.model, traits: {} })).toEqual({ value: body, warnings: [] });
		expect(cohere.sketch(body)).toMatchObject({ model: body.model, stream: body.stream ?? false });
	});

	test.each(named(ok.filter(({ response }) => response.body !== undefined)))(
		'%s: the answer comes back exactly',
		(_, { response }) => {
			const body = response.body ?? null;
			const { value } = cohere.decodeResponse(body);
			expect(cohere.encodeResponse(value, CONTEXT)).toEqual({ value: body, warnings: [] });
			expect(cohere.tapResponse(body)).toEqual({ usage: value.usage, finish: value.candidates[0]?.stop?.raw, model: undefined });
		},
	);

	test.each(named(ok.filter(({ response }) => response.body_text !== undefined)))(
		'%s: the stream comes back event by event',
		(_, { response }) => {
			const frames = framesOf(response);
			const parts = partsOf(frames);
			expect(streamFault(parts)).toBeUndefined();
			const encoder = cohere.streamEncoder(CONTEXT);
			const again = framesOf({ ...response, framing: 'sse', body_text: parts.map((part) => encoder.push(part)).join('') });
			expect(events(again)).toEqual(events(frames));
			expect(encoder.warnings()).toEqual([]);
			const { usage, candidates } = accumulate(parts);
			const tap = cohere.streamTap({ dropUsage: false });
			for (const frame of frames) expect(tap.frame(frame)).toBe('forward');
			expect(tap).toMatchObject({ complete: true, started: true, usage, finish: candidates[0]?.stop?.raw });
		},
	);

	test('a prompt that is too long is told as such', () => {
		const refused = recorded.find(({ response }) => response.status === 400);
		const error = cohere.decodeError(400, {}, refused?.response.body ?? null);
		expect(error).toMatchObject({ code: 'context_overflow', providerCode: 'TOO_MANY_TOKENS', status: 400 });
		expect(cohere.encodeError(error, 'r').body).toEqual(refused?.response.body);
	});

	test('a model that was removed is told as retired, in the words of either version', () => {
		const removed = all.find(({ response }) => response.status === 404);
		expect(cohere.decodeError(404, {}, removed?.response.body ?? null)).toMatchObject({ code: 'model_retired', failover: true });
	});

	test('an answer of the first version is refused as none', () => {
		const first = all.find(({ id }) => id === 'cohere-cohere-chat-8dcb293e9c7f');
		expect(() => cohere.decodeResponse(first?.response.body ?? null)).toThrowError("has no 'message'");
	});
});
