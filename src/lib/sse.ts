import type { Frame } from '../spec/index.ts';

/** One server-sent event with the bytes it came in, blank line included. Comment-only blocks have an empty `data` and `event`. */
export interface SseFrame extends Frame {
	raw: Buffer;
}

const LF = 10;
const CR = 13;
const EMPTY = Buffer.alloc(0);

/** Raised when one event grows beyond the limit; the caller turns it into an error that names the provider. */
export class FrameTooLargeError extends Error {
	override readonly name = 'FrameTooLargeError';
	readonly limit: number;
	constructor(limit: number) {
		super(`one event of the stream is larger than ${limit} bytes`);
		this.limit = limit;
	}
}

/**
 * Cuts a byte stream into server-sent events, whatever the chunk boundaries: inside a line, between CR and LF, inside a UTF-8
 * character. Bytes are decoded only when an event is whole. Follows the HTML standard's event-stream grammar (LF, CR and CRLF line
 * ends, comments, several data lines, optional space, byte-order mark).
 */
export class SseScanner {
	readonly #limit: number;
	/** Earlier chunks of the unfinished event. */
	#held: Buffer[] = [];
	#heldBytes = 0;
	#lineIsEmpty = true;
	#afterCr = false;

	/** @param limit greatest size of one event, in bytes */
	constructor(limit = 16 * 1024 * 1024) {
		this.#limit = limit;
	}

	/** Bytes of the unfinished event that are being held back. */
	get pending(): number {
		return this.#heldBytes;
	}

	/** Takes a chunk; returns the events it completes. Throws `FrameTooLargeError`. */
	push(chunk: Buffer): SseFrame[] {
		const frames: SseFrame[] = [];
		const length = chunk.length;
		let from = 0;
		let lineIsEmpty = this.#lineIsEmpty;
		let afterCr = this.#afterCr;
		for (let i = 0; i < length; i++) {
			const byte = chunk[i];
			if (byte !== LF && byte !== CR) {
				lineIsEmpty = false;
				afterCr = false;
				continue;
			}
			if (byte === LF && afterCr) {
				afterCr = false;
				continue;
			}
			afterCr = byte === CR;
			if (!lineIsEmpty) {
				lineIsEmpty = true;
				continue;
			}
			let end = i + 1;
			if (afterCr && chunk[end] === LF) {
				afterCr = false;
				end++;
				i++;
			}
			frames.push(parseFrame(this.#take(chunk.subarray(from, end))));
			from = end;
		}
		this.#lineIsEmpty = lineIsEmpty;
		this.#afterCr = afterCr;
		if (from < length) this.#hold(from === 0 ? chunk : chunk.subarray(from));
		return frames;
	}

	/** The body is over: the last event may lack its blank line. Returns it if it holds data. */
	end(): SseFrame | undefined {
		if (this.#heldBytes === 0) return undefined;
		const frame = parseFrame(this.#take(EMPTY));
		return frame.data === '' && frame.event === '' ? undefined : frame;
	}

	#hold(chunk: Buffer): void {
		this.#held.push(chunk);
		this.#heldBytes += chunk.length;
		if (this.#heldBytes > this.#limit) throw new FrameTooLargeError(this.#limit);
	}

	#take(last: Buffer): Buffer {
		if (this.#heldBytes === 0) return last;
		const raw = Buffer.concat([...this.#held, last]);
		this.#held = [];
		this.#heldBytes = 0;
		return raw;
	}
}

const DATA_SPACE = Buffer.from('data: ');

function parseFrame(raw: Buffer): SseFrame {
	// The common case, one data line: no splitting.
	const end = raw.length - 2;
	if (
		end > 6 &&
		raw[end] === LF &&
		raw[0] === DATA_SPACE[0] &&
		raw.compare(DATA_SPACE, 0, 6, 0, 6) === 0 &&
		raw.indexOf(LF, 6) === end &&
		raw[end - 1] !== CR
	) {
		const data = raw.toString('utf8', 6, end);
		if (!data.includes('\r')) return { event: '', data, raw };
	}
	return parseLines(raw);
}

function parseLines(raw: Buffer): SseFrame {
	let event = '';
	let data: string | undefined;
	const text = raw.toString('utf8');
	for (const line of (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text).split(/\r\n|\n|\r/)) {
		const colon = line.indexOf(':');
		if (colon === 0 || line === '') continue;
		const field = colon < 0 ? line : line.slice(0, colon);
		const value = colon < 0 ? '' : line.slice(line.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
		if (field === 'data') data = data === undefined ? value : `${data}\n${value}`;
		else if (field === 'event') event = value;
	}
	return { event, data: data ?? '', raw };
}

/** Writes one server-sent event. `data` must hold no line break (JSON text never does). */
export function sseEvent(data: string, event?: string): string {
	return event === undefined || event === '' ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
}
