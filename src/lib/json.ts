import type { JsonObject, JsonValue } from '../spec/index.ts';

/** Whether a value is a JSON object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON text; `undefined` where it is not JSON (JSON itself has no undefined). */
export function tryParse(text: string): JsonValue | undefined {
	try {
		return JSON.parse(text) as JsonValue;
	} catch {
		return undefined;
	}
}

/** What bytes say: the JSON value they hold, else their text. */
export function jsonOrText(bytes: Buffer): JsonValue {
	const text = bytes.toString('utf8');
	return tryParse(text) ?? text;
}

/** Whether a parsed value nests deeper than `limit` levels. Looks no further than that. */
export function deeperThan(value: JsonValue | undefined, limit: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (limit === 0) return true;
	if (Array.isArray(value)) {
		for (const item of value) if (typeof item === 'object' && item !== null && deeperThan(item, limit - 1)) return true;
		return false;
	}
	for (const key in value) {
		const item = value[key];
		if (typeof item === 'object' && item !== null && deeperThan(item, limit - 1)) return true;
	}
	return false;
}

/** The object without some of its keys; a new object. */
export function omit(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
	const rest: JsonObject = {};
	for (const key in object) if (!keys.has(key) && object[key] !== undefined) put(rest, key, object[key]);
	return rest;
}

/** A copy without keys that are `undefined`, so that optional fields stay absent. */
export function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
	const copy: Partial<T> = {};
	for (const key in object) if (object[key] !== undefined) put(copy, key, object[key]);
	return copy as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Sets a key, also where it is "__proto__": plain assignment would change the object's prototype. */
export function put<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): void {
	if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
	else object[key] = value;
}
