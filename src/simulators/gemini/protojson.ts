import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isObject } from '../core/json.ts';
import type { Shape } from '../core/shape.ts';

function camel(key: string): string {
	return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A field's name as the vendor's messages print it: `generationConfig` becomes `generation_config`. */
export function snake(key: string): string {
	return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fields(value: JsonObject, keys: { [key: string]: Shape }): JsonObject {
	const read: JsonObject = {};
	for (const key in value) {
		const item = value[key];
		if (item === undefined || item === null) continue;
		const name = Object.hasOwn(keys, key) || !Object.hasOwn(keys, camel(key)) ? key : camel(key);
		const shape = Object.hasOwn(keys, name) ? keys[name] : undefined;
		read[name] = shape === undefined ? item : readMessage(item, shape);
	}
	return read;
}

/**
 * A request as the vendor reads it: field names in either spelling, null as absent, one object where a list of them is expected,
 * whole numbers written as text, enums by number. What it does not know stays as it is.
 */
export function readMessage(value: JsonValue, shape: Shape): JsonValue {
	switch (shape.is) {
		case 'object':
			return shape.open === true || !isObject(value) ? value : fields(value, shape.keys);
		case 'map': {
			if (!isObject(value)) return value;
			return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readMessage(item ?? null, shape.of)]));
		}
		case 'array': {
			const items = isObject(value) ? [value] : value;
			return Array.isArray(items) ? items.map((item) => readMessage(item, shape.of)) : items;
		}
		case 'integer':
			return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
		case 'string':
			// Values of an enum stand in the order of their numbers.
			return typeof value === 'number' ? (shape.values?.[value] ?? value) : value;
		default:
			return value;
	}
}

/** JSON as the vendor's streams write it: a space behind colons, none behind commas. */
export function spaced(value: JsonValue): string {
	if (Array.isArray(value)) return `[${value.map(spaced).join(',')}]`;
	if (!isObject(value)) return JSON.stringify(value);
	const pairs = Object.entries(value).flatMap(([key, item]) =>
		item === undefined ? [] : [`${JSON.stringify(key)}: ${spaced(item)}`],
	);
	return `{${pairs.join(',')}}`;
}

/** JSON as the vendor's other answers write it. */
export function printed(value: JsonValue): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}
