import { dirname, join, resolve } from 'node:path';
import { type Catalog, loadCatalog, SPOKEN_DIALECTS } from '../catalog/index.ts';
import { isObject } from '../lib/json.ts';
import type { JsonObject, JsonValue } from '../spec/index.ts';
import { CONFIG_FILES } from './defaults.ts';
import { type ConfigDocument, readDocument } from './document.ts';
import { environmentProviders } from './environment.ts';
import { suggest } from './issues.ts';
import { buildKey, keysFromEnvironment } from './keys.ts';
import { convertLlmProviders } from './llm-providers.ts';
import { Loading } from './loading.ts';
import { discoverLocal, type Probe } from './local.ts';
import { noticeNotEnforced } from './not-enforced.ts';
import { ConfigError } from './problems.ts';
import { buildProvider, type ProviderContext } from './providers.ts';
import { locateConfig, readConfigText, readEnvironment } from './read.ts';
import { buildRoutes } from './routes.ts';
import {
	authSchema,
	dataDirSchema,
	fileSchema,
	keySchema,
	pluginsSchema,
	providerSchema,
	routeSchema,
	routingSchema,
	serverSchema,
	simulateSchema,
} from './schema.ts';
import { checkItems, parseItems, rawItems } from './sections.ts';
import { buildAdminToken, buildDataDir, buildRouting, buildServer, checkExposure, type Overrides } from './settings.ts';
import type { KeyConfig, ProviderConfig, RelaisConfig } from './types.ts';

const PROBE_LIMIT_MS = 300;

/** What to load a config from. */
export interface LoadOptions {
	/** The config file; absent: RELAIS_CONFIG, else relais.yaml, relais.yml or relais.json of `cwd`, else the environment alone. */
	path?: string;
	cwd: string;
	env: { readonly [name: string]: string | undefined };
	overrides: Overrides;
	/** False: looks for no local servers. */
	discover?: boolean;
	/** Stand-in for `fetch` when looking for local servers. */
	probe?: Probe;
	catalog?: Catalog;
	/** Catalog dialects this version speaks. */
	dialects?: ReadonlySet<string>;
}

export interface LoadedConfig {
	config: RelaisConfig;
	/** The config file, absolute; absent when the environment alone configures. */
	file?: string;
	/** Files whose change must reload: the config, `.env`, secret files, whether they are there yet or not. Absolute. */
	files: string[];
	/** What should be known though nothing is wrong. Never holds a secret. */
	notices: string[];
}

/** Reads, checks and completes the configuration. Throws `ConfigError` with every problem there is. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
	const environment = readEnvironment(options.cwd, options.env);
	const location = locateConfig(options.path, options.cwd, environment.env);
	const { file } = location;
	const document =
		file === undefined ? undefined : readDocument(readConfigText(file, options.cwd), (name) => environment.env[name]);
	const loading = new Loading({
		cwd: options.cwd,
		env: environment.env,
		catalog: options.catalog ?? loadCatalog(),
		dialects: options.dialects ?? SPOKEN_DIALECTS,
		dir: file === undefined ? options.cwd : dirname(file),
		...(file !== undefined && { file }),
		...(document !== undefined && { document }),
	});
	for (const notice of [...environment.notices, ...location.notices]) loading.notice(notice);
	const root = readRoot(document, loading);
	const config = root === undefined ? undefined : await build(root, options, loading);
	if (config === undefined || loading.problems.length > 0) throw new ConfigError(inOrder(loading));
	const watched = file === undefined ? CONFIG_FILES.map((name) => join(options.cwd, name)) : [file];
	return {
		config,
		...(file !== undefined && { file }),
		files: [...watched, environment.file, ...loading.secretFiles],
		notices: [...new Set(loading.notices)],
	};
}

/** Problems as they stand in the file, those of no file last. */
function inOrder(loading: Loading): Loading['problems'] {
	const line = (problem: Loading['problems'][number]): number => problem.line ?? Number.MAX_SAFE_INTEGER;
	return loading.problems.toSorted((a, b) => line(a) - line(b) || (a.column ?? 0) - (b.column ?? 0));
}

