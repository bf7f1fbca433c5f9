import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isObject } from './json.ts';

interface Nullable {
	nullable?: boolean;
}

/** What a vendor accepts at one place of a request. Vendors state their requests as data in this form. */
export type Shape = Nullable &
	(
		| { is: 'any' }
		| { is: 'boolean' }
		| { is: 'string'; values?: readonly string[]; pattern?: RegExp; maxLength?: number; nonEmpty?: boolean }
		| { is: 'number' | 'integer'; min?: number; max?: number }
		| { is: 'array'; of: Shape; min?: number; max?: number }
		/** `one`: a union, of which exactly one key is there. */
		| { is: 'object'; keys: { [key: string]: Shape }; required?: readonly string[]; open?: boolean; one?: boolean }
		/** An object of any keys, all of one shape. */
		| { is: 'map'; of: Shape }
		/** An object whose `by` field says which of the shapes it has. */
		| { is: 'variant'; by: string; of: { [tag: string]: Shape }; fallback?: string }
		/** A string or something else: the shape is chosen by the value's JSON type. */
		| { is: 'either'; of: readonly Shape[] }
	);

/** A step of a path. A variant's tag is a step of its own, which some vendors print and others do not. */
export type Step = string | number | { tag: string };

/** The first thing wrong with a request. */
export interface Violation {
	path: Step[];
	fault: 'type' | 'missing' | 'unknown' | 'value' | 'min' | 'max' | 'pattern' | 'too_long' | 'empty' | 'too_many';
	/** What is wanted: a type's name, the values, the bound, the pattern. */
	expected: string;
	value: JsonValue | undefined;
	shape: Shape;
}

/** The JSON type's name, `integer` for whole numbers. */
export function typeName(value: JsonValue | undefined): string {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'array';
	if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
	return typeof value;
}

const EXPECTED: { [is: string]: string } = { variant: 'object', map: 'object' };

function mismatches(value: JsonValue, shape: Shape): boolean {
	const found = typeName(value);
	if (shape.is === 'number') return found !== 'integer' && found !== 'number';
	return found !== (EXPECTED[shape.is] ?? shape.is);
}

/** A shape from a table, and not what every object inherits: keys come from the client. */
function own(table: { [key: string]: Shape }, key: string): Shape | undefined {
	return Object.hasOwn(table, key) ? table[key] : undefined;
}

type Walk = (value: JsonValue, shape: Shape, path: Step[], lenient: boolean) => Violation | undefined;

const stringCheck: Walk = (value, shape, path) => {
	if (shape.is !== 'string' || typeof value !== 'string') return undefined;
	const report = (fault: Violation['fault'], expected: string): Violation => ({ path, fault, expected, value, shape });
	if (shape.values !== undefined && !shape.values.includes(value)) return report('value', shape.values.join('|'));
	if (shape.nonEmpty === true && value === '') return report('empty', '1');
	if (shape.maxLength !== undefined && value.length > shape.maxLength) return report('too_long', String(shape.maxLength));
	if (shape.pattern !== undefined && !shape.pattern.test(value)) return report('pattern', shape.pattern.source);
	return undefined;
};

const numberCheck: Walk = (value, shape, path) => {
	if ((shape.is !== 'number' && shape.is !== 'integer') || typeof value !== 'number') return undefined;
	if (shape.min !== undefined && value < shape.min) return { path, fault: 'min', expected: String(shape.min), value, shape };
	if (shape.max !== undefined && value > shape.max) return { path, fault: 'max', expected: String(shape.max), value, shape };
	return undefined;
};

const arrayCheck: Walk = (value, shape, path, lenient) => {
	if (shape.is !== 'array' || !Array.isArray(value)) return undefined;
	if (value.length < (shape.min ?? 0)) return { path, fault: 'empty', expected: String(shape.min), value, shape };
	if (shape.max !== undefined && value.length > shape.max) {
		return { path, fault: 'too_many', expected: String(shape.max), value, shape };
	}
	for (const [index, item] of value.entries()) {
		const violation = walk(item, shape.of, [...path, index], lenient);
		if (violation !== undefined) return violation;
	}
	return undefined;
};

const objectCheck: Walk = (value, shape, path, lenient) => {
	if (shape.is !== 'object' || !isObject(value)) return undefined;
	for (const key of shape.required ?? []) {
		if (value[key] === undefined) return { path: [...path, key], fault: 'missing', expected: key, value: undefined, shape };
	}
	for (const key in value) {
		const item = value[key];
		const known = own(shape.keys, key);
		if (item === undefined) continue;
		if (known === undefined) {
			if (shape.open === true || lenient) continue;
			return { path: [...path, key], fault: 'unknown', expected: Object.keys(shape.keys).join('|'), value: item, shape };
		}
		const violation = walk(item, known, [...path, key], lenient);
		if (violation !== undefined) return violation;
	}
	return shape.one === true ? unionFault(value, shape, path) : undefined;
};

function unionFault(value: JsonObject, shape: Shape & { is: 'object' }, path: Step[]): Violation | undefined {
	const set = Object.keys(value).filter((key) => (value[key] ?? null) !== null);
	return set.length === 1 ? undefined : { path, fault: 'value', expected: Object.keys(shape.keys).join('|'), value, shape };
}

const variantCheck: Walk = (value, shape, path, lenient) => {
	if (shape.is !== 'variant' || !isObject(value)) return undefined;
	const tag = value[shape.by] ?? shape.fallback;
	if (tag === undefined) return { path: [...path, shape.by], fault: 'missing', expected: shape.by, value: undefined, shape };
	const chosen = typeof tag === 'string' ? own(shape.of, tag) : undefined;
	if (typeof tag !== 'string' || chosen === undefined) {
		return { path: [...path, shape.by], fault: 'value', expected: Object.keys(shape.of).join('|'), value: tag, shape };
	}
	return walk(value, chosen, [...path, { tag }], lenient);
};

const mapCheck: Walk = (value, shape, path, lenient) => {
	if (shape.is !== 'map' || !isObject(value)) return undefined;
	for (const key in value) {
		const item = value[key];
		const violation = item === undefined ? undefined : walk(item, shape.of, [...path, key], lenient);
		if (violation !== undefined) return violation;
	}
	return undefined;
};

const CHECKS: { [is: string]: Walk } = {
	string: stringCheck,
	number: numberCheck,
	integer: numberCheck,
	array: arrayCheck,
	object: objectCheck,
	map: mapCheck,
	variant: variantCheck,
};

function walk(value: JsonValue, shape: Shape, path: Step[], lenient: boolean): Violation | undefined {
	if (shape.is === 'any' || (value === null && shape.nullable === true)) return undefined;
	if (shape.is === 'either') {
		const chosen = shape.of.find((candidate) => candidate.is === 'any' || !mismatches(value, candidate));
		if (chosen !== undefined) return walk(value, chosen, path, lenient);
		const expected = shape.of.map((candidate) => EXPECTED[candidate.is] ?? candidate.is).join('|');
		return { path, fault: 'type', expected, value, shape };
	}
	if (mismatches(value, shape)) return { path, fault: 'type', expected: EXPECTED[shape.is] ?? shape.is, value, shape };
	return CHECKS[shape.is]?.(value, shape, path, lenient);
}

/** The first place where a value departs from the shape. `lenient`: unknown keys pass. */
export function firstViolation(value: JsonValue, shape: Shape, lenient = false): Violation | undefined {
	return walk(value, shape, [], lenient);
}
