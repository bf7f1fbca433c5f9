import type { JsonObject } from '../../spec/index.ts';
import { isObject, list, object, objects, text } from '../core/json.ts';

function typeOf(schema: JsonObject): string {
	return text(schema.type).toUpperCase();
}

function ownFault(schema: JsonObject, where: string): string | undefined {
	const type = typeOf(schema);
	if (type === 'ARRAY' && schema.items === undefined) return `* ${where}.items: missing field.\n`;
	const format = text(schema.format);
	if (type === 'STRING' && format !== '' && format !== 'enum' && format !== 'date-time') {
		return `* ${where}.format: only 'enum' and 'date-time' are supported for STRING type\n`;
	}
	if (schema.enum !== undefined && type !== 'STRING') return `* ${where}.enum: only allowed for STRING type\n`;
	if (list(schema.enum).includes('')) return `* ${where}.enum[${list(schema.enum).indexOf('')}]: cannot be empty\n`;
	const properties = object(schema.properties);
	const index = list(schema.required).findIndex((name) => !Object.hasOwn(properties, text(name)));
	if (index >= 0) return `* ${where}.required[${index}]: property is not defined\n`;
	if (isObject(schema.properties) && type !== 'OBJECT') return `* ${where}.properties: only allowed for OBJECT type\n`;
	return undefined;
}

/** What is wrong with a schema in the vendor's own language; undefined where nothing is. */
export function schemaFault(schema: JsonObject, where: string): string | undefined {
	const own = ownFault(schema, where);
	if (own !== undefined) return own;
	const properties = object(schema.properties);
	for (const name in properties) {
		const fault = schemaFault(object(properties[name]), `${where}.properties[${name}]`);
		if (fault !== undefined) return fault;
	}
	if (isObject(schema.items)) {
		const fault = schemaFault(schema.items, `${where}.items`);
		if (fault !== undefined) return fault;
	}
	for (const [index, option] of objects(schema.anyOf).entries()) {
		const fault = schemaFault(option, `${where}.any_of[${index}]`);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

/** A schema of the vendor's language as JSON Schema: types in small letters, `nullable` as an option. */
export function jsonSchemaOf(schema: JsonObject): JsonObject {
	const { properties, items, anyOf, ...rest } = schema;
	const written: JsonObject = { ...rest };
	if (schema.type !== undefined) written.type = text(schema.type).toLowerCase();
	if (isObject(properties)) {
		written.properties = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, jsonSchemaOf(object(one))]));
	}
	if (isObject(items)) written.items = jsonSchemaOf(items);
	if (anyOf !== undefined) written.anyOf = objects(anyOf).map(jsonSchemaOf);
	return written;
}
