import type { Frame } from '../spec/index.ts';

/** One message of a streamed body with the bytes it came in, separators included. */
export interface RawFrame extends Frame {
	raw: Buffer;
}

/**
 * Cuts a body into messages, whatever the chunk boundaries. The `raw` of all frames, that of `end` included, is the body. What
 * carries no message (comments, blank lines) is a frame with empty `data` and `event`.
 */
export interface FrameScanner {
	/** Takes a chunk; returns the frames it completes. Throws `FrameTooLargeError`. */
	push(chunk: Buffer): RawFrame[];
	/** The body is over. Returns what was left, as the last frame may lack its separator. */
	end(): RawFrame | undefined;
	/** Bytes of the unfinished frame that are being held back. */
	readonly pending: number;
}

/** Greatest size of one frame where the caller sets none, in bytes. */
export const DEFAULT_FRAME_LIMIT = 16 * 1024 * 1024;

/** Raised when one event grows beyond the limit; the caller turns it into an error that names the provider. */
export class FrameTooLargeError extends Error {
	override readonly name = 'FrameTooLargeError';
	readonly limit: number;
	constructor(limit: number) {
		super(`one event of the stream is larger than ${limit} bytes`);
		this.limit = limit;
	}
}

/** The beginning of a frame whose end has not come yet. */
export class HeldBytes {
	readonly #limit: number;
	#chunks: Buffer[] = [];
	#bytes = 0;

	constructor(limit: number) {
		this.#limit = limit;
	}

	get length(): number {
		return this.#bytes;
	}

	/** Keeps a chunk. Throws `FrameTooLargeError` when that is too much. */
	hold(chunk: Buffer): void {
		this.#chunks.push(chunk);
		this.#bytes += chunk.length;
		if (this.#bytes > this.#limit) throw new FrameTooLargeError(this.#limit);
	}

	/** All that was kept, and `last` after it; nothing is kept any more. */
	take(last: Buffer): Buffer {
		if (this.#bytes === 0) return last;
		this.#chunks.push(last);
		const whole = Buffer.concat(this.#chunks, this.#bytes + last.length);
		this.#chunks = [];
		this.#bytes = 0;
		return whole;
	}
}
