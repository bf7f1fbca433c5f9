import type { Citation, ContentPart, Signature, TokenLogprob } from './content.ts';
import type { RelaisError } from './errors.ts';
import type { Extensible, JsonObject } from './json.ts';
import type { StopReason } from './response.ts';
import type { Usage } from './usage.ts';

/**
 * A streamed answer is a sequence of parts: one `start`; for each block of content `block-start`, its deltas, `block-end`; for each
 * candidate a `finish`; at least one `usage` (the last one counts, they are never added up); and `end` once the vendor's own end
 * mark was seen. A sequence without `end` was cut off.
 *
 * `block` numbers are unique in the stream and grow from 0. Blocks of different candidates may interleave.
 */
export type StreamPart =
	| StartPart
	| BlockStartPart
	| TextDelta
	| ReasoningDelta
	| ToolInputDelta
	| MediaDelta
	| CitationDelta
	| BlockEndPart
	| FinishPart
	| UsagePart
	| EndPart
	| ErrorPart
	| PingPart
	| VendorEventPart;

export interface StartPart extends Extensible {
	type: 'start';
	id?: string;
	model?: string;
	/** Unix time in seconds. */
	createdAt?: number;
	/** What is known before the first token (input tokens, usually). */
	usage?: Usage;
	serviceTier?: string;
	systemFingerprint?: string;
}

/**
 * Opens a block. `content` is the block as far as it is known: a text part with an empty text, a tool call with id and name and an
 * empty input, or a part that arrives whole (image, tool result, opaque), which gets no deltas.
 */
export interface BlockStartPart extends Extensible {
	type: 'block-start';
	block: number;
	candidate: number;
	content: ContentPart;
}

/** More text of a text or refusal block. */
export interface TextDelta extends Extensible {
	type: 'text-delta';
	block: number;
	text: string;
	logprobs?: TokenLogprob[];
	signature?: Signature;
}

/** More of a reasoning block: text, or a further piece of its summary, signature or encrypted form. */
export interface ReasoningDelta extends Extensible {
	type: 'reasoning-delta';
	block: number;
	text?: string;
	/** Text of summary paragraph `summaryIndex`. */
	summary?: string;
	summaryIndex?: number;
	signature?: Signature;
	encrypted?: Signature;
}

/** More of a tool call's input, as text. A late-arriving name or id completes what `block-start` lacked. */
export interface ToolInputDelta extends Extensible {
	type: 'tool-input-delta';
	block: number;
	input: string;
	signature?: Signature;
}

/** More of a media block: base64 data or transcript text. */
export interface MediaDelta extends Extensible {
	type: 'media-delta';
	block: number;
	data?: string;
	transcript?: string;
}

/** A citation for the text block. */
export interface CitationDelta extends Extensible {
	type: 'citation';
	block: number;
	citation: Citation;
}

export interface BlockEndPart extends Extensible {
	type: 'block-end';
	block: number;
}

/** A candidate is done. A vendor that says it twice is reported once. */
export interface FinishPart extends Extensible {
	type: 'finish';
	candidate: number;
	stop: StopReason;
}

export interface UsagePart extends Extensible {
	type: 'usage';
	usage: Usage;
}

/** The vendor's end mark was seen: the answer is complete. */
export interface EndPart extends Extensible {
	type: 'end';
}

/** The stream failed; nothing follows. */
export interface ErrorPart {
	type: 'error';
	error: RelaisError;
}

/** Keep-alive. */
export interface PingPart extends Extensible {
	type: 'ping';
}

/** An event only one dialect knows, in its wire form. Other dialects drop it; `meaningful` asks for a warning when they do. */
export interface VendorEventPart {
	type: 'vendor-event';
	dialect: string;
	event?: string;
	data: JsonObject;
	meaningful?: boolean;
}
