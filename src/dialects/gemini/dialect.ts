import { isObject, put } from '../../lib/json.ts';
import type { Extensible, JsonObject, JsonValue } from '../../spec/index.ts';
import { own, restored } from '../shared/index.ts';

/** Name of the dialect, of its extensions and of the signatures its models make. */
export const DIALECT = 'gemini';

/**
 * Markers this dialect leaves in its extensions, beside `$form`:
 * - `$own`: on requests, answers and stream starts that were decoded from this dialect;
 * - `$turns`: on an assistant message, how many parts each of the wire's contents held that were joined in it;
 * - `$turn`: on the message that opens a content of the user's, the role it was written with; later pieces of it have none;
 * - `$id`: `none` on calls and results that came without an id;
 * - `$type`: the member that held a call or result of a tool the vendor ran;
 * - `$thought`: on reasoning read from a thought part, which may go back without a signature;
 * - `$response`: the form a tool's result was written in (`output`, `result`, `error`, `json`, `named`: beside the function's name);
 * - `$entry`: the place in the wire's `tools` a tool stood in; `$parameters`, `$schema`: a schema in the wire's own notation;
 * - `$asked`, `$choice`: reasoning settings and tool choice in the form they came in;
 * - `$reason`, `$raw`, `$logprobs`, `$grounding`, `$citations`: wire forms that are repeated while they still say the same.
 */

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

/** The leftovers of a node with markers added; undefined when there is neither. */
export function withMarks(rest: JsonObject | undefined, marks: JsonObject): JsonObject | undefined {
	let kept = rest;
	for (const key in marks) {
		if (marks[key] === undefined) continue;
		kept = kept === rest ? { ...rest } : kept;
		put(kept ?? {}, key, marks[key]);
	}
	return kept;
}
