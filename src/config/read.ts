import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { CONFIG_FILES, MAX_CONFIG_BYTES } from './defaults.ts';
import { displayPath, fileFault } from './loading.ts';
import { ConfigError } from './problems.ts';

/** The environment, with `.env` of the working directory below it. */
export interface Environment {
	env: { [name: string]: string | undefined };
	/** Where `.env` is or would be. */
	file: string;
	notices: string[];
}

/** Reads `.env`; a variable the real environment has, even an empty one, wins. */
export function readEnvironment(cwd: string, env: { readonly [name: string]: string | undefined }): Environment {
	const file = join(cwd, '.env');
	try {
		const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
		return { env: { ...parseEnv(text), ...env }, file, notices: [] };
	} catch (error) {
		const absent = !existsSync(file);
		return { env: { ...env }, file, notices: absent ? [] : [`.env ${fileFault(error)}: it is ignored`] };
	}
}

/** Which file configures: named, or found in the working directory; absent when the environment alone does. */
export interface ConfigLocation {
	file?: string;
	notices: string[];
}

/** Finds the config file: `path`, else RELAIS_CONFIG, else relais.yaml, .yml or .json of the working directory. */
export function locateConfig(path: string | undefined, cwd: string, env: Environment['env']): ConfigLocation {
	const named = path ?? (env.RELAIS_CONFIG?.trim() || undefined);
	if (named !== undefined) return { file: resolve(cwd, named), notices: [] };
	const [found, ...others] = CONFIG_FILES.filter((name) => existsSync(join(cwd, name)));
	if (found === undefined) return { notices: [] };
	const notices = others.map((other) => `${other} is ignored: ${found} comes first`);
	return { file: join(cwd, found), notices };
}

/** Text of the config file. Throws `ConfigError` for what is no readable text file. */
export function readConfigText(file: string, cwd: string): string {
	const fail = (message: string, cure: string): never => {
		throw new ConfigError([{ path: '', file: displayPath(file, cwd), message, cure }]);
	};
	let bytes: Buffer;
	try {
		const stats = statSync(file);
		if (stats.isDirectory())
			return fail('is a directory, not a file', `Name the file in it, e.g. ${join(displayPath(file, cwd), CONFIG_FILES[0])}.`);
		if (!stats.isFile()) return fail('is not a file', 'Name a YAML or JSON file.');
		if (stats.size > MAX_CONFIG_BYTES)
			return fail(`is larger than ${MAX_CONFIG_BYTES / 1024 / 1024} MB, which no config is`, 'Is it the right file?');
		bytes = readFileSync(file);
	} catch (error) {
		if (error instanceof ConfigError) throw error;
		return fail(fileFault(error), 'Give the path of the config with --config or RELAIS_CONFIG.');
	}
	const text = decode(bytes);
	return text ?? fail('is not a text file in UTF-8', 'Save it as UTF-8 YAML or JSON.');
}

function decode(bytes: Buffer): string | undefined {
	if (bytes.includes(0)) return undefined;
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
