import { isObject } from '../../lib/json.ts';
import type { JsonObject, ReasoningPart } from '../../spec/index.ts';
import { extend, isSealed, read, unsealReasoning } from '../shared/index.ts';
import { DIALECT, keep, remainder } from './dialect.ts';

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const TEXT = set('text', 'signature');
const REDACTED = set('redactedContent');

/** How the base64 of every seal begins, whatever follows. */
const SEALED = Buffer.from('relais').toString('base64');

/** The seal in a redacted blob, which the wire holds in base64; undefined where the vendor made the blob. */
export function openRedacted(blob: string): string | undefined {
	if (!blob.startsWith(SEALED)) return undefined;
	const text = Buffer.from(blob, 'base64').toString('utf8');
	return isSealed(text) ? text : undefined;
}

/** A seal as the wire's blobs are written. */
export function redactedBlob(seal: string): string {
	return Buffer.from(seal, 'utf8').toString('base64');
}

/** Reads reasoning: text with a signature, or a redacted blob; undefined when it is neither. */
export function decodeReasoning(block: JsonObject, path: string): ReasoningPart | undefined {
	const wire = read.required(block, 'reasoningContent', path, read.object);
	const inside = read.at(path, 'reasoningContent');
	if (wire.redactedContent !== undefined) {
		const blob = read.required(wire, 'redactedContent', inside, read.string);
		const seal = openRedacted(blob);
		if (seal !== undefined) return unsealed(seal);
		const kept = keep(block, 'reasoningContent', wire, REDACTED);
		return { type: 'reasoning', encrypted: { vendor: DIALECT, value: blob }, redacted: true, ...extend(DIALECT, kept) };
	}
	if (!isObject(wire.reasoningText)) return undefined;
	const said = read.at(inside, 'reasoningText');
	const text = read.required(wire.reasoningText, 'text', said, read.string);
	const signature = read.optional(wire.reasoningText, 'signature', said, read.string);
	if (isSealed(signature)) return unsealReasoning(signature, text);
	const kept = keep(block, 'reasoningContent', wire, set(), { reasoningText: remainder(wire.reasoningText, TEXT) });
	if (signature === undefined || signature === '') {
		return { type: 'reasoning', text, ...extend(DIALECT, { ...kept, $unsigned: signature === '' ? 'empty' : 'none' }) };
	}
	return { type: 'reasoning', text, signature: { vendor: DIALECT, value: signature }, ...extend(DIALECT, kept) };
}

function unsealed(seal: string): ReasoningPart {
	const { text: _, ...part } = unsealReasoning(seal, '');
	return part;
}
