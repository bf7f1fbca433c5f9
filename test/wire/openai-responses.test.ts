import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { SseScanner } from '../../src/lib/sse.ts';
import type { ChatResponse, ContentPart, ErrorCode, Frame, JsonObject, JsonValue, StreamPart } from '../../src/spec/index.ts';
import { accumulate, streamFault } from '../../src/testing/index.ts';
import { withoutExtensions } from '../support/openai-chat/collect.ts';

interface Recording {
	id: string;
	api: string;
	request: { body: JsonObject | null } | null;
	response: { status: number; headers: { [name: string]: string }; body?: JsonValue; body_text?: string; framing?: string };
}

/** Recordings are found beside the repository; where they are absent, the fixtures of this repository stand alone. */
const WIRE = join(import.meta.dirname, '../../../shared/wire');
const FIXTURES = join(import.meta.dirname, 'fixtures/openai-responses');

function load(folder: string): Recording[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording);
}

function loadAll(): Recording[] {
	if (!existsSync(WIRE)) return [];
	const folders = readdirSync(WIRE).filter((name) => statSync(join(WIRE, name)).isDirectory());
	return folders.flatMap((name) => load(join(WIRE, name))).filter((each) => each.api === 'responses');
}

const recorded = loadAll();
const all = [...load(FIXTURES), ...recorded];
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

/** Requests that name no model because their stored prompt does: Relais could not tell where to send them. */
const REFUSED: ReadonlySet<string> = new Set([
	'openai-responses-88bf2a9e773b',
	'openai-responses-cd43e6f2c0c1',
	'openai-responses-fce4eb83e941',
]);

/** What each recorded refusal means. */
const REFUSALS: { [id: string]: ErrorCode } = {
	'fixture-over-quota': 'rate_limited',
	'deepseek-responses-f82d3e06b62e': 'provider_rejected',
	'openai-responses-085452894811': 'provider_not_found',
	'openai-responses-3a84d968f45f': 'provider_rejected',
	'openai-responses-9b34c7e30aa1': 'provider_auth',
	'openai-responses-c05aa0524e52': 'provider_auth',
	'openai-responses-e0ea7c2b45e5': 'provider_rejected',
	'openai-responses-e9c6728eeae0': 'provider_quota',
};

/** What vendors say in one event and not in the next, so that no encoder could tell it again. */
const ODD: { [id: string]: { why: string; of: (event: JsonObject) => JsonObject } } = {
	'openai-responses-aa18b5cb8e3e': {
		why: 'log-probabilities are rounded in deltas, exact in one of the closing events, and missing in the others',
		of: (event) => JSON.parse(JSON.stringify(event, (key, value) => (key === 'logprobs' ? [] : value))) as JsonObject,
	},
	'openrouter-responses-ec57a2f56c6f': {
		why: 'the event that closes the arguments of a call names the function, which its item does',
		of: ({ name: _, ...event }) => event,
	},
};

const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };

