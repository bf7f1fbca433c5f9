import type { Extensible, JsonObject, JsonValue } from '../../spec/index.ts';
import { own, refillFrom } from '../shared/index.ts';

/** Name of the dialect and of its extensions. */
export const DIALECT = 'ollama';

/**
 * Markers this dialect leaves in its extensions, beside `$form`:
 * - `$own`: on requests, answers and stream starts that were decoded from this dialect;
 * - `$stream`: `absent` on a request that left the choice to the server, which streams;
 * - `$think`: reasoning settings in the form they came in; `$type`: the type of a tool that was none or unknown;
 * - `$content`: `none` on a message that had no `content`;
 * - `$id`, `$name`: `none` on calls and results that came without one; `$call`: members of a call beside its function;
 * - `$arguments`: `text` or `none` where a call's arguments were no object;
 * - `$created`: the moment as it was written; `$counts`: the counts and durations of an answer;
 * - `$reason`: a reason no other dialect has, `none` where an answer ended without one; `$logprobs`: as written.
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
