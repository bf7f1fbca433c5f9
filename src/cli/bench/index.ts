import { closeSync, openSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { reasonOf } from '../../lib/reason.ts';
import { firstModels, type OpenEngine, openEngine } from '../in-process/index.ts';
import { noProviderAdvice } from '../no-provider.ts';
import { processIo, progress, reporting, type TerminalIo, UsageError } from '../terminal/index.ts';
import { measure, medians, type Result } from './measure.ts';
import { csv, report } from './report.ts';

interface BenchFlags {
	config?: string;
	prompt: string;
	runs: number;
	maxTokens: number;
	csv?: string;
	json?: boolean;
}

const PROMPT = 'Explain in about 150 words why the sky is blue.';

const count =
	(most: number) =>
	(value: string): number => {
		const number = Number(value);
		if (/^\d+$/.test(value) && number >= 1 && number <= most) return number;
		throw new InvalidArgumentError(`give a number from 1 to ${most}.`);
	};

function someText(value: string): string {
	if (value.trim() !== '') return value;
	throw new InvalidArgumentError('give some text.');
}

/** Adds `relais bench`: models side by side. */
export function registerBench(program: Command, io: TerminalIo = processIo()): void {
	program
		.command('bench')
		.description('ask models the same question and compare: first token, tokens per second, total time, cost')
		.argument('[models...]', "models, provider/model or routes (default: each provider's default or first model)")
		.option('-c, --config <file>', 'config file (default: relais.yaml in this folder, if there is one)')
		.option('--prompt <text>', 'the question', someText, PROMPT)
		.option('--runs <n>', 'how often each is asked', count(1000), 3)
		.option('--max-tokens <n>', 'greatest length of an answer, in tokens', count(1_000_000), 300)
		.option('--csv <file>', 'also write every run to a file')
		.option('--json', 'print the results as JSON')
		.action((models: string[], flags: BenchFlags) => reporting(io, () => bench(models, flags, io)));
}

async function bench(models: readonly string[], flags: BenchFlags, io: TerminalIo): Promise<void> {
	const engine = await openEngine(io, {
		config: flags.config,
		simulate: true,
		discover: true,
		// A second try would hide in the times.
		adapt: (config) => ({ ...config, routing: { ...config.routing, retries: 0 } }),
	});
	try {
		const names = models.length > 0 ? known(engine, models) : defaults(engine, io);
		const file = flags.csv === undefined ? undefined : prepare(resolve(io.cwd, flags.csv));
		const results = await run(engine, names, flags, io);
		if (file !== undefined) writeFileSync(file, csv(results));
		const complete = results.every(({ runs }) => runs.some(({ ok }) => ok));
		if (flags.json === true) {
			const rows = results.map((result) => ({ ...result, median: medians(result) }));
			io.out(`${JSON.stringify({ prompt: flags.prompt, maxTokens: flags.maxTokens, results: rows }, null, 2)}\n`);
		} else io.out(report(results, io.color));
		io.exit(complete ? 0 : 1);
	} finally {
		await engine.close();
	}
}

/** The names, each once. Throws `UsageError` before anything is spent on the others. */
function known({ relais }: OpenEngine, names: readonly string[]): string[] {
	const { table } = relais.state;
	const unknown = names.filter((name) => table.resolve(name) === undefined);
	if (unknown.length > 0) throw new UsageError(unknown.map((name) => table.unknown(name).message).join('\n'));
	return [...new Set(names)];
}

function defaults({ relais }: OpenEngine, io: TerminalIo): string[] {
	const first = firstModels(relais);
	if (first.length === 0) throw new UsageError(noProviderAdvice().join('\n'));
	for (const { provider, model } of first)
		if (model === undefined) io.err(`note: no model of ${provider} is known: name one, as ${provider}/<model>\n`);
	const models = first.flatMap(({ model }) => model ?? []);
	if (models.length === 0) throw new UsageError('name a model to ask, as provider/model');
	return models;
}

/** Makes sure the file can be written before anything is spent. */
function prepare(path: string): string {
	try {
		closeSync(openSync(path, 'w'));
		return path;
	} catch (error) {
		throw new UsageError(`${path} cannot be written: ${reasonOf(error)}`);
	}
}

/** Round by round, one question at a time: models share neither this machine nor a moment of trouble. Ctrl-C ends with what there is. */
async function run(engine: OpenEngine, names: readonly string[], flags: BenchFlags, io: TerminalIo): Promise<Result[]> {
	const results: Result[] = names.map((model) => ({ model, target: null, simulated: false, runs: [] }));
	const shown = progress(io, names.length * flags.runs, flags.json === true);
	const interrupted = new AbortController();
	const release = io.onInterrupt(() => interrupted.abort());
	const signal = AbortSignal.any([interrupted.signal, io.gone]);
	const given = new Set<Result>();
	for (let round = 1; round <= flags.runs && !signal.aborted; round++) {
		for (const result of results) {
			if (signal.aborted) break;
			if (given.has(result)) continue;
			shown.waiting(`${result.model}, run ${round}`);
			if (!(await measure(engine, result, flags, signal))) given.add(result);
			const last = result.runs.at(-1);
			if (!signal.aborted && last !== undefined)
				shown.step(`${result.model}, run ${round}: ${last.error ?? `${Math.round(last.totalMs)} ms`}`);
		}
	}
	shown.end();
	release();
	if (signal.aborted) io.err('interrupted: these are the runs so far\n');
	return results;
}
