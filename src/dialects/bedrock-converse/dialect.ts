import type { Extensible, JsonObject, JsonValue } from '../../spec/index.ts';
import { FORM, leftovers, own, refillFrom } from '../shared/index.ts';

/** Name of the dialect, of its extensions and of the signatures its models make. */
export const DIALECT = 'bedrock-converse';

/**
 * Markers this dialect leaves in its extensions, beside `$form`:
 * - `$own`: on requests, answers and stream starts that were decoded from this dialect;
 * - `$turn`: on the message that opens a wire turn; later pieces of it have none;
 * - `$system`: on the message made of the top-level `system` field;
 * - `$type`: the member or type a part was read from, where several decode to the same;
 * - `$content`: pieces of cited text where they are not one; `$source`: how a document's text was given;
 * - `$unsigned`: on reasoning that came without a signature;
 * - `$effort`, `$format`: the field an effort or an output schema was read from; `$schema`: the text of an output schema;
 * - `$raw`: the wire form of usage and citations, repeated while it still says the same.
 */

/** A marker or field this dialect left on a node. */
export function mark(node: Extensible, key: string): JsonValue | undefined {
	return own(node, DIALECT)?.[key];
}

/** Whether a request, an answer or a stream's start came from this dialect. */
export function isOwn(node: Extensible): boolean {
	return mark(node, '$own') === true;
}

/** Adds what a node keeps for this dialect to its wire form. Returns the wire object. */
export function refill(wire: JsonObject, node: Extensible): JsonObject {
	return refillFrom(DIALECT, wire, node);
}

const TYPE: ReadonlySet<string> = new Set(['type']);

/**
 * What a block keeps: the fields its reader did not take, of the block itself and of the member that holds its content. A `type` in
 * either only repeats what the member's name says.
 * @param nested members of the content that were taken in part, with what is left of them
 */
export function keep(
	block: JsonObject,
	member: string,
	content: JsonObject,
	taken: ReadonlySet<string>,
	nested: JsonObject = {},
): JsonObject | undefined {
	const rest: JsonObject = { ...leftovers(block, new Set([member]), TYPE) };
	const inner = leftovers({ ...content, ...nested }, taken, TYPE);
	if (inner !== undefined) {
		const { [FORM]: form, ...plain } = inner;
		const isPlain = Object.keys(plain).length > 0;
		if (isPlain) rest[member] = { ...plain, ...(form as JsonObject | undefined) };
		else if (form !== undefined) rest[FORM] = { ...(rest[FORM] as JsonObject | undefined), [member]: form };
	}
	return Object.keys(rest).length === 0 ? undefined : rest;
}

/** What is left of an object some of whose fields were taken; undefined when nothing is. */
export function remainder(object: JsonObject, taken: ReadonlySet<string>): JsonObject | undefined {
	const rest: JsonObject = {};
	for (const key in object) if (object[key] !== undefined && !(taken.has(key) && object[key] !== null)) rest[key] = object[key];
	return Object.keys(rest).length === 0 ? undefined : rest;
}
