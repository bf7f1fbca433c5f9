import { isObject, put } from '../../lib/json.ts';
import type { Extensible, Extensions, JsonObject, JsonValue } from '../../spec/index.ts';

/**
 * Extensions of a node hold what its dialect alone knows. Plain keys are the vendor's own fields: they come back out, and another
 * dialect reports them as lost. Keys beginning with `$` only remember the form something was written in and are never reported;
 * `$form` holds fields that say nothing (nulls, empty lists, counters), word for word.
 */
export const FORM = '$form';

const NONE: ReadonlySet<string> = new Set();

/** Whether a field of this value says nothing: null, or a list or object without members. */
export function saysNothing(value: JsonValue): boolean {
	if (value === null) return true;
	if (typeof value !== 'object') return false;
	if (Array.isArray(value)) return value.length === 0;
	for (const key in value) if (value[key] !== undefined) return false;
	return true;
}

/** Whether an unknown field is mere form. A name beginning with `$` is kept there too: it must not pass for a marker. */
export function isForm(key: string, value: JsonValue): boolean {
	return key.charCodeAt(0) === 36 || saysNothing(value);
}

/**
 * The fields of a wire object that its decoder did not take, sorted into plain keys and `$form`; undefined when none is left.
 * `quiet` names fields that are mere form whatever they hold.
 */
export function leftovers(
	wire: JsonObject,
	taken: ReadonlySet<string>,
	quiet: ReadonlySet<string> = NONE,
): JsonObject | undefined {
	let rest: JsonObject | undefined;
	let form: JsonObject | undefined;
	for (const key in wire) {
		const value = wire[key];
		if (value === undefined || (taken.has(key) && value !== null)) continue;
		if (quiet.has(key) || isForm(key, value)) {
			form ??= {};
			put(form, key, value);
		} else {
			rest ??= {};
			put(rest, key, value);
		}
	}
	if (form !== undefined) {
		rest ??= {};
		rest[FORM] = form;
	}
	return rest;
}

/** Extensions of one dialect, or nothing to spread where there are none: `{ ...extend(DIALECT, rest) }`. */
export function extend(dialect: string, rest: JsonObject | undefined): { extensions?: Extensions } {
	return rest === undefined ? {} : { extensions: { [dialect]: rest } };
}

/** What the dialect itself left on a node. */
export function own(node: Extensible, dialect: string): JsonObject | undefined {
	return node.extensions?.[dialect];
}

/** The fields to write back: plain keys, then those of `$form`. Other `$` keys are for the encoder to read. */
export function restored(rest: JsonObject | undefined): JsonObject {
	const fields: JsonObject = {};
	if (rest === undefined) return fields;
	for (const key in rest) if (key.charCodeAt(0) !== 36) put(fields, key, rest[key]);
	const form = rest[FORM];
	if (isObject(form)) for (const key in form) put(fields, key, form[key]);
	return fields;
}
