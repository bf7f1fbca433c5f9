import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { SseScanner } from '../../src/lib/sse.ts';
import { type Frame, isRelaisError, type JsonObject, type JsonValue, type StreamPart } from '../../src/spec/index.ts';
import { accumulate, parseEvents } from '../support/anthropic/accumulate.ts';

interface Recording {
	id: string;
	api: string;
	request: { body: JsonObject | null } | null;
	response: { status: number; body?: JsonValue; body_text?: string; framing?: string };
}

/** Recordings of every vendor of chat completions; these tests are skipped by name where they are absent. */
const WIRE = join(import.meta.dirname, '../../../shared/wire');
const folders = existsSync(WIRE) ? readdirSync(WIRE, { withFileTypes: true }).filter((each) => each.isDirectory()) : [];
const recordings = folders
	.flatMap(({ name }) => readdirSync(join(WIRE, name)).map((file) => join(WIRE, name, file)))
	.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Recording)
	.filter((each) => each.api === 'chat-completions');

/** Requests an Anthropic model cannot be asked: the field at fault. Everything else translates, with warnings at most. */
const REFUSED: { [id: string]: string } = {
	'openai-chat-completions-2c9b896843ad': 'n',
	'openai-chat-completions-5a2893c095b2': 'n',
	'openai-chat-completions-6ed0ad60c09e': 'n',
	'openai-chat-completions-85378a72a478': 'n',
	'openai-chat-completions-90d45b50b7a3': "another vendor's file",
	'openai-chat-completions-de35036159ba': 'audio',
	'openrouter-chat-completions-d97c1590b7d7': 'video',
};

const CONTEXT = { model: 'shown', now: 0, id: 'fallback', streamUsage: true };
const PARAMS = { model: 'm', max_tokens: 1, messages: [{ role: 'user' as const, content: 'Hi' }] };
const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

/** The official client, given an answer. */
function clientOf(body: string, type: string): Anthropic {
	return new Anthropic({
		apiKey: 'test',
		maxRetries: 0,
		fetch: async () => new Response(body, { headers: { 'content-type': type } }),
	});
}

function framesOf({ response }: Recording): Frame[] {
	const text = response.body_text ?? '';
	if (response.framing === 'payload-lines') {
		return text
			.split('\n')
			.filter((line) => line.trim() !== '')
			.map((data) => ({ event: '', data }));
	}
	const scanner = new SseScanner();
	const frames: Frame[] = scanner.push(Buffer.from(text));
	const last = scanner.end();
	return last === undefined ? frames : [...frames, last];
}

function decodable(body: JsonObject) {
	try {
		return openaiChat.decodeRequest(body).value;
	} catch {
		return undefined;
	}
}

describe.skipIf(recordings.length === 0)('recorded chat completions (skipped where ../shared/wire is absent)', () => {
	test.each(names(recordings.filter((each) => each.request?.body && decodable(each.request.body) !== undefined)))(
		'%s: the request can be put to an Anthropic model, or says why not',
		(id, { request }) => {
			const asked = openaiChat.decodeRequest(request?.body ?? {}).value;
			try {
				const { value } = anthropicMessages.encodeRequest(asked, { model: 'claude', traits: {} });
				expect(REFUSED[id]).toBe(undefined);
				const body = JSON.parse(JSON.stringify(value)) as JsonObject;
				const roles = (body.messages as JsonObject[]).map((turn) => turn.role);
				expect(roles[0]).toBe('user');
				expect(roles.every((role, i) => i === 0 || role !== roles[i - 1])).toBe(true);
				anthropicMessages.decodeRequest(body);
			} catch (error) {
				if (!isRelaisError(error)) throw error;
				expect(error.code).toBe('unsupported');
				expect(Object.keys(REFUSED)).toContain(id);
			}
		},
	);

	const answered = recordings.filter((each) => each.response.status === 200);

	test.each(names(answered.filter((each) => each.response.body !== undefined)))(
		'%s: the answer reaches the official Anthropic client',
		async (_, { response }) => {
			let decoded: ReturnType<typeof openaiChat.decodeResponse>;
			try {
				decoded = openaiChat.decodeResponse(response.body ?? null);
			} catch (error) {
				expect(isRelaisError(error)).toBe(true);
				return;
			}
			const { value } = anthropicMessages.encodeResponse(decoded.value, CONTEXT);
			const message = await clientOf(JSON.stringify(value), 'application/json').messages.create(PARAMS);
			expect(message).toMatchObject({ type: 'message', role: 'assistant' });
			expect(texts(message.content)).toBe(
				decoded.value.candidates
					.filter((candidate) => candidate.index === 0)
					.flatMap((candidate) => candidate.content)
					.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : ''))
					.join(''),
			);
		},
	);

	test.each(names(answered.filter((each) => each.response.body_text !== undefined)))(
		'%s: the stream reaches the official Anthropic client',
		async (_, recording) => {
			const decoder = openaiChat.streamDecoder();
			const parts: StreamPart[] = [...framesOf(recording).flatMap((frame) => decoder.push(frame)), ...decoder.end()];
			const encoder = anthropicMessages.streamEncoder(CONTEXT);
			const text = parts.map((part) => encoder.push(part)).join('');
			const stream = clientOf(text, 'text/event-stream').messages.stream(PARAMS);
			if (parts.at(-1)?.type === 'error') {
				await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
				return;
			}
			accumulate(parseEvents(text));
			const shown = new Set(parts.flatMap((part) => (part.type === 'block-start' && part.candidate === 0 ? [part.block] : [])));
			const message = await stream.finalMessage();
			expect(texts(message.content)).toBe(
				parts.map((part) => (part.type === 'text-delta' && shown.has(part.block) ? part.text : '')).join(''),
			);
		},
	);
});

function texts(content: Anthropic.ContentBlock[]): string {
	return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
}