function plain(value: unknown): JsonValue {
	return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/** Streams that end in the vendor's error. */
const FAILED: ReadonlySet<string> = new Set(['fixture-failed-midway']);

const isStream = (each: Recording): boolean => each.response.status === 200 && each.response.body_text !== undefined;
const ends = (each: Recording): boolean => isStream(each) && !FAILED.has(each.id);
const isWhole = (each: Recording): boolean => each.response.status === 200 && each.response.body !== undefined;

function framesOf(text: string, framing?: string): Frame[] {
	if (framing === 'payload-lines') {
		return text
			.split('\n')
			.filter((line) => line !== '')
			.map((data) => ({ event: '', data }));
	}
	const scanner = new SseScanner();
	const frames = scanner.push(Buffer.from(text));
	const last = scanner.end();
	return last === undefined ? frames : [...frames, last];
}

/** The events of a stream, up to the one that ends the answer: one recording holds several answers, one after another. */
function eventsOf(frames: Frame[]): JsonObject[] {
	const events: JsonObject[] = [];
	for (const { data } of frames) {
		if (data === '' || data === '[DONE]') continue;
		events.push(JSON.parse(data) as JsonObject);
		if (/^response\.(completed|incomplete|failed)$/.test(String(events.at(-1)?.type))) break;
	}
	return events;
}

function decodeStream(recording: Recording): StreamPart[] {
	const decoder = openaiResponses.streamDecoder();
	const { body_text: text = '', framing } = recording.response;
	return [...framesOf(text, framing).flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

function encodeStream(parts: StreamPart[]): string {
	const encoder = openaiResponses.streamEncoder(CONTEXT);
	const text = parts.map((part) => encoder.push(part)).join('');
	expect(encoder.warnings()).toEqual([]);
	return text;
}

/** An answer without what some vendors make anew for the last event: encrypted reasoning, and log-probabilities. */
function told({ candidates }: ChatResponse): unknown {
	return candidates.map(({ content, stop }) => {
		return { stop, content: content.map((part) => ('encrypted' in part ? { ...part, encrypted: undefined } : part)) };
	});
}

describe('Responses traffic', () => {
	test.skipIf(recorded.length === 0)('all recordings are read (skipped where ../shared/wire is absent)', () => {
		expect(recorded.length).toBe(109);
	});

	test.each(names(all.filter((each) => each.request?.body && !REFUSED.has(each.id))))(
		'%s: the request comes back exactly',
		(_, { request }) => {
			const body = request?.body ?? {};
			const decoded = openaiResponses.decodeRequest(body);
			const encoded = openaiResponses.encodeRequest(decoded.value, { model: String(body.model), traits: {} });
			expect(plain(encoded.value)).toEqual(body);
			expect([...decoded.warnings, ...encoded.warnings]).toEqual([]);
			expect(openaiResponses.sketch(body).model).toBe(body.model);
		},
	);

	test.each(names(all.filter((each) => REFUSED.has(each.id))))('%s: the request without a model is refused', (_, { request }) => {
		expect(() => openaiResponses.decodeRequest(request?.body ?? {})).toThrow("'model' is required.");
	});

	test.each(names(all.filter(isWhole)))('%s: the answer comes back exactly', (_, { response }) => {
		const { value } = openaiResponses.decodeResponse(response.body ?? null);
		const encoded = openaiResponses.encodeResponse(value, CONTEXT);
		expect(plain(encoded.value)).toEqual(plain(response.body));
		expect(encoded.warnings).toEqual([]);
		const tapped = openaiResponses.tapResponse(response.body ?? null);
		expect(tapped.usage).toEqual(value.usage);
		expect(tapped.model).toBe(value.model);
		expect(tapped.finish).toBe(value.candidates[0]?.stop?.raw);
	});

	test.each(names(all.filter(isStream)))('%s: the stream comes back event by event', (_, recording) => {
		const { body_text: original = '', framing } = recording.response;
		const before = eventsOf(framesOf(original, framing));
		const after = eventsOf(framesOf(encodeStream(decodeStream(recording))));
		expect(after.map((event) => event.type)).toEqual(before.map((event) => event.type));
		const odd = ODD[recording.id]?.of ?? ((event: JsonObject) => event);
		expect(after.map(odd)).toEqual(before.map(odd));
	});

	test.each(names(all.filter(isStream)))('%s: the parts are in order and end as the vendor ended', (id, recording) => {
		const parts = decodeStream(recording);
		expect(streamFault(parts)).toBeUndefined();
		expect(parts.at(-1)?.type).toBe(FAILED.has(id) ? 'error' : 'end');
	});

	test.each(names(all.filter(ends)))('%s: the stream amounts to the answer its last event holds', (_, recording) => {
		const { body_text: text = '', framing } = recording.response;
		const last = eventsOf(framesOf(text, framing)).at(-1);
		const whole = withoutExtensions(openaiResponses.decodeResponse(last?.response ?? null).value);
		const streamed = withoutExtensions(accumulate(decodeStream(recording)));
		expect(told(streamed)).toEqual(told(whole));
		expect(streamed.usage).toEqual(whole.usage);
		expect(streamed.id).toBe(whole.id);
	});

	test.each(names(all.filter(ends)))('%s: the tap sees what the decoder sees', (_, recording) => {
		const parts = decodeStream(recording);
		const tap = openaiResponses.streamTap({ dropUsage: false });
		const { body_text: text = '', framing } = recording.response;
		for (const frame of framesOf(text, framing)) expect(tap.frame(frame)).toBe('forward');
		const finish = parts.find((part) => part.type === 'finish');
		const start = parts.find((part) => part.type === 'start');
		expect(tap.usage).toEqual(parts.findLast((part) => part.type === 'usage')?.usage);
		expect(tap.finish).toBe(finish?.stop.raw);
		expect(tap.model).toBe(start?.model);
		expect(tap.complete).toBe(true);
		expect(tap.started).toBe(true);
	});

	test.each(names(all.filter((each) => each.response.status >= 400)))('%s: the refusal is understood', (id, { response }) => {
		const error = openaiResponses.decodeError(response.status, response.headers, response.body ?? response.body_text ?? '');
		expect(error.code).toBe(REFUSALS[id]);
		expect(error.message.length).toBeGreaterThan(5);
		expect(error.message).not.toMatch(/^The provider answered/);
	});
});

function client(text: string): OpenAI {
	return new OpenAI({
		apiKey: 'key',
		fetch: async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } }),
	});
}

