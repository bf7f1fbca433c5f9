import { isObject, put } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { Fields, read } from '../shared/index.ts';

/**
 * The API reads every member under two names, `functionCall` and `function_call`, and a single object where a list of objects is
 * meant. Both are brought to the documented form here; neither says anything, so neither is remembered.
 */
export function camel(wire: JsonObject): JsonObject {
	let spelled: JsonObject | undefined;
	for (const key in wire) {
		if (!SNAKE.test(key)) continue;
		spelled ??= { ...wire };
		const name = key.replace(UNDERSCORE, (_, letter: string) => letter.toUpperCase());
		if (spelled[name] === undefined) put(spelled, name, wire[key]);
		delete spelled[key];
	}
	return spelled ?? wire;
}

const SNAKE = /[a-z0-9]_[a-z0-9]/;
const UNDERSCORE = /(?<=[a-z0-9])_([a-z0-9])/g;

/** The fields of an object under their documented names. Throws `invalid_request` where the value is no object. */
export function fieldsOf(value: JsonValue, path: string, lenient = false): Fields {
	return new Fields(camel(read.object(value, path)), path, lenient);
}

/** A list of objects, or one object standing for itself. */
export const listed: read.Reader<JsonObject[]> = (value, path) =>
	isObject(value) ? [value] : read.arrayOf(read.object)(value, path);

/** A whole number, also as text: the API takes 64-bit numbers in quotes. */
export const whole: read.Reader<number> = (value, path) => {
	const count = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
	return read.integer(Number.MIN_SAFE_INTEGER)(count, path);
};
