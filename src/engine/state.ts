import { type Catalog, type Retirement, retirementOf } from '../catalog/index.ts';
import type { ProviderConfig, RelaisConfig } from '../config/index.ts';
import { dialectByName } from '../dialects/index.ts';
import { KeyRing } from '../policy/auth/index.ts';
import { loadPlugin, ProviderRegistry } from '../providers/index.ts';
import { type ExecutionTerms, RoutingTable, type TableProvider } from '../router/index.ts';
import type { Frame, Provider, ProviderHost } from '../spec/index.ts';
import { streamFrames, type Transport } from '../transport/index.ts';
import { absentAdvice } from './absent.ts';
import type { Discovered, Followed } from './model-lists.ts';
import { knownModels, mergedModels } from './models.ts';
import { Secrets } from './secrets.ts';

/** Everything that follows from one config, replaced as a whole when the config changes. */
export interface EngineState {
	readonly config: RelaisConfig;
	readonly keys: KeyRing;
	readonly table: RoutingTable;
	readonly providers: readonly Provider[];
	/** Live model lists by provider name, as far as providers have answered. */
	readonly discovered: Discovered;
	/** What requests that begin under this config keep to. */
	readonly terms: ExecutionTerms;
}

/** Builds providers, keys and routing table. Contacts nobody. Throws `config_invalid`. */
export async function buildState(
	config: RelaisConfig,
	catalog: Catalog,
	transport: Transport,
	discovered: Discovered = new Map(),
): Promise<EngineState> {
	const registry = new ProviderRegistry(catalog);
	for (const path of config.plugins) for (const type of await loadPlugin(path)) registry.add(type);
	const secrets = new Secrets(config.providers.flatMap(credentials));
	const host = providerHost(catalog, transport, (secret) => secrets.conceal(secret));
	const providers = config.providers.filter((entry) => entry.enabled).map((entry) => registry.create(entry, host));
	return {
		config,
		providers,
		keys: new KeyRing(config.auth.mode, config.keys),
		table: buildTable(config, providers, catalog, discovered),
		discovered,
		terms: {
			policy: config.routing,
			retiredModels: config.retiredModels,
			redact: (text) => secrets.redact(text),
		},
	};
}

const SECRET_HEADER = /auth|key|token|secret|cookie/;

const SECRET_OPTION = /secret|session|password|private_key$|token$/;

/** What a provider is sent that nobody else may see. */
function credentials({ apiKey, headers, options }: ProviderConfig): string[] {
	const settings = Object.entries(options).flatMap(([name, value]) =>
		typeof value === 'string' && SECRET_OPTION.test(name) ? [value] : [],
	);
	const values = Object.entries(headers).flatMap(([name, value]) => (SECRET_HEADER.test(name) ? [value] : []));
	const bare = values.map((value) => value.replace(/^\S+ /, ''));
	return [...values, ...bare, ...settings, ...(apiKey === undefined ? [] : [apiKey])];
}

/** The lists that still hold under a new config: those of providers that are where they were. */
export function stillKnown({ config, discovered }: EngineState, next: RelaisConfig): Discovered {
	const before = new Map(config.providers.map((entry) => [entry.name, placeOf(entry)]));
	const after = new Map(next.providers.map((entry) => [entry.name, placeOf(entry)]));
	return new Map([...discovered].filter(([name]) => before.get(name) === after.get(name)));
}

/** What a provider's model list depends on. The key is no part of it: whoever mends one keeps the list. */
function placeOf({ type, baseUrl, options }: ProviderConfig): string {
	return JSON.stringify([type, baseUrl, options]);
}

/** The providers whose lists are kept. */
export function followed({ config, providers }: EngineState, catalog: Catalog): Followed[] {
	return providers.flatMap((provider) => {
		const entry = config.providers.find((candidate) => candidate.name === provider.name);
		if (entry === undefined) return [];
		return [{ provider, place: placeOf(entry), unknown: knownModels(entry, catalog).length === 0 }];
	});
}

/** What the engine lends providers. @param conceal told of secrets that stand in no config */
export function providerHost(catalog: Catalog, transport: Transport, conceal: (secret: string) => void): ProviderHost {
	return {
		conceal,
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

/** Compiles names to targets. @param discovered live model lists by provider name */
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
		const { models, info } = mergedModels(entry, catalog, discovered.get(entry.name));
		const { priority, defaultModel, timeouts } = entry;
		const retirement = (id: string): Retirement | undefined => retirementOf(catalog, entry.type, id, entry.baseUrl);
		entries.push({ provider, priority, models, defaultModel, timeouts, info, retirement });
	}
	const routes = config.routes.map(({ name, targets, fallbacks }) => ({
		name,
		targets: targets.map((target) => target.model),
		fallbacks,
	}));
	const real = config.providers.filter(({ simulated }) => simulated !== true);
	return new RoutingTable(entries, routes, absentAdvice(catalog, new Set(real.map(({ type }) => type))));
}
