import type { RelaisError } from './errors.ts';
import type { Frame, Framing, HeaderMap } from './http.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { ModelTraits } from './model.ts';
import type { ChatRequest } from './request.ts';
import type { ChatResponse } from './response.ts';
import type { StreamPart } from './stream.ts';
import type { Usage } from './usage.ts';
import type { Warning } from './warnings.ts';

/** A translated value and what was lost on the way. */
export interface Translated<T> {
	value: T;
	warnings: Warning[];
}

/** What the encoder of a request must know of the target. */
export interface EncodeRequestContext {
	/** The target's own model id. */
	model: string;
	traits: ModelTraits;
}

/** What the encoder of an answer must know of the client's request. */
export interface EncodeResponseContext {
	/** The model name to show where the provider stated none. */
	model: string;
	/** Unix time in seconds, for dialects that state one. */
	now: number;
	/** Fallback answer id, unique per request. */
	id: string;
	/** Whether the client asked for usage in its stream (dialects that always send it ignore this). */
	streamUsage: boolean;
	/** The request as the client sent it, for dialects whose answers repeat its settings. Set only where the surface asks for it. */
	request?: JsonObject;
}

/** Turns a vendor's frames into stream parts. One per answer; holds the state of it. */
export interface StreamDecoder {
	/** Throws `provider_protocol` for a frame that cannot be read. In-band errors come back as `error` parts. */
	push(frame: Frame): StreamPart[];
	/**
	 * The body is over. Returns the closing parts that are still owed, with `end` only where the answer counts as complete
	 * (some vendors send no end mark: a finish reason is enough).
	 */
	end(): StreamPart[];
}

/** Turns stream parts into a client's bytes. One per answer. */
export interface StreamEncoder {
	/** Text to write, framing included; empty when the part has no form of its own in this dialect. */
	push(part: StreamPart): string;
	/** What this dialect could not carry so far. */
	warnings(): Warning[];
	/** The answer as a whole, once its end has been written. Only in dialects that repeat it there. */
	readonly answer?: JsonObject | undefined;
}

/** What the tap saw in a passing frame. */
export type TapVerdict = 'forward' | 'drop';

/** Reads a passing stream without decoding it: the pass-through lane's eyes. One per answer. */
export interface StreamTap {
	/** Looks at a frame; `drop` keeps it from the client (a usage chunk only Relais asked for). */
	frame(frame: Frame): TapVerdict;
	/** True once anything a user would see has passed: from here on a failure cannot be hidden. */
	readonly started: boolean;
	/** True once the answer is known to be complete. */
	readonly complete: boolean;
	/** Set when the vendor reported an error inside the stream. */
	readonly error: RelaisError | undefined;
	readonly usage: Usage | undefined;
	/** Finish reason as the vendor names it. */
	readonly finish: string | undefined;
	/** Characters of answer text, reasoning and tool input seen, for costing a stream that was cut. */
	readonly outputChars: number;
	/** Model name the vendor stated. */
	readonly model: string | undefined;
	/** The answer as a whole, once its end has passed. Only in dialects that repeat it there. */
	readonly answer?: JsonObject | undefined;
	/** Bytes to append when the body ended complete but without the dialect's end mark; empty otherwise. */
	closing(): string;
}

/** What the router needs to know of a request, read without decoding all of it. */
export interface RequestSketch {
	model: string;
	stream: boolean;
	streamUsage: boolean;
	tools: boolean;
	images: boolean;
	audio: boolean;
	documents: boolean;
	jsonSchema: boolean;
	reasoning: boolean;
	/** Rough count of input tokens (characters / 4 and allowances for media). */
	inputTokens: number;
	/** The limit the client set on output, if any. */
	maxOutputTokens: number | undefined;
	/** End user or session, where the request names one. */
	user: string | undefined;
	/**
	 * True when the request holds what a surface encoder sealed for another vendor (its reasoning, its signatures). The dialect's own
	 * vendor would refuse it: the request must go through the canonical form.
	 */
	foreign?: boolean;
}

/** Counting the tokens of a prompt without answering it. */
export interface TokenCounting {
	decodeRequest(body: JsonValue): Translated<ChatRequest>;
	encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject>;
	/** Throws `provider_protocol` when there is no count. */
	decodeAnswer(body: JsonValue): number;
	encodeAnswer(inputTokens: number): JsonObject;
}

/** An error in the form of a dialect. */
export interface EncodedError {
	status: number;
	headers: { [name: string]: string };
	body: JsonObject;
}

/**
 * One wire format of chat, both ways, as pure functions: no clock, no network, no state but that of stream coders. Decoders take
 * parsed JSON of any shape and throw `RelaisError` (`invalid_request` with the field's path for requests, `provider_protocol` for
 * answers) when it is not of the dialect. Decoding and encoding again in the same dialect loses nothing.
 */
export interface Dialect {
	readonly name: string;
	readonly framing: Framing;
	/** Content type of a streamed answer to a client. */
	readonly streamContentType: string;
	/** `latin1`: what the stream encoder writes is binary, one character a byte. Absent: text, sent as UTF-8. */
	readonly streamCharset?: 'latin1';
	/**
	 * True where the address, not the body, says which model is meant and whether to stream. `sketch` and `decodeRequest` then read
	 * both from members `model` and `stream` that the surface adds to the body; `encodeRequest` writes neither.
	 */
	readonly modelInPath?: boolean;

	sketch(body: JsonValue): RequestSketch;
	decodeRequest(body: JsonValue): Translated<ChatRequest>;
	encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject>;
	/**
	 * The place in a client's body that a path of the canonical request stands for. Encoders know only the latter, and name it in
	 * warnings and errors; system prompts, results and calls stand elsewhere on the wire. Other paths come back as they are.
	 */
	locate(body: JsonValue, path: string): string;

	/**
	 * Another body to send, once, in place of one that the vendor refused: for what nobody could know before. Undefined: the refusal
	 * stands. Warnings name places of the canonical request.
	 */
	amend?(body: JsonObject, error: RelaisError): Translated<JsonObject> | undefined;

	decodeResponse(body: JsonValue): Translated<ChatResponse>;
	encodeResponse(response: ChatResponse, context: EncodeResponseContext): Translated<JsonObject>;

	streamDecoder(): StreamDecoder;
	streamEncoder(context: EncodeResponseContext): StreamEncoder;
	/** `dropUsage`: the client did not ask for the usage the vendor will send. */
	streamTap(options: { dropUsage: boolean }): StreamTap;
	/** Reads usage and finish reason from a whole answer in the pass-through lane. */
	tapResponse(body: JsonValue): { usage: Usage | undefined; finish: string | undefined; model: string | undefined };

	/** Absent: the dialect has no call that counts tokens. */
	readonly counting?: TokenCounting;

	/** `body`: parsed JSON, or the text where it was not JSON. */
	decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError;
	encodeError(error: RelaisError, requestId: string): EncodedError;
	/** An error inside a stream that has begun, framing included. */
	encodeStreamError(error: RelaisError, requestId: string): string;
}
