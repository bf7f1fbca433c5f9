import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cohere, dialectByName, ollamaGenerate } from '../../../src/dialects/index.ts';
import { frameScanner } from '../../../src/lib/frame-scanner.ts';
import { isObject, tryParse } from '../../../src/lib/json.ts';
import type { ChatResponse, Dialect, Frame, Framing, JsonValue, RelaisError, StreamPart } from '../../../src/spec/index.ts';
import { accumulate } from '../../../src/testing/index.ts';

/** One recorded exchange; its fields are described beside the recordings. */
export interface Recording {
	id: string;
	provider: string;
	api: string;
	request: { path?: string } | null;
	response: {
		status: number;
		headers?: { [name: string]: string };
		body?: JsonValue;
		body_text?: string;
		body_base64?: string;
		framing?: string;
	};
}

/** One recorded answer of a chat endpoint. */
export interface Told {
	id: string;
	provider: string;
	dialect: Dialect;
	streamed: boolean;
	status: number;
	/** Of an answer in one piece: its body. */
	body: JsonValue | undefined;
	/** Of a stream: everything it says. */
	parts(): StreamPart[];
	/** Of a successful answer: what it says in the end. */
	response(): ChatResponse;
	/** Of an error. */
	error(): RelaisError;
}

const WIRE = join(import.meta.dirname, '../../../../shared/wire');

/** Dialects by endpoint family. */
const DIALECTS: { readonly [api: string]: Dialect } = {
	'chat-completions': dialectByName('openai-chat'),
	messages: dialectByName('anthropic-messages'),
	rawPredict: dialectByName('anthropic-messages'),
	streamRawPredict: dialectByName('anthropic-messages'),
	responses: dialectByName('openai-responses'),
	generateContent: dialectByName('gemini'),
	streamGenerateContent: dialectByName('gemini'),
	converse: dialectByName('bedrock-converse'),
	'converse-stream': dialectByName('bedrock-converse'),
	'ollama-chat': dialectByName('ollama'),
	'ollama-generate': ollamaGenerate,
	'cohere-chat': cohere,
};

/** Recordings of the first version of Cohere's API, which has other requests, answers and events. */
export const COHERE_V1 = /^cohere-cohere-chat-(1d0b41686a61|1f0a950a07b7|8dcb293e9c7f)$/;

/** Everything recorded; nothing where the recordings are absent. */
export function loadRecordings(): Recording[] {
	if (!existsSync(WIRE)) return [];
	return readdirSync(WIRE, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.flatMap(({ name }) => readdirSync(join(WIRE, name)).map((file) => join(WIRE, name, file)))
		.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Recording)
		.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The chat answers among them. A recording of payloads alone may hold several streams: each is an answer. */
export function told(recordings: readonly Recording[]): Told[] {
	return recordings.flatMap((recording) => {
		const dialect = COHERE_V1.test(recording.id) ? undefined : DIALECTS[recording.api];
		return dialect === undefined ? [] : answersOf(recording, dialect);
	});
}

function answersOf(recording: Recording, dialect: Dialect): Told[] {
	const { id, provider, response } = recording;
	const { status, body } = response;
	const streamed = status < 300 && body === undefined;
	const streams = streamed ? streamsOf(recording, dialect.framing) : [[]];
	const errorBody = body ?? tryParse(response.body_text ?? '') ?? response.body_text ?? null;
	return streams.map((frames, at) => {
		const parts = (): StreamPart[] => {
			const decoder = dialect.streamDecoder();
			return [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
		};
		return {
			id: streams.length === 1 ? id : `${id}~${at + 1}`,
			provider,
			dialect,
			streamed,
			status,
			body,
			parts,
			response: () => (streamed ? accumulate(parts()) : dialect.decodeResponse(body ?? null).value),
			error: () => dialect.decodeError(status, response.headers ?? {}, errorBody),
		};
	});
}

function streamsOf({ response }: Recording, usual: Framing): Frame[][] {
	const { body_base64: binary, body_text: text = '', framing } = response;
	if (framing === 'payload-lines') return payloads(text);
	const body = binary === undefined ? Buffer.from(text) : Buffer.from(binary, 'base64');
	const scanner = frameScanner(text.trimStart().startsWith('[') ? 'json-array' : usual);
	const last = (frames: Frame[], end: Frame | undefined): Frame[] => (end === undefined ? frames : [...frames, end]);
	return [last(scanner.push(body), scanner.end()).filter(({ data }) => data !== '')];
}

/** A stream's end mark begins the next one. */
function payloads(text: string): Frame[][] {
	const streams: Frame[][] = [[]];
	for (const data of text.split('\n').filter((line) => line.trim() !== '')) {
		const payload = tryParse(data);
		const type = isObject(payload) && typeof payload.type === 'string' ? payload.type : '';
		streams.at(-1)?.push({ event: type, data });
		if (type === 'message_stop') streams.push([]);
	}
	return streams.filter((frames) => frames.length > 0);
}
