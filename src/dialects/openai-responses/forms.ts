import { isObject } from '../../lib/json.ts';
import type { Extensible, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend, own } from '../shared/index.ts';
import { DIALECT } from './name.ts';

/**
 * Keeps what is left of an object inside a wire object (the item around a content part, `text.format`) among the leftovers of the
 * canonical node: under the key, or under `$` and the key where only form is left.
 */
export function nest(outer: JsonObject, key: string, inner: JsonObject | undefined): void {
	if (inner === undefined) return;
	const onlyForm = Object.keys(inner).every((each) => each.startsWith('$'));
	outer[onlyForm ? `$${key}` : key] = inner;
}

/** What `nest` kept. */
export function nested(outer: JsonObject | undefined, key: string): JsonObject | undefined {
	const inner = outer?.[key] ?? outer?.[`$${key}`];
	return isObject(inner) ? inner : undefined;
}

/** Leftovers or undefined when there are none. */
export function orNothing(left: JsonObject): JsonObject | undefined {
	return Object.keys(left).length === 0 ? undefined : left;
}

/** Something this dialect remembers of a node. */
export function mark(node: Extensible, key: string): JsonValue | undefined {
	return own(node, DIALECT)?.[key];
}

/** The node with something more remembered of it. */
export function marked<T extends Extensible>(node: T, marks: JsonObject): T {
	return { ...node, extensions: { ...node.extensions, [DIALECT]: { ...own(node, DIALECT), ...marks } } };
}

/** The node without what this dialect remembers of it. */
export function unmarked<T extends Extensible>(node: T): T {
	if (own(node, DIALECT) === undefined) return node;
	const { extensions, ...bare } = node;
	const { [DIALECT]: _, ...others } = extensions ?? {};
	return (Object.keys(others).length === 0 ? bare : { ...bare, extensions: others }) as T;
}

/** The node with leftovers, if there are any. */
export function withLeft<T extends Extensible>(node: T, left: JsonObject): T {
	return { ...node, ...extend(DIALECT, orNothing(left)) };
}
