import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Signature } from '../../spec/index.ts';
import { same } from '../shared/index.ts';

/**
 * Gemini's compatible endpoint puts a thought's signature into `extra_content.google.thought_signature` of a tool call or message;
 * other vendors' signatures of calls and texts travel beside it, under `extra_content.signature`, so that a client that sends the
 * message back restores them.
 */
const GEMINI = 'gemini';

/** Reads the signature in an `extra_content` member. */
export function decodeExtraContent(value: JsonValue | undefined): Signature | undefined {
	if (!isObject(value)) return undefined;
	const google = value.google;
	if (isObject(google) && typeof google.thought_signature === 'string')
		return { vendor: GEMINI, value: google.thought_signature };
	const other = value.signature;
	if (!isObject(other) || typeof other.vendor !== 'string' || typeof other.value !== 'string') return undefined;
	return { vendor: other.vendor, value: other.value };
}

/** Writes a signature as an `extra_content` member: the one that is there if it says the same, else into it. */
export function encodeExtraContent(signature: Signature, there?: JsonValue): JsonObject {
	const rest = isObject(there) ? there : {};
	if (same(decodeExtraContent(there), signature)) return rest;
	if (signature.vendor !== GEMINI) return { ...rest, signature: { vendor: signature.vendor, value: signature.value } };
	const google = isObject(rest.google) ? rest.google : {};
	return { ...rest, google: { ...google, thought_signature: signature.value } };
}
