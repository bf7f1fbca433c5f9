import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import type { ContentPart, ErrorCode, JsonObject, JsonValue, StreamPart } from '../../src/spec/index.ts';
import { type Accumulated, accumulate, chunksOf, framesOf } from '../support/openai-chat/accumulate.ts';
import { type Collected, collect, orderFaults, withoutExtensions } from '../support/openai-chat/collect.ts';

interface Recording {
	id: string;
	api: string;
	features: string[];
	request: { body: JsonObject | null } | null;
	response: { status: number; headers: { [name: string]: string }; body?: JsonValue; body_text?: string; framing?: string };
}

/** Recordings are found beside the repository; where they are absent, the fixtures of this repository stand alone. */
const WIRE = join(import.meta.dirname, '../../../shared/wire');
const FIXTURES = join(import.meta.dirname, 'fixtures/openai-chat');

function load(folder: string): Recording[] {
	return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording);
}

function loadAll(): Recording[] {
	if (!existsSync(WIRE)) return [];
	const folders = readdirSync(WIRE).filter((name) => statSync(join(WIRE, name)).isDirectory());
	return folders.flatMap((name) => load(join(WIRE, name))).filter((each) => each.api === 'chat-completions');
}

const recorded = loadAll();
const all = [...load(FIXTURES), ...recorded];
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

/** Requests that are refused, as they were when they were recorded. */
const REFUSED: { [id: string]: string } = {
	'huggingface-chat-completions-2a6541fe345d': 'has no messages',
	'hyperbolic-chat-completions-3841eccd466c': 'is a completion request sent to the wrong address: no messages',
};

/** Whole answers that come back with something added. */
const COMPLETED: { [id: string]: { why: string; fix: (body: JsonObject) => void } } = {
	'openai-chat-completions-ee93b0307fe2': {
		why: 'a preview of 2023 states finish_details and no finish_reason; clients get both',
		fix: (body) => {
			const [choice] = body.choices as JsonObject[];
			if (choice !== undefined) choice.finish_reason = 'length';
		},
	},
};

/** What the encoder adds to streams whose vendor leaves it out: official clients need it. */
const ADDED: { [id: string]: Addition[] } = {
	'ai21-chat-completions-45cab963c37b': ['created', 'model', 'object'],
	'cloudflare-chat-completions-b9ae699244df': ['role'],
	'mistral-chat-completions-38a83f2aee7a': ['role'],
	'moonshotai-chat-completions-3fe664a1a7c4': ['object'],
	'zai-chat-completions-162464fd7421': ['object'],
	'openai-chat-completions-0a8a27611043': ['finish'],
	'snowflake-chat-completions-01b9c5aea46d': ['finish'],
	'groq-chat-completions-4a065ea10c2c': ['param'],
	'groq-chat-completions-9a175d06997c': ['param'],
	// Usage inside a choice is told a second time where official clients look for it.
	'fixture-sound-and-images': ['usage'],
};
type Addition = 'created' | 'model' | 'object' | 'role' | 'finish' | 'param' | 'usage';

/** Takes an addition out again, failing where nothing was added. */
function withdraw(after: Accumulated, addition: Addition): void {
	const choice = after.choices[0];
	const error = after.fields.error?.[0] as JsonObject | undefined;
	if (addition === 'role') {
		expect(choice?.delta.role).toEqual(['assistant']);
		delete choice?.delta.role;
	} else if (addition === 'finish' && choice !== undefined) {
		expect(['stop', 'tool_calls']).toContain(choice.finish);
		choice.finish = null;
	} else if (addition === 'param' && error !== undefined) {
		expect(error.param).toBeNull();
		delete error.param;
	} else if (addition === 'usage') {
		expect(after.usage).toEqual(choice?.fields.usage?.[0]);
		after.usage = null;
	} else {
		expect(after.fields[addition]).toHaveLength(1);
		delete after.fields[addition];
	}
}

