import type { Extensible, JsonObject, JsonValue } from '../../spec/index.ts';
import { own, refillFrom } from '../shared/index.ts';

export { untaken } from '../shared/index.ts';

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

/** Adds what a node keeps for this dialect to its wire form. Returns the wire object. */
export function refill(wire: JsonObject, node: Extensible): JsonObject {
	return refillFrom(DIALECT, wire, node);
}
