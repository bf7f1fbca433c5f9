import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** Whether a value is a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The string, or '' for anything else. */
export function text(value: JsonValue | undefined): string {
	return typeof value === 'string' ? value : '';
}

/** The array's items, or none for anything else. */
export function list(value: JsonValue | undefined): JsonValue[] {
	return Array.isArray(value) ? value : [];
}

/** The object, or an empty one for anything else. */
export function object(value: JsonValue | undefined): JsonObject {
	return isObject(value) ? value : {};
}

/** The number, or undefined for anything else. */
export function number(value: JsonValue | undefined): number | undefined {
	return typeof value === 'number' ? value : undefined;
}

/** The objects among the array's items. */
export function objects(value: JsonValue | undefined): JsonObject[] {
	return list(value).filter(isObject);
}
