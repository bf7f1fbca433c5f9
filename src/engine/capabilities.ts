import { type Catalog, COMPATIBLE_TYPES, type ProviderRow, placeholders, reach, SPOKEN_DIALECTS } from '../catalog/index.ts';
import { DEFAULT_TIMEOUTS } from '../config/index.ts';
import { DIALECTS } from '../dialects/index.ts';
import { ProviderRegistry } from '../providers/index.ts';
import {
	type JsonObject,
	type ModelCapabilities,
	type ModelInfo,
	NOTHING_KNOWN,
	type Operation,
	type Price,
	type Provider,
	type ProviderHost,
	type WireEndpoint,
} from '../spec/index.ts';
import { mergedModels } from './models.ts';
import type { EngineState } from './state.ts';

/** What one model can do, is and costs. null: not known. */
export interface ModelRow {
	/** As sent on the wire. */
	id: string;
	/** Further names one can ask for it by. */
	aliases: string[];
	title: string | null;
	mode: string;
	/** Dialects a chat with the model is held in; empty for other kinds of models, and for a module that speaks for itself. */
	dialects: string[];
	capabilities: ModelCapabilities;
	/** In tokens. */
	contextWindow: number | null;
	maxOutput: number | null;
	/** USD per million tokens. */
	price: Price;
	deprecated: boolean;
	/** YYYY-MM-DD */
	shutdownDate: string | null;
	replacement: string | null;
	/** Whether the provider's own list names it; null: it was not asked, or has no list. */
	listed: boolean | null;
}

/** What a provider offers beside its models. */
export interface Endpoints {
	chat: boolean;
	streaming: boolean;
	embed: boolean;
	rerank: boolean;
	moderate: boolean;
	/** Whether it lists its models itself. */
	models: boolean;
}

/** One provider of the config, or one type that could be configured. */
export interface ProviderCapabilities {
	name: string;
	type: string;
	title: string;
	/** As in the catalog; `compatible`: a server at an address of one's own; `module`: a provider module. */
	kind: string;
	configured: boolean;
	/** `retired`: calls fail; `changed`: the API once known under this name is gone. */
	status: 'retired' | 'changed' | null;
	dialects: string[];
	endpoints: Endpoints;
	/** Variables its key is looked for in. */
	keyVariables: string[];
	docsUrl: string | null;
	models: ModelRow[];
}

/** What can be reached and what it can do. */
export interface CapabilityTable {
	/** Date of the catalog's facts, YYYY-MM-DD. */
	asOf: string;
	providers: ProviderCapabilities[];
}

const UNPRICED: Price = { input: null, output: null, cacheRead: null, cacheWrite: null };

/** The providers of the config, with what their own lists say. Contacts nobody. */
export function configuredProviders(state: EngineState, catalog: Catalog): ProviderCapabilities[] {
	return state.config.providers.flatMap((entry) => {
		const provider = state.providers.find((candidate) => candidate.name === entry.name);
		if (provider === undefined) return [];
		const { models, info } = mergedModels(entry, catalog, state.discovered.get(entry.name));
		const aliases = new Map<string, string[]>();
		for (const { alias, id } of models) aliases.set(id, [...(aliases.get(id) ?? []), ...(alias === id ? [] : [alias])]);
		const rows = [...aliases].map(([id, names]) => modelRow(provider, id, names, info(id)));
		return [{ ...describe(provider, catalog, rows), configured: true }];
	});
}

/** Every type of the catalog that this version can reach, as it would be once configured. Contacts nobody. */
export function reachableTypes(catalog: Catalog, host: ProviderHost): ProviderCapabilities[] {
	const registry = new ProviderRegistry(catalog);
	const types = new Set(registry.types());
	return catalog.providers().flatMap((row) => {
		if (!types.has(row.id)) return [];
		const provider = attempt(() => registry.create(specimen(row), host));
		if (provider === undefined) return [];
		const aliases = catalog.aliasesOf(row.id);
		const models = catalog.models(row.id).map((model) => {
			const names = aliases.flatMap(({ name, id }) => (id === model.id && name !== id ? [name] : []));
			return modelRow(provider, model.id, names, model);
		});
		return [{ ...describe(provider, catalog, models), configured: false }];
	});
}

