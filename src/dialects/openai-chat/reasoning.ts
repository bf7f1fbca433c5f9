import type { JsonObject, JsonValue, ReasoningPart } from '../../spec/index.ts';
import { extend, type Fields, own, read } from '../shared/index.ts';
import { DIALECT } from './name.ts';
import { decodeDetails, encodeDetails, needsDetails } from './reasoning-details.ts';

/** Fields in which vendors show reasoning as plain text; the first is written for answers of other dialects. */
export const FLAT_FIELDS = ['reasoning_content', 'reasoning'] as const;

/** Reasoning a reader sees of a part. */
function shown(part: ReasoningPart): string {
	return part.text ?? part.summary?.join('\n\n') ?? '';
}

function visible(parts: ReasoningPart[]): string {
	return parts.map(shown).join('');
}

/**
 * Takes the reasoning off an assistant message. Where details show the text, the plain fields repeat it: `flat` names those that
 * do so word for word; any other wording stays with the message's leftovers.
 */
export function decodeReasoning(fields: Fields): { parts: ReasoningPart[]; flat: string[] } {
	const listed = fields.take('reasoning_details', read.array) ?? [];
	if (listed.length === 0) fields.keep('reasoning_details');
	const details = decodeDetails(listed);
	if (details === undefined) fields.keep('reasoning_details');
	const parts = details ?? [];
	let text = visible(parts);
	const flat: string[] = [];
	for (const field of FLAT_FIELDS) {
		const value = fields.take(field, read.string);
		if (value === undefined) continue;
		// A client that keeps only the last piece of a streamed field sends back the end of what the details say.
		if (value === '' || (value !== text && text.endsWith(value))) fields.keep(field);
		else if (text === '' || value === text) {
			text = value;
			flat.push(field);
		} else fields.leave(field);
	}
	if (flat.length > 0 && visible(parts) === '') {
		const alone = parts.length === 0;
		parts.unshift({ type: 'reasoning', text, ...(alone ? {} : extend(DIALECT, { $details: [] })) });
	}
	return { parts, flat };
}

/** Marks the parts with the plain fields they came in; nothing to mark where that is the usual one alone. */
export function withFlat(parts: ReasoningPart[], flat: string[]): ReasoningPart[] {
	const [first, ...others] = parts;
	if (first === undefined) return parts;
	const usual = flat.length === 1 && flat[0] === FLAT_FIELDS[0];
	if (usual && own(first, DIALECT) === undefined) return parts;
	return [{ ...first, ...extend(DIALECT, { ...own(first, DIALECT), $flat: flat }) }, ...others];
}

function flatFields(marked: JsonValue | undefined): string[] {
	return Array.isArray(marked) ? marked.filter((field) => typeof field === 'string') : [FLAT_FIELDS[0]];
}

/** Writes reasoning into an assistant message: plain text for every client, and details where there is more than text. */
export function encodeReasoning(parts: ReasoningPart[], message: JsonObject): void {
	const [first] = parts;
	if (first === undefined) return;
	const text = visible(parts);
	if (text !== '') for (const field of flatFields(own(first, DIALECT)?.$flat)) message[field] = text;
	if (!parts.some(needsDetails)) return;
	const details = parts.flatMap(encodeDetails);
	if (details.length > 0) message.reasoning_details = details;
}
