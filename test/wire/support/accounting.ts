import { same } from '../../../src/dialects/shared/index.ts';
import type { JsonObject, JsonValue, Warning } from '../../../src/spec/index.ts';
import { altered, type Leaf, leavesOf, MARK, pathOf, replaced } from './leaves.ts';

/**
 * What became of a value in translation. `carried`: another value gives another result. `read`: another value is refused.
 * `warned`: a warning names it. `lost`: nobody would notice another value.
 */
export type Fate = 'carried' | 'read' | 'warned' | 'lost';

export interface Accounted extends Leaf {
	path: string;
	fate: Fate;
}

/** A translation to examine; undefined where it refuses its input. */
export type Translation = (input: JsonObject) => { body: JsonValue; warnings: readonly Warning[] } | undefined;

/** Whether a warning is about a value: it names it, something it is part of, or something in it. */
function names(warning: Warning, path: string): boolean {
	return warning.path !== '' && (within(path, warning.path) || within(warning.path, path));
}

function within(inner: string, outer: string): boolean {
	return inner === outer || (inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length)));
}

function carries(body: JsonValue, leaf: Leaf): boolean {
	return typeof leaf.value !== 'string' || JSON.stringify(body).includes(MARK);
}

/**
 * Accounts for every value of an input: each is replaced by another, alone, and what comes out is compared with what came out
 * before. A value that makes no difference and that no warning names was lost in silence.
 */
export function account(input: JsonObject, translate: Translation, examine: (leaf: Leaf) => boolean = () => true): Accounted[] {
	const before = translate(input);
	if (before === undefined) return [];
	return leavesOf(input)
		.filter((leaf) => leaf.value !== null && examine(leaf))
		.map((leaf) => {
			const path = pathOf(leaf.steps);
			const after = translate(replaced(input, leaf.steps, altered(leaf.value)) as JsonObject);
			return { ...leaf, path, fate: fateOf(before, after, leaf, path) };
		});
}

type Result = ReturnType<Translation>;

function fateOf(before: NonNullable<Result>, after: Result, leaf: Leaf, path: string): Fate {
	if (after === undefined) return 'read';
	if (!same(before.body, after.body) && carries(after.body, leaf)) return 'carried';
	if (before.warnings.some((warning) => names(warning, path))) return 'warned';
	if (!same(before.warnings, after.warnings)) return 'warned';
	return same(before.body, after.body) ? 'lost' : 'carried';
}
