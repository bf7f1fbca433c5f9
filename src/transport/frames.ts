import { frameScanner } from '../lib/frame-scanner.ts';
import { type FrameScanner, FrameTooLargeError, type RawFrame } from '../lib/frames.ts';
import { tryParse } from '../lib/json.ts';
import {
	type Frame,
	type Framing,
	type HeaderMap,
	isRelaisError,
	RelaisError,
	type Timeouts,
	type WireCall,
	type WireStream,
} from '../spec/index.ts';
import { hostOf } from './failures.ts';
import { abortReason, Gatherer } from './gather.ts';
import type { Exchange, ExchangeHandler, Transport } from './types.ts';

/** Bytes of frames waiting for the reader at which the body is paused. */
const HIGH_WATER = 64 * 1024;
/** Greatest body of an error answer, in bytes. */
const MAX_ERROR_BYTES = 8 * 1024 * 1024;

/** Content types that are certainly not a stream of the given framing, whatever the status says. */
const NOT_A_STREAM: { [framing in Framing]: RegExp } = {
	sse: /^(text\/html|application\/json)\b/i,
	ndjson: /^text\/html\b/i,
	'json-array': /^text\/html\b/i,
	'aws-event-stream': /^(text\/html|application\/json)\b/i,
};

/** Whether a 2xx answer to a streamed call is no stream: an error page, or an answer in one piece. */
export function isNoStream(framing: Framing, headers: HeaderMap): boolean {
	return NOT_A_STREAM[framing].test(String(headers['content-type'] ?? '').trim());
}

/** The error of a frame beyond the limit. */
export function frameTooLarge(error: FrameTooLargeError, host: string): RelaisError {
	return new RelaisError('provider_protocol', `${host} sent one event of more than ${error.limit} bytes`, { cause: error });
}

export interface StreamFramesOptions {
	/** Whether a frame holds content: the first that does ends the first-token limit. Default: any frame with data. */
	isContent?: (frame: Frame) => boolean;
	/** Greatest size of one frame, in bytes (default 16 MiB). */
	maxFrameBytes?: number;
}

/**
 * Sends a streamed call. Resolves at the status line: with the frames for 2xx, with the whole body otherwise. Reading the frames
 * sets the pace (back-pressure); stopping early aborts the call. Frames reject with `RelaisError` where the stream breaks off, and
 * with the signal's reason when it fires. They can be read once.
 */
export function streamFrames(
	transport: Transport,
	call: WireCall,
	framing: Framing,
	timeouts: Timeouts,
	signal: AbortSignal,
	options: StreamFramesOptions = {},
): Promise<WireStream> {
	return new Promise((resolve, reject) => {
		const stream = new FrameStream(framing, hostOf(call.origin), signal, options, resolve, reject);
		stream.attach(transport.start(call, timeouts, stream, { streamed: true }));
	});
}

interface Waiting {
	resolve: (result: IteratorResult<Frame>) => void;
	reject: (error: RelaisError) => void;
}

const DONE: IteratorResult<Frame> = { done: true, value: undefined };

class FrameStream implements ExchangeHandler, AsyncIterableIterator<Frame> {
	readonly #framing: Framing;
	readonly #host: string;
	readonly #signal: AbortSignal;
	readonly #scanner: FrameScanner;
	readonly #isContent: (frame: Frame) => boolean;
	readonly #opened: (stream: WireStream) => void;
	readonly #failed: (error: RelaisError) => void;
	readonly #queue: RawFrame[] = [];
	#queuedBytes = 0;
	#exchange: Exchange | undefined;
	/** Takes the body where the answer is no stream. */
	#gatherer: Gatherer | undefined;
	#contentStarted = false;
	#waiting: Waiting | undefined;
	#over = false;
	#error: RelaisError | undefined;

	constructor(
		framing: Framing,
		host: string,
		signal: AbortSignal,
		options: StreamFramesOptions,
		opened: (stream: WireStream) => void,
		failed: (error: RelaisError) => void,
	) {
		this.#framing = framing;
		this.#host = host;
		this.#signal = signal;
		this.#scanner = frameScanner(framing, options.maxFrameBytes);
		this.#isContent = options.isContent ?? ((frame) => frame.data !== '');
		this.#opened = opened;
		this.#failed = failed;
	}