/** What each recorded refusal means. */
const REFUSALS: { [id: string]: ErrorCode } = {
	'fixture-rate-limited': 'rate_limited',
	'azure-openai-chat-completions-5df2091a30b3': 'provider_not_found',
	'azure-openai-chat-completions-c89e2160deb6': 'provider_not_found',
	'azure-openai-chat-completions-e5e6ef3588e4': 'provider_rejected',
	'groq-chat-completions-2b6b00dbf683': 'provider_rejected',
	'groq-chat-completions-523a46035a44': 'provider_not_found',
	'huggingface-chat-completions-2a6541fe345d': 'provider_rejected',
	'huggingface-chat-completions-fd687b37936d': 'provider_rejected',
	'hyperbolic-chat-completions-3841eccd466c': 'provider_rejected',
	'mistral-chat-completions-94ad7e3b9843': 'provider_auth',
	'ollama-chat-completions-a3a680b925f8': 'provider_auth',
	'ollama-chat-completions-cfcddc3308a2': 'context_overflow',
	'openai-chat-completions-0c837e0c084c': 'provider_auth',
	'openai-chat-completions-18fbbe473399': 'provider_rejected',
	'openai-chat-completions-1dfad8fbf0df': 'provider_rejected',
	'openai-chat-completions-32890d2e76d9': 'provider_forbidden',
	'openai-chat-completions-47dddf88d56f': 'provider_not_found',
	'openai-chat-completions-cbaceed5301a': 'provider_rejected',
	'openai-chat-completions-e6c72619fbd5': 'provider_not_found',
	'openai-chat-completions-f0ce536c47e3': 'provider_forbidden',
	'openrouter-chat-completions-b163fac09595': 'rate_limited',
	'openrouter-chat-completions-c7a62cf450f0': 'provider_auth',
	'openrouter-chat-completions-dc016ce5235e': 'provider_not_found',
	'openrouter-chat-completions-f394a883ed17': 'provider_rejected',
	'perplexity-chat-completions-374eb32aa784': 'provider_auth',
};

/** Streams that end in the vendor's error. */
const FAILED: ReadonlySet<string> = new Set([
	'fixture-failed-midway',
	'groq-chat-completions-4a065ea10c2c',
	'groq-chat-completions-9a175d06997c',
]);

const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };

function plain(value: unknown): JsonValue {
	return JSON.parse(JSON.stringify(value)) as JsonValue;
}

/** Azure names the model in the path. */
function withModel(body: JsonObject): JsonObject {
	return body.model === undefined ? { ...body, model: 'from-the-path' } : body;
}

const isStream = (each: Recording): boolean => each.response.status === 200 && each.response.body_text !== undefined;
const isWhole = (each: Recording): boolean => each.response.status === 200 && each.response.body !== undefined;

