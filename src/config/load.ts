import { dirname, join } from 'node:path';
import { type Catalog, loadCatalog, SPOKEN_DIALECTS } from '../catalog/index.ts';
import { isObject } from '../lib/json.ts';
import { isRelaisError, type JsonObject, type JsonValue } from '../spec/index.ts';
import { buildConfig } from './build.ts';
import { CONFIG_FILES } from './defaults.ts';
import { type ConfigDocument, readDocument } from './document.ts';
import { suggest } from './issues.ts';
import { convertLlmProviders } from './llm-providers.ts';
import { displayPath, Loading } from './loading.ts';
import { noticeNotEnforced } from './not-enforced.ts';
import type { LoadConfigOptions } from './options.ts';
import { ConfigError } from './problems.ts';
import { locateConfig, readConfigText, readEnvironment } from './read.ts';
import { fileSchema } from './schema.ts';
import { buildDataDir } from './settings.ts';
import type { RelaisConfig } from './types.ts';

export interface LoadedConfig {
	config: RelaisConfig;
	/** The config file, absolute; absent when the environment alone configures. */
	path?: string;
	/** Files whose change must reload: the config, `.env`, secret files, whether they are there yet or not. Absolute. */
	files: string[];
	/** What should be known though nothing is wrong. Never holds a secret. */
	notices: string[];
}

/** Reads, checks and completes the configuration. Throws `ConfigError` with every problem there is. */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
	const environment = readEnvironment(options.cwd, options.env);
	const location = locateConfig(options.path, options.cwd, environment.env);
	const { file } = location;
	const document =
		file === undefined ? undefined : readDocument(readConfigText(file, options.cwd), (name) => environment.env[name]);
	const place = { cwd: options.cwd, env: environment.env, dir: file === undefined ? options.cwd : dirname(file) };
	const loading = new Loading({
		...place,
		catalog: options.catalog ?? catalogOf(buildDataDir(namedDataDir(document), options.overrides, place)),
		dialects: options.dialects ?? SPOKEN_DIALECTS,
		...(file !== undefined && { file }),
		...(document !== undefined && { document }),
	});
	for (const notice of [...environment.notices, ...location.notices]) loading.notice(notice);
	const root = readRoot(document, loading);
	const config = root === undefined ? undefined : await buildConfig(root, options, loading);
	const watched = file === undefined ? CONFIG_FILES.map((name) => join(options.cwd, name)) : [file];
	const files = [...watched, environment.file, ...loading.secretFiles];
	if (config === undefined || loading.problems.length > 0) throw new ConfigError(loading.finishedProblems(), files);
	return {
		config,
		...(file !== undefined && { path: file }),
		files,
		notices: loading.finishedNotices(),
	};
}

/** The data folder a load with these options comes to, absolute. Throws `ConfigError` for a file that cannot be read. */
export function locateDataDir(options: Pick<LoadConfigOptions, 'path' | 'cwd' | 'env' | 'overrides'>): string {
	const { env } = readEnvironment(options.cwd, options.env);
	const { file } = locateConfig(options.path, options.cwd, env);
	const place = { cwd: options.cwd, env, dir: file === undefined ? options.cwd : dirname(file) };
	const outside = options.overrides.dataDir !== undefined || file === undefined;
	const document = outside ? undefined : readDocument(readConfigText(file, options.cwd), (name) => env[name]);
	if (file !== undefined && document !== undefined && document.problems.length > 0)
		throw new ConfigError(document.problems.map((problem) => ({ ...problem, file: displayPath(file, options.cwd) })));
	return buildDataDir(namedDataDir(document), options.overrides, place);
}

/** The catalog of a data folder; one that is broken is a problem of the configuration. */
function catalogOf(dataDir: string): Catalog {
	try {
		const catalog = loadCatalog(dataDir);
		catalog.providers();
		return catalog;
	} catch (error) {
		if (!isRelaisError(error)) throw error;
		throw new ConfigError([{ path: 'data_dir', message: error.message }]);
	}
}

/** The data folder the file names, before anything in it has been checked. */
function namedDataDir(document: ConfigDocument | undefined): string | undefined {
	const value = document?.value;
	return isObject(value) && typeof value.data_dir === 'string' && value.data_dir !== '' ? value.data_dir : undefined;
}

/** The file's value in Relais's own shape; undefined when it cannot be read, which is reported. */
function readRoot(document: ConfigDocument | undefined, loading: Loading): JsonObject | undefined {
	if (document === undefined) return {};
	const file = loading.label === undefined ? {} : { file: loading.label };
	for (const problem of document.problems) loading.problems.push({ ...problem, ...file });
	if (document.problems.some((problem) => problem.message.startsWith('not valid YAML'))) return undefined;
	const value = withoutNulls(document.value);
	if (value === null) {
		loading.notice(`${loading.label ?? 'the config'} is empty: the environment alone configures`);
		return {};
	}
	if (!isObject(value)) {
		loading.problem(
			[],
			'must be a mapping of settings',
			'Begin with a line such as "providers:". YAML needs a space or a new line after each colon.',
		);
		return undefined;
	}
	const own = Object.keys(fileSchema.shape);
	const root = convertLlmProviders(value, own, loading) ?? value;
	for (const key of Object.keys(root)) {
		if (!own.includes(key)) loading.problem([key.split(':')[0] ?? key], 'unknown key', suggest(key, own), true);
	}
	noticeNotEnforced(root, loading);
	return root;
}

/** Keys without a value count as not given, but stay, so that unknown ones are seen; a provider's options are its own business. */
function withoutNulls(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [
			key,
			inner === null || inner === undefined ? undefined : key === 'options' ? inner : withoutNulls(inner),
		]),
	);
}
