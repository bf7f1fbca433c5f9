import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** Members whose insides belong to the application, or are repeated as they are. */
const AS_THEY_ARE = new Set([
	...['args', 'response', 'parameters', 'parametersJsonSchema', 'responseSchema', 'responseJsonSchema', 'safetySettings'],
	...['thinkingConfig', 'functionCallingConfig', 'modelArmorConfig', 'labels'],
	...['googleSearch', 'fileSearch', 'urlContext', 'codeExecution'],
]);
const LISTS = new Set(['contents', 'parts', 'tools']);

/** A request with its members under their documented names, and lists where a single object stood for one: both say the same. */
export function documented(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map(documented);
	if (typeof value !== 'object' || value === null) return value;
	const object: JsonObject = {};
	for (const [key, member] of Object.entries(value)) {
		if (member === undefined) continue;
		const name = key.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
		const inner = AS_THEY_ARE.has(name) ? member : documented(member);
		object[name] = LISTS.has(name) && !Array.isArray(inner) ? [inner] : inner;
	}
	return object;
}
