import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anthropicMessages, bedrockConverse, openaiChat } from '../../src/dialects/index.ts';
import { AwsEventStreamScanner } from '../../src/lib/aws-event-stream.ts';
import { SseScanner } from '../../src/lib/sse.ts';
import {
	type ChatResponse,
	type Dialect,
	isRelaisError,
	type JsonObject,
	type JsonValue,
	type ModelTraits,
} from '../../src/spec/index.ts';
import { accumulate } from '../../src/testing/index.ts';
import { converseFaults } from '../support/bedrock/rules.ts';

interface Recording {
	id: string;
	api: string;
	request: { body: JsonObject | null } | null;
	response: { status: number; body?: JsonValue; body_text?: string; framing?: string };
}

/** Recordings are found beside the repository; without them there is nothing to translate here. */
const WIRE = join(import.meta.dirname, '../../../shared/wire');
const FORMS: { [api: string]: Dialect } = { 'chat-completions': openaiChat, messages: anthropicMessages };

const recordings: Recording[] = existsSync(WIRE)
	? readdirSync(WIRE, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.flatMap(({ name }) => readdirSync(join(WIRE, name)).map((file) => join(WIRE, name, file)))
			.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Recording)
			.filter(({ api }) => api in FORMS)
	: [];
const dialectOf = ({ api }: Recording): Dialect => FORMS[api] ?? openaiChat;
const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };
const KINDS: ModelTraits[] = [
	{},
	{ reasoning: 'budget', prefill: false },
	{ reasoning: 'adaptive', sampling: false, prefill: false },
	{ reasoning: 'effort', jsonSchema: false, systemRole: 'user' },
];

/** The request in canonical form; undefined for one that is malformed on purpose. */
function decoded(recording: Recording) {
	try {
		return dialectOf(recording).decodeRequest(recording.request?.body ?? null).value;
	} catch {
		return undefined;
	}
}

const wholes = recordings.filter(({ response }) => response.status === 200 && response.body !== undefined);
const streams = recordings.filter(
	({ response }) => response.status === 200 && response.body_text !== undefined && response.framing === undefined,
);
const asked = recordings.filter((each) => each.request?.body && decoded(each) !== undefined);
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

/** What a user sees of an answer: texts joined, calls with their inputs parsed. */
function seen(response: ChatResponse): object[] {
	const content = response.candidates.find(({ index }) => index === 0)?.content ?? [];
	const text = content.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
	const calls = content.flatMap((part) =>
		part.type === 'tool-call' && part.providerExecuted === undefined
			? [{ name: part.name, input: part.kind === 'custom' ? { input: part.input } : parsed(part.input) }]
			: [],
	);
	return [{ text }, ...calls];
}

function parsed(input: string): JsonValue {
	try {
		return JSON.parse(input === '' ? '{}' : input) as JsonValue;
	} catch {
		return { _raw: input };
	}
}

describe.skipIf(recordings.length === 0)(
	'recorded traffic of other dialects, sent on to Converse (skipped where ../shared/wire is absent)',
	() => {
		test.each(names(asked))('%s: the request keeps the API’s rules, or is refused with a reason', (_, recording) => {
			const request = decoded(recording);
			if (request === undefined) throw new Error('not decoded');
			for (const traits of KINDS) {
				let body: JsonObject;
				try {
					body = bedrockConverse.encodeRequest(request, { model: 'm', traits }).value;
				} catch (error) {
					if (!isRelaisError(error)) throw error;
					expect(error.code).toBe('unsupported');
					expect(error.param).not.toBe('');
					continue;
				}
				expect(converseFaults(body)).toEqual([]);
				const again = bedrockConverse.decodeRequest({ ...body, model: 'm', stream: request.stream });
				expect(bedrockConverse.encodeRequest(again.value, { model: 'm', traits: {} }).value).toEqual(body);
			}
		});

		test.each(names(wholes))('%s: a Converse client reads the same answer', (_, recording) => {
			let response: ChatResponse;
			try {
				response = dialectOf(recording).decodeResponse(recording.response.body ?? null).value;
			} catch (error) {
				expect(isRelaisError(error)).toBe(true);
				return;
			}
			const wire = bedrockConverse.encodeResponse(response, CONTEXT).value;
			expect(wire).toMatchObject({
				output: { message: { role: 'assistant' } },
				stopReason: expect.any(String),
				usage: expect.any(Object),
			});
			expect(seen(bedrockConverse.decodeResponse(wire).value)).toEqual(seen(response));
		});

		test.each(names(streams))('%s: a Converse client reads the same stream', (_, recording) => {
			const scanner = new SseScanner();
			const frames = scanner.push(Buffer.from(recording.response.body_text ?? ''));
			const last = scanner.end();
			const decoder = dialectOf(recording).streamDecoder();
			const parts = [
				...(last === undefined ? frames : [...frames, last]).flatMap((frame) => (frame.data === '' ? [] : decoder.push(frame))),
				...decoder.end(),
			];
			if (parts.at(-1)?.type !== 'end') return;
			const encoder = bedrockConverse.streamEncoder(CONTEXT);
			const bytes = Buffer.from(parts.map((part) => encoder.push(part)).join(''), 'latin1');
			const converse = bedrockConverse.streamDecoder();
			const again = [...new AwsEventStreamScanner().push(bytes).flatMap((frame) => converse.push(frame)), ...converse.end()];
			expect(seen(accumulate(again))).toEqual(seen(accumulate(parts)));
			expect(again.filter((part) => part.type === 'end')).toHaveLength(1);
		});
	},
);
