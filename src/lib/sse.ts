import { DEFAULT_FRAME_LIMIT, type FrameScanner, HeldBytes, type RawFrame } from './frames.ts';

/** One server-sent event with the bytes it came in, blank line included. Comment-only blocks have an empty `data` and `event`. */
export type SseFrame = RawFrame;

const LF = 10;
const CR = 13;
const EMPTY = Buffer.alloc(0);

/**
 * Cuts a byte stream into server-sent events, whatever the chunk boundaries: inside a line, between CR and LF, inside a UTF-8
 * character. Bytes are decoded only when an event is whole. Follows the HTML standard's event-stream grammar (LF, CR and CRLF line
 * ends, comments, several data lines, optional space, byte-order mark).
 */
export class SseScanner implements FrameScanner {
	readonly #held: HeldBytes;
	#lineIsEmpty = true;
	#afterCr = false;
	/** A byte-order mark means nothing but at the very start. */
	#atStart = true;

	/** @param limit greatest size of one event, in bytes */
	constructor(limit = DEFAULT_FRAME_LIMIT) {
		this.#held = new HeldBytes(limit);
	}

	get pending(): number {
		return this.#held.length;
	}

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
			frames.push(this.#frame(chunk.subarray(from, end)));
			from = end;
		}
		this.#lineIsEmpty = lineIsEmpty;
		this.#afterCr = afterCr;
		if (from < length) this.#held.hold(from === 0 ? chunk : chunk.subarray(from));
		return frames;
	}

	/** The last event may lack its blank line: vendors leave it out, so it counts here, other than in a browser. */
	end(): SseFrame | undefined {
		return this.#held.length === 0 ? undefined : this.#frame(EMPTY);
	}

	#frame(last: Buffer): SseFrame {
		const raw = this.#held.take(last);
		if (!this.#atStart) return parseFrame(raw);
		this.#atStart = false;
		return hasBom(raw) ? { ...parseFrame(raw.subarray(3)), raw } : parseFrame(raw);
	}
}

function hasBom(raw: Buffer): boolean {
	return raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
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
	for (const line of raw.toString('utf8').split(/\r\n|\n|\r/)) {
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
