/** Effort levels, weakest first, with the reasoning tokens each stands for where another dialect states a number. */
const LEVELS: readonly { level: string; tokens: number }[] = [
	{ level: 'none', tokens: 0 },
	{ level: 'minimal', tokens: 1024 },
	{ level: 'low', tokens: 4096 },
	{ level: 'medium', tokens: 16_384 },
	{ level: 'high', tokens: 32_768 },
	{ level: 'xhigh', tokens: 49_152 },
	{ level: 'max', tokens: 65_536 },
];

/** The common level (low, medium, high) that a number of reasoning tokens stands for. */
export function effortOfBudget(tokens: number): string {
	const found = LEVELS.find(({ level, tokens: most }) => level !== 'none' && level !== 'minimal' && tokens <= most);
	return found === undefined || found.tokens > 32_768 ? 'high' : found.level;
}

function rank(level: string): number {
	const at = LEVELS.findIndex((each) => each.level === level);
	return at < 0 ? LEVELS.findIndex((each) => each.level === 'medium') : at;
}

/** The level among `offered` that is nearest to `asked`; the stronger of two equally near. `none` is no neighbour of the others. */
export function nearestEffort(asked: string, offered: readonly string[]): string {
	if (offered.includes(asked)) return asked;
	const wanted = rank(asked);
	const candidates = offered.filter((level) => level !== 'none' || offered.length === 1);
	const away = (level: string): number => Math.abs(rank(level) - wanted) - (rank(level) > wanted ? 0.5 : 0);
	return [...candidates].sort((a, b) => away(a) - away(b))[0] ?? asked;
}
