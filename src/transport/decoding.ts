import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { type HeaderMap, RelaisError } from '../spec/index.ts';
import type { ExchangeHandler } from './types.ts';

const CODINGS: { [coding: string]: () => Transform } = {
	gzip: createGunzip,
	'x-gzip': createGunzip,
	deflate: createInflate,
	br: createBrotliDecompress,
	zstd: createZstdDecompress,
};

/** The content coding of a body that must be undone; undefined for plain bodies. */
export function codingOf(headers: HeaderMap): string | undefined {
	const value = headers['content-encoding'];
	if (value === undefined) return undefined;
	const coding = String(value).trim().toLowerCase();
	return coding === '' || coding === 'identity' ? undefined : coding;
}

/** Whether a coding can be undone. Stacked codings ("gzip, br") cannot. */
export function isKnownCoding(coding: string): boolean {
	return Object.hasOwn(CODINGS, coding);
}

/** The headers of the plain body. */
export function plainHeaders(headers: HeaderMap): HeaderMap {
	const { 'content-encoding': _coding, 'content-length': _length, ...rest } = headers;
	return rest;
}

/** The compressed side of a decoded body. */
export interface CodedBody {
	resumeBody(): void;
	abort(): void;
}

/**
 * Stands between a call and its handler where the body came compressed although nobody asked for it. Both sides stay in step:
 * no more is held back than the decompressor's own buffers.
 */
export class DecodingHandler implements ExchangeHandler {
	readonly #inner: ExchangeHandler;
	readonly #coding: string;
	readonly #body: CodedBody;
	readonly #host: string;
	/** Made at the first byte: an empty body is not a truncated one. */
	#stream: Transform | undefined;
	#over = false;

	/** @param coding one that `isKnownCoding` knows  @param host for messages */
	constructor(inner: ExchangeHandler, coding: string, body: CodedBody, host: string) {
		this.#inner = inner;
		this.#coding = coding;
		this.#body = body;
		this.#host = host;
	}

	onHead(status: number, headers: HeaderMap): void {
		this.#inner.onHead(status, headers);
	}

	onData(chunk: Buffer): boolean {
		if (this.#over) return true;
		this.#stream ??= this.#open();
		return this.#stream.write(chunk);
	}

	onEnd(): void {
		if (this.#stream !== undefined) this.#stream.end();
		else if (this.#close()) this.#inner.onEnd();
	}

	onError(error: RelaisError): void {
		if (!this.#close()) return;
		this.#stream?.destroy();
		this.#inner.onError(error);
	}

	resume(): void {
		this.#stream?.resume();
	}

	/** Nothing more reaches the handler. */
	abort(): void {
		if (this.#close()) this.#stream?.destroy();
	}

	#open(): Transform {
		const create = CODINGS[this.#coding];
		if (create === undefined) throw new RelaisError('internal', `no decoder for ${this.#coding}`);
		const stream = create();
		stream.on('data', (chunk: Buffer) => {
			if (!this.#over && !this.#inner.onData(chunk)) stream.pause();
		});
		stream.on('end', () => {
			if (this.#close()) this.#inner.onEnd();
		});
		stream.on('drain', () => this.#body.resumeBody());
		stream.on('error', (cause) => {
			if (!this.#close()) return;
			this.#body.abort();
			this.#inner.onError(
				new RelaisError('provider_protocol', `${this.#host} sent a body that is not valid ${this.#coding}`, { cause }),
			);
		});
		return stream;
	}

	/** Returns false when it was over before. */
	#close(): boolean {
		if (this.#over) return false;
		this.#over = true;
		return true;
	}
}