/** What a client of another dialect's answer gets: nothing of what this dialect left on the parts. */
function foreign(recording: Recording): StreamPart[] {
	return decodeStream(recording)
		.filter((part) => part.type !== 'vendor-event')
		.map((part) => (part.type === 'error' ? part : withoutExtensions(part)));
}

/** Annotations of kinds that are not documented say nothing to others than the vendor. */
function withKnownSources(part: ContentPart): ContentPart {
	if (part.type !== 'text' || part.citations === undefined) return part;
	return { ...part, citations: part.citations.filter((citation) => citation.source !== 'document') };
}

/** What of an answer does not depend on who tells it: tools the vendor ran are left out, and reasoning comes back sealed. */
function essence(parts: StreamPart[]): unknown {
	const [candidate] = withoutExtensions(accumulate(parts)).candidates;
	return candidate?.content
		.filter((part) => part.type !== 'opaque' && !('providerExecuted' in part))
		.map((part) => (part.type === 'reasoning' ? { ...part, id: undefined } : part));
}

describe('Responses traffic, told anew', () => {
	test.each(names(all.filter(ends)))('%s: written without its own forms, the stream says the same', (_, recording) => {
		const parts = foreign(recording);
		const encoder = openaiResponses.streamEncoder(CONTEXT);
		const again = framesOf(parts.map((part) => encoder.push(part)).join(''));
		const decoder = openaiResponses.streamDecoder();
		const read = [...again.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
		expect(streamFault(read)).toBeUndefined();
		expect(essence(read)).toEqual(essence(parts));
	});

	test.each(names(all.filter(ends)))('%s: the official client reads the stream', async (_, recording) => {
		const parts = foreign(recording);
		const encoder = openaiResponses.streamEncoder(CONTEXT);
		const text = parts.map((part) => encoder.push(part)).join('');
		const response = await client(text).responses.stream({ model: 'any', input: 'Hello' }).finalResponse();
		const content = accumulate(parts).candidates[0]?.content ?? [];
		expect(response.output_text).toBe(content.flatMap((part) => (part.type === 'text' ? part.text : [])).join(''));
		const calls = response.output.flatMap((item) =>
			item.type === 'function_call' ? [[item.call_id, item.name, item.arguments]] : [],
		);
		expect(calls).toEqual(
			content.flatMap((part) =>
				part.type === 'tool-call' && part.kind === 'function' && part.providerExecuted === undefined
					? [[part.id, part.name, part.input]]
					: [],
			),
		);
		expect(response.usage?.input_tokens).toBe(parts.findLast((part) => part.type === 'usage')?.usage.inputTokens);
	});

	test.each(names(all.filter(isWhole)))('%s: written without its own forms, the answer says the same', (_, { response }) => {
		const bare = withoutExtensions(openaiResponses.decodeResponse(response.body ?? null).value);
		const again = withoutExtensions(
			openaiResponses.decodeResponse(plain(openaiResponses.encodeResponse(bare, CONTEXT).value)).value,
		);
		const said = (answer: typeof bare) =>
			answer.candidates[0]?.content
				.filter((part) => part.type !== 'opaque' && !('providerExecuted' in part))
				.map((part) => (part.type === 'reasoning' ? { ...part, id: undefined } : withKnownSources(part)));
		expect(said(again)).toEqual(said(bare));
		expect(again.usage?.inputTokens).toBe(bare.usage?.inputTokens);
		expect(again.usage?.outputTokens).toBe(bare.usage?.outputTokens);
		expect(again.candidates[0]?.logprobs).toEqual(bare.candidates[0]?.logprobs);
	});
});
