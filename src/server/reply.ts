import type { ServerResponse } from 'node:http';
import type { ReplySink } from '../router/index.ts';

/** Up to this size, in bytes, head and body leave as one text in a single write: a gathered write costs some 4 % of a request. */
const SMALL = 16 * 1024;

/** A client's answer, written to the raw response: nothing stands between the router and the socket. */
export class RawReply implements ReplySink {
	onDrain: (() => void) | undefined;
	readonly #response: ServerResponse;
	readonly #stallLimitMs: number;
	readonly #idHeader: string;
	readonly #id: string;
	readonly #charset: 'utf8' | 'latin1';
	#full = false;

	/**
	 * @param stallLimitMs how long a client may take nothing of what waits for it before its connection is cut, in ms
	 * @param idHeader header in which clients of the surface look for the request's id
	 * @param charset how texts become bytes: `latin1` for dialects whose streams are binary
	 */
	constructor(response: ServerResponse, stallLimitMs: number, idHeader: string, id: string, charset: 'utf8' | 'latin1' = 'utf8') {
		this.#response = response;
		this.#stallLimitMs = stallLimitMs;
		this.#idHeader = idHeader;
		this.#id = id;
		this.#charset = charset;
	}

	get closed(): boolean {
		return this.#response.destroyed || this.#response.writableEnded;
	}

	begin(status: number, headers: { [name: string]: string }): void {
		if (this.#response.headersSent || this.closed) return;
		// All headers in one go: one set beforehand would send Node the long way.
		headers[this.#idHeader] = this.#id;
		this.#response.writeHead(status, headers);
	}

	write(data: string | Uint8Array): boolean {
		if (this.closed) return true;
		if (this.#response.write(data, this.#charset)) return true;
		if (!this.#full) this.#awaitDrain();
		return false;
	}

	end(data?: string | Uint8Array): void {
		if (this.closed) return;
		if (data === undefined) this.#response.end();
		else if (Buffer.isBuffer(data) && data.length < SMALL) this.#response.end(data.toString('latin1'), 'latin1');
		else this.#response.end(data, this.#charset);
		if (this.#response.writableLength === 0) return;
		this.#limitStalls(true);
		// Before Node's own listener, which begins the limit on idle connections.
		this.#response.prependOnceListener('finish', () => this.#limitStalls(false));
	}

	/** Breaks the answer off, so that its client does not take it for whole. */
	cut(): void {
		this.#response.destroy();
	}

	#awaitDrain(): void {
		this.#full = true;
		this.#limitStalls(true);
		this.#response.once('drain', () => {
			this.#full = false;
			this.#limitStalls(false);
			this.onDrain?.();
		});
	}

	/**
	 * A client that vanished without a word never drains: Node cuts its connection, which ends the call upstream too. The connection's
	 * own timer is used because it knows a slow client, of whose large answer a part has gone, from a client that takes nothing.
	 */
	#limitStalls(on: boolean): void {
		this.#response.setTimeout(on ? this.#stallLimitMs : 0);
	}
}