function decodeStream(recording: Recording): StreamPart[] {
	const decoder = openaiChat.streamDecoder();
	const { body_text: text = '', framing } = recording.response;
	const frames = framesOf(text, framing);
	return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

function encodeStream(parts: StreamPart[]): string {
	const encoder = openaiChat.streamEncoder(CONTEXT);
	const text = parts.map((part) => encoder.push(part)).join('');
	expect(encoder.warnings()).toEqual([]);
	return text;
}

describe('Chat Completions traffic', () => {
	test.skipIf(recorded.length === 0)('all recordings are read (skipped where ../shared/wire is absent)', () => {
		expect(recorded.length).toBe(189);
	});

	test.each(names(all.filter((each) => each.request?.body && !(each.id in REFUSED))))(
		'%s: the request comes back exactly',
		(_, { request }) => {
			const body = withModel(request?.body ?? {});
			const decoded = openaiChat.decodeRequest(body);
			const encoded = openaiChat.encodeRequest(decoded.value, { model: String(body.model), traits: {} });
			expect(plain(encoded.value)).toEqual(body);
			expect([...decoded.warnings, ...encoded.warnings]).toEqual([]);
			expect(openaiChat.sketch(body).model).toBe(body.model);
		},
	);

	test.each(names(all.filter(isWhole)))('%s: the answer comes back exactly', (id, { response }) => {
		const { value } = openaiChat.decodeResponse(response.body ?? null);
		const encoded = openaiChat.encodeResponse(value, CONTEXT);
		const expected = plain(response.body) as JsonObject;
		COMPLETED[id]?.fix(expected);
		expect(plain(encoded.value)).toEqual(expected);
		expect(encoded.warnings).toEqual([]);
		const tapped = openaiChat.tapResponse(response.body ?? null);
		expect(tapped.usage).toEqual(value.usage);
		expect(tapped.model).toBe(value.model);
	});

	test.each(names(all.filter(isStream)))('%s: the stream comes back whole', (id, recording) => {
		const text = encodeStream(decodeStream(recording));
		const { body_text: original = '', framing } = recording.response;
		const before = accumulate(chunksOf(framesOf(original, framing)));
		const after = accumulate(chunksOf(framesOf(text)));
		for (const addition of ADDED[id] ?? []) withdraw(after, addition);
		expect(after).toEqual(before);
	});

	test.each(names(all.filter(isStream)))('%s: the parts are in order and end as the vendor ended', (id, recording) => {
		const parts = decodeStream(recording);
		expect(orderFaults(parts)).toEqual([]);
		expect(parts.at(-1)?.type).toBe(FAILED.has(id) ? 'error' : 'end');
	});

	test.each(names(all.filter(isStream)))('%s: the tap sees what the decoder sees', (_, recording) => {
		const parts = decodeStream(recording);
		const tap = openaiChat.streamTap({ dropUsage: false });
		const { body_text: text = '', framing } = recording.response;
		for (const frame of framesOf(text, framing)) tap.frame(frame);
		const finish = parts.find((part) => part.type === 'finish' && part.candidate === 0);
		const start = parts.find((part) => part.type === 'start');
		const failure = parts.find((part) => part.type === 'error');
		expect(tap.usage).toEqual(parts.findLast((part) => part.type === 'usage')?.usage);
		expect(tap.finish).toBe(finish?.type === 'finish' ? finish.stop.raw : undefined);
		expect(tap.model).toBe(start?.model);
		expect(tap.error?.code).toBe(failure?.error.code);
		expect(tap.complete).toBe(parts.at(-1)?.type === 'end');
		expect(tap.started).toBe(parts.some((part) => part.type === 'block-start'));
	});

	test.each(names(all.filter((each) => each.response.status >= 400)))('%s: the refusal is understood', (id, { response }) => {
		const error = openaiChat.decodeError(response.status, response.headers, response.body ?? response.body_text ?? '');
		expect(error.code).toBe(REFUSALS[id]);
		expect(error.status).toBe(response.status);
		expect(error.message.length).toBeGreaterThan(5);
		expect(error.message).not.toMatch(/^The provider answered/);
	});
});

/** What a client of another dialect's answer gets: nothing of what this dialect left on the parts. */
function foreign(recording: Recording): StreamPart[] {
	return decodeStream(recording)
		.filter((part) => part.type !== 'vendor-event')
		.map((part) => (part.type === 'error' ? part : withoutExtensions(part)));
}

/** What of an answer does not depend on who tells it. */
function essence({ candidates }: Collected): unknown {
	return Object.entries(candidates).map(([index, { content, stop }]) => {
		const parts = content.filter((part) => part.type !== 'text' || part.text !== '');
		return [index, stop, parts.map(bare)];
	});
}

/** Pieces of a summary may be cut otherwise, and a citation of the whole answer states its stretch. */
function bare(part: ContentPart): unknown {
	if (part.type === 'reasoning') return { ...part, summary: part.summary?.join('') };
	if (part.type !== 'text' || part.citations === undefined) return part;
	return { ...part, citations: part.citations.map(({ answerSpan: _span, ...citation }) => citation) };
}

describe('Chat Completions traffic, told anew', () => {
	test.each(names(all.filter((each) => isStream(each) && !FAILED.has(each.id))))(
		'%s: written without its own forms, the stream says the same',
		(_, recording) => {
			const parts = foreign(recording);
			const again = framesOf(encodeStream(parts));
			const decoder = openaiChat.streamDecoder();
			const read = [...again.flatMap((frame) => decoder.push(frame)), ...decoder.end()].map((part) =>
				part.type === 'error' ? part : withoutExtensions(part),
			);
			const before = collect(parts);
			const after = collect(read);
			expect(essence(after)).toEqual(essence(before));
			expect(after.usage?.inputTokens).toBe(before.usage?.inputTokens);
			expect(after.usage?.outputTokens).toBe(before.usage?.outputTokens);
		},
	);

	test.each(names(all.filter((each) => isStream(each) && !FAILED.has(each.id))))(
		'%s: the official client reads the stream',
		async (_, recording) => {
			const parts = foreign(recording);
			const text = encodeStream(parts);
			const client = new OpenAI({
				apiKey: 'key',
				fetch: async () => new Response(text, { headers: { 'content-type': 'text/event-stream' } }),
			});
			const completion = await client.chat.completions
				.stream({ model: 'any', messages: [{ role: 'user', content: 'Hello' }] })
				.finalChatCompletion();
			const { candidates } = collect(parts);
			for (const choice of completion.choices) {
				const content = candidates[choice.index]?.content ?? [];
				const shown = content.flatMap((part) => (part.type === 'text' ? part.text : []));
				const called = content.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name, part.input]] : []));
				expect(choice.message.content ?? '').toBe(shown.join(''));
				expect(
					(choice.message.tool_calls ?? []).map((call) =>
						call.type === 'function'
							? [call.id, call.function.name, call.function.arguments]
							: [call.id, call.custom.name, call.custom.input],
					),
				).toEqual(called);
				expect(['stop', 'length', 'tool_calls', 'content_filter', 'function_call']).toContain(choice.finish_reason);
			}
		},
	);

	test.each(names(all.filter(isWhole)))('%s: written without its own forms, the answer says the same', (_, { response }) => {
		const { value } = openaiChat.decodeResponse(response.body ?? null);
		const bare = withoutExtensions(value);
		const again = openaiChat.decodeResponse(plain(openaiChat.encodeResponse(bare, CONTEXT).value)).value;
		const saying = (answer: typeof bare) =>
			withoutExtensions(answer).candidates.map((each) => ({
				...each,
				stop: each.stop?.kind,
				citations: undefined,
				content: each.content.map((part) => ({ ...part, citations: undefined })),
			}));
		expect(saying(again)).toEqual(saying(bare));
		expect(again.usage?.inputTokens).toBe(bare.usage?.inputTokens);
		expect(again.usage?.outputTokens).toBe(bare.usage?.outputTokens);
	});
});