/** Settings that a provider of the type can be made of, though not called with. */
function specimen(row: ProviderRow): Parameters<ProviderRegistry['create']>[0] {
	const needed = [...placeholders(reach(row, SPOKEN_DIALECTS)?.baseUrl ?? row.baseUrl), ...Object.keys(row.envExtra)];
	const known: JsonObject = { region: Object.keys(row.regionUrls)[0] ?? 'example' };
	const options: JsonObject = Object.fromEntries(needed.map((setting) => [setting, known[setting] ?? 'example']));
	delete options.base_url;
	return { name: row.id, type: row.id, timeouts: DEFAULT_TIMEOUTS, models: [], headers: {}, options };
}

function describe(provider: Provider, catalog: Catalog, models: ModelRow[]): Omit<ProviderCapabilities, 'configured'> {
	const row = catalog.provider(provider.type);
	const compatible = COMPATIBLE_TYPES[provider.type];
	const endpoints = wiresOf(provider);
	const talking = endpoints.filter((wire) => attempt(() => wire.supports('chat')) === true);
	return {
		name: provider.name,
		type: provider.type,
		title: row?.name ?? compatible?.title ?? provider.type,
		kind: row?.kind ?? (compatible === undefined ? 'module' : 'compatible'),
		status: row?.status ?? null,
		dialects: [...new Set([...talking.map(({ dialect }) => dialect.name), ...models.flatMap(({ dialects }) => dialects)])],
		endpoints: {
			chat: offers(provider, endpoints, 'chat'),
			streaming: offers(provider, endpoints, 'chat') && attempt(() => provider.capabilities().streaming) !== false,
			embed: offers(provider, endpoints, 'embed'),
			rerank: offers(provider, endpoints, 'rerank'),
			moderate: offers(provider, endpoints, 'moderate'),
			models: attempt(() => provider.hasList) !== false,
		},
		keyVariables: row?.env ?? [],
		docsUrl: row?.docsUrl ?? null,
		models,
	};
}

/** Methods of a provider without a wire, by what they serve. */
const METHODS: { readonly [operation in Operation]?: keyof Provider } = {
	chat: 'chat',
	embed: 'embed',
	rerank: 'rerank',
	moderate: 'moderate',
};

function offers(provider: Provider, wires: readonly WireEndpoint[], operation: Operation): boolean {
	if (wires.length > 0) return wires.some((wire) => attempt(() => wire.supports(operation)) === true);
	const method = METHODS[operation];
	return method !== undefined && typeof provider[method] === 'function';
}

/** The ways a provider is called, whatever the model. */
function wiresOf(provider: Provider): WireEndpoint[] {
	const wire = attempt(() => provider.wire);
	if (wire === undefined || typeof wire.supports !== 'function') return [];
	return [wire, ...wiresFor(provider, '').filter((other) => other !== wire)];
}

/** The endpoints of a model by the dialects it is spoken to in, as far as the provider makes a difference. */
function wiresFor(provider: Provider, model: string): WireEndpoint[] {
	const found = DIALECTS.flatMap(({ name }) => attempt(() => provider.wireFor?.(model, name)) ?? []);
	return [...new Set(found)];
}

function modelRow(provider: Provider, id: string, aliases: string[], info: ModelInfo | undefined): ModelRow {
	const capabilities = info?.capabilities ?? attempt(() => provider.capabilities(id));
	const mode = info?.mode ?? 'chat';
	const talks = mode === 'chat' || mode === 'responses';
	const wires = !talks ? [] : provider.wireFor === undefined ? wiresOf(provider) : wiresFor(provider, id);
	return {
		id,
		aliases,
		title: info?.name ?? null,
		mode,
		dialects: wires.map(({ dialect }) => dialect.name),
		capabilities: { ...NOTHING_KNOWN, ...capabilities },
		contextWindow: info?.contextWindow ?? null,
		maxOutput: info?.maxOutput ?? null,
		price: info?.price ?? UNPRICED,
		deprecated: info?.deprecated === true,
		shutdownDate: info?.shutdownDate ?? null,
		replacement: info?.replacement ?? null,
		listed: info?.listed ?? null,
	};
}

/** What a module says of itself; one that fails at it says nothing. */
function attempt<T>(ask: () => T): T | undefined {
	try {
		return ask();
	} catch {
		return undefined;
	}
}
