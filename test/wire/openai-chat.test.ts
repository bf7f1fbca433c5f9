import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { isRelaisError, type JsonObject, type JsonValue, type StreamPart } from '../../src/spec/index.ts';
import { type Accumulated, accumulate, chunksOf, framesOf } from '../support/openai-chat/accumulate.ts';

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
};
type Addition = 'created' | 'model' | 'object' | 'role' | 'finish' | 'param';

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
	} else {
		expect(after.fields[addition]).toHaveLength(1);
		delete after.fields[addition];
	}
}

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
		const parts = decodeStream(recording);
		const text = encodeStream(parts);
		const { body_text: original = '', framing } = recording.response;
		const before = accumulate(chunksOf(framesOf(original, framing)));
		const after = accumulate(chunksOf(framesOf(text)));
		for (const addition of ADDED[id] ?? []) withdraw(after, addition);
		expect(after).toEqual(before);
	});
});
