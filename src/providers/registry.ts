import { type Catalog, COMPATIBLE_TYPES, type ProviderRow, reach, SPOKEN_DIALECTS, WIRE_FORMATS } from '../catalog/index.ts';
import { nearest } from '../lib/nearest.ts';
import { reasonOf } from '../lib/reason.ts';
import {
	isRelaisError,
	type ModelCapabilities,
	type Provider,
	type ProviderHost,
	type ProviderSettings,
	type ProviderType,
	RelaisError,
} from '../spec/index.ts';
import { FORMATS, MODULES, VENDORS } from './builtin.ts';
import { nativeApis } from './compatible/index.ts';
import type { AuthScheme, VendorDescriptor, WireFormat } from './descriptor.ts';
import { listElsewhere } from './probes.ts';
import { WireProvider } from './wire-provider.ts';

const AUTH: { readonly [auth in ProviderRow['auth']]?: AuthScheme } = {
	bearer: 'bearer',
	'x-api-key': 'x-api-key',
	'x-goog-api-key header': 'x-goog-api-key',
	'api-key header': 'api-key',
	'google-oauth2 bearer': 'signed',
	'bearer or none': 'bearer',
	none: 'bearer',
	sigv4: 'signed',
	'iam bearer': 'signed',
};

/** The kinds of provider there are: those of the catalog this version can speak to, the compatible ones, and plug-ins. */
export class ProviderRegistry {
	readonly #types = new Map<string, ProviderType>();

	constructor(catalog: Catalog) {
		for (const [type, { dialect, title }] of Object.entries(COMPATIBLE_TYPES)) {
			const format = formatOf(dialect);
			if (format !== undefined)
				this.add(vendorType({ ...format, type, title, keyVariables: [], forSettings: bareAddress(format) }, {}));
		}
		for (const row of catalog.providers()) {
			const descriptor = fromCatalog(row);
			if (descriptor !== undefined) this.add(vendorType(descriptor, capabilitiesOf(row)));
		}
	}

	/** Adds a type, replacing one of the same name: a plug-in may refine what ships. */
	add(type: ProviderType): void {
		this.#types.set(type.type, type);
	}

	/** Names of all types. */
	types(): string[] {
		return [...this.#types.keys()];
	}

	/**
	 * Throws `config_invalid` for an unknown type, with the nearest known ones, for settings the type cannot work with, and for a
	 * plug-in that gives back something other than a provider.
	 */
	create(settings: ProviderSettings, host: ProviderHost): Provider {
		const type = this.#types.get(settings.type);
		if (type === undefined) throw this.#unknown(settings);
		const provider = created(type, settings, host);
		const fault = faultOf(provider, settings);
		if (fault !== undefined) throw refusal(settings, `type "${settings.type}" ${fault}`);
		return provider;
	}

	#unknown(settings: ProviderSettings): RelaisError {
		const near = nearest(settings.type, this.#types.keys());
		const hint =
			near.length > 0
				? `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
				: 'Use openai-compatible with a base_url.';
		return refusal(settings, `no provider type "${settings.type}". ${hint}`);
	}
}

function refusal(settings: ProviderSettings, message: string, cause?: unknown): RelaisError {
	return new RelaisError('config_invalid', `provider "${settings.name}": ${message}`, { provider: settings.name, cause });
}

function created(type: ProviderType, settings: ProviderSettings, host: ProviderHost): Provider {
	try {
		return type.create(settings, host);
	} catch (error) {
		if (isRelaisError(error)) throw error;
		const reason = reasonOf(error);
		throw refusal(settings, `type "${settings.type}" could not make a provider of its settings: ${reason}`, error);
	}
}

const METHODS = ['capabilities', 'listModels', 'isHealthy', 'chat', 'chatStream'] as const;

/** What is wrong with what a type made; plug-ins are not bound by our types. */
function faultOf(provider: Partial<Provider> | null | undefined, settings: ProviderSettings): string | undefined {
	if (typeof provider !== 'object' || provider === null) return 'gives back no provider';
	const missing = METHODS.filter((method) => typeof provider[method] !== 'function');
	if (missing.length > 0) return `gives back a provider without ${missing.join(', ')}`;
	if (provider.name === settings.name) return undefined;
	return `gives back a provider named ${JSON.stringify(provider.name)}, not by the name in its settings`;
}

function vendorType(descriptor: VendorDescriptor, capabilities: Partial<ModelCapabilities>): ProviderType {
	return {
		type: descriptor.type,
		title: descriptor.title,
		create: (settings, host) => {
			const laid = { ...descriptor, ...descriptor.forSettings?.(settings, host) };
			const own = MODULES[descriptor.dialect];
			return own === undefined ? new WireProvider(laid, settings, host, capabilities) : own(laid, settings, host, capabilities);
		},
	};
}

/** Where a server's address has no path and the API is not found there, it usually lies under `/v1`. */
function bareAddress({ adaptBaseUrl }: WireFormat): NonNullable<VendorDescriptor['forSettings']> {
	return ({ name, baseUrl }) => {
		if (adaptBaseUrl !== undefined || baseUrl === undefined || !URL.canParse(baseUrl) || new URL(baseUrl).pathname !== '/')
			return {};
		const hint = `If the model is there, the address is not: try ${baseUrl.replace(/\/+$/, '')}/v1 as base_url of "${name}"`;
		return { cure: (error) => (error.code === 'provider_not_found' ? hint : undefined) };
	};
}

/** What servers of a catalog dialect have in common; undefined when this version does not speak it. */
function formatOf(catalogDialect: string): WireFormat | undefined {
	const own = MODULES[catalogDialect] === undefined ? undefined : { dialect: catalogDialect, paths: {}, auth: 'bearer' as const };
	return FORMATS[WIRE_FORMATS[catalogDialect] ?? ''] ?? own;
}

/** A catalog row as a descriptor, refined by the vendor's own folder; undefined when this version cannot reach the vendor. */
function fromCatalog(row: ProviderRow): VendorDescriptor | undefined {
	const way = reach(row, SPOKEN_DIALECTS);
	const format = way === undefined ? undefined : formatOf(way.dialect);
	const auth = AUTH[row.auth];
	if (way === undefined || format === undefined || auth === undefined) return undefined;
	const { models: _, ...paths } = format.paths;
	return {
		...format,
		// A list under an address of its own is not in the format's shape.
		paths: row.modelsEndpoint?.startsWith('/') === true ? format.paths : paths,
		...(row.modelsEndpoint?.startsWith('https:') === true && listElsewhere(row.modelsEndpoint)),
		...nativeApis(row, format.dialect, FORMATS),
		...VENDORS[row.id],
		type: row.id,
		title: row.name,
		catalogId: row.id,
		baseUrl: way.baseUrl,
		auth,
		keyVariables: row.env,
		docsUrl: row.docsUrl,
	};
}

function capabilitiesOf(row: ProviderRow): Partial<ModelCapabilities> {
	const { chat, streaming, tools, jsonSchema, vision, embeddings, dataSources } = row.capabilities;
	return { chat, streaming, tools, jsonSchema, vision, embeddings, dataSources };
}
