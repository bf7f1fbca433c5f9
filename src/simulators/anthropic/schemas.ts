import type { JsonObject } from '../../spec/index.ts';
import { isObject, objects, text } from '../core/json.ts';

/** Constraints that structured output does not take, by the type they are written at. */
const UNSUPPORTED: { [type: string]: readonly string[] } = {
	integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
	number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
	string: ['minLength', 'maxLength'],
	array: ['maxItems', 'uniqueItems'],
};

function ownFault(schema: JsonObject): string | undefined {
	const type = text(schema.type);
	const property = UNSUPPORTED[type]?.find((name) => schema[name] !== undefined);
	if (property !== undefined) return `For '${type}' type, property '${property}' is not supported`;
	if (type === 'object' && schema.additionalProperties !== false) {
		return "For 'object' type, 'additionalProperties' must be explicitly set to false";
	}
	return undefined;
}

function children(schema: JsonObject): JsonObject[] {
	const maps = [schema.properties, schema.$defs, schema.definitions].filter(isObject);
	const found = maps.flatMap((map) => Object.values(map)).filter(isObject);
	if (isObject(schema.items)) found.push(schema.items);
	return [...found, ...objects(schema.anyOf), ...objects(schema.allOf)];
}

/** What keeps a schema from being enforced, in the vendor's words; undefined where nothing does. */
export function schemaFault(schema: JsonObject): string | undefined {
	const own = ownFault(schema);
	if (own !== undefined) return own;
	for (const child of children(schema)) {
		const fault = schemaFault(child);
		if (fault !== undefined) return fault;
	}
	return undefined;
}
