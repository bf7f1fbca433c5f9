import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import type { JsonObject } from '../../../src/spec/index.ts';
import { type Reading, readChunks, readCompletion, readMessage } from './reading.ts';
import type { SurfaceName } from './recordings.ts';

/** How an official client fared with an answer. */
export interface Outcome {
	/** What it read; undefined where it raised an error. */
	reading: Reading | undefined;
	/** Everything it gave its caller, as JSON: to be compared with another outcome. */
	given: unknown;
	error: { name: string; status: number | undefined; message: string; official: boolean } | undefined;
	/** The answer's own bytes and headers. */
	raw: string;
	headers: Headers;
}

/** Where a client calls, and with which key. */
export interface Address {
	/** Without `/v1`. */
	url: string;
	key: string;
}

/** Notes the answer that passes on its way to the client. */
class Listener {
	raw: Promise<string> = Promise.resolve('');
	headers = new Headers();

	readonly fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
		const response = await fetch(url, init);
		this.headers = response.headers;
		this.raw = response.clone().text();
		return response;
	};
}

function plain(value: unknown): JsonObject {
	return JSON.parse(JSON.stringify(value)) as JsonObject;
}

/** The body as the parameters of an official call: the clients send what they are given. */
function params<T>(body: JsonObject): T {
	return JSON.parse(JSON.stringify(body)) as T;
}

type Call = (address: Address, body: JsonObject, listener: Listener) => Promise<{ reading: Reading; given: unknown }>;

const openai: Call = async (address, body, listener) => {
	const client = new OpenAI({ baseURL: `${address.url}/v1`, apiKey: address.key, maxRetries: 0, fetch: listener.fetch });
	if (body.stream !== true) {
		const given = plain(await client.chat.completions.create(params<OpenAI.ChatCompletionCreateParamsNonStreaming>(body)));
		return { reading: readCompletion(given), given };
	}
	const stream = await client.chat.completions.create(params<OpenAI.ChatCompletionCreateParamsStreaming>(body));
	const [left, right] = stream.tee();
	const helper = ChatCompletionStream.fromReadableStream(right.toReadableStream()).finalChatCompletion();
	const put = helper.then(
		() => 'whole',
		(error: unknown) => `helper: ${error instanceof Error ? error.message : String(error)}`,
	);
	const chunks: JsonObject[] = [];
	for await (const chunk of left) chunks.push(plain(chunk));
	return { reading: readChunks(chunks), given: { chunks, helper: await put } };
};

const anthropic: Call = async (address, body, listener) => {
	const client = new Anthropic({
		baseURL: address.url,
		apiKey: address.key,
		maxRetries: 0,
		timeout: 60_000,
		fetch: listener.fetch,
	});
	if (body.stream !== true) {
		const message = plain(await client.messages.create(params<Anthropic.MessageCreateParamsNonStreaming>(body)));
		return { reading: readMessage(message), given: message };
	}
	const stream = client.messages.stream(params<Anthropic.MessageStreamParams>(body));
	const events: unknown[] = [];
	stream.on('streamEvent', (event) => events.push(plain(event)));
	const message = plain(await stream.finalMessage());
	return { reading: readMessage(message), given: { events, message } };
};

const CALLS: { [surface in SurfaceName]: Call } = { chat: openai, messages: anthropic };

/** Puts a request through the official client of a surface. */
export async function callWith(surface: SurfaceName, address: Address, body: JsonObject): Promise<Outcome> {
	const listener = new Listener();
	const noted = async () => ({ raw: await listener.raw.catch(() => ''), headers: listener.headers });
	try {
		const { reading, given } = await CALLS[surface](address, body, listener);
		return { reading, given, error: undefined, ...(await noted()) };
	} catch (error) {
		return { reading: undefined, given: undefined, error: describe(error), ...(await noted()) };
	}
}

function describe(error: unknown): Outcome['error'] {
	const official = error instanceof OpenAI.APIError || error instanceof Anthropic.APIError;
	const name = error instanceof Error ? error.constructor.name : typeof error;
	const message = error instanceof Error ? error.message : String(error);
	const status = official && typeof error.status === 'number' ? error.status : undefined;
	return { name, status, message, official };
}
