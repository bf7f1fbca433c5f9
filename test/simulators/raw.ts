import http from 'node:http';
import type { RunningSimulator } from '../../src/simulators/index.ts';

/** An answer as it came off the wire, whatever state it was in. */
export interface Raw {
	status: number;
	headers: http.IncomingHttpHeaders;
	text: string;
	/** Network reads it came in. */
	reads: number;
	/** How it ended: whole, broken off, or not at all within the time given. */
	ending: 'end' | 'broken' | 'silent';
	/** The socket's error before or instead of an answer. */
	error?: string;
	/** Ms until the headers and until the first byte of the body. */
	headersAfter: number;
	bodyAfter: number;
}

/** What to send, and how long to wait for the end. */
export interface RawRequest {
	body: object;
	headers?: { [name: string]: string };
	/** Ms without a byte after which the client gives up and leaves. */
	patience?: number;
}

const PATHS: { [kind: string]: string } = { openai: '/chat/completions', anthropic: '/messages' };

/** Gemini names the model and asks for the stream in its path; there the test's body says both. */
function pathOf({ kind }: RunningSimulator, body: object): string {
	const path = PATHS[kind];
	if (path !== undefined) return path;
	const { model, stream } = body as { model?: string; stream?: boolean };
	const method = stream === true ? 'streamGenerateContent?alt=sse' : 'generateContent';
	return `/models/${encodeURIComponent(model ?? '')}:${method}`;
}

function sent({ kind }: RunningSimulator, body: object): string {
	if (kind !== 'gemini') return JSON.stringify(body);
	const { model, stream, ...rest } = body as { model?: string; stream?: boolean };
	return JSON.stringify(rest);
}

/** Sends a chat request over a socket of its own and reports everything that happens on it. */
export function raw(vendor: RunningSimulator, { body, headers = {}, patience = 5000 }: RawRequest): Promise<Raw> {
	const began = performance.now();
	const seen: Raw = { status: 0, headers: {}, text: '', reads: 0, ending: 'silent', headersAfter: 0, bodyAfter: 0 };
	let text = (): string => '';
	return new Promise((resolve) => {
		const request = http.request(`${vendor.baseUrl}${pathOf(vendor, body)}`, {
			method: 'POST',
			agent: new http.Agent({ keepAlive: true }),
			headers: {
				authorization: `Bearer ${vendor.apiKey}`,
				'anthropic-version': '2023-06-01',
				'x-goog-api-key': vendor.apiKey,
				'content-type': 'application/json',
				...headers,
			},
		});
		const finish = (ending: Raw['ending']): void => {
			clearTimeout(timer);
			seen.ending = ending;
			seen.text = text();
			request.destroy();
			resolve(seen);
		};
		let timer = setTimeout(() => finish('silent'), patience);
		const wait = (): void => {
			clearTimeout(timer);
			timer = setTimeout(() => finish('silent'), patience);
		};
		request.on('error', (error: NodeJS.ErrnoException) => {
			seen.error = error.code ?? error.message;
			finish('broken');
		});
		request.on('response', (response) => {
			seen.status = response.statusCode ?? 0;
			seen.headers = response.headers;
			seen.headersAfter = performance.now() - began;
			const bytes: Buffer[] = [];
			response.on('data', (chunk: Buffer) => {
				if (seen.reads++ === 0) seen.bodyAfter = performance.now() - began;
				bytes.push(chunk);
				wait();
			});
			text = () => Buffer.concat(bytes).toString('utf8');
			response.on('close', () => finish(response.complete ? 'end' : seen.ending));
			response.on('error', () => {
				seen.ending = 'broken';
			});
		});
		request.end(sent(vendor, body));
	});
}

/** The events of a stream: its blocks between blank lines. */
export function events(text: string): string[] {
	return text.split(/\r?\n\r?\n/).filter((block) => block !== '');
}

/** The data of a stream's events, parsed; undefined where one is not JSON. `[DONE]` is left out. */
export function data(text: string): (Record<string, unknown> | undefined)[] {
	const lines = text.split(/\r?\n/).filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]');
	return lines.map((line) => {
		try {
			return JSON.parse(line.slice(6));
		} catch {
			return undefined;
		}
	});
}
