import type { Extensible, JsonObject, JsonValue } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { own, refillFrom } from '../shared/index.ts';

/** Name of the dialect and of its extensions. */
export const DIALECT = 'cohere';

/**
 * Markers this dialect leaves in its extensions, beside `$form`:
 * - `$own`: on requests, answers and stream starts that were decoded from this dialect;
 * - `$content`: the form of a message's content (`text`, `blocks`, `none`, `null`); later pieces of a message have none;
 * - `$plan`: on reasoning read from `tool_plan`; `$document`: a document in its wire form, `$top` where it stood beside the messages;
 * - `$citations`, `$raw`, `$reason`, `$delta`: wire forms that are repeated while they still say the same;
 * - `$arguments`, `$id`, `$role`: `none` or `empty` where a call or message had no or empty ones; `$image`: what an image says besides;
 * - `$schema`: the member a schema stood in; `$type`: the type of a tool or call that was none or unknown.
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

/** An error for what the dialect cannot express and must not leave out, because the answer would mean something else. */
export function unsupported(path: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param: path });
}