	attach(exchange: Exchange): void {
		this.#exchange = exchange;
		if (this.#signal.aborted) this.#onAbort();
		else this.#signal.addEventListener('abort', this.#onAbort, { once: true });
	}

	onHead(status: number, headers: HeaderMap): void {
		const isStream = status >= 200 && status < 300 && !isNoStream(this.#framing, headers);
		if (isStream) this.#opened({ status, headers, frames: this });
		else this.#gather(status, headers);
	}

	onData(chunk: Buffer): boolean {
		if (this.#gatherer !== undefined) return this.#gatherer.onData(chunk);
		try {
			for (const frame of this.#scanner.push(chunk)) this.#deliver(frame);
		} catch (error) {
			const known = error instanceof FrameTooLargeError ? frameTooLarge(error, this.#host) : error;
			if (!isRelaisError(known)) throw error;
			this.#exchange?.abort();
			this.onError(known);
		}
		return this.#queuedBytes < HIGH_WATER;
	}

	onEnd(): void {
		if (this.#gatherer !== undefined) {
			this.#gatherer.onEnd();
			return;
		}
		const last = this.#scanner.end();
		if (last !== undefined) this.#deliver(last);
		this.#close();
		this.#waiting?.resolve(DONE);
	}

	onError(error: RelaisError): void {
		this.#close();
		this.#gatherer?.onError(error);
		this.#failed(error);
		if (this.#waiting === undefined) this.#error = error;
		else this.#waiting.reject(error);
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	next(): Promise<IteratorResult<Frame>> {
		const frame = this.#queue.shift();
		if (frame !== undefined) {
			const wasFull = this.#queuedBytes >= HIGH_WATER;
			this.#queuedBytes -= frame.raw.length;
			if (wasFull && this.#queuedBytes < HIGH_WATER) this.#exchange?.resume();
			return Promise.resolve({ done: false, value: frame });
		}
		if (this.#error !== undefined) {
			const error = this.#error;
			this.#error = undefined;
			return Promise.reject(error);
		}
		if (this.#over) return Promise.resolve(DONE);
		return new Promise((resolve, reject) => {
			this.#waiting = { resolve, reject };
		});
	}

	return(): Promise<IteratorResult<Frame>> {
		this.#exchange?.abort();
		this.#close();
		this.#queue.length = 0;
		this.#error = undefined;
		this.#waiting?.resolve(DONE);
		return Promise.resolve(DONE);
	}

	#deliver(frame: RawFrame): void {
		if (frame.data === '' && frame.event === '') return;
		if (!this.#contentStarted && this.#isContent(frame)) {
			this.#contentStarted = true;
			this.#exchange?.contentStarted();
		}
		const waiting = this.#waiting;
		if (waiting === undefined) {
			this.#queue.push(frame);
			this.#queuedBytes += frame.raw.length;
			return;
		}
		this.#waiting = undefined;
		waiting.resolve({ done: false, value: frame });
	}

	/** Reads an answer that is no stream: an HTTP error is an answer, a page or a whole answer with status 200 is a mistake. */
	#gather(status: number, headers: HeaderMap): void {
		this.#gatherer = new Gatherer(MAX_ERROR_BYTES, this.#host, undefined);
		if (this.#exchange !== undefined) this.#gatherer.attach(this.#exchange);
		this.#gatherer.onHead(status, headers);
		this.#gatherer.reply.then(
			({ body }) => {
				this.#close();
				if (status < 200 || status > 299) this.#opened({ status, headers, body, frames: this });
				else this.#failed(noStream(this.#host, headers, body));
			},
			(error: RelaisError) => {
				this.#close();
				this.#failed(error);
			},
		);
	}

	readonly #onAbort = (): void => {
		this.#exchange?.abort();
		this.#queue.length = 0;
		this.onError(abortReason(this.#signal));
	};

	#close(): void {
		this.#over = true;
		this.#signal.removeEventListener('abort', this.#onAbort);
	}
}

function noStream(host: string, headers: HeaderMap, body: Buffer): RelaisError {
	const parsed = tryParse(body.toString('utf8'));
	const details = parsed === undefined ? {} : { providerBody: parsed };
	return new RelaisError(
		'provider_protocol',
		`${host} answered a streamed call with ${String(headers['content-type'])}`,
		details,
	);
}
