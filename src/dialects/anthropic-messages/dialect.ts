import { isObject, put } from '../../lib/json.ts';
import type { Extensible, JsonObject, JsonValue } from '../../spec/index.ts';
import { own, restored } from '../shared/index.ts';

/** Name of the dialect, of its extensions and of the signatures its models make. */
export const DIALECT = 'anthropic-messages';

/**
 * Markers this dialect leaves in its extensions, beside `$form`:
 * - `$own`: on requests, answers and stream starts that were decoded from this dialect;
 * - `$turn`: on the message that opens a wire turn, the form of its content (`text`, `blocks`, `none`); later pieces have none;
 * - `$system`: on the message made of the top-level `system` field, its form;
 * - `$type`: the block type of parts that several types decode to;
 * - `$content`: the form of a result's or document's content; `$signature`: form of an absent signature; `$raw`: whole usage.
 */
export type Form = 'text' | 'blocks' | 'none';

/** A marker or field this dialect left on a node. */
export function mark(node: Extensible, key: string): JsonValue | undefined {
	return own(node, DIALECT)?.[key];
}

/** Whether a request, an answer or a stream's start came from this dialect. */
export function isOwn(node: Extensible): boolean {
	return mark(node, '$own') === true;
}

/** What a table holds under a word of the wire, which may be any text: names every object has, such as `constructor`, are no entries. */
export function lookup<T>(table: { readonly [word: string]: T }, word: string | undefined): T | undefined {
	return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/**
 * Adds what a node keeps for this dialect to its wire form. Nothing that is there is overwritten; objects are completed member by
 * member. Returns the wire object.
 */
export function refill(wire: JsonObject, node: Extensible): JsonObject {
	const rest = own(node, DIALECT);
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
