import { isObject } from '../../lib/json.ts';
import type { ChatRequest, EncodeRequestContext, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { protocol } from '../shared/index.ts';
import { encodeRequest } from './request-encode.ts';

/** Fields of a request that `count_tokens` takes none of (anthropic SDK 1.11, `MessageCountTokensParams`). */
const GENERATION = [
	...['max_tokens', 'stream', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'metadata', 'service_tier'],
	...['container', 'diagnostics', 'inference_geo', 'fallbacks', 'fallback_credit_token', 'thread'],
];

/** Writes the body of a `count_tokens` call for a vendor. */
export function encodeCountTokensRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	// The limit is not sent, but a budget for thinking must find room in it.
	const limit = request.maxOutputTokens ?? Number.MAX_SAFE_INTEGER;
	const { value, warnings } = encodeRequest({ ...request, maxOutputTokens: limit }, context);
	for (const field of GENERATION) delete value[field];
	if (context.traits.maxTokensField !== undefined) delete value[context.traits.maxTokensField];
	return { value, warnings };
}

/** The count a vendor answered with. Throws `provider_protocol` when there is none. */
export function decodeCountTokensAnswer(body: JsonValue): number {
	if (isObject(body) && typeof body.input_tokens === 'number') return body.input_tokens;
	throw protocol("The answer to a count of tokens has no 'input_tokens'.");
}

/** The answer to a client's `count_tokens` call. */
export function encodeCountTokens(inputTokens: number): JsonObject {
	return { input_tokens: inputTokens };
}
