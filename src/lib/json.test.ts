import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../spec/index.ts';
import { deeperThan, defined, isObject, omit, tryParse } from './json.ts';

function nested(depth: number, array: boolean): JsonValue {
	let value: JsonValue = 1;
	for (let i = 0; i < depth; i++) value = array ? [value] : { a: value };
	return value;
}

describe('isObject', () => {
	it('holds for JSON objects only', () => {
		expect([{}, { a: 1 }, JSON.parse('{}')].every(isObject)).toBe(true);
		expect([null, undefined, [], 'a', 1, true, () => {}].some(isObject)).toBe(false);
	});
});

describe('tryParse', () => {
	it('parses JSON and is undefined for anything else', () => {
		fc.assert(fc.property(fc.json(), (text) => void expect(tryParse(text)).toEqual(JSON.parse(text))));
		expect(['', '{', 'undefined', "{'a':1}", '1 2', 'NaN'].map(tryParse)).toEqual(Array(6).fill(undefined));
	});
});

describe('deeperThan', () => {
	it.each([true, false])('counts levels of nesting (arrays: %s)', (array) => {
		expect(deeperThan(nested(5, array), 5)).toBe(false);
		expect(deeperThan(nested(6, array), 5)).toBe(true);
		expect(deeperThan(1, 0)).toBe(false);
		expect(deeperThan([], 0)).toBe(true);
	});

	it('finds the deep place wherever it is', () => {
		expect(deeperThan({ a: 1, b: ['x', { c: nested(3, true) }] }, 6)).toBe(false);
		expect(deeperThan({ a: 1, b: ['x', { c: nested(3, true) }], d: {} }, 5)).toBe(true);
	});

	it('does not fall over nesting of any depth', () => {
		expect(deeperThan(JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`), 64)).toBe(true);
	});
});

describe('omit and defined', () => {
	it('leave the original alone', () => {
		const object = { a: 1, b: undefined, c: null };
		expect(omit(object, new Set(['a']))).toEqual({ c: null });
		expect(Object.keys(defined(object))).toEqual(['a', 'c']);
		expect(Object.keys(object)).toEqual(['a', 'b', 'c']);
	});

	it('keep a key named __proto__ an ordinary key', () => {
		const object = JSON.parse('{"__proto__":{"polluted":true},"a":1}');
		for (const copy of [omit(object, new Set(['a'])), defined(object)]) {
			expect(Object.keys(copy)).toContain('__proto__');
			expect('polluted' in copy).toBe(false);
		}
	});
});
