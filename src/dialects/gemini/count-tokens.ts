import { isObject } from '../../lib/json.ts';
import type { ChatRequest, EncodeRequestContext, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { protocol } from '../shared/index.ts';
import { mark } from './dialect.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';
import { camel } from './spelling.ts';

/**
 * Reads the body of a `countTokens` call, to which the surface has added `model`: a request, as one member or with its members beside
 * one another.
 */
export function decodeCountTokens(body: JsonValue): Translated<ChatRequest> {
	if (!isObject(body)) return decodeRequest(body);
	const { generateContentRequest: inner, ...outer } = camel(body);
	if (!isObject(inner)) return decodeRequest(outer);
	const { value, warnings } = decodeRequest({ ...inner, model: outer.model ?? inner.model });
	const own = { ...value.extensions?.gemini, $wrapped: true };
	return { value: { ...value, extensions: { ...value.extensions, gemini: own } }, warnings };
}

/**
 * Writes the body of a `countTokens` call for a vendor: contents alone, or, where there is more to count, the whole request as one
 * member. A client of this dialect is repeated in its own form, which some of the vendor's hosts demand.
 */
export function encodeCountTokens(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const { value, warnings } = encodeRequest(request, context);
	const flat = mark(request, '$own') === true ? mark(request, '$wrapped') !== true : Object.keys(value).length === 1;
	const model = context.model.includes('/') ? context.model : `models/${context.model}`;
	return { value: flat ? value : { generateContentRequest: { model, ...value } }, warnings };
}

/** The count a vendor answered with. Throws `provider_protocol` when there is none. */
export function decodeCount(body: JsonValue): number {
	if (isObject(body) && typeof body.totalTokens === 'number') return body.totalTokens;
	throw protocol("The answer to a count of tokens has no 'totalTokens'.");
}

/** The answer to a client's `countTokens` call. */
export function encodeCount(inputTokens: number): JsonObject {
	return { totalTokens: inputTokens };
}
