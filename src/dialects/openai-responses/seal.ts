import { isObject, tryParse } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ReasoningPart, Signature } from '../../spec/index.ts';

/**
 * Reasoning of other vendors' models travels through clients of this dialect sealed, as the `encrypted_content` of a reasoning item,
 * written `relais.<vendor>.<base64url of JSON>`. Clients send items back unchanged, some only this field of them, so the seal holds all
 * there is. The API itself would refuse such an item, so a request that holds one must be translated, never passed through.
 */
const SEAL = 'relais.';

const SEALED = /^relais\.[^.]*\.([A-Za-z0-9_-]+)$/;

/** Whether an encrypted content was made here, not by the vendor. */
export function isSealed(value: JsonValue | undefined): value is string {
	return typeof value === 'string' && value.startsWith(SEAL);
}

function seal(vendor: string, content: JsonObject): string {
	return `${SEAL}${vendor.replace(/[^A-Za-z0-9_-]/g, '-')}.${Buffer.from(JSON.stringify(content)).toString('base64url')}`;
}

function open(value: string): JsonObject | undefined {
	const content = tryParse(Buffer.from(SEALED.exec(value)?.[1] ?? '', 'base64url').toString('utf8'));
	return isObject(content) ? content : undefined;
}

function readSignature(value: JsonValue | undefined): Signature | undefined {
	if (!isObject(value) || typeof value.vendor !== 'string' || typeof value.value !== 'string') return undefined;
	return { vendor: value.vendor, value: value.value };
}

/** Seals all that a reasoning part says. */
export function sealReasoning(part: ReasoningPart): string {
	const { text, summary, signature, encrypted, id, redacted } = part;
	const content: JsonObject = {
		...(text === undefined ? {} : { text }),
		...(summary === undefined ? {} : { summary }),
		...(signature === undefined ? {} : { signature: { ...signature } }),
		...(encrypted === undefined ? {} : { encrypted: { ...encrypted } }),
		...(id === undefined ? {} : { id }),
		...(redacted === undefined ? {} : { redacted }),
	};
	return seal((signature ?? encrypted)?.vendor ?? 'unsigned', content);
}

/** Restores what `sealReasoning` sealed; undefined for a seal that cannot be read. */
export function unsealReasoning(sealed: string): ReasoningPart | undefined {
	const content = open(sealed);
	if (content === undefined) return undefined;
	const part: ReasoningPart = { type: 'reasoning' };
	if (typeof content.text === 'string') part.text = content.text;
	if (Array.isArray(content.summary)) part.summary = content.summary.filter((each) => typeof each === 'string');
	const signature = readSignature(content.signature);
	if (signature !== undefined) part.signature = signature;
	const encrypted = readSignature(content.encrypted);
	if (encrypted !== undefined) part.encrypted = encrypted;
	if (typeof content.id === 'string') part.id = content.id;
	if (typeof content.redacted === 'boolean') part.redacted = content.redacted;
	return part;
}

/** Seals the signature of a part that has no place for one here; the item that holds it follows the part's own. */
export function sealPrevious(signature: Signature): string {
	return seal(signature.vendor, { previous: { ...signature } });
}

/** The signature `sealPrevious` sealed, or undefined for any other content. */
export function unsealPrevious(value: JsonValue | undefined): Signature | undefined {
	return isSealed(value) ? readSignature(open(value)?.previous) : undefined;
}
