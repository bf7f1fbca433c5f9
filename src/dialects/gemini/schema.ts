import { isObject, put } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { camel } from './spelling.ts';

/** Types by their number, as clients that encode enums as numbers send them. */
const NUMBERED = ['', 'string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];
/** Members that hold counts, which the API takes in quotes too. */
const COUNTS: ReadonlySet<string> = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']);
/** Members JSON Schema has no word for: an order of properties, and `nullable`, which becomes a type. */
const UNSAID: ReadonlySet<string> = new Set(['propertyOrdering', 'nullable', 'type']);

/**
 * A schema in the API's own notation (a subset of OpenAPI: `type: "OBJECT"`, `nullable`, counts in quotes) as JSON Schema. What is
 * JSON Schema already comes back as it is.
 */
export function toJsonSchema(wire: JsonObject): JsonObject {
	const spelled = camel(wire);
	const schema: JsonObject = {};
	const type = typeOf(spelled.type, spelled.nullable === true);
	if (type !== undefined) schema.type = type;
	for (const key in spelled) {
		const value = spelled[key];
		if (value === undefined || UNSAID.has(key)) continue;
		if (key === 'format' && value === 'enum') continue;
		if (key === 'example') schema.examples = [value];
		else put(schema, key, member(key, value));
	}
	return schema;
}

function typeOf(wire: JsonValue | undefined, nullable: boolean): JsonValue | undefined {
	if (Array.isArray(wire)) return wire.map((each) => typeName(each) ?? null);
	const name = typeName(wire);
	if (name === undefined || name === 'type_unspecified') return undefined;
	return nullable && name !== 'null' ? [name, 'null'] : name;
}

function typeName(wire: JsonValue | undefined): string | undefined {
	if (typeof wire === 'number') return NUMBERED[wire];
	return typeof wire === 'string' ? wire.toLowerCase() : undefined;
}

function member(key: string, value: JsonValue): JsonValue {
	if (COUNTS.has(key) && typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
	if (key === 'properties' || key === '$defs' || key === 'defs' || key === 'definitions') return named(value);
	if (key === 'items' || key === 'additionalProperties' || key === 'not') return isObject(value) ? toJsonSchema(value) : value;
	const list = key === 'anyOf' || key === 'oneOf' || key === 'allOf' || key === 'prefixItems';
	return list && Array.isArray(value) ? value.map((each) => (isObject(each) ? toJsonSchema(each) : each)) : value;
}

/** Schemas by name. */
function named(value: JsonValue): JsonValue {
	if (!isObject(value)) return value;
	const schemas: JsonObject = {};
	for (const key in value) {
		const each = value[key];
		put(schemas, key, isObject(each) ? toJsonSchema(each) : each);
	}
	return schemas;
}
