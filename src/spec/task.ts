import type { Translated } from './dialect.ts';
import type { EmbedRequest, EmbedResponse } from './embedding.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { ModerationRequest, ModerationResponse } from './moderation.ts';
import type { RerankRequest, RerankResponse } from './rerank.ts';

/** Calls that are answered in one piece, with what is asked and what comes back. */
export interface Tasks {
	embed: { request: EmbedRequest; response: EmbedResponse };
	rerank: { request: RerankRequest; response: RerankResponse };
	moderate: { request: ModerationRequest; response: ModerationResponse };
}

export type TaskName = keyof Tasks;

/** What the encoder of a task's answer must know beside the request. */
export interface EncodeTaskContext {
	/** The model name to show where the provider stated none. */
	model: string;
	/** Fallback answer id, unique per request. */
	id: string;
}

/**
 * One wire format of a call that is answered in one piece (embeddings, rerank, moderation), both ways, as pure functions. Decoders
 * take parsed JSON of any shape and throw `RelaisError`: `invalid_request` with the field's path for requests, `provider_protocol`
 * for answers. Encoders of requests throw `unsupported` for what the format has no words for. Decoding and encoding again in the same
 * format loses nothing.
 */
export interface TaskFormat<Name extends TaskName> {
	readonly name: string;
	readonly task: Name;
	/** True where the address says which model is meant: the surface adds it to the body as `model`, encoders leave it out. */
	readonly modelInPath?: boolean;
	decodeRequest(body: JsonValue): Translated<Tasks[Name]['request']>;
	/** @param model the target's own model id */
	encodeRequest(request: Tasks[Name]['request'], model: string): Translated<JsonObject>;
	/** @param request what was asked, for formats whose answers do not repeat it */
	decodeResponse(body: JsonValue, request: Tasks[Name]['request']): Translated<Tasks[Name]['response']>;
	encodeResponse(
		response: Tasks[Name]['response'],
		request: Tasks[Name]['request'],
		context: EncodeTaskContext,
	): Translated<JsonObject>;
}
