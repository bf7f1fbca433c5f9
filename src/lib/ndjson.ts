import { DEFAULT_FRAME_LIMIT, type FrameScanner, HeldBytes, type RawFrame } from './frames.ts';

const LF = 10;
const CR = 13;
const EMPTY = Buffer.alloc(0);

/** Cuts a byte stream into lines (LF or CRLF), one JSON value each. */
export class NdjsonScanner implements FrameScanner {
	readonly #held: HeldBytes;

	/** @param limit greatest size of one line, in bytes */
	constructor(limit = DEFAULT_FRAME_LIMIT) {
		this.#held = new HeldBytes(limit);
	}

	get pending(): number {
		return this.#held.length;
	}

	push(chunk: Buffer): RawFrame[] {
		const frames: RawFrame[] = [];
		let from = 0;
		for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, from)) {
			frames.push(frameOf(this.#held.take(chunk.subarray(from, end + 1))));
			from = end + 1;
		}
		if (from < chunk.length) this.#held.hold(from === 0 ? chunk : chunk.subarray(from));
		return frames;
	}

	end(): RawFrame | undefined {
		return this.#held.length === 0 ? undefined : frameOf(this.#held.take(EMPTY));
	}
}

function frameOf(raw: Buffer): RawFrame {
	let end = raw.length;
	if (raw[end - 1] === LF) end--;
	if (raw[end - 1] === CR) end--;
	return { event: '', data: raw.toString('utf8', 0, end), raw };
}
