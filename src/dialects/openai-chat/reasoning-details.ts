import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, ReasoningPart, Signature } from '../../spec/index.ts';
import { extend, own, same, table } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/**
 * `reasoning_details` is the array in which aggregators carry reasoning with its proofs. Each item has a type (`reasoning.text`,
 * `reasoning.summary`, `reasoning.encrypted`), a `format` naming who made it, and an `index`: items of one index belong together.
 */
const VENDOR_OF_FORMAT = table<string>({
	'anthropic-claude-v1': 'anthropic-messages',
	'openai-responses-v1': 'openai-responses',
	'google-gemini-v1': 'gemini',
	unknown: DIALECT,
});

const FORMAT_OF_VENDOR = table<string>(
	Object.fromEntries(Object.entries(VENDOR_OF_FORMAT).map(([format, vendor]) => [vendor, format])),
);

/** Member in which the last item of a streamed thought repeats the whole text its signature is for. */
export const SIGNED_TEXT = 'signed_text';

function vendorOf(format: JsonValue | undefined): string {
	return typeof format === 'string' && format !== '' ? (VENDOR_OF_FORMAT[format] ?? format) : DIALECT;
}

export function formatOf(vendor: string): string {
	return FORMAT_OF_VENDOR[vendor] ?? vendor;
}

/** One item of the array, as far as it is understood. */
export interface Detail {
	kind: 'text' | 'summary' | 'encrypted' | 'other';
	text: string;
	signature: Signature | undefined;
	encrypted: Signature | undefined;
	index: number | undefined;
	id: string | undefined;
	wire: JsonObject;
}

const KINDS = table<Detail['kind']>({
	'reasoning.text': 'text',
	'reasoning.summary': 'summary',
	'reasoning.encrypted': 'encrypted',
});

function sign(vendor: string, value: JsonValue | undefined): Signature | undefined {
	return typeof value === 'string' && value !== '' ? { vendor, value } : undefined;
}

export function readDetail(wire: JsonObject): Detail {
	const kind = (typeof wire.type === 'string' ? KINDS[wire.type] : undefined) ?? 'other';
	const shown = kind === 'summary' ? wire.summary : wire.text;
	const vendor = vendorOf(wire.format);
	return {
		kind,
		text: typeof shown === 'string' ? shown : '',
		signature: kind === 'text' ? sign(vendor, wire.signature) : undefined,
		encrypted: kind === 'encrypted' ? sign(vendor, wire.data) : undefined,
		index: typeof wire.index === 'number' ? wire.index : undefined,
		id: typeof wire.id === 'string' ? wire.id : undefined,
		wire,
	};
}

/** Whether a detail goes on with the part the previous ones made. */
export function continues(part: ReasoningPart, last: Detail, next: Detail): boolean {
	if (next.kind === 'other') return true;
	if (next.index !== undefined && last.index !== undefined && next.index !== last.index) return false;
	if (next.kind === 'encrypted') return part.encrypted === undefined;
	if (next.kind === 'text') return part.signature === undefined && part.summary === undefined && part.encrypted === undefined;
	return part.text === undefined && part.encrypted === undefined;
}

function absorb(part: ReasoningPart, detail: Detail): void {
	if (detail.kind === 'text') part.text = (part.text ?? '') + detail.text;
	if (detail.kind === 'summary') part.summary = [...(part.summary ?? []), detail.text];
	if (detail.signature !== undefined) {
		part.signature = detail.signature;
		const signed = detail.wire[SIGNED_TEXT];
		if (typeof signed === 'string') part.text = signed;
	}
	if (detail.encrypted !== undefined) part.encrypted = detail.encrypted;
	if (detail.id !== undefined) part.id = detail.id;
}

/** What a redacted thought looks like: Anthropic's blob without any text. */
function markRedacted(part: ReasoningPart): void {
	const hidden = part.text === undefined && part.summary === undefined;
	if (hidden && part.encrypted?.vendor === 'anthropic-messages') part.redacted = true;
}

/** Groups the items into reasoning parts, each with the items that made it. */
function group(details: Detail[]): { part: ReasoningPart; items: JsonObject[] }[] {
	const groups: { part: ReasoningPart; items: JsonObject[]; last: Detail }[] = [];
	for (const detail of details) {
		let current = groups.at(-1);
		if (current === undefined || !continues(current.part, current.last, detail)) {
			current = { part: { type: 'reasoning' }, items: [], last: detail };
			groups.push(current);
		}
		absorb(current.part, detail);
		current.items.push(detail.wire);
		if (detail.kind !== 'other') current.last = detail;
	}
	for (const each of groups) markRedacted(each.part);
	return groups;
}

/** Reads `reasoning_details`; undefined when an item is no object. Each part remembers its items. */
export function decodeDetails(wire: JsonValue[]): ReasoningPart[] | undefined {
	if (!wire.every(isObject)) return undefined;
	return group(wire.map(readDetail)).map(({ part, items }) => ({ ...part, ...extend(DIALECT, { $details: items }) }));
}

/** The part without what this dialect remembers of its form. */
function bare(part: ReasoningPart): ReasoningPart {
	const { extensions: _extensions, cache: _cache, ...rest } = part;
	return rest;
}

/** The items as they came, if they still say what the part says. */
function asTheyCame(part: ReasoningPart): JsonObject[] | undefined {
	const wire = own(part, DIALECT)?.$details;
	if (!Array.isArray(wire) || !wire.every(isObject)) return undefined;
	if (wire.length === 0 && part.signature === undefined && part.encrypted === undefined) return [];
	const groups = group(wire.map(readDetail));
	return groups.length === 1 && groups[0] !== undefined && same(groups[0].part, bare(part)) ? wire : undefined;
}

/** Whether a part holds more than plain text, so that only details can carry it. */
export function needsDetails(part: ReasoningPart): boolean {
	return (
		part.signature !== undefined ||
		part.encrypted !== undefined ||
		part.summary !== undefined ||
		part.id !== undefined ||
		own(part, DIALECT)?.$details !== undefined
	);
}

/** Writes one reasoning part as items of `reasoning_details`. */
export function encodeDetails(part: ReasoningPart, index: number): JsonObject[] {
	const kept = asTheyCame(part);
	if (kept !== undefined) return kept;
	const common = (vendor: string | undefined): JsonObject => ({
		...(vendor === undefined ? {} : { format: formatOf(vendor) }),
		...(part.id === undefined ? {} : { id: part.id }),
		index,
	});
	const items: JsonObject[] = [];
	if (part.text !== undefined || part.signature !== undefined) {
		const signature = part.signature === undefined ? {} : { signature: part.signature.value };
		items.push({ type: 'reasoning.text', text: part.text ?? '', ...signature, ...common(part.signature?.vendor) });
	}
	for (const summary of part.summary ?? []) {
		items.push({ type: 'reasoning.summary', summary, ...common(part.encrypted?.vendor ?? part.signature?.vendor) });
	}
	if (part.encrypted !== undefined) {
		items.push({ type: 'reasoning.encrypted', data: part.encrypted.value, ...common(part.encrypted.vendor) });
	}
	return items;
}
