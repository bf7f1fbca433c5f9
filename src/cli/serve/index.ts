import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type LoadConfigOptions, loadConfig, needsRestart, type RelaisConfig, watchConfig } from '../../config/index.ts';
import { Relais } from '../../engine/index.ts';
import { packageVersion } from '../../lib/package-root.ts';
import { createServer, type RelaisServer } from '../../server/index.ts';
import { isRelaisError } from '../../spec/index.ts';
import { createLogger, type Logger } from '../../telemetry/log/index.ts';
import { keyConfig, type OwnKey, ownKey } from './access.ts';
import { banner } from './banner.ts';
import { Demo } from './demo.ts';

interface ServeFlags {
	config?: string;
	host?: string;
	port?: string;
	dataDir?: string;
	quiet?: boolean;
}

/** How long the banner waits for the model lists of providers the catalog does not know, in ms. */
const DISCOVERY_PATIENCE_MS = 400;

/** Adds `relais serve`. */
export function registerServe(program: Command): void {
	program
		.command('serve', { isDefault: true })
		.description('start the gateway')
		.option('-c, --config <file>', 'config file (default: relais.yaml in this folder, if there is one)')
		.option('-p, --port <port>', 'port to listen on (default 4242)')
		.option('--host <host>', 'address to listen on (default 127.0.0.1)')
		.option('--data-dir <folder>', 'folder for what Relais keeps (default .relais)')
		.option('-q, --quiet', 'print no banner')
		.action(async (flags: ServeFlags) => {
			await serve(flags).catch((error: unknown) => giveUp(error));
		});
}

/** A start that failed: one clear message, no stack for what the user can mend. */
function giveUp(error: unknown): void {
	if (!isRelaisError(error)) throw error;
	process.stderr.write(`relais: ${error.message}\n`);
	process.exitCode = 1;
}

async function serve(flags: ServeFlags): Promise<void> {
	const options = loadOptions(flags);
	const logger = createLogger(process.env.RELAIS_LOG_LEVEL ?? 'info');
	const loaded = await loadConfig(options);
	const demo = new Demo();
	const running = await start(loaded.config, demo, logger);
	// Local and simulated servers answer at once; whoever does not is left to answer later.
	const discovery = running.relais.discoverModels();
	await Promise.race([discovery, new Promise((resolve) => setTimeout(resolve, DISCOVERY_PATIENCE_MS))]);
	if (flags.quiet !== true) {
		const { url, relais, key } = running;
		process.stdout.write(
			`${banner({ url, relais, key, version: packageVersion(), notices: loaded.notices, configFile: loaded.path })}\n`,
		);
	}
	const watcher = watchConfig(loaded, options, {
		onChange: (next) => void takeOver(running.relais, next.config, demo, logger),
		onError: (error) => logger.error({ reason: error.message }, 'the changed config is broken; the old one stays in force'),
	});
	process.on('SIGHUP', () => void watcher.reload());
	stopOnSignal(async () => {
		await watcher.close();
		await running.server.close(running.relais.state.config.server.drainTimeoutMs);
		await running.relais.close();
		await demo.close();
	}, logger);
}

function loadOptions(flags: ServeFlags): LoadConfigOptions {
	const overrides: LoadConfigOptions['overrides'] = {};
	if (flags.port !== undefined) overrides.port = Number(flags.port);
	if (flags.host !== undefined) overrides.host = flags.host;
	if (flags.dataDir !== undefined) overrides.dataDir = resolve(flags.dataDir);
	const options: LoadConfigOptions = { cwd: process.cwd(), env: process.env, overrides, discover: true };
	if (flags.config !== undefined) options.path = flags.config;
	return options;
}

interface Running {
	url: string;
	relais: Relais;
	server: RelaisServer;
	key: OwnKey | undefined;
}

async function start(config: RelaisConfig, demo: Demo, logger: Logger): Promise<Running> {
	const { complete, key } = await completed(config, demo);
	const relais = await Relais.create({ config: complete, logger });
	const server = createServer({ relais });
	try {
		const url = await server.listen(complete.server.host, complete.server.port);
		return { url, relais, server, key };
	} catch (error) {
		await Promise.all([server.close(0), relais.close(), demo.close()]);
		throw error;
	}
}

/** The config with what the program adds by itself: simulated providers, a key of its own. */
async function completed(config: RelaisConfig, demo: Demo): Promise<{ complete: RelaisConfig; key: OwnKey | undefined }> {
	const withDemo = await demo.apply(config);
	const key = ownKey(withDemo);
	return { complete: key === undefined ? withDemo : { ...withDemo, keys: [keyConfig(key)] }, key };
}

/** Puts a changed config in force. What needs a restart is named; a config the engine refuses changes nothing. */
async function takeOver(relais: Relais, next: RelaisConfig, demo: Demo, logger: Logger): Promise<void> {
	const before = relais.state.config;
	try {
		const { complete } = await completed(next, demo);
		await relais.reload(complete);
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		logger.error({ reason }, 'the changed config cannot be used; the old one stays in force');
		return;
	}
	logger.info({ providers: relais.state.providers.map((provider) => provider.name) }, 'config reloaded');
	const restart = needsRestart(before, next);
	if (restart.length > 0) logger.warn({ settings: restart }, 'these settings take effect at the next start');
	void relais.discoverModels();
}

/** Stops in order on the first signal, at once on the second. */
function stopOnSignal(stop: () => Promise<void>, logger: Logger): void {
	let stopping = false;
	const onSignal = (signal: NodeJS.Signals): void => {
		if (stopping) process.exit(130);
		stopping = true;
		logger.info({ signal }, 'stopping: requests under way may finish');
		stop().then(
			() => process.exit(0),
			(error: unknown) => {
				logger.error({ error }, 'the stop did not go well');
				process.exit(1);
			},
		);
	};
	process.on('SIGINT', onSignal);
	process.on('SIGTERM', onSignal);
}
