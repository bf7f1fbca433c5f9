import type { Command } from 'commander';
import { ConfigError, formatProblem, loadConfig, watchConfig } from '../../config/index.ts';
import { packageVersion } from '../../lib/package-root.ts';
import { isRelaisError } from '../../spec/index.ts';
import { createLogger } from '../../telemetry/log/index.ts';
import { banner } from './banner.ts';
import { loadOptions, logLevel, type ServeFlags } from './flags.ts';
import { Running } from './running.ts';
import { obeySignals } from './signals.ts';
import { surviveStrayRejections } from './stray.ts';

/** Adds `relais serve`. */
export function registerServe(program: Command): void {
	program
		.command('serve')
		.description('start the gateway; what is done when no command is named')
		.option('-c, --config <file>', 'config file (default: relais.yaml in this folder, if there is one)')
		.option('-p, --port <port>', 'port to listen on (default 4242; 0: any free one)')
		.option('--host <host>', 'address to listen on (default 127.0.0.1)')
		.option('--data-dir <folder>', 'folder for what Relais keeps (default .relais)')
		.option('-q, --quiet', 'print no banner')
		.action(async (flags: ServeFlags) => {
			await serve(flags).catch((error: unknown) => giveUp(error));
		});
}

/** A start that failed: clear messages, no stack for what the user can mend. */
function giveUp(error: unknown): void {
	if (!isRelaisError(error)) throw error;
	const [only, ...others] = error instanceof ConfigError ? error.problems : [];
	const message = only !== undefined && others.length === 0 ? formatProblem(only) : error.message;
	process.stderr.write(`relais: ${message}\n`);
	process.exitCode = 1;
}

async function serve(flags: ServeFlags): Promise<void> {
	const logger = createLogger(logLevel(process.env));
	const options = loadOptions(flags);
	const loaded = await loadConfig(options);
	const running = await Running.start(loaded, logger);
	surviveStrayRejections(running.relais);
	const watcher = watchConfig(loaded, options, {
		onChange: async (next) => {
			const otherKey = await running.takeOver(next);
			if (!otherKey) return;
			if (flags.quiet === true) logger.warn({ keptIn: running.key?.file }, 'clients need another key from now on');
			else welcome(running);
		},
		onError: (error) => logger.error({ reason: error.message }, 'the changed config is broken; the old one stays in force'),
	});
	const stop = async (): Promise<void> => {
		await watcher.close();
		await running.stop();
	};
	obeySignals({ reload: () => void watcher.reload(), stop }, logger);
	if (flags.quiet === true) for (const notice of loaded.notices) logger.info({ notice }, 'note');
	else welcome(running);
}

/** Prints the banner. */
function welcome({ url, relais, key, loaded }: Running): void {
	const { notices, path } = loaded;
	process.stdout.write(`${banner({ url, relais, key, notices, configFile: path, version: packageVersion() })}\n`);
}
