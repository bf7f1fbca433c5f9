import type { Shape } from './shape.ts';

/** Any text. */
export const text: Shape = { is: 'string' };

/** Anything at all. */
export const anything: Shape = { is: 'any' };

/** True or false. */
export const flag: Shape = { is: 'boolean' };

/** An object that is not looked into. */
export const open: Shape = { is: 'object', keys: {}, open: true };

/** The shape, or null. */
export function nullable(shape: Shape): Shape {
	return { ...shape, nullable: true };
}

/** One of these texts. */
export function values(...of: string[]): Shape {
	return { is: 'string', values: of };
}

/** An object of these keys and no others. */
export function object(keys: { [key: string]: Shape }, ...required: string[]): Shape {
	return { is: 'object', keys, required };
}

/** An object that holds exactly one of these keys. */
export function union(keys: { [key: string]: Shape }): Shape {
	return { is: 'object', keys, one: true };
}

/** A list. */
export function listOf(of: Shape, min = 0): Shape {
	return { is: 'array', of, min };
}

/** An object whose `type` says which of the shapes it has. */
export function variant(of: { [tag: string]: Shape }): Shape {
	return { is: 'variant', by: 'type', of };
}
