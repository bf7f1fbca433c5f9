import { isObject } from '../lib/json.ts';
import { show } from './check.ts';

/** Looks at a value; gives the first thing wrong with it, or undefined. `path` names the value in the message. */
export type Rule = (value: unknown, path: string) => string | undefined;

function must(expected: string, holds: (value: unknown) => boolean): Rule {
	return (value, path) => (holds(value) ? undefined : `${path} must be ${expected}, is ${show(value)}`);
}

export const text = must('a text', (value) => typeof value === 'string');
export const nonEmpty = must('a text that is not empty', (value) => typeof value === 'string' && value !== '');
export const flag = must('true or false', (value) => typeof value === 'boolean');
export const amount = must('a number, 0 or above', (value) => typeof value === 'number' && value >= 0 && value < Infinity);
export const finite = must('a number', (value) => typeof value === 'number' && Number.isFinite(value));
export const count = must('a whole number, 0 or above', (value) => Number.isSafeInteger(value) && Number(value) >= 0);
export const object = must('an object', isObject);

/** One of the keys of a table. */
export function keyOf(table: object): Rule {
	const expected = Object.keys(table).join(', ');
	return must(`one of ${expected}`, (value) => typeof value === 'string' && Object.hasOwn(table, value));
}

/** Absent, or as the rule says. */
export function optional(rule: Rule): Rule {
	return (value, path) => (value === undefined ? undefined : rule(value, path));
}

/** Null, or as the rule says. */
export function nullable(rule: Rule): Rule {
	return (value, path) => (value === null ? undefined : rule(value, path));
}

/** A list all of whose items are as the rule says. */
export function list(rule: Rule, least = 0): Rule {
	return (value, path) => {
		if (!Array.isArray(value)) return `${path} must be a list, is ${show(value)}`;
		if (value.length < least) return `${path} must have at least ${least} items, has ${value.length}`;
		return firstFault(value.map((item, index) => [rule, item, `${path}[${index}]`]));
	};
}

/** An object whose fields are as their rules say; other fields are not looked at. */
export function record(fields: { readonly [name: string]: Rule }): Rule {
	return (value, path) =>
		object(value, path) ??
		firstFault(
			Object.entries(fields).map(([name, rule]) => [rule, isObject(value) ? value[name] : undefined, `${path}.${name}`]),
		);
}

/** An object whose field `type` says which rule it follows. */
export function union(kinds: () => { readonly [type: string]: Rule }): Rule {
	return (value, path) => {
		const type = isObject(value) ? value.type : undefined;
		const table = kinds();
		return keyOf(table)(type, `${path}.type`) ?? table[String(type)]?.(value, path);
	};
}

function firstFault(items: [rule: Rule, value: unknown, path: string][]): string | undefined {
	for (const [rule, value, path] of items) {
		const fault = rule(value, path);
		if (fault !== undefined) return fault;
	}
	return undefined;
}
