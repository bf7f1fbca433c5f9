import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type HeaderMap, isRelaisError, type RelaisError, type Timeouts, type WireCall } from '../spec/index.ts';
import type { Exchange, ExchangeHandler, StartOptions, Transport } from './types.ts';

/** What the tests of this folder share: raw servers that misbehave on purpose, and a handler that writes down what it is told. */

export const NO_LIMITS: Timeouts = { connect: 0, headers: 0, answer: 0, firstToken: 0, idle: 0, total: 0 };

/** A server for raw sockets; each connection is handed to `serve` and kept for inspection. */
export class RawServer {
	readonly sockets: Socket[] = [];
	readonly #server: Server;

	constructor(serve: (socket: Socket, index: number) => void) {
		this.#server = createServer((socket) => {
			socket.on('error', () => {});
			serve(socket, this.sockets.push(socket) - 1);
		});
	}

	async listen(): Promise<this> {
		this.#server.listen(0, '127.0.0.1');
		await once(this.#server, 'listening');
		return this;
	}

	get port(): number {
		const address = this.#server.address();
		return typeof address === 'object' && address !== null ? address.port : 0;
	}

	get origin(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	async close(): Promise<void> {
		for (const socket of this.sockets) socket.destroy();
		this.#server.close();
		await once(this.#server, 'close');
	}
}

/** Calls `answer` for each whole request (head and body by content-length) that arrives on the socket. */
export function onRequests(socket: Socket, answer: (request: string) => void): void {
	let text = '';
	socket.on('data', (chunk) => {
		text += chunk.toString('latin1');
		for (;;) {
			const head = text.indexOf('\r\n\r\n');
			if (head < 0) return;
			const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
			if (text.length < head + 4 + length) return;
			const request = text.slice(0, head + 4 + length);
			text = text.slice(request.length);
			answer(request);
		}
	});
}

/** A whole HTTP answer. */
export function answerOf(body: string | Buffer, headers = '', status = '200 OK'): Buffer {
	const bytes = Buffer.from(body);
	return Buffer.concat([Buffer.from(`HTTP/1.1 ${status}\r\ncontent-length: ${bytes.length}\r\n${headers}\r\n`), bytes]);
}

/** Head of a chunked answer. */
export const CHUNKED_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

/** One chunk in the chunked coding. */
export function chunkOf(text: string): string {
	return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

export function post(origin: string, body: string | Uint8Array = '{}', headers: string[] = []): WireCall {
	return { origin, method: 'POST', path: '/v1/chat', headers: ['content-type', 'application/json', ...headers], body };
}

/** Records an exchange. `outcome` resolves at its end: undefined, or the error. */
export class Recorder implements ExchangeHandler {
	status: number | undefined;
	headers: HeaderMap = {};
	readonly chunks: Buffer[] = [];
	readonly events: string[] = [];
	/** Set to false to pause at the next piece. */
	flowing = true;
	readonly outcome: Promise<RelaisError | undefined>;
	readonly head: Promise<void>;
	#settle: (error: RelaisError | undefined) => void = () => {};
	#headCame: () => void = () => {};

	constructor() {
		this.outcome = new Promise((resolve) => {
			this.#settle = resolve;
		});
		this.head = new Promise((resolve) => {
			this.#headCame = resolve;
		});
	}

	get text(): string {
		return Buffer.concat(this.chunks).toString();
	}

	onHead(status: number, headers: HeaderMap): void {
		this.events.push('head');
		this.status = status;
		this.headers = headers;
		this.#headCame();
	}

	onData(chunk: Buffer): boolean {
		this.chunks.push(chunk);
		return this.flowing;
	}

	onEnd(): void {
		this.events.push('end');
		this.#settle(undefined);
	}

	onError(error: RelaisError): void {
		this.events.push(error.code);
		this.#settle(error);
	}
}

/** Starts a call with a recorder. */
export function record(
	transport: Transport,
	call: WireCall,
	limits: Partial<Timeouts> = {},
	options?: StartOptions,
): { recorder: Recorder; exchange: Exchange } {
	const recorder = new Recorder();
	return { recorder, exchange: transport.start(call, { ...NO_LIMITS, ...limits }, recorder, options) };
}

/** Polls until the condition holds; false when it does not within `ms`. */
export async function eventually(condition: () => boolean, ms = 2000): Promise<boolean> {
	for (const end = performance.now() + ms; performance.now() < end; ) {
		if (condition()) return true;
		await new Promise((resolve) => {
			setTimeout(resolve, 2);
		});
	}
	return condition();
}

/** The error a promise is rejected with; fails where it is not. */
export async function rejection(promise: Promise<unknown>): Promise<RelaisError> {
	try {
		await promise;
	} catch (error) {
		if (isRelaisError(error)) return error;
		throw error;
	}
	throw new Error('expected a rejection');
}
