import { isObject } from '../../lib/json.ts';
import type { JsonObject } from '../../spec/index.ts';

/**
 * Keeps what is left of an object inside a wire object (`image_url`, `function`, `message`) among the leftovers of the outer one:
 * under the same key, or under `$` and the key where only form is left.
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
