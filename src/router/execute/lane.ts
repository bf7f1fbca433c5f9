import type { RawFrame } from '../../lib/frames.ts';
import {
	type Dialect,
	isRelaisError,
	type JsonObject,
	RelaisError,
	type StreamPart,
	type StreamTap,
	type Usage,
	type Warning,
} from '../../spec/index.ts';

import type { Encoding } from './attempt.ts';
import { Unwrapper } from './free-text.ts';
import { formlessPart } from './own-form.ts';

/** What came out of a chunk of a vendor's stream: bytes for the client, in order. */
export type LaneOutput = string | Uint8Array | undefined;

/** The way a streamed answer takes from the vendor's frames to the client's bytes. One per attempt. */
export interface StreamLane {
	/**
	 * @param frames events completed by the chunk
	 * @param chunk the chunk itself
	 * @param aligned whether the chunk is exactly these frames: nothing held over before it, nothing left after it
	 */
	take(frames: readonly RawFrame[], chunk: Uint8Array, aligned: boolean): LaneOutput;
	/** The vendor's body is over. Bytes still owed to the client. */
	finish(): LaneOutput;
	/** Something a user would see has come: from here on a failure cannot be hidden. */
	readonly started: boolean;
	/** The answer is whole. */
	readonly complete: boolean;
	/** The vendor reported an error inside the stream. */
	readonly error: RelaisError | undefined;
	readonly usage: Usage | undefined;
	readonly finishReason: string | undefined;
	readonly warnings: readonly Warning[];
	/** The whole answer as the client gets it, once it is complete; only in dialects that repeat it at the end. */
	readonly answer: JsonObject | undefined;
}

const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Whether an event is whole. Deltas are not parsed on this lane (the client will), but one that is no JSON object from its first
 * character to its last would break the client's parser in the middle of an answer Relais calls complete.
 */
function isWhole(data: string): boolean {
	if (data.charCodeAt(0) === OPEN_BRACE && data.charCodeAt(data.length - 1) === CLOSE_BRACE) return true;
	const trimmed = data.trim();
	return trimmed === '[DONE]' || (trimmed.startsWith('{') && trimmed.endsWith('}'));
}

/** Same dialect on both sides: bytes go through as they came, a tap reads along. */
export class PassThroughLane implements StreamLane {
	readonly #tap: StreamTap;
	#fault: RelaisError | undefined;
	readonly warnings: readonly Warning[] = [];

	constructor(dialect: Dialect, dropUsage: boolean) {
		this.#tap = dialect.streamTap({ dropUsage });
	}

	get started(): boolean {
		return this.#tap.started;
	}
	get complete(): boolean {
		return this.#tap.complete;
	}
	get error(): RelaisError | undefined {
		return this.#fault ?? this.#tap.error;
	}
	get usage(): Usage | undefined {
		return this.#tap.usage;
	}
	get finishReason(): string | undefined {
		return this.#tap.finish;
	}
	get answer(): JsonObject | undefined {
		return this.#tap.answer;
	}

	take(frames: readonly RawFrame[], chunk: Uint8Array, aligned: boolean): LaneOutput {
		/** Frames to forward, once it is clear that they are not simply the chunk. */
		let kept: Uint8Array[] | undefined = aligned ? undefined : [];
		for (const [index, frame] of frames.entries()) {
			if (this.#keeps(frame)) kept?.push(frame.raw);
			else kept ??= frames.slice(0, index).map((earlier) => earlier.raw);
			if (this.error !== undefined) break;
		}
		if (kept === undefined) return chunk;
		return kept.length < 2 ? kept[0] : Buffer.concat(kept);
	}

	/** Shows a frame to the tap; false when it is not for the client. */
	#keeps(frame: RawFrame): boolean {
		if (frame.data === '') return true;
		if (!isWhole(frame.data)) this.#fault = new RelaisError('provider_protocol', 'sent an event that is not JSON');
		return this.#fault === undefined && this.#tap.frame(frame) === 'forward' && this.#tap.error === undefined;
	}

	finish(): LaneOutput {
		return this.#tap.complete ? this.#tap.closing() : undefined;
	}
}

/** Parts that say nothing to a user yet. */
const SILENT: ReadonlySet<StreamPart['type']> = new Set(['start', 'ping', 'usage', 'vendor-event', 'end', 'error']);

/** Different dialects: frames become canonical parts, parts become the client's events. */
export class CanonicalLane implements StreamLane {
	readonly #decoder: ReturnType<Dialect['streamDecoder']>;
	readonly #parts: PartSink;

	constructor(from: Dialect, to: Dialect, context: Encoding) {
		this.#decoder = from.streamDecoder();
		this.#parts = new PartSink(to, context);
	}

	get started(): boolean {
		return this.#parts.started;
	}
	get complete(): boolean {
		return this.#parts.complete;
	}
	get error(): RelaisError | undefined {
		return this.#parts.error;
	}
	get usage(): Usage | undefined {
		return this.#parts.usage;
	}
	get finishReason(): string | undefined {
		return this.#parts.finishReason;
	}
	get answer(): JsonObject | undefined {
		return this.#parts.answer;
	}
	get warnings(): readonly Warning[] {
		return this.#parts.warnings;
	}

	take(frames: readonly RawFrame[]): LaneOutput {
		let out = '';
		for (const frame of frames) {
			if (frame.data === '') continue;
			for (const part of this.#decode(frame)) out += this.#parts.push(part);
			if (this.#parts.error !== undefined) break;
		}
		return out === '' ? undefined : out;
	}

	/** A frame that cannot be read ends the stream like an error the vendor reports: what came before it still counts. */
	#decode(frame: RawFrame): StreamPart[] {
		try {
			return this.#decoder.push(frame);
		} catch (error) {
			if (isRelaisError(error)) return [{ type: 'error', error }];
			throw error;
		}
	}

	finish(): LaneOutput {
		let out = '';
		for (const part of this.#decoder.end()) out += this.#parts.push(part);
		return out === '' ? undefined : out;
	}
}

/** Encodes parts for the client and keeps what Relais must know of them. */
export class PartSink {
	readonly #encoder: ReturnType<Dialect['streamEncoder']>;
	readonly #unwrapper: Unwrapper | undefined;
	readonly #formless: string | undefined;
	started = false;
	complete = false;
	error: RelaisError | undefined;
	usage: Usage | undefined;
	finishReason: string | undefined;

	constructor(dialect: Dialect, context: Encoding) {
		this.#encoder = dialect.streamEncoder(context);
		this.#formless = context.formless;
		if (context.freeText !== undefined) this.#unwrapper = new Unwrapper(context.freeText);
	}

	get warnings(): readonly Warning[] {
		return this.#encoder.warnings();
	}

	get answer(): JsonObject | undefined {
		return this.#encoder.answer;
	}

	push(pushed: StreamPart): string {
		const part = this.#formless === undefined ? pushed : formlessPart(pushed, this.#formless);
		switch (part.type) {
			case 'error':
				this.error ??= part.error;
				return '';
			case 'usage':
				this.usage = part.usage;
				break;
			case 'start':
				this.usage = part.usage ?? this.usage;
				break;
			case 'finish':
				this.finishReason = part.stop.raw ?? part.stop.kind;
				break;
			case 'end':
				this.complete = true;
				break;
		}
		if (!SILENT.has(part.type)) this.started = true;
		if (this.#unwrapper === undefined) return this.#encoder.push(part);
		let text = '';
		for (const told of this.#unwrapper.push(part)) text += this.#encoder.push(told);
		return text;
	}
}
