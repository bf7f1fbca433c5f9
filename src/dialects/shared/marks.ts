import { isObject } from '../../lib/json.ts';
import type { JsonObject } from '../../spec/index.ts';
import { FORM, restored } from './extensions.ts';

/** The leftovers of a node with markers added; undefined when there is neither. */
export function withMarks(rest: JsonObject | undefined, marks: JsonObject): JsonObject | undefined {
	const set = Object.entries(marks).filter(([, value]) => value !== undefined);
	return set.length === 0 ? rest : { ...rest, ...Object.fromEntries(set) };
}

/** The leftovers of a request and the markers gathered beside it; fields of `$form` on both sides stay. */
export function joinMarks(rest: JsonObject | undefined, marks: JsonObject): JsonObject {
	const both = withMarks(rest, marks) ?? {};
	if (isObject(rest?.$form) && isObject(marks.$form)) both.$form = { ...rest.$form, ...marks.$form };
	return both;
}

/** Adds to what a node keeps the leftovers of an object inside it; leftovers that are mere form stay so. */
export function keepInside(kept: JsonObject, key: string, inner: JsonObject | undefined): void {
	if (inner === undefined) return;
	const plain = Object.keys(inner).some((each) => each !== FORM);
	if (plain) kept[key] = restored(inner);
	else kept[FORM] = { ...(isObject(kept[FORM]) ? kept[FORM] : {}), [key]: inner[FORM] };
}
