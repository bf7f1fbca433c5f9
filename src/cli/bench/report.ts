import { dollars } from '../in-process/index.ts';
import { type Column, csvLine, oneLine, styler, table } from '../terminal/index.ts';
import { medians, type Result, type Run } from './measure.ts';

const whole = (value: number | null): string => (value === null ? '-' : String(Math.round(value)));
const succeeded = ({ runs }: Result): number => runs.filter((run) => run.ok).length;

const COLUMNS: readonly Column<Result>[] = [
	{ title: 'model', cell: (row) => row.model + (row.simulated ? ' (simulated)' : '') },
	{
		title: 'runs',
		cell: (row) => `${succeeded(row)}/${row.runs.length}`,
		right: true,
		style: (row) => (succeeded(row) === row.runs.length ? undefined : 'red'),
	},
	{ title: 'first token ms', cell: (row) => whole(medians(row).firstTokenMs), right: true },
	{ title: 'tokens/s', cell: (row) => medians(row).tokensPerSecond?.toFixed(1) ?? '-', right: true },
	{ title: 'total ms', cell: (row) => whole(medians(row).totalMs), right: true },
	{ title: 'in', cell: (row) => whole(medians(row).inputTokens), right: true },
	{ title: 'out', cell: (row) => whole(medians(row).outputTokens), right: true },
	{ title: 'cost', cell: (row) => (succeeded(row) === 0 ? '-' : dollars(medians(row).costUsd)), right: true },
];

/** The table of medians, what failed, and what was spent. */
export function report(results: readonly Result[], color: boolean): string {
	const paint = styler(color);
	const lines = ['', 'Medians over the runs that succeeded.'];
	const runs = results.flatMap((result) => result.runs);
	const known = runs.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
	const unknown = runs.length - known.length;
	const sum = known.length === 0 ? null : known.reduce((total, cost) => total + cost, 0);
	const rest = sum !== null && unknown > 0 ? `, and ${unknown} of unknown cost` : '';
	lines.push(
		`${runs.length === 1 ? 'One run' : `All ${runs.length} runs`}: ${sum === null ? 'cost ' : ''}${dollars(sum)}${rest}.`,
	);
	if (results.some((result) => result.simulated)) lines.push('Simulated providers: no real figures, nothing was spent on them.');
	for (const { model, target, runs: own } of results) {
		if (target !== null && target !== model) lines.push(paint('dim', `${oneLine(model)} was answered by ${oneLine(target)}`));
		for (const error of new Set(own.flatMap((run) => run.error ?? [])))
			lines.push(paint('red', `${oneLine(model)}: ${oneLine(error)}`));
	}
	return `${table(COLUMNS, results, color)}${lines.join('\n')}\n`;
}

const FIGURES = ['firstTokenMs', 'tokensPerSecond', 'totalMs', 'inputTokens', 'outputTokens', 'costUsd'] as const;
const HEADER = ['model', 'target', 'simulated', 'run', 'ok', 'first_token_ms', 'tokens_per_second', 'total_ms'];

/** Every run, and after those of a model their medians. */
export function csv(results: readonly Result[]): string {
	const figures = (run: { [name in (typeof FIGURES)[number]]: number | null }): (number | null)[] =>
		FIGURES.map((name) => {
			const value = run[name];
			return value === null || name === 'costUsd' ? value : Math.round(value * 100) / 100;
		});
	const lines = results.flatMap((result) => {
		const start = [result.model, result.target, String(result.simulated)];
		const line = (run: Run, index: number): string =>
			csvLine([...start, index + 1, String(run.ok), ...figures(run), run.error === null ? null : oneLine(run.error)]);
		return [
			...result.runs.map(line),
			csvLine([...start, 'median', String(succeeded(result) > 0), ...figures(medians(result)), null]),
		];
	});
	return [csvLine([...HEADER, 'input_tokens', 'output_tokens', 'cost_usd', 'error']), ...lines].join('');
}
