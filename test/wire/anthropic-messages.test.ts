import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import { isRelaisError, type JsonObject, type JsonValue, type StreamPart } from '../../src/spec/index.ts';
import { accumulate, parseEvents } from '../support/anthropic/accumulate.ts';

interface Recording {
	id: string;
	api: string;
	request: { body: JsonObject | null } | null;
	response: { status: number; headers: { [name: string]: string }; body?: JsonValue; body_text?: string; framing?: string };
}

/** Recordings are found beside the repository; where they are absent, the fixtures of this repository stand alone. */
const WIRE = join(import.meta.dirname, '../../../shared/wire');
const FIXTURES = join(import.meta.dirname, 'fixtures/anthropic-messages');

function load(folder: string): Recording[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording);
}

const recorded = ['anthropic', 'azure-anthropic'].flatMap((provider) => load(join(WIRE, provider)));
const all = [...load(FIXTURES), ...recorded];
const of = (api: string, list = all): Recording[] => list.filter((each) => each.api === api);
const messages = of('messages');

/** What does not come back as it was, by recording, and why. */
const EXCEPTIONS: { [id: string]: string } = {
	'anthropic-messages-b8d04a190780':
		'the request is malformed on purpose (a string for a message); it is refused, as it was then',
};

const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

/** A payload-lines recording holds several answers one after another: each is a stream of its own. */
function streamsOf(recording: Recording): JsonObject[][] {
	const { body_text: text = '', framing } = recording.response;
	const events =
		framing === 'payload-lines'
			? text
					.split('\n')
					.filter((line) => line.trim() !== '')
					.map((line) => JSON.parse(line) as JsonObject)
			: parseEvents(text);
	const streams: JsonObject[][] = [[]];
	for (const event of events) {
		streams.at(-1)?.push(event);
		if (event.type === 'message_stop') streams.push([]);
	}
	return streams.filter((stream) => stream.length > 0);
}

const isStream = (each: Recording): boolean => each.response.status === 200 && each.response.body_text !== undefined;
const isWhole = (each: Recording): boolean => each.response.status === 200 && each.response.body !== undefined;
const frames = (events: JsonObject[]) => events.map((event) => ({ event: String(event.type), data: JSON.stringify(event) }));

function decodeStream(events: JsonObject[]): StreamPart[] {
	const decoder = anthropicMessages.streamDecoder();
	return [...frames(events).flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

describe('Messages traffic', () => {
	test.skipIf(recorded.length === 0)('all recordings are read (skipped where ../shared/wire is absent)', () => {
		expect(of('messages', recorded).length).toBe(50);
		expect(of('count-tokens', recorded).length).toBe(3);
	});

	test.each(names(messages.filter((each) => each.request?.body && !(each.id in EXCEPTIONS))))(
		'%s: the request comes back exactly',
		(_, { request }) => {
			const body = request?.body ?? {};
			const { value, warnings } = anthropicMessages.decodeRequest(body);
			expect(warnings).toEqual([]);
			const again = anthropicMessages.encodeRequest(value, { model: value.model, traits: {} });
			expect(again.value).toEqual(body);
			expect(again.warnings).toEqual([]);
			expect(anthropicMessages.sketch(body)).toMatchObject({ model: body.model, stream: body.stream ?? false });
		},
	);

	test.each(names(messages.filter((each) => each.request?.body && each.id in EXCEPTIONS)))('%s is refused', (_, { request }) => {
		expect(() => anthropicMessages.decodeRequest(request?.body ?? {})).toThrowError("'messages[0]' must be an object");
	});

	test.each(names(messages.filter(isWhole)))('%s: the answer comes back exactly', (_, { response }) => {
		const body = response.body ?? null;
		const { value } = anthropicMessages.decodeResponse(body);
		const again = anthropicMessages.encodeResponse(value, CONTEXT);
		expect(again.value).toEqual(body);
		expect(again.warnings).toEqual([]);
		const tapped = anthropicMessages.tapResponse(body);
		expect(tapped).toEqual({ usage: value.usage, finish: value.candidates[0]?.stop?.raw, model: value.model });
	});

	test.each(names(messages.filter(isStream)))('%s: the stream comes back, every field of it', (_, recording) => {
		for (const events of streamsOf(recording)) {
			const parts = decodeStream(events);
			expect(parts.at(-1)?.type).toBe('end');
			const encoder = anthropicMessages.streamEncoder(CONTEXT);
			const again = parseEvents(parts.map((part) => encoder.push(part)).join(''));
			expect(accumulate(again)).toEqual(accumulate(events));
			expect(again.filter((event) => event.type === 'ping').length).toBe(events.filter((event) => event.type === 'ping').length);
			expect(encoder.warnings()).toEqual([]);
		}
	});

	test.each(names(messages.filter(isStream)))('%s: the tap sees what the decoder sees', (_, recording) => {
		for (const events of streamsOf(recording)) {
			const tap = anthropicMessages.streamTap({ dropUsage: false });
			for (const frame of frames(events)) expect(tap.frame(frame)).toBe('forward');
			const parts = decodeStream(events);
			const usage = parts.filter((part) => part.type === 'usage').at(-1);
			const finish = parts.find((part) => part.type === 'finish');
			const start = parts.find((part) => part.type === 'start');
			expect(tap.usage).toEqual(usage?.usage);
			expect(tap.finish).toBe(finish?.stop.raw);
			expect(tap.model).toBe(start?.model);
			expect(tap.complete).toBe(true);
			expect(tap.closing()).toBe('');
			expect(tap.outputChars).toBe(
				parts.reduce((sum, part) => {
					if (part.type === 'text-delta' || part.type === 'reasoning-delta') return sum + (part.text?.length ?? 0);
					return part.type === 'tool-input-delta' ? sum + part.input.length : sum;
				}, 0),
			);
		}
	});

	test.each(names(all.filter((each) => each.response.status >= 400 && each.api !== 'complete')))(
		'%s: the error has a sensible code',
		(_, { response }) => {
			const error = anthropicMessages.decodeError(response.status, response.headers, response.body ?? response.body_text ?? null);
			const codes: { [status: number]: string } = {
				400: 'provider_rejected',
				401: 'provider_auth',
				404: 'provider_not_found',
				529: 'provider_overloaded',
			};
			expect(error.code).toBe(codes[response.status]);
			expect(isRelaisError(error)).toBe(true);
			const encoded = anthropicMessages.encodeError(error, 'req_1');
			expect(encoded.status).toBe(response.status);
			expect(encoded.body).toMatchObject({ type: 'error', request_id: 'req_1' });
		},
	);

	test.each(names(of('count-tokens')))('%s: requests decode without max_tokens, counts come back', (_, { request, response }) => {
		const body = request?.body ?? {};
		const { counting } = anthropicMessages;
		if (counting === undefined) throw new Error('the dialect counts tokens');
		const { value } = counting.decodeRequest(body);
		const again = anthropicMessages.encodeRequest(value, { model: value.model, traits: {} });
		expect(again.value).toMatchObject(body);
		if (response.status === 200)
			expect(counting.encodeAnswer(counting.decodeAnswer(response.body ?? null))).toEqual(response.body);
	});
});
