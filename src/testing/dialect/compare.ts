import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../lib/json.ts';
import type { JsonValue, Translated, Warning } from '../../spec/index.ts';
import { ensure, ensureNone, show } from '../check.ts';
import { list } from '../rule.ts';
import { warning } from '../shapes.ts';
import type { Essence } from './essence.ts';
import type { Sample } from './samples.ts';

/** Makes a value that nobody may change; changing it throws. */
export function frozen<T>(value: T): T {
	const copy = structuredClone(value);
	freeze(copy);
	return copy;
}

function freeze(value: unknown): void {
	if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
	Object.freeze(value);
	for (const inner of Object.values(value)) freeze(inner);
}

/** The value as it arrives: written as JSON and read again. Fails where JSON would lose something. */
export function onTheWire<T extends JsonValue>(translated: Translated<T>, what: string): JsonValue {
	ensure(isObject(translated.value), `${what} is no object`);
	ensureNone(list(warning)(translated.warnings, `warnings of ${what}`));
	const read = JSON.parse(JSON.stringify(translated.value)) as JsonValue;
	ensure(isDeepStrictEqual(read, plain(translated.value)), `${what} holds what JSON cannot: ${show(translated.value)}`);
	return read;
}

/** Without keys that are undefined, which count as absent. */
function plain(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
	const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
	return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
}

/** Fails where an aspect is lost that must not be, or one is lost without a warning. */
export function ensureKept<T>(sample: Sample<T>, before: Essence, after: Essence, warnings: readonly Warning[]): void {
	for (const aspect of Object.keys(before)) {
		if (isDeepStrictEqual(before[aspect], after[aspect])) continue;
		const change = `${aspect} was ${show(before[aspect])} and came back as ${show(after[aspect])}`;
		ensure(!sample.core.includes(aspect), change);
		ensure(warnings.length > 0, `${change}, without a warning`);
	}
}

/** Fails where the same thing written, read and written again differs. */
export function ensureSame(first: JsonValue, second: JsonValue, what: string): void {
	ensure(isDeepStrictEqual(first, second), `${what} written again differs: ${show(first)} became ${show(second)}`);
}
