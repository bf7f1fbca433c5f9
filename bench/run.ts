import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromProc } from './harness/cpu.ts';
import { pinning } from './harness/pin.ts';
import { loadGenerator } from './load/index.ts';
import { measureFirstPiece, measureLatency } from './measure/latency.ts';
import { measureOverhead, measurePrompt } from './measure/overhead.ts';
import { measureStart } from './measure/startup.ts';
import { measureStreams } from './measure/streams.ts';
import { type Options, parseOptions, USAGE } from './options.ts';
import { Findings } from './report/findings.ts';
import { budgetTable, detailTable, rowsOf } from './report/table.ts';
import { clearStage, type Stage, setStage } from './stage.ts';

/** Measures what docs call the budgets, prints them, and fails where one is broken. See `--help`. */

function noteCircumstances(stage: Stage, findings: Findings): void {
	if (stage.nginx === undefined) findings.note('nginx is not installed: the rows against it are not measured.');
	if (loadGenerator !== 'wrk') findings.note('wrk is not installed: autocannon loads in its place, and may be the slower side.');
	if (!pinning) findings.note('Processes are not pinned to cores (needs taskset and two cores): figures are less steady.');
	if (!fromProc) findings.note('CPU times come from ps, not from /proc: figures are coarser.');
	if (stage.toAnthropic === undefined) findings.note(`${stage.subject.name} does not translate: those rows are not measured.`);
}

async function measure(stage: Stage, findings: Findings): Promise<void> {
	const step = (text: string): void => console.error(`bench: ${text}`);
	noteCircumstances(stage, findings);
	step('start and memory');
	await measureStart(stage, findings);
	step('overhead');
	const saturation = await measureOverhead(stage, findings);
	step('streams');
	await measureStreams(stage, findings);
	step('latency');
	await measureLatency(stage, findings, saturation);
	await measureFirstPiece(stage, findings);
	step('long prompts');
	await measurePrompt(stage, findings);
}

function machine(): string {
	return `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${availableParallelism()} cores, ${process.platform}, Node ${process.versions.node}`;
}

/** Returns whether all limits hold. */
function report(options: Options, findings: Findings): boolean {
	const { tolerance, rounds } = options.effort;
	const rows = rowsOf(findings, tolerance);
	console.log(`${machine()}; ${rounds} rounds, load by ${loadGenerator}\n`);
	console.log(`${budgetTable(rows)}\n\n${detailTable(findings)}`);
	for (const note of findings.notes) console.log(`\nNote: ${note}`);
	const broken = rows.filter((row) => row.fails);
	const bar = tolerance === 1 ? 'its limit' : `${tolerance} times its limit`;
	for (const row of broken) console.log(`\nFAILED: ${row.what} is above ${bar}.`);
	if (options.json !== undefined) {
		const { details, notes } = findings;
		writeFileSync(
			options.json,
			`${JSON.stringify({ machine: machine(), rounds, loadGenerator, rows, details, notes }, null, '\t')}\n`,
		);
	}
	return broken.length === 0;
}

async function main(args: string[]): Promise<number> {
	if (args.includes('--help')) {
		console.log(USAGE);
		return 0;
	}
	const options = parseOptions(args);
	const folder = mkdtempSync(join(tmpdir(), 'relais-bench-'));
	process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
	setTimeout(() => {
		console.error(`bench: not done after ${options.effort.giveUpMs / 1000} s, giving up`);
		process.exit(1);
	}, options.effort.giveUpMs).unref();
	const findings = new Findings();
	const stage = await setStage(options, folder);
	await measure(stage, findings);
	await clearStage(stage);
	return report(options, findings) ? 0 : 1;
}

try {
	process.exit(await main(process.argv.slice(2)));
} catch (error) {
	console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
	process.exit(1);
}
