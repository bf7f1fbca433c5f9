import { USE_CASES } from '../../src/router/index.ts';
import { type Labelled, PARTS, readPart } from './labelled.ts';
import { hugeInputs, type Judged, judge, levelRight, share, time, useCaseRight } from './measure.ts';

/**
 * Prints how often the offline classifier is right, and how long it takes.
 *
 *     npm run bench:classify [-- --errors]     `--errors` lists what it gets wrong in the development part, never in the test part
 */

const USAGE = 'npm run bench:classify [-- --errors]\n\n  --errors  list what is wrong in the development part';
const ROUNDS = 10;
const HUGE_CHARACTERS = 1_000_000;

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const micros = (value: number): string => `${value.toFixed(1)} µs`;

function accuracyLines(part: string, judged: readonly Judged[]): string[] {
	const languages = [...new Set(judged.map(({ labelled }) => labelled.language))].sort();
	const each = languages.map((language) => {
		const own = judged.filter(({ labelled }) => labelled.language === language);
		return `${language} ${percent(share(own, useCaseRight))}`;
	});
	return [
		`${part} (${judged.length} requests)`,
		`  use case    ${percent(share(judged, useCaseRight))}   (${each.join(', ')})`,
		`  complexity  ${percent(share(judged, levelRight))}`,
	];
}

/** Rows: what the label says; columns: what was found, in the same order. */
function confusion(judged: readonly Judged[]): string[] {
	const width = Math.max(...USE_CASES.map((name) => name.length));
	const rows = USE_CASES.map((label) => {
		const own = judged.filter(({ labelled }) => labelled.useCase === label);
		const cells = USE_CASES.map((found) => own.filter((one) => one.found.useCase === found).length);
		return `  ${label.padEnd(width)} ${cells.map((count) => (count === 0 ? '.' : `${count}`).padStart(5)).join('')}`;
	});
	return [`  ${''.padEnd(width)} ${USE_CASES.map((name) => name.slice(0, 4).padStart(5)).join('')}`, ...rows];
}

function errorLines(judged: readonly Judged[]): string[] {
	return judged
		.filter((one) => !useCaseRight(one))
		.map(({ labelled, found }) => {
			const why = found.reasons.map(({ cue, points }) => `${cue} ${points}`).join(', ');
			return `  ${labelled.id}: ${found.useCase} (${found.confidence}): ${JSON.stringify(labelled.input.user.slice(0, 90))} <- ${why}`;
		});
}

function timeLine(what: string, inputs: Parameters<typeof time>[0]): string {
	const taken = time(inputs, ROUNDS);
	return `  ${what.padEnd(28)} median ${micros(taken.median)}, p99 ${micros(taken.p99)}`;
}

function report(errors: boolean): void {
	const all: Labelled[] = [];
	for (const part of PARTS) {
		const set = readPart(part);
		all.push(...set);
		const judged = judge(set);
		console.log([...accuracyLines(part, judged), ...confusion(judged), ''].join('\n'));
		if (errors && part === 'development') console.log(['wrong in development', ...errorLines(judged), ''].join('\n'));
	}
	console.log('time per request');
	const inputs = all.map(({ input }) => input);
	console.log(timeLine('the labelled set', inputs));
	console.log(timeLine(`texts of ${HUGE_CHARACTERS / 1e6} M characters`, Array(20).fill(hugeInputs(HUGE_CHARACTERS)).flat()));
}

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== '--errors' && arg !== '--help');
if (unknown.length > 0) {
	console.error(`Unknown: ${unknown.join(' ')}\n\n${USAGE}`);
	process.exitCode = 2;
} else if (args.includes('--help')) console.log(USAGE);
else report(args.includes('--errors'));
