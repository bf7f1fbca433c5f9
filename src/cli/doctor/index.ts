import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../lib/duration.ts';
import { type OpenEngine, openEngine } from '../in-process/index.ts';
import { noProviderAdvice } from '../no-provider.ts';
import { processIo, progress, reporting, type TerminalIo } from '../terminal/index.ts';
import { check, type Finding } from './check.ts';
import { report } from './report.ts';

interface DoctorFlags {
	config?: string;
	json?: boolean;
	/** In ms. */
	timeout: number;
}

/** Longest wait a timer can hold is days; nobody wants more than this of a check, in ms. */
const LONGEST_TIMEOUT_MS = 600_000;

function timeout(value: string): number {
	const ms = parseDuration(value);
	if (ms !== undefined && ms > 0 && ms <= LONGEST_TIMEOUT_MS) return ms;
	throw new InvalidArgumentError('give a time of at most 10m, such as 10s or 500ms.');
}

/** Adds `relais doctor`: are the keys and addresses of all providers good? */
export function registerDoctor(program: Command, io: TerminalIo = processIo()): void {
	program
		.command('doctor')
		.description('check the key and the address of every provider; exit code 0 when all are healthy')
		.option('-c, --config <file>', 'config file (default: relais.yaml in this folder, if there is one)')
		.option('--json', 'print the findings as JSON')
		.addOption(new Option('--timeout <time>', 'how long each provider may take').argParser(timeout).default(10_000, '10s'))
		.action((flags: DoctorFlags) => reporting(io, () => doctor(flags, io)));
}

async function doctor(flags: DoctorFlags, io: TerminalIo): Promise<void> {
	const engine = await openEngine(io, { config: flags.config, simulate: false });
	const { loaded } = engine;
	try {
		const findings = await examine(engine, flags, io);
		const healthy = findings.some(({ enabled }) => enabled) && findings.every((row) => row.healthy === true || !row.enabled);
		if (flags.json === true) io.out(`${JSON.stringify({ healthy, notices: loaded.notices, providers: findings }, null, 2)}\n`);
		else {
			for (const notice of loaded.notices) io.err(`note: ${notice}\n`);
			if (findings.length > 0) io.out(report(findings, io.color));
			if (!findings.some(({ enabled }) => enabled)) io.out(`${noProviderAdvice().join('\n')}\n`);
		}
		io.exit(healthy ? 0 : 1);
	} finally {
		await engine.close();
	}
}

/** All at once, in the order of the config. */
async function examine(engine: OpenEngine, flags: DoctorFlags, io: TerminalIo): Promise<Finding[]> {
	const { providers } = engine.loaded.config;
	const enabled = providers.filter((provider) => provider.enabled);
	const shown = progress(io, enabled.length, flags.json === true);
	const open = new Set(enabled.map((provider) => provider.name));
	const waiting = (): void => shown.waiting(`waiting for ${[...open].join(', ')}`);
	if (open.size > 0) waiting();
	const findings = await Promise.all(
		providers.map(async (provider) => {
			const finding = await check(provider, engine, flags.timeout);
			if (open.delete(provider.name)) shown.step(`${provider.name}: ${finding.problem ?? 'healthy'}`);
			if (open.size > 0) waiting();
			return finding;
		}),
	);
	shown.end();
	return findings;
}
