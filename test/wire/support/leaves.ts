import { isObject, put } from '../../../src/lib/json.ts';
import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

/** A value at the end of a path: no object and no array, unless it is an empty one. */
export interface Leaf {
	steps: (string | number)[];
	value: JsonValue;
}

/** The path as messages and warnings write it: `messages[0].content`. */
export function pathOf(steps: readonly (string | number)[]): string {
	return steps.reduce<string>((path, step) => {
		if (typeof step === 'number') return `${path}[${step}]`;
		return path === '' ? step : `${path}.${step}`;
	}, '');
}

/** The path with places in lists left out: `messages[].content`, and names in schemas and arguments too. */
export function patternOf(steps: readonly (string | number)[]): string {
	return pathOf(steps).replace(/\[\d+\]/g, '[]');
}

export function leavesOf(value: JsonValue, steps: (string | number)[] = []): Leaf[] {
	if (Array.isArray(value) && value.length > 0) return value.flatMap((item, index) => leavesOf(item, [...steps, index]));
	if (isObject(value)) {
		const keys = Object.keys(value).filter((key) => value[key] !== undefined);
		if (keys.length > 0) return keys.flatMap((key) => leavesOf(value[key] ?? null, [...steps, key]));
	}
	return [{ steps, value }];
}

/** What no recording says by itself. */
export const MARK = 'Zq7Relais';

/** Another value of the same kind, which can be told from the first. */
export function altered(value: JsonValue): JsonValue {
	if (typeof value === 'string') return `${value}${MARK}`;
	if (typeof value === 'number') return Number.isInteger(value) ? value + 1 : value / 2;
	if (typeof value === 'boolean') return !value;
	if (Array.isArray(value)) return [MARK];
	return value === null ? MARK : { [MARK]: true };
}

/** A copy with one value replaced; everything beside the path is shared with the original. */
export function replaced(value: JsonValue, steps: readonly (string | number)[], leaf: JsonValue): JsonValue {
	const [step, ...rest] = steps;
	if (step === undefined) return leaf;
	if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest, leaf) : item));
	if (!isObject(value)) return leaf;
	const copy: JsonObject = {};
	for (const key in value) put(copy, key, key === step ? replaced(value[key] ?? null, rest, leaf) : value[key]);
	return copy;
}
