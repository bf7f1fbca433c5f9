/**
 * A table that is looked up with words from outside. It has no prototype: a word such as `constructor` finds nothing.
 */
export function table<T>(entries: { readonly [word: string]: T }): { readonly [word: string]: T } {
	return Object.assign<{ [word: string]: T }, typeof entries>(Object.create(null), entries);
}
