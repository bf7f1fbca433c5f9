import { isObject, tryParse } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ReasoningPart, Signature } from '../../spec/index.ts';

/**
 * Reasoning of other vendors' models travels through clients of dialects that keep proofs sealed: as the `signature` of reasoning
 * or in place of redacted reasoning, written `relais.<vendor>.<base64url of JSON>`. Clients send assistant turns back unchanged, so what the
 * vendor needs returns to it. The API itself would refuse such a block, so a request that holds one must be translated, never
 * passed through (`RequestSketch.foreign`).
 */
export const SEAL = 'relais.';

/** Seal of readable reasoning that carries no proof of origin. */
export const UNSIGNED = 'relais.unsigned';

const SEALED = /^relais\.[^.]*\.([A-Za-z0-9_-]+)$/;

/** Whether a signature or redacted datum was made here, not by the vendor. */
export function isSealed(value: JsonValue | undefined): value is string {
	return typeof value === 'string' && value.startsWith(SEAL);
}

function seal(vendor: string, content: JsonObject): string {
	return `${SEAL}${vendor.replace(/[^A-Za-z0-9_-]/g, '-')}.${Buffer.from(JSON.stringify(content)).toString('base64url')}`;
}

function open(value: string): JsonObject | undefined {
	const match = SEALED.exec(value);
	if (match?.[1] === undefined) return undefined;
	const content = tryParse(Buffer.from(match[1], 'base64url').toString('utf8'));
	return isObject(content) ? content : undefined;
}

/** Seals all of a reasoning part that the thinking text itself does not show. */
export function sealReasoning(part: ReasoningPart): string {
	const content: JsonObject = {};
	if (part.signature !== undefined) content.signature = { ...part.signature };
	if (part.encrypted !== undefined) content.encrypted = { ...part.encrypted };
	if (part.summary !== undefined) content.summary = part.summary;
	if (part.id !== undefined) content.id = part.id;
	if (part.redacted === true) content.redacted = true;
	if (part.text !== undefined) content.text = true;
	const vendor = (part.signature ?? part.encrypted)?.vendor;
	const bare = vendor === undefined && part.summary === undefined && part.id === undefined;
	return bare ? UNSIGNED : seal(vendor ?? 'unsigned', content);
}

/** Restores what `sealReasoning` sealed; `text` is what the block showed. A seal that cannot be read leaves the text alone. */
export function unsealReasoning(sealed: string, text: string): ReasoningPart {
	const content = open(sealed);
	if (content === undefined) return { type: 'reasoning', text };
	const part: ReasoningPart = { type: 'reasoning' };
	if (content.text === true) part.text = text;
	const signature = readSignature(content.signature);
	if (signature !== undefined) part.signature = signature;
	const encrypted = readSignature(content.encrypted);
	if (encrypted !== undefined) part.encrypted = encrypted;
	if (Array.isArray(content.summary)) part.summary = content.summary.filter((each) => typeof each === 'string');
	if (typeof content.id === 'string') part.id = content.id;
	if (content.redacted === true) part.redacted = true;
	return part;
}

/** Seals the signature of a part that has no place for one here; the block that holds it follows the part's own. */
export function sealPrevious(signature: Signature): string {
	return seal(signature.vendor, { previous: { ...signature } });
}

/** The signature `sealPrevious` sealed, or undefined for any other datum. */
export function unsealPrevious(data: JsonValue | undefined): Signature | undefined {
	return isSealed(data) ? readSignature(open(data)?.previous) : undefined;
}

function readSignature(value: JsonValue | undefined): Signature | undefined {
	if (!isObject(value) || typeof value.vendor !== 'string' || typeof value.value !== 'string') return undefined;
	return { vendor: value.vendor, value: value.value };
}
