import type { JsonObject } from '../../spec/index.ts';
import { isObject, list, objects, text } from '../core/json.ts';

const FORBIDDEN = ['allOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'patternProperties', 'default'];

function context(path: string[]): string {
	const steps = path.map((step) => `'${step}'`);
	return `In context=(${steps.join(', ')}${steps.length === 1 ? ',' : ''})`;
}

function objectFault(schema: JsonObject, path: string[]): string | undefined {
	if (schema.additionalProperties !== false) {
		return `${context(path)}, 'additionalProperties' is required to be supplied and to be false.`;
	}
	const keys = isObject(schema.properties) ? Object.keys(schema.properties) : [];
	const required = list(schema.required).map(text);
	const missing = keys.find((key) => !required.includes(key));
	if (missing === undefined) return undefined;
	return `${context(path)}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
}

/** Keywords whose value is an object of schemas. */
const MAPS = ['properties', '$defs', 'definitions'];

function childFault(schema: JsonObject, path: string[]): string | undefined {
	for (const map of MAPS) {
		const children = schema[map];
		if (!isObject(children)) continue;
		for (const key in children) {
			const child = children[key];
			const fault = isObject(child) ? strictFault(child, [...path, map, key]) : undefined;
			if (fault !== undefined) return fault;
		}
	}
	if (isObject(schema.items)) {
		const fault = strictFault(schema.items, [...path, 'items']);
		if (fault !== undefined) return fault;
	}
	for (const [index, child] of objects(schema.anyOf).entries()) {
		const fault = strictFault(child, [...path, 'anyOf', String(index)]);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

/** What keeps a schema from strict mode, in the vendor's words; undefined where nothing does. */
export function strictFault(schema: JsonObject, path: string[] = []): string | undefined {
	const forbidden = FORBIDDEN.find((keyword) => schema[keyword] !== undefined);
	if (forbidden !== undefined) return `${context(path)}, '${forbidden}' is not permitted.`;
	const isObjectSchema = schema.type === 'object' || isObject(schema.properties);
	if (isObjectSchema) {
		const fault = objectFault(schema, path);
		if (fault !== undefined) return fault;
	}
	return childFault(schema, path);
}

/** What is wrong with the top of a schema, strict or not; undefined where nothing is. */
export function rootFault(schema: JsonObject): string | undefined {
	if (schema.type !== 'object') {
		const found = typeof schema.type === 'string' ? schema.type : 'None';
		return `schema must be a JSON Schema of 'type: "object"', got 'type: "${found}"'.`;
	}
	return schema.properties === undefined ? 'In context=(), object schema missing properties.' : undefined;
}
