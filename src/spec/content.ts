import type { Extensible, JsonObject, JsonValue } from './json.ts';

/** Where the bytes of an image, a sound or a document are. */
export type MediaSource =
	| { type: 'base64'; data: string; mediaType: string }
	| { type: 'url'; url: string; mediaType?: string }
	/** A file already uploaded to one vendor; its id means nothing to another (`vendor` is the dialect that named it). */
	| { type: 'file'; id: string; vendor: string; mediaType?: string }
	| { type: 'text'; text: string; mediaType?: string };

/**
 * Marks the end of a prefix the provider should keep in its prompt cache. `ttl` as vendors write it ("5m", "1h"); absent: the
 * vendor's shortest.
 */
export interface CacheHint extends Extensible {
	ttl?: string;
}

/** A place in a source, in the unit the vendor counts in; `end` is exclusive where the vendor says so, as given otherwise. */
export interface CitationSpan {
	unit: 'char' | 'page' | 'block' | 'token' | 'byte';
	start: number;
	end?: number;
}

/** What supports a piece of the answer. */
export interface Citation extends Extensible {
	source: 'url' | 'document' | 'search-result' | 'file';
	url?: string;
	title?: string;
	citedText?: string;
	/** Position of the document or search result among those the request supplied, from 0. */
	documentIndex?: number;
	fileId?: string;
	/** Where in the source the cited text lies. */
	sourceSpan?: CitationSpan;
	/** Where in the answer the supported text lies. */
	answerSpan?: CitationSpan;
	/** Opaque reference that must go back unchanged with the history. */
	encryptedIndex?: string;
}

/** Log-probability of one token, natural logarithm. */
export interface TokenLogprob {
	token: string;
	logprob: number;
	bytes?: number[] | null;
	top: { token: string; logprob: number; bytes?: number[] | null }[];
}

/** Fields that any part of a message may carry. */
interface PartBase extends Extensible {
	cache?: CacheHint;
}

export interface TextPart extends PartBase {
	type: 'text';
	text: string;
	citations?: Citation[];
	/** Proof of origin some vendors attach to plain text (Gemini's thought signature); returned unchanged to the same vendor. */
	signature?: Signature;
}

/** An opaque proof a vendor attaches to what its model produced. `vendor` is the dialect that can verify it. */
export interface Signature {
	vendor: string;
	value: string;
}

/**
 * The model's reasoning. Three forms occur, alone or together: readable text, a summary of it, and an opaque blob
 * (`encrypted`: redacted thinking, encrypted reasoning) that only its vendor can read.
 */
export interface ReasoningPart extends PartBase {
	type: 'reasoning';
	text?: string;
	/** Summary paragraphs, where the vendor shows a summary in place of the text. */
	summary?: string[];
	signature?: Signature;
	encrypted?: Signature;
	/** True when the vendor withheld the text on purpose. */
	redacted?: boolean;
	id?: string;
}

export interface ImagePart extends PartBase {
	type: 'image';
	source: MediaSource;
	/** How closely to look, as vendors name it: low, high, auto. */
	detail?: string;
	signature?: Signature;
}

export interface AudioPart extends PartBase {
	type: 'audio';
	source: MediaSource;
	/** Container or codec, as vendors name it: wav, mp3, pcm16. */
	format?: string;
	transcript?: string;
	id?: string;
	/** Unix time in seconds until which `id` can be referred to. */
	expiresAt?: number;
}

export interface VideoPart extends PartBase {
	type: 'video';
	source: MediaSource;
}

export interface DocumentPart extends PartBase {
	type: 'document';
	/** `parts` holds a document given as content blocks. */
	source: MediaSource | { type: 'parts'; parts: ContentPart[] };
	title?: string;
	filename?: string;
	context?: string;
	citations?: boolean;
}

/** A search result the application supplies as something to cite. */
export interface SearchResultPart extends PartBase {
	type: 'search-result';
	source: string;
	title: string;
	parts: ContentPart[];
	citations?: boolean;
}

/** The model asks for a tool. Several in one message are parallel calls. */
export interface ToolCallPart extends PartBase {
	type: 'tool-call';
	/** Unique within the conversation; dialects without ids get one made by their decoder. */
	id: string;
	name: string;
	/** `function`: `input` is JSON text, kept exactly as the model wrote it (it may be invalid). `custom`: free text. */
	kind: 'function' | 'custom';
	input: string;
	/** Set when the provider runs the tool itself (web search, code execution, MCP). `server` names its MCP server. */
	providerExecuted?: { kind: string; server?: string };
	signature?: Signature;
}

/** What a tool gave back. */
export interface ToolResultPart extends PartBase {
	type: 'tool-result';
	callId: string;
	/** The tool's name, for dialects that repeat it. */
	name?: string;
	content: ContentPart[];
	/** A structured result, where the dialect has objects in place of content. */
	json?: JsonValue;
	isError?: boolean;
	providerExecuted?: { kind: string; server?: string };
}

/** The model declines. */
export interface RefusalPart extends PartBase {
	type: 'refusal';
	text: string;
}

/** A part that one dialect alone knows; `value` is its wire form. Other dialects drop it with a warning. */
export interface OpaquePart extends PartBase {
	type: 'opaque';
	dialect: string;
	value: JsonObject;
}

/** Everything a message can hold. */
export type ContentPart =
	| TextPart
	| ReasoningPart
	| ImagePart
	| AudioPart
	| VideoPart
	| DocumentPart
	| SearchResultPart
	| ToolCallPart
	| ToolResultPart
	| RefusalPart
	| OpaquePart;
