import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { extend, Fields, Losses, leftovers, own, read, restored, same, table } from './index.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const object = fc.dictionary(
	fc.oneof(fc.string(), fc.constantFrom('__proto__', '$form', '$mark', 'constructor')),
	json,
) as fc.Arbitrary<JsonObject>;

describe('readers of a client’s JSON', () => {
	test('name the place and what was expected there', () => {
		const body: JsonObject = { list: [{ name: 5 }] };
		const names = read.arrayOf((value, path) => read.required(read.object(value, path), 'name', path, read.string));
		expect(() => read.required(body, 'list', '', names)).toThrowError(
			expect.objectContaining({
				code: 'invalid_request',
				param: 'list[0].name',
				message: "'list[0].name' must be a string, not a number.",
			}),
		);
	});

	test.each<[string, () => unknown, string]>([
		['a missing member', () => read.required({}, 'a', 'b', read.string), "'b.a' is required."],
		['an empty string', () => read.nonEmptyString('', 'a'), "'a' must not be empty."],
		['a fraction', () => read.integer(0)(1.5, 'a'), "'a' must be a whole number of at least 0."],
		['an unknown word', () => read.oneOf(['x', 'y'])('z', 'a'), "'a' must be one of 'x', 'y'."],
		['null for an object', () => read.object(null, 'a'), "'a' must be an object, not null."],
	])('refuse %s', (_, act, message) => {
		expect(act).toThrowError(message);
	});

	test('take null for absence where a member may be missing', () => {
		expect(read.optional({ a: null }, 'a', '', read.string)).toBeUndefined();
	});
});

describe('the fields of a wire object', () => {
	test('all come back, taken or not, whatever their names', () => {
		fc.assert(
			fc.property(object, fc.string(), (wire, key) => {
				const fields = new Fields(wire, '');
				const taken = Object.hasOwn(wire, key) ? fields.take(key, (value) => value) : undefined;
				const back = restored(fields.rest());
				const whole =
					taken === undefined ? back : Object.defineProperty(back, key, { value: taken, enumerable: true, configurable: true });
				expect(same(whole, wire)).toBe(true);
				expect(Object.keys(whole).sort()).toEqual(Object.keys(wire).sort());
			}),
		);
	});

	test('are marks of Relais only if Relais made them', () => {
		const rest = new Fields({ $content: 'array' }, '').rest();
		expect(rest).toEqual({ $form: { $content: 'array' } });
		expect(leftovers({ $content: 'array' }, new Set())).toEqual({ $form: { $content: 'array' } });
	});

	test('of the wrong type stop a client’s request and stay aside in a vendor’s answer', () => {
		expect(() => new Fields({ a: 1 }, 'x').take('a', read.string)).toThrowError("'x.a' must be a string");
		const lenient = new Fields({ a: 1 }, 'x', true);
		expect(lenient.take('a', read.string)).toBeUndefined();
		expect(lenient.rest()).toEqual({ a: 1 });
	});
});

describe('what a target cannot carry', () => {
	test('is reported once', () => {
		const losses = new Losses('here');
		losses.dropped('a', 'why');
		losses.dropped('a', 'why');
		losses.add('changed', 'a', 'why');
		expect(losses.warnings.map(({ kind }) => kind)).toEqual(['dropped', 'changed']);
	});

	test('includes every field of another dialect, none of its marks, and none of one’s own', () => {
		const losses = new Losses('here');
		losses.extensions({ extensions: { there: { field: 1, $mark: 2 }, here: { field: 3 } } }, 'node');
		expect(losses.warnings.map(({ path }) => path)).toEqual(['node.field']);
	});
});

describe('small helpers', () => {
	test('compare JSON by what it says', () => {
		expect(same({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1, d: undefined })).toBe(true);
		expect(same({ a: null }, {})).toBe(false);
		expect(same([1], { 0: 1 })).toBe(false);
		fc.assert(fc.property(json, json, (a, b) => same(a, b) === (JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)))));
	});

	test('find no word in a table that is not there', () => {
		const words = table({ stop: 1 });
		expect([words.stop, words.constructor, words.toString]).toEqual([1, undefined, undefined]);
	});

	test('spread nothing where nothing is left', () => {
		expect(extend('d', undefined)).toEqual({});
		expect(own(extend('d', { a: 1 }), 'd')).toEqual({ a: 1 });
	});
});

function sorted(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return ['list', ...value.map(sorted)];
	if (typeof value === 'number') return Object.is(value, -0) ? 0 : value;
	if (typeof value !== 'object' || value === null) return value;
	const keys = Object.keys(value).sort();
	return ['members', ...keys.map((key) => [key, sorted(value[key] ?? null)])];
}
