import { DEFAULT_FRAME_LIMIT, type FrameScanner, HeldBytes, type RawFrame } from './frames.ts';

const EMPTY = Buffer.alloc(0);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
/** Bytes of a byte-order mark, which may stand before the array. */
const BOM: ReadonlySet<number> = new Set([0xef, 0xbb, 0xbf]);

/** Where in the body the scanner stands. `apart`: between two elements. */
type Place = 'apart' | 'nested' | 'string' | 'plain';

/**
 * Cuts a JSON array that arrives in pieces into its elements, each told as soon as its last byte is there. What stands between
 * elements belongs to the frame of the next one. A body that is one JSON value and no array is one element: servers report errors so.
 */
export class JsonArrayScanner implements FrameScanner {
	readonly #held: HeldBytes;
	#place: Place = 'apart';
	/** Objects and lists that are open inside the element. */
	#depth = 0;
	#escaped = false;
	/** Whether the array's own bracket, or an element, has come. */
	#begun = false;
	/** Bytes of the current frame that stand before its element. */
	#lead = 0;

	/** @param limit greatest size of one element, in bytes */
	constructor(limit = DEFAULT_FRAME_LIMIT) {
		this.#held = new HeldBytes(limit);
	}

	get pending(): number {
		return this.#held.length;
	}

	push(chunk: Buffer): RawFrame[] {
		const frames: RawFrame[] = [];
		let from = 0;
		for (let i = 0; i < chunk.length; i++) {
			const byte = chunk[i] ?? 0;
			const end = this.#ends(byte, i);
			if (end === undefined) continue;
			frames.push(this.#frame(chunk.subarray(from, end)));
			from = end;
			// A number or word ends with the byte behind it, which is yet to be looked at.
			if (end === i) this.#apart(byte);
		}
		if (from < chunk.length) this.#held.hold(from === 0 ? chunk : chunk.subarray(from));
		return frames;
	}

	end(): RawFrame | undefined {
		return this.#held.length === 0 ? undefined : this.#frame(EMPTY);
	}

	/** Takes a byte; where an element ends with it, or before it, the place behind the element. */
	#ends(byte: number, at: number): number | undefined {
		switch (this.#place) {
			case 'nested':
				return this.#nested(byte) ? at + 1 : undefined;
			case 'string':
				return this.#string(byte) ? at + 1 : undefined;
			case 'plain':
				return isBetween(byte) ? at : undefined;
			default:
				this.#apart(byte);
				return undefined;
		}
	}

	#apart(byte: number): void {
		const bracket = byte === OPEN_LIST && !this.#begun;
		if (bracket || isBetween(byte) || (!this.#begun && BOM.has(byte))) {
			this.#begun ||= bracket;
			this.#lead++;
			return;
		}
		this.#begun = true;
		if (byte === QUOTE) this.#place = 'string';
		else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
			this.#place = 'nested';
			this.#depth = 1;
		} else this.#place = 'plain';
	}

	/** Inside an object or list; true where it ends. */
	#nested(byte: number): boolean {
		if (byte === QUOTE) this.#place = 'string';
		else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++;
		else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth--;
		return this.#depth === 0;
	}

	/** Inside a string; true where it was the element and ends. */
	#string(byte: number): boolean {
		if (this.#escaped) this.#escaped = false;
		else if (byte === BACKSLASH) this.#escaped = true;
		else if (byte === QUOTE) {
			this.#place = 'nested';
			return this.#depth === 0;
		}
		return false;
	}

	#frame(last: Buffer): RawFrame {
		const raw = this.#held.take(last);
		const data = raw.toString('utf8', this.#lead);
		this.#place = 'apart';
		this.#lead = 0;
		return { event: '', data, raw };
	}
}

/** Whether a byte may stand between two elements: white space, a comma, the array's last bracket. */
function isBetween(byte: number): boolean {
	return byte === COMMA || byte === CLOSE_LIST || byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
