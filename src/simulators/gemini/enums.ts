import type { JsonValue } from '../../spec/index.ts';
import { isObject } from '../core/json.ts';

/** Numbers of the vendor's enums, by field. */
const NUMBERS: { [field: string]: { [name: string]: number } } = {
	finishReason: { STOP: 1, MAX_TOKENS: 2, SAFETY: 3 },
	blockReason: { SAFETY: 1 },
	modality: { TEXT: 1, IMAGE: 2, VIDEO: 3, AUDIO: 4, DOCUMENT: 5 },
	category: {
		HARM_CATEGORY_HARASSMENT: 7,
		HARM_CATEGORY_HATE_SPEECH: 8,
		HARM_CATEGORY_SEXUALLY_EXPLICIT: 9,
		HARM_CATEGORY_DANGEROUS_CONTENT: 10,
	},
	probability: { NEGLIGIBLE: 1, LOW: 2, MEDIUM: 3, HIGH: 4 },
};

/** The answer with its enums as numbers, as a client gets them that asks for `enum-encoding=int`. Arguments of calls are left alone. */
export function withNumbers(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map(withNumbers);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, item]): [string, JsonValue] => {
			const number = typeof item === 'string' ? NUMBERS[key]?.[item] : undefined;
			if (number !== undefined) return [key, number];
			return [key, key === 'functionCall' || item === undefined ? (item ?? null) : withNumbers(item)];
		}),
	);
}
