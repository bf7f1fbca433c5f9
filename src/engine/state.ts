import type { Catalog } from '../catalog/index.ts';
import { type ProviderConfig, type RelaisConfig, redactor } from '../config/index.ts';
import { dialectByName } from '../dialects/index.ts';
import { KeyRing } from '../policy/auth/index.ts';
import { loadPlugin, ProviderRegistry } from '../providers/index.ts';
import { type ExecutionTerms, RoutingTable, type TableProvider } from '../router/index.ts';
import type { Frame, ModelInfo, Provider, ProviderHost } from '../spec/index.ts';
import { streamFrames, type Transport } from '../transport/index.ts';

/** Everything that follows from one config, replaced as a whole when the config changes. */
export interface EngineState {
	readonly config: RelaisConfig;
	readonly keys: KeyRing;
	readonly table: RoutingTable;
	readonly providers: readonly Provider[];
	/** Live model lists of providers the catalog does not know, by provider name, as far as they have answered. */
	readonly discovered: Discovered;
	/** What requests that begin under this config keep to. */
	readonly terms: ExecutionTerms;
}

/** Live model lists by provider name. */
export type Discovered = ReadonlyMap<string, readonly ModelInfo[]>;

/** Builds providers, keys and routing table. Contacts nobody. Throws `config_invalid`. */
export async function buildState(
	config: RelaisConfig,
	catalog: Catalog,
	transport: Transport,
	discovered: Discovered = new Map(),
): Promise<EngineState> {
	const registry = new ProviderRegistry(catalog);
	for (const path of config.plugins) for (const type of await loadPlugin(path)) registry.add(type);
	const host = providerHost(catalog, transport);
	const providers = config.providers.filter((entry) => entry.enabled).map((entry) => registry.create(entry, host));
	return {
		config,
		providers,
		keys: new KeyRing(config.auth.mode, config.keys),
		table: buildTable(config, providers, catalog, discovered),
		discovered,
		terms: { policy: config.routing, redact: redactor(config.providers.flatMap(credentials)) },
	};
}

const SECRET_HEADER = /auth|key|token|secret|cookie/;

/** What a provider is sent that nobody else may see. */
function credentials({ apiKey, headers }: ProviderConfig): string[] {
	const values = Object.entries(headers).flatMap(([name, value]) => (SECRET_HEADER.test(name) ? [value] : []));
	const bare = values.map((value) => value.replace(/^\S+ /, ''));
	return [...values, ...bare, ...(apiKey === undefined ? [] : [apiKey])];
}

/** The lists that still hold under a new config: those of providers that are where they were. */
export function stillKnown({ config, discovered }: EngineState, next: RelaisConfig): Discovered {
	const place = (entry: ProviderConfig | undefined): string => JSON.stringify([entry?.type, entry?.baseUrl]);
	const before = new Map(config.providers.map((entry) => [entry.name, place(entry)]));
	const after = new Map(next.providers.map((entry) => [entry.name, place(entry)]));
	return new Map([...discovered].filter(([name]) => before.get(name) === after.get(name)));
}

function providerHost(catalog: Catalog, transport: Transport): ProviderHost {
	return {
		catalogModels: (id) => catalog.models(id),
		dialect: dialectByName,
		request: (call, timeouts, signal) => transport.request(call, timeouts, signal),
		stream: (call, dialect, timeouts, signal) => {
			const tap = dialect.streamTap({ dropUsage: false });
			const isContent = (frame: Frame): boolean => {
				tap.frame(frame);
				return tap.started;
			};
			return streamFrames(transport, call, dialect.framing, timeouts, signal, { isContent });
		},
	};
}

/**
 * Compiles names to targets.
 * @param discovered live model lists of providers the catalog does not know, by provider name
 */
export function buildTable(
	config: RelaisConfig,
	providers: readonly Provider[],
	catalog: Catalog,
	discovered: Discovered,
): RoutingTable {
	const byName = new Map(providers.map((provider) => [provider.name, provider]));
	const entries: TableProvider[] = [];
	for (const entry of config.providers) {
		const provider = byName.get(entry.name);
		if (provider === undefined) continue;
		const live = discovered.get(entry.name) ?? [];
		const models = [...knownModels(entry, catalog), ...live.map(({ id }) => ({ alias: id, id }))];
		const info = (id: string): ModelInfo | undefined =>
			catalog.model(entry.type, id, entry.name) ?? live.find((model) => model.id === id);
		const { priority, defaultModel, timeouts } = entry;
		entries.push({ provider, priority, models, defaultModel, timeouts, info });
	}
	const routes = config.routes.map(({ name, targets, fallbacks }) => ({
		name,
		targets: targets.map((target) => target.model),
		fallbacks,
	}));
	return new RoutingTable(entries, routes);
}

/** Models of a provider that need no asking: the config's list, else the catalog's chat models with the names in wide use for them. */
export function knownModels(entry: ProviderConfig, catalog: Catalog): { alias: string; id: string }[] {
	if (entry.models.length > 0) return entry.models;
	if (entry.baseUrl !== undefined && catalog.provider(entry.type)?.kind === 'local') return [];
	const rows = catalog.models(entry.type).filter((row) => row.mode === 'chat' || row.mode === 'responses');
	const models = rows.map(({ id }) => ({ alias: id, id }));
	const ids = new Set(rows.map((row) => row.id));
	for (const alias of catalog.aliasesOf(entry.type)) {
		if (!ids.has(alias.name) && ids.has(alias.id)) models.push({ alias: alias.name, id: alias.id });
	}
	return models;
}
