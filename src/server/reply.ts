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
	#stall: NodeJS.Timeout | undefined;

	/**
	 * @param stallLimitMs how long a client may leave data unread before its connection is cut
	 * @param idHeader header in which clients of the surface look for the request's id
	 */
	constructor(response: ServerResponse, stallLimitMs: number, idHeader: string, id: string) {
		this.#response = response;
		this.#stallLimitMs = stallLimitMs;
		this.#idHeader = idHeader;
		this.#id = id;
	}

	get closed(): boolean {
		return this.#response.destroyed;
	}

	begin(status: number, headers: { [name: string]: string }): void {
		if (this.#response.headersSent || this.closed) return;
		// All headers in one go: one set beforehand would send Node the long way.
		headers[this.#idHeader] = this.#id;
		this.#response.writeHead(status, headers);
	}

	write(data: string | Uint8Array): boolean {
		if (this.closed) return true;
		if (this.#response.write(data)) return true;
		this.#awaitDrain();
		return false;
	}

	end(data?: string | Uint8Array): void {
		if (this.closed) return;
		if (data === undefined) this.#response.end();
		else if (Buffer.isBuffer(data) && data.length < SMALL) this.#response.end(data.toString('latin1'), 'latin1');
		else this.#response.end(data);
		if (this.#response.writableLength > 0) this.#watch();
	}

	#awaitDrain(): void {
		if (this.#stall !== undefined) return;
		this.#watch();
		this.#response.once('drain', () => {
			clearTimeout(this.#stall);
			this.#stall = undefined;
			this.onDrain?.();
		});
	}

	/** A client that vanished without a word never drains: its connection is cut, which ends the call upstream too. */
	#watch(): void {
		if (this.#stall !== undefined) return;
		this.#stall = setTimeout(() => this.#response.destroy(), this.#stallLimitMs);
		this.#stall.unref();
		this.#response.once('close', () => clearTimeout(this.#stall));
	}
}
