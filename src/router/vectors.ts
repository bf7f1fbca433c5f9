import type { Target } from './types.ts';

/** What a model is called wherever it is served: without the maker's name before it and the tag that says nothing behind it. */
function familyOf(model: string): string {
	return model
		.toLowerCase()
		.replace(/^.*\//, '')
		.replace(/:latest$/, '');
}

/** Whether two targets make vectors that can be compared: vectors of different models have nothing to do with each other. */
export function sameVectors(a: Target, b: Target): boolean {
	return familyOf(a.model) === familyOf(b.model);
}
