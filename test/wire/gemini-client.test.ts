import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anthropicMessages, gemini, openaiChat } from '../../src/dialects/index.ts';
import {
	type ChatResponse,
	type ContentPart,
	type Dialect,
	type JsonValue,
	RelaisError,
	type StreamPart,
} from '../../src/spec/index.ts';
import { accumulate } from '../../src/testing/index.ts';
import { framesOf } from '../support/openai-chat/accumulate.ts';

interface Recording {
	id: string;
	api: string;
	response: { status: number; body?: JsonValue; body_text?: string; framing?: string };
}

const WIRE = join(import.meta.dirname, '../../../shared/wire');
const FIXTURES = join(import.meta.dirname, 'fixtures');
const DIALECTS: { readonly [api: string]: Dialect } = {
	'chat-completions': openaiChat,
	messages: anthropicMessages,
	generateContent: gemini,
	streamGenerateContent: gemini,
};
const recorded = existsSync(WIRE) ? readdirSync(WIRE).map((name) => join(WIRE, name)) : [];
const FOLDERS = [...recorded, ...['openai-chat', 'anthropic-messages', 'gemini'].map((name) => join(FIXTURES, name))];

function load(folder: string): Recording[] {
	if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
	return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recording);
}

/** The payloads of a stream, however it is framed. */
function decodeStream(dialect: Dialect, { body_text: text = '', framing }: Recording['response']): StreamPart[] {
	const decoder = dialect.streamDecoder();
	const frames = text.trimStart().startsWith('[')
		? (JSON.parse(text) as JsonValue[]).map((chunk) => ({ event: '', data: JSON.stringify(chunk) }))
		: framesOf(text, framing);
	return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
}

const answers = FOLDERS.flatMap(load).filter(({ api, response }) => DIALECTS[api] !== undefined && response.status === 200);
const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };

/** What a client is expected to find: the words shown, the calls and what the answer cost. */
function expected(response: ChatResponse) {
	const content: ContentPart[] = response.candidates[0]?.content ?? [];
	const shown = content.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
	const calls = content.filter((part) => part.type === 'tool-call' && part.providerExecuted === undefined);
	return { shown, calls: calls.map((part) => (part.type === 'tool-call' ? part.name : '')), usage: response.usage };
}

/** What the official client says it has read. */
function found(pieces: GenerateContentResponse[]) {
	const parts = pieces.flatMap((piece) => piece.candidates?.find(({ index }) => (index ?? 0) === 0)?.content?.parts ?? []);
	const usage = pieces.findLast((piece) => piece.usageMetadata !== undefined)?.usageMetadata;
	return {
		shown: parts.map((part) => (part.thought === true ? '' : (part.text ?? ''))).join(''),
		calls: parts.flatMap(({ functionCall }) => (functionCall === undefined ? [] : [functionCall.name])),
		input: (usage?.promptTokenCount ?? 0) + (usage?.toolUsePromptTokenCount ?? 0),
		output: (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
	};
}

/** A server that answers what a test gives it. */
let server: Server;
let client: GoogleGenAI;
let answer: (response: ServerResponse) => void = (response) => response.end();

beforeAll(async () => {
	server = createServer((_request, response) => answer(response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: `http://127.0.0.1:${port}` } });
});
afterAll(() => server.close());

const ask = { model: 'm', contents: 'Hi' };
const send = (body: JsonValue, status = 200): void => {
	answer = (response) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const stream = (texts: string[]): void => {
	answer = (response) => {
		response.writeHead(200, { 'content-type': gemini.streamContentType });
		for (const text of texts) response.write(text);
		response.end();
	};
};

async function readStream(): Promise<GenerateContentResponse[]> {
	const pieces: GenerateContentResponse[] = [];
	for await (const piece of await client.models.generateContentStream(ask)) pieces.push(piece);
	return pieces;
}

function compare(pieces: GenerateContentResponse[], response: ChatResponse): void {
	const { shown, calls, usage } = expected(response);
	const read = found(pieces);
	expect(read.shown).toBe(shown);
	expect(read.calls).toEqual(calls);
	if (usage !== undefined) expect([read.input, read.output]).toEqual([usage.inputTokens, usage.outputTokens]);
}

const names = (list: Recording[]): [string, Recording][] => list.map((each) => [each.id, each]);

describe("Google's official client", () => {
	test.each(names(answers.filter(({ response }) => response.body !== undefined)))('reads the answer %s', async (_, recording) => {
		let decoded: ChatResponse;
		try {
			decoded = (DIALECTS[recording.api] ?? gemini).decodeResponse(recording.response.body ?? null).value;
		} catch (error) {
			// An error under status 200 is no answer.
			expect(error).toBeInstanceOf(RelaisError);
			return;
		}
		send(gemini.encodeResponse(decoded, CONTEXT).value);
		compare([await client.models.generateContent(ask)], decoded);
	});

	test.each(names(answers.filter(({ response }) => response.body_text !== undefined)))(
		'reads the stream %s',
		async (_, recording) => {
			const parts = decodeStream(DIALECTS[recording.api] ?? gemini, recording.response);
			const encoder = gemini.streamEncoder(CONTEXT);
			stream(parts.map((part) => encoder.push(part)).filter((text) => text !== ''));
			const failed = parts.some(({ type }) => type === 'error');
			if (failed) await expect(readStream()).rejects.toBeInstanceOf(ApiError);
			else compare(await readStream(), accumulate(parts));
		},
	);

	test('keeps a streamed answer in the history of its chat, and sends it back', async () => {
		const encoder = gemini.streamEncoder(CONTEXT);
		const parts: StreamPart[] = [
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning', text: '' } },
			{ type: 'reasoning-delta', block: 0, text: 'Hm.' },
			{ type: 'reasoning-delta', block: 0, signature: { vendor: 'another', value: 'c2ln' } },
			{ type: 'block-end', block: 0 },
			{ type: 'block-start', block: 1, candidate: 0, content: { type: 'text', text: '' } },
			{ type: 'text-delta', block: 1, text: 'Hello.' },
			{ type: 'block-end', block: 1 },
			{ type: 'finish', candidate: 0, stop: { kind: 'stop' } },
			{ type: 'end' },
		];
		const chat = client.chats.create({ model: 'm' });
		stream(parts.map((part) => encoder.push(part)).filter((text) => text !== ''));
		for await (const _ of await chat.sendMessageStream({ message: 'Hi' }));
		const contents = JSON.parse(JSON.stringify(chat.getHistory(true))) as JsonValue;
		const { value } = gemini.decodeRequest({ model: 'm', contents });
		expect(value.messages[1]?.content).toEqual([
			{ type: 'reasoning', text: 'Hm.', signature: { vendor: 'another', value: 'c2ln' } },
			{ type: 'text', text: 'Hello.' },
		]);
	});

	test('raises errors with their status, also inside a stream', async () => {
		const error = new RelaisError('provider_overloaded', 'Too busy.');
		const { status, body } = gemini.encodeError(error, 'r');
		send(body, status);
		await expect(client.models.generateContent(ask)).rejects.toMatchObject({ name: 'ApiError', status: 529 });
		stream([gemini.encodeStreamError(error, 'r')]);
		await expect(readStream()).rejects.toMatchObject({ name: 'ApiError', message: expect.stringContaining('Too busy.') });
	});

	test('reads counts of tokens', async () => {
		send(gemini.counting?.encodeAnswer(31) ?? null);
		expect((await client.models.countTokens(ask)).totalTokens).toBe(31);
	});
});
