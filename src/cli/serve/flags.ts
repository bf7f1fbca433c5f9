import { resolve } from 'node:path';
import type { LoadConfigOptions } from '../../config/index.ts';
import { RelaisError } from '../../spec/index.ts';

/** What the command line of `relais serve` can say. */
export interface ServeFlags {
	config?: string;
	host?: string;
	port?: string;
	dataDir?: string;
	quiet?: boolean;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** What to load the config from. A port that is no number is left to the config's checks, which refuse it. */
export function loadOptions(flags: ServeFlags): LoadConfigOptions {
	const overrides: LoadConfigOptions['overrides'] = {};
	if (flags.port !== undefined) overrides.port = /^\d+$/.test(flags.port) ? Number(flags.port) : Number.NaN;
	if (flags.host !== undefined) overrides.host = flags.host;
	if (flags.dataDir !== undefined) overrides.dataDir = resolve(flags.dataDir);
	const options: LoadConfigOptions = { cwd: process.cwd(), env: process.env, overrides, discover: true };
	if (flags.config !== undefined) options.path = flags.config;
	return options;
}

/** The level RELAIS_LOG_LEVEL asks for, `info` where it is not set. Throws `config_invalid` for any other word. */
export function logLevel(env: { readonly [name: string]: string | undefined }): string {
	const level = env.RELAIS_LOG_LEVEL?.trim().toLowerCase() || 'info';
	if (LOG_LEVELS.includes(level)) return level;
	throw new RelaisError('config_invalid', `RELAIS_LOG_LEVEL: must be one of ${LOG_LEVELS.join(', ')}`);
}
