import { isObject } from '../../lib/json.ts';
import { type JsonObject, type JsonValue, RelaisError } from '../../spec/index.ts';

/**
 * Typed readers for a client's JSON. Each takes a value and the path it lies at, gives back the value typed, and throws
 * `invalid_request` naming the path and what was expected there.
 */
export type Reader<T> = (value: JsonValue, path: string) => T;

/** The path of a member: `messages[0]` and `content` give `messages[0].content`. */
export function at(base: string, key: string | number): string {
	if (typeof key === 'number') return `${base}[${key}]`;
	return base === '' ? key : `${base}.${key}`;
}

/** An `invalid_request` error for a field of the client's request. */
export function invalid(path: string, message: string): RelaisError {
	return new RelaisError('invalid_request', message, { param: path });
}

/** What a value is, in the words of an error message. */
export function kindOf(value: JsonValue | undefined): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'an array';
	if (typeof value === 'object') return 'an object';
	return `a ${typeof value}`;
}

function expected(path: string, what: string, value: JsonValue): RelaisError {
	return invalid(path, `'${path}' must be ${what}, not ${kindOf(value)}.`);
}

export const string: Reader<string> = (value, path) => {
	if (typeof value !== 'string') throw expected(path, 'a string', value);
	return value;
};

export const nonEmptyString: Reader<string> = (value, path) => {
	if (string(value, path) === '') throw invalid(path, `'${path}' must not be empty.`);
	return string(value, path);
};

export const boolean: Reader<boolean> = (value, path) => {
	if (typeof value !== 'boolean') throw expected(path, 'true or false', value);
	return value;
};

export const number: Reader<number> = (value, path) => {
	if (typeof value !== 'number') throw expected(path, 'a number', value);
	return value;
};

/** A whole number of at least `least`. */
export function integer(least: number): Reader<number> {
	return (value, path) => {
		const read = number(value, path);
		if (!Number.isInteger(read) || read < least) throw invalid(path, `'${path}' must be a whole number of at least ${least}.`);
		return read;
	};
}

export const object: Reader<JsonObject> = (value, path) => {
	if (!isObject(value)) throw expected(path, 'an object', value);
	return value;
};

export const array: Reader<JsonValue[]> = (value, path) => {
	if (!Array.isArray(value)) throw expected(path, 'an array', value);
	return value;
};

export function arrayOf<T>(reader: Reader<T>): Reader<T[]> {
	return (value, path) => array(value, path).map((item, index) => reader(item, at(path, index)));
}

export function oneOf<T extends string>(words: readonly T[]): Reader<T> {
	return (value, path) => {
		const word = words.find((candidate) => candidate === value);
		if (word === undefined) throw invalid(path, `'${path}' must be one of ${words.map((each) => `'${each}'`).join(', ')}.`);
		return word;
	};
}

/** A member that may be missing; null counts as missing. */
export function optional<T>(parent: JsonObject, key: string, base: string, reader: Reader<T>): T | undefined {
	const value = parent[key];
	return value === undefined || value === null ? undefined : reader(value, at(base, key));
}

/** A member that must be there. */
export function required<T>(parent: JsonObject, key: string, base: string, reader: Reader<T>): T {
	const value = parent[key];
	const path = at(base, key);
	if (value === undefined) throw invalid(path, `'${path}' is required.`);
	return reader(value, path);
}
