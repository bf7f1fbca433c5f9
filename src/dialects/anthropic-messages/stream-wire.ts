import { sseEvent } from '../../lib/sse.ts';
import type {
	CitationDelta,
	Extensible,
	JsonObject,
	MediaDelta,
	ReasoningDelta,
	Signature,
	TextDelta,
	ToolInputDelta,
} from '../../spec/index.ts';
import type { AnswerState } from '../shared/index.ts';
import { refill } from './dialect.ts';

/** More of a block. */
export type Delta = TextDelta | ReasoningDelta | ToolInputDelta | MediaDelta | CitationDelta;

/** Where writers put their events. */
export interface Wire {
	/** Events of the current push. */
	text: string;
	/** Number of the next block on the wire. */
	index: number;
	readonly state: AnswerState;
	/** Id for a call that has none. */
	readonly callId: (index: number) => string;
}

/** Writes one block. `begin`, deltas and `end` come in this order, without those of other blocks between them. */
export interface BlockWriter {
	/** Its number on the wire, once its start was written. */
	readonly index: number | undefined;
	begin(wire: Wire): void;
	delta(part: Delta, wire: Wire): void;
	end(wire: Wire): void;
}

/** Opens a block; returns its number. */
export function startEvent(block: JsonObject, wire: Wire): number {
	const index = wire.index++;
	wire.text += sseEvent(JSON.stringify({ type: 'content_block_start', index, content_block: block }), 'content_block_start');
	return index;
}

/** `part`: the canonical delta, for what it keeps for this dialect. */
export function deltaEvent(index: number, delta: JsonObject, part: Extensible | undefined, wire: Wire): void {
	const event: JsonObject = { type: 'content_block_delta', index, delta };
	if (part?.extensions !== undefined) refill(event, part);
	wire.text += sseEvent(JSON.stringify(event), 'content_block_delta');
}

export function stopEvent(index: number, wire: Wire): void {
	wire.text += `event: content_block_stop\ndata: {"type":"content_block_stop","index":${index}}\n\n`;
}

/** A block nobody streams: start and stop. */
export function wholeBlock(block: JsonObject, wire: Wire): void {
	stopEvent(startEvent(block, wire), wire);
}

/** Joins the pieces of an opaque proof. */
export function joined(earlier: Signature | undefined, later: Signature): Signature {
	return { vendor: later.vendor, value: (earlier?.value ?? '') + later.value };
}
