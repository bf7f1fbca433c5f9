import { BUDGETS, type Budget } from './budgets.ts';
import type { Findings } from './findings.ts';

export type Verdict = 'aim met' | 'within the limit' | 'over the limit' | 'not measured';

export interface Row extends Budget {
	value: number | undefined;
	verdict: Verdict;
	/** Above the limit by more than the tolerance. */
	fails: boolean;
}

function verdictOf({ limit, aim }: Budget, value: number | undefined): Verdict {
	if (value === undefined) return 'not measured';
	if (value <= aim) return 'aim met';
	return value <= limit ? 'within the limit' : 'over the limit';
}

/** @param tolerance factor by which a figure may be above its limit */
export function rowsOf(findings: Findings, tolerance: number): Row[] {
	return BUDGETS.map((budget) => {
		const value = findings.figures.get(budget.id);
		return {
			...budget,
			value,
			verdict: verdictOf(budget, value),
			fails: value !== undefined && value > budget.limit * tolerance && (tolerance === 1 || budget.wallClock !== true),
		};
	});
}

/** About three digits. */
export function round(value: number): string {
	return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

function withUnit(value: number | undefined, unit: Budget['unit'], text: (value: number) => string = String): string {
	if (value === undefined) return '-';
	return unit === 'x' ? `${text(value)}x` : `${text(value)} ${unit}`;
}

function aligned(lines: readonly (readonly string[])[], right: ReadonlySet<number>): string[] {
	const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
	const cell = (text: string, column: number): string =>
		right.has(column) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
	return lines.map((line) => `| ${line.map(cell).join(' | ')} |`);
}

/** The table of PERFORMANCE.md with this machine's figures. */
export function budgetTable(rows: readonly Row[]): string {
	const body = rows.map(({ what, limit, aim, unit, value, verdict }) => [
		what,
		withUnit(limit, unit),
		withUnit(aim, unit),
		withUnit(value, unit, round),
		verdict,
	]);
	const [head = '', ...lines] = aligned([['budget', 'limit', 'aim', 'here', 'verdict'], ...body], new Set([1, 2, 3]));
	const rule = head.replaceAll(/[^|]/g, '-');
	return [head, rule, ...lines].join('\n');
}

/** The absolute figures, for whoever wants to know where the ratios come from. */
export function detailTable(findings: Findings): string {
	const body = findings.details.map(({ what, who, figures }) => [
		what,
		who,
		Object.entries(figures)
			.map(([name, value]) => `${round(value)} ${name}`)
			.join(', '),
	]);
	return aligned(body, new Set()).join('\n');
}
