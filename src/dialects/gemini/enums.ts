import { isObject, put } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { BLOCKED, NUMBERED } from './stop-reason.ts';
import { MODALITIES } from './usage.ts';

/** The words of each enum by their number, by the member that holds one. */
const ENUMS: { readonly [member: string]: readonly string[] } = {
	finishReason: NUMBERED,
	blockReason: BLOCKED,
	modality: MODALITIES,
	probability: ['HARM_PROBABILITY_UNSPECIFIED', 'NEGLIGIBLE', 'LOW', 'MEDIUM', 'HIGH'],
	category: [
		...['HARM_CATEGORY_UNSPECIFIED', 'HARM_CATEGORY_DEROGATORY', 'HARM_CATEGORY_TOXICITY', 'HARM_CATEGORY_VIOLENCE'],
		...['HARM_CATEGORY_SEXUAL', 'HARM_CATEGORY_MEDICAL', 'HARM_CATEGORY_DANGEROUS', 'HARM_CATEGORY_HARASSMENT'],
		...['HARM_CATEGORY_HATE_SPEECH', 'HARM_CATEGORY_SEXUALLY_EXPLICIT', 'HARM_CATEGORY_DANGEROUS_CONTENT'],
		'HARM_CATEGORY_CIVIC_INTEGRITY',
	],
	language: ['LANGUAGE_UNSPECIFIED', 'PYTHON'],
	outcome: ['OUTCOME_UNSPECIFIED', 'OUTCOME_OK', 'OUTCOME_FAILED', 'OUTCOME_DEADLINE_EXCEEDED'],
};

/** What the application's own tools take and give: its words are no enums. */
const FOREIGN: ReadonlySet<string> = new Set(['args', 'response']);

/**
 * An answer with its enums as numbers, for clients that ask for `enum-encoding=int`. Words without a known number stay words, which
 * such clients read too.
 */
export function numberedEnums(answer: JsonObject): JsonObject {
	const copy: JsonObject = {};
	for (const key in answer) put(copy, key, FOREIGN.has(key) ? answer[key] : numbered(key, answer[key]));
	return copy;
}

function numbered(key: string, value: JsonValue | undefined): JsonValue | undefined {
	if (Array.isArray(value)) return value.map((item) => (isObject(item) ? numberedEnums(item) : item));
	if (isObject(value)) return numberedEnums(value);
	if (typeof value !== 'string' || !Object.hasOwn(ENUMS, key)) return value;
	const number = ENUMS[key]?.indexOf(value) ?? -1;
	return number < 0 ? value : number;
}
