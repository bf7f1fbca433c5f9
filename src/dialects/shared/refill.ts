import { isObject, put } from '../../lib/json.ts';
import type { Extensible, JsonObject } from '../../spec/index.ts';
import { own, restored } from './extensions.ts';

/**
 * Adds what a node keeps for a dialect to its wire form. Nothing that is there is overwritten; objects are completed member by
 * member. Returns the wire object.
 */
export function refillFrom(dialect: string, wire: JsonObject, node: Extensible): JsonObject {
	const rest = own(node, dialect);
	if (rest !== undefined) complete(wire, restored(rest));
	return wire;
}

function complete(target: JsonObject, fields: JsonObject): void {
	for (const key in fields) {
		const value = fields[key];
		const there = Object.hasOwn(target, key) ? target[key] : undefined;
		if (there === undefined) put(target, key, value);
		else if (isObject(there) && isObject(value)) complete(there, value);
	}
}

/**
 * What is left of an object some of whose fields were taken; undefined when nothing is. Nulls were not taken, and an object that
 * came empty is left empty.
 */
export function untaken(object: JsonObject, taken: ReadonlySet<string>): JsonObject | undefined {
	let rest: JsonObject | undefined;
	let empty = true;
	for (const key in object) {
		const value = object[key];
		if (value === undefined) continue;
		empty = false;
		if (taken.has(key) && value !== null) continue;
		rest ??= {};
		put(rest, key, value);
	}
	return empty ? {} : rest;
}
