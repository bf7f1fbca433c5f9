import type { Command } from 'commander';
import {
	ConfigError,
	configJsonSchema,
	displayPath,
	formatProblem,
	type LoadedConfig,
	loadConfig,
	type Probe,
} from '../config/index.ts';

/** What the commands take from and give to the outside; tests hand in their own. */
export interface ConfigIo {
	cwd: string;
	env: { readonly [name: string]: string | undefined };
	out(text: string): void;
	err(text: string): void;
	exit(code: number): void;
	/** Stand-in for `fetch` when looking for local servers. */
	probe?: Probe;
}

function processIo(): ConfigIo {
	return {
		cwd: process.cwd(),
		env: process.env,
		out: (text) => process.stdout.write(text),
		err: (text) => process.stderr.write(text),
		exit: (code) => {
			process.exitCode = code;
		},
	};
}

interface CheckFlags {
	config?: string;
	json?: boolean;
	discover?: boolean;
}

/** Adds `relais config check` and `relais config schema`. No output ever holds a key, a token or a header's value. */
export function registerConfig(program: Command, io: ConfigIo = processIo()): void {
	const config = program.command('config').description('check the configuration, or print its schema');
	config
		.command('check')
		.description('check the configuration and print what was understood; exit code 1 when it has problems')
		.option('-c, --config <file>', 'config file (default: relais.yaml in this folder, if there is one)')
		.option('--json', 'print the result as JSON')
		.option('--no-discover', 'do not look for local servers')
		.action((flags: CheckFlags) => check(flags, io));
	config
		.command('schema')
		.description('print a JSON Schema of the config file, for editors')
		.action(() => io.out(`${JSON.stringify(configJsonSchema(), null, 2)}\n`));
}

async function check(flags: CheckFlags, io: ConfigIo): Promise<void> {
	try {
		const loaded = await loadConfig({
			...(flags.config !== undefined && { path: flags.config }),
			cwd: io.cwd,
			env: io.env,
			overrides: {},
			discover: flags.discover !== false,
			...(io.probe && { probe: io.probe }),
		});
		io.out(flags.json ? `${JSON.stringify({ ok: true, ...describe(loaded, io.cwd) }, null, 2)}\n` : report(loaded, io.cwd));
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		if (flags.json) io.out(`${JSON.stringify({ ok: false, problems: error.problems }, null, 2)}\n`);
		else {
			const count = error.problems.length === 1 ? '1 problem' : `${error.problems.length} problems`;
			io.err(`${error.problems.map(formatProblem).join('\n')}\n${count}\n`);
		}
		io.exit(1);
	}
}

/** What was understood, without any secret: of keys only whether one is set. */
function describe({ config, path, notices }: LoadedConfig, cwd: string) {
	return {
		file: path === undefined ? null : displayPath(path, cwd),
		listen: { host: config.server.host, port: config.server.port },
		auth: config.auth.mode,
		adminToken: config.adminToken !== undefined,
		dataDir: config.dataDir,
		simulate: config.simulate,
		providers: config.providers.map((provider) => ({
			name: provider.name,
			type: provider.type,
			enabled: provider.enabled,
			priority: provider.priority,
			key: provider.apiKey !== undefined,
			baseUrl: provider.baseUrl ?? null,
			models: provider.models.length,
			origin: provider.origin,
		})),
		routes: config.routes.map(({ name, targets, fallbacks }) => ({
			name,
			targets: targets.map((target) => target.model),
			fallbacks,
		})),
		keys: config.keys.map(({ name, models, origin }) => ({ name, models, origin })),
		plugins: config.plugins.map((plugin) => displayPath(plugin, cwd)),
		notices,
	};
}

function report(loaded: LoadedConfig, cwd: string): string {
	const facts = describe(loaded, cwd);
	const lines = [
		`${facts.file ?? 'no config file: the environment and what was found'}: sound`,
		`listens on ${facts.listen.host}:${facts.listen.port}, auth ${facts.auth}, data in ${displayPath(facts.dataDir, cwd)}`,
	];
	const providers = facts.providers.map((provider) => [
		provider.name,
		provider.type,
		provider.enabled ? `priority ${provider.priority}` : 'disabled',
		provider.key ? 'key set' : 'no key',
		provider.models > 0 ? `${provider.models} models` : 'all models',
		provider.origin,
	]);
	const routes = facts.routes.map((route) => [route.name, [...route.targets, ...route.fallbacks].join(', then ')]);
	const keys = facts.keys.map((key) => [key.name, key.models.join(' '), key.origin]);
	const none = loaded.config.simulate === 'never' ? 'none: requests will fail' : 'none of your own: simulated ones will run';
	lines.push(...section('providers', providers, none), ...section('routes', routes), ...section('keys', keys));
	if (facts.plugins.length > 0)
		lines.push(
			...section(
				'plugins',
				facts.plugins.map((plugin) => [plugin]),
			),
		);
	if (facts.notices.length > 0)
		lines.push(
			...section(
				'notes',
				facts.notices.map((notice) => [notice]),
			),
		);
	return `${lines.join('\n')}\n`;
}

/** A heading and its rows in columns. */
function section(title: string, rows: string[][], none = 'none'): string[] {
	if (rows.length === 0) return ['', `${title}: ${none}`];
	const widths = rows.reduce<number[]>((most, row) => row.map((cell, column) => Math.max(most[column] ?? 0, cell.length)), []);
	const line = (row: string[]): string => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
	return ['', `${title}:`, ...rows.map(line)];
}
