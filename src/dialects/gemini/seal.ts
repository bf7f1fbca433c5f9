import { isObject, tryParse } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ReasoningPart, Signature } from '../../spec/index.ts';
import { DIALECT } from './dialect.ts';

/**
 * What other vendors' models made travels through clients of this dialect sealed, in the `thoughtSignature` of the part it belongs
 * to: base64 of `relais.<JSON>`, because clients hold the field for bytes and may decode it. Clients send parts back unchanged, so
 * what the vendor needs returns to it. The API itself would refuse such a signature: a request that holds one must be translated,
 * never passed through (`RequestSketch.foreign`).
 */
const SEAL = 'relais.';
/** How the base64 of every seal begins, whatever follows. */
const SEALED = Buffer.from('relais').toString('base64');

/**
 * The signature the API documents for calls its own models did not make: it is accepted in place of a real one. A field of bytes, so
 * in base64.
 */
export const NO_SIGNATURE = Buffer.from('skip_thought_signature_validator').toString('base64');

/** Whether a thought signature was made here, not by the vendor. */
export function isSealed(value: JsonValue | undefined): value is string {
	return typeof value === 'string' && value.startsWith(SEALED);
}

function seal(content: JsonObject): string {
	return Buffer.from(SEAL + JSON.stringify(content)).toString('base64');
}

function open(value: string): JsonObject {
	const text = Buffer.from(value, 'base64').toString('utf8');
	const content = text.startsWith(SEAL) ? tryParse(text.slice(SEAL.length)) : undefined;
	return isObject(content) ? content : {};
}

function readSignature(value: JsonValue | undefined): Signature | undefined {
	if (!isObject(value) || typeof value.vendor !== 'string' || typeof value.value !== 'string') return undefined;
	return { vendor: value.vendor, value: value.value };
}

/** A signature as clients of this dialect carry it. */
export function wireSignature(signature: Signature): string {
	return signature.vendor === DIALECT ? signature.value : seal({ signature: { ...signature } });
}

/** The signature in a `thoughtSignature`; undefined for a seal that cannot be read. */
export function signatureOf(value: string): Signature | undefined {
	return isSealed(value) ? readSignature(open(value).signature) : { vendor: DIALECT, value };
}

/** Whether reasoning holds something only a seal can carry. */
export function needsSeal(part: ReasoningPart): boolean {
	const foreign = part.signature !== undefined && part.signature.vendor !== DIALECT;
	return foreign || part.encrypted !== undefined || part.summary !== undefined || part.id !== undefined;
}

/** Seals all of a reasoning part that the thought's text itself does not show. */
export function sealReasoning(part: ReasoningPart): string {
	const content: JsonObject = {};
	if (part.signature !== undefined) content.signature = { ...part.signature };
	if (part.encrypted !== undefined) content.encrypted = { ...part.encrypted };
	if (part.summary !== undefined) content.summary = part.summary;
	if (part.id !== undefined) content.id = part.id;
	if (part.redacted === true) content.redacted = true;
	if (part.text !== undefined) content.text = true;
	return seal(content);
}

/** Restores what `sealReasoning` sealed; `text` is what the thoughts showed. */
export function unsealReasoning(sealed: string, text: string): ReasoningPart {
	const content = open(sealed);
	const part: ReasoningPart = { type: 'reasoning' };
	const summarized = Array.isArray(content.summary);
	if (content.text === true || (text !== '' && !summarized)) part.text = text;
	const signature = readSignature(content.signature);
	if (signature !== undefined) part.signature = signature;
	const encrypted = readSignature(content.encrypted);
	if (encrypted !== undefined) part.encrypted = encrypted;
	if (Array.isArray(content.summary)) part.summary = content.summary.filter((each) => typeof each === 'string');
	if (typeof content.id === 'string') part.id = content.id;
	if (content.redacted === true) part.redacted = true;
	return part;
}