/** The file's value in Relais's own shape; undefined when it cannot be read, which is reported. */
function readRoot(document: ConfigDocument | undefined, loading: Loading): JsonObject | undefined {
	if (document === undefined) return {};
	const file = loading.label === undefined ? {} : { file: loading.label };
	for (const problem of document.problems) loading.problems.push({ ...problem, ...file });
	if (document.problems.some((problem) => problem.message.startsWith('not valid YAML'))) return undefined;
	const value = withoutNulls(document.value);
	if (value === null) {
		loading.notice('the file is empty: the environment alone configures', []);
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

/** Keys without a value count as not given; a provider's options are its own business. */
function withoutNulls(value: JsonValue): JsonValue {
	if (Array.isArray(value)) return value.map(withoutNulls);
	if (!isObject(value)) return value;
	const result: JsonObject = Object.create(null) as JsonObject;
	for (const [key, inner] of Object.entries(value)) {
		if (inner !== null && inner !== undefined) result[key] = key === 'options' ? inner : withoutNulls(inner);
	}
	return { ...result };
}

async function build(root: JsonObject, options: LoadOptions, loading: Loading): Promise<RelaisConfig> {
	const settings = buildServer(loading.parse(serverSchema, root.server ?? {}, ['server']) ?? {}, options.overrides, loading);
	const auth = loading.parse(authSchema, root.auth ?? {}, ['auth']) ?? {};
	const adminToken = buildAdminToken(auth, loading);
	const plugins = loading.parse(pluginsSchema, root.plugins ?? [], ['plugins']) ?? [];
	const dataDir = loading.parse(dataDirSchema.optional(), root.data_dir, ['data_dir']);
	const routing = loading.parse(routingSchema, root.routing ?? {}, ['routing']) ?? {};
	const keys = buildKeys(root, loading);
	checkExposure(settings, auth.mode ?? 'keys', rawItems(root, 'keys').length + keys.length, loading);
	const providers = await buildProviders(root, { options, own: settings.server, hasPlugins: plugins.length > 0 }, loading);
	const names = new Set(
		rawItems(root, 'providers').flatMap((item) => (isObject(item) && typeof item.name === 'string' ? [item.name] : [])),
	);
	const routes = parseItems(root, 'routes', routeSchema, loading);
	checkItems('route', routes, (entry) => entry.name, loading);
	return {
		server: settings.server,
		auth: { mode: auth.mode ?? 'keys' },
		dataDir: buildDataDir(dataDir, options.overrides, loading),
		providers,
		routing: buildRouting(routing, loading),
		routes: buildRoutes(routes, providers, names, loading),
		keys,
		plugins: plugins.map((path) => resolve(loading.input.dir, path)),
		...(adminToken !== undefined && { adminToken }),
		simulate: loading.parse(simulateSchema.optional(), root.simulate, ['simulate']) ?? 'auto',
	};
}

function buildKeys(root: JsonObject, loading: Loading): KeyConfig[] {
	const entries = parseItems(root, 'keys', keySchema, loading);
	checkItems('key', entries, (entry) => entry.name, loading);
	const keys: KeyConfig[] = [];
	for (const { entry, path } of entries) {
		const key = buildKey(entry, path, loading);
		if (key === undefined) continue;
		const twin = keys.find((other) => other.key === key.key);
		if (twin !== undefined)
			loading.problem([...path, 'key'], `is the same as that of "${twin.name}"`, 'Every name needs a key of its own.');
		keys.push(key);
	}
	for (const key of keysFromEnvironment(loading)) if (!keys.some((other) => other.key === key.key)) keys.push(key);
	return keys;
}

interface ProvidersInput {
	options: LoadOptions;
	own: { host: string; port: number };
	hasPlugins: boolean;
}

/** Providers of the file, then of the environment, then servers found on this machine. */
async function buildProviders(
	root: JsonObject,
	{ options, own, hasPlugins }: ProvidersInput,
	loading: Loading,
): Promise<ProviderConfig[]> {
	const { env, catalog, dialects, document } = loading.input;
	const entries = parseItems(root, 'providers', providerSchema, loading);
	checkItems('provider', entries, (entry) => entry.name, loading);
	const usedVariables = new Set(document?.variables);
	const lenient = loading.isConverted(['providers']);
	const context: ProviderContext = { loading, own, hasPlugins, lenient, usedVariables };
	const fromFile = entries.map(({ entry, path, index }) => buildProvider(entry, path, index, context));
	const raw = rawItems(root, 'providers').filter(isObject);
	const takenTypes = new Set(raw.map((item) => String(item.type)));
	const takenNames = new Set(raw.map((item) => String(item.name)));
	const last = Math.max(0, ...fromFile.map((provider) => provider.priority));
	const found = environmentProviders({
		env,
		catalog,
		dialects,
		takenTypes,
		takenNames,
		takenVariables: usedVariables,
		own,
		firstPriority: last + 1,
	});
	for (const notice of found.notices) loading.notice(notice);
	const configured = [...fromFile, ...found.providers];
	const local = options.discover === false ? [] : await findLocal(configured, { options, own, env, takenTypes }, loading);
	for (const [type, variable] of Object.entries(found.localKeys)) {
		if (local.some((provider) => provider.type === type)) continue;
		loading.notice(`${variable} is set, but no server of type ${type} was found: give its address as base_url or in a variable`);
	}
	return [...configured, ...local];
}

interface LocalInput {
	options: LoadOptions;
	own: { host: string; port: number };
	env: { readonly [name: string]: string | undefined };
	takenTypes: ReadonlySet<string>;
}

async function findLocal(
	configured: ProviderConfig[],
	{ options, own, env, takenTypes }: LocalInput,
	loading: Loading,
): Promise<ProviderConfig[]> {
	const addresses = configured.flatMap(({ baseUrl }) =>
		baseUrl !== undefined && URL.canParse(baseUrl) ? [addressOf(new URL(baseUrl))] : [],
	);
	const found = await discoverLocal({
		timeoutMs: PROBE_LIMIT_MS,
		...(options.probe && { probe: options.probe }),
		env,
		catalog: loading.input.catalog,
		dialects: loading.input.dialects,
		skipTypes: new Set(
			[...takenTypes, ...configured.map((provider) => provider.type)].filter(
				(type) => loading.input.catalog.provider(type) !== undefined,
			),
		),
		skipAddresses: new Set([...addresses, `127.0.0.1:${own.port}`]),
		firstPriority: Math.max(0, ...configured.map((provider) => provider.priority)) + 1,
	});
	return found.filter((provider) => {
		const clash = configured.some((other) => other.name === provider.name);
		if (clash) loading.notice(`the server ${provider.origin} is not used: there is another provider named "${provider.name}"`);
		return !clash;
	});
}

/** `host:port`, with this machine's names as one. */
function addressOf(url: URL): string {
	const host = url.hostname === 'localhost' || url.hostname === '[::1]' ? '127.0.0.1' : url.hostname;
	return `${host}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}
