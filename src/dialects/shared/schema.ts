import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/**
 * The subset of JSON Schema the API compiles for structured output and strict tools. It answers 400 to constraints on numbers,
 * lengths and patterns, and to objects that do not forbid further properties (anthropic SDK 1.11, `transformJSONSchema`; recorded
 * refusals of `minimum`).
 */
const UNSUPPORTED: ReadonlySet<string> = new Set([
	...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
	...['minLength', 'maxLength', 'pattern', 'maxItems', 'uniqueItems', 'contains', 'prefixItems'],
	...['minProperties', 'maxProperties', 'patternProperties', 'propertyNames', 'dependentRequired', 'dependentSchemas'],
	...['not', 'if', 'then', 'else', 'unevaluatedProperties', 'unevaluatedItems', 'default', 'examples'],
]);
const FORMATS: ReadonlySet<string> = new Set([
	...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'],
]);

/** Keywords that hold schemas, one, a list, or a map of them. */
const ONE: ReadonlySet<string> = new Set(['items']);
const LIST: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf']);
const MAP: ReadonlySet<string> = new Set(['properties', '$defs', 'definitions']);

/**
 * A schema the API compiles. Constraints it cannot enforce move into the description, where the model reads them. `changed` tells
 * whether anything but closing of objects had to be done.
 */
export function supportedSchema(schema: JsonObject): { schema: JsonObject; changed: boolean } {
	const moved: JsonObject = {};
	const result: JsonObject = {};
	let changed = false;
	for (const key in schema) {
		const value = schema[key];
		if (value === undefined || key === '$schema') continue;
		if (isUnsupported(key, value)) {
			moved[key] = value;
			continue;
		}
		const inner = convert(key, value);
		changed ||= inner.changed;
		result[key === 'oneOf' ? 'anyOf' : key] = inner.value;
	}
	if (result.type === 'object' || isObject(result.properties)) changed = close(result) || changed;
	const names = Object.keys(moved);
	if (names.length === 0) return { schema: result, changed };
	const said = names.map((name) => `${name}: ${JSON.stringify(moved[name])}`).join(', ');
	result.description = typeof result.description === 'string' ? `${result.description}\n(${said})` : `(${said})`;
	return { schema: result, changed: true };
}

function isUnsupported(key: string, value: JsonValue): boolean {
	if (key === 'format') return typeof value !== 'string' || !FORMATS.has(value);
	if (key === 'minItems') return value !== 0 && value !== 1;
	return UNSUPPORTED.has(key);
}

/** Forbids further properties; true where the schema allowed them on purpose. */
function close(schema: JsonObject): boolean {
	const open = schema.additionalProperties !== undefined && schema.additionalProperties !== false;
	schema.additionalProperties = false;
	return open;
}

function convert(key: string, value: JsonValue): { value: JsonValue; changed: boolean } {
	if (ONE.has(key) && isObject(value)) return renamed(supportedSchema(value));
	if (LIST.has(key) && Array.isArray(value)) {
		const items = value.map((item) => (isObject(item) ? renamed(supportedSchema(item)) : { value: item, changed: false }));
		return { value: items.map((item) => item.value), changed: items.some((item) => item.changed) };
	}
	if (MAP.has(key) && isObject(value)) return convertMap(value);
	return { value, changed: false };
}

function convertMap(map: JsonObject): { value: JsonValue; changed: boolean } {
	const value: JsonObject = {};
	let changed = false;
	for (const name in map) {
		const item = map[name];
		const inner = isObject(item) ? supportedSchema(item) : undefined;
		value[name] = inner?.schema ?? item;
		changed ||= inner?.changed ?? false;
	}
	return { value, changed };
}

function renamed(inner: { schema: JsonObject; changed: boolean }): { value: JsonValue; changed: boolean } {
	return { value: inner.schema, changed: inner.changed };
}
