import type { Translated } from './dialect.ts';
import type { JsonObject, JsonValue } from './json.ts';

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
 * for answers.
 */
export interface TaskFormat<Request, Response> {
	readonly name: string;
	decodeRequest(body: JsonValue): Translated<Request>;
	/** @param model the target's own model id */
	encodeRequest(request: Request, model: string): Translated<JsonObject>;
	/** @param request what was asked, for formats whose answers do not repeat it */
	decodeResponse(body: JsonValue, request: Request): Translated<Response>;
	encodeResponse(response: Response, request: Request, context: EncodeTaskContext): Translated<JsonObject>;
}
