import { table } from '../shared/index.ts';

/** Effort levels vendors name, weakest first. */
const LEVELS: readonly string[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Reasoning tokens an effort stands for where a model takes a budget in place of a level. */
const BUDGETS = table<number>({
	none: 0,
	minimal: 1024,
	low: 4096,
	medium: 16_384,
	high: 32_768,
	xhigh: 49_152,
	max: 63_999,
});

/** Tokens for an effort; an unknown level counts as medium. */
export function budgetOfEffort(effort: string): number {
	return BUDGETS[effort] ?? 16_384;
}

/** The common level (low, medium, high) that a number of reasoning tokens stands for. */
export function effortOfBudget(tokens: number): string {
	return (['low', 'medium'] as const).find((level) => tokens <= budgetOfEffort(level)) ?? 'high';
}

/** Whether a word is one of the levels vendors name. */
export function isEffort(word: string): boolean {
	return LEVELS.includes(word);
}

function rank(level: string): number {
	const at = LEVELS.indexOf(level);
	return at < 0 ? LEVELS.indexOf('medium') : at;
}

/** The level among `offered` that is nearest to `asked`; the stronger one of two equally near. */
export function nearestEffort(asked: string, offered: readonly string[]): string {
	if (offered.includes(asked)) return asked;
	const wanted = rank(asked);
	let best = asked;
	let distance = Number.POSITIVE_INFINITY;
	for (const level of offered) {
		// `none` means no reasoning at all: it is no near neighbour of a wish for some.
		if (level === 'none' && offered.length > 1) continue;
		const away = Math.abs(rank(level) - wanted) - (rank(level) > wanted ? 0.5 : 0);
		if (away < distance) {
			best = level;
			distance = away;
		}
	}
	return best;
}
