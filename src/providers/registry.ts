import type { Catalog, ProviderRow } from '../catalog/index.ts';
import { nearest } from '../lib/nearest.ts';
import {
	type ModelCapabilities,
	type Provider,
	type ProviderHost,
	type ProviderSettings,
	type ProviderType,
	RelaisError,
} from '../spec/index.ts';
import { VENDORS } from './builtin.ts';
import type { AuthScheme, VendorDescriptor } from './descriptor.ts';
import { askForStreamUsage } from './rules.ts';
import { WireProvider } from './wire-provider.ts';

type Spoken = Pick<VendorDescriptor, 'dialect' | 'paths'>;

const OPENAI_LIKE: Spoken = { dialect: 'openai-chat', paths: { chat: '/chat/completions', models: '/models' } };

const ANTHROPIC_LIKE: Spoken = {
	dialect: 'anthropic-messages',
	paths: { chat: '/messages', countTokens: '/messages/count_tokens', models: '/models?limit=1000' },
};

/** Catalog dialects this version speaks. */
const SPOKEN: { readonly [catalogDialect: string]: Spoken } = { openai: OPENAI_LIKE, anthropic: ANTHROPIC_LIKE };

const AUTH: { readonly [catalogAuth: string]: AuthScheme } = {
	bearer: 'bearer',
	'x-api-key': 'x-api-key',
	'bearer or none': 'optional-bearer',
	none: 'optional-bearer',
};

/** Any vendor of a known dialect under an address of the user's own. */
const COMPATIBLE: readonly VendorDescriptor[] = [
	{
		type: 'openai-compatible',
		title: 'OpenAI-compatible server',
		...OPENAI_LIKE,
		auth: 'optional-bearer',
		keyVariables: [],
		rules: [askForStreamUsage],
	},
	{
		...VENDORS.anthropic,
		type: 'anthropic-compatible',
		title: 'Anthropic-compatible server',
		...ANTHROPIC_LIKE,
		auth: 'x-api-key',
		keyVariables: [],
	},
];

/** The kinds of provider there are: those of the catalog this version can speak to, the compatible ones, and plug-ins. */
export class ProviderRegistry {
	readonly #types = new Map<string, ProviderType>();

	constructor(catalog: Catalog) {
		for (const descriptor of COMPATIBLE) this.add(vendorType(descriptor, {}));
		for (const row of catalog.providers()) {
			const descriptor = fromCatalog(row);
			if (descriptor !== undefined) this.add(vendorType(descriptor, capabilitiesOf(row)));
		}
	}

	/** Adds a type, replacing one of the same name: a plug-in may refine what ships. */
	add(type: ProviderType): void {
		this.#types.set(type.type, type);
	}

	/** Whether a catalog provider of that type can be spoken to. */
	has(type: string): boolean {
		return this.#types.has(type);
	}

	types(): string[] {
		return [...this.#types.keys()];
	}

	/** Throws `config_invalid` for an unknown type, with the nearest known ones, or for settings the type cannot work with. */
	create(settings: ProviderSettings, host: ProviderHost): Provider {
		const type = this.#types.get(settings.type);
		if (type !== undefined) return type.create(settings, host);
		const near = nearest(settings.type, this.#types.keys());
		const hint =
			near.length > 0
				? `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
				: 'Use openai-compatible with a base_url.';
		throw new RelaisError('config_invalid', `provider "${settings.name}": no provider type "${settings.type}". ${hint}`);
	}
}

function vendorType(descriptor: VendorDescriptor, capabilities: Partial<ModelCapabilities>): ProviderType {
	return {
		type: descriptor.type,
		title: descriptor.title,
		create: (settings, host) => new WireProvider(descriptor, settings, host, capabilities),
	};
}

/** A catalog row as a descriptor, refined by the vendor's own folder; undefined when no dialect of this version fits. */
function fromCatalog(row: ProviderRow): VendorDescriptor | undefined {
	const own = VENDORS[row.id];
	const spoken = SPOKEN[row.dialect];
	const dialect = own?.dialect ?? spoken?.dialect;
	const paths = own?.paths ?? spoken?.paths;
	const auth = own?.auth ?? AUTH[row.auth];
	if (dialect === undefined || paths === undefined || auth === undefined) return undefined;
	return {
		rules: dialect === 'openai-chat' ? [askForStreamUsage] : [],
		...own,
		type: row.id,
		title: row.name,
		catalogId: row.id,
		dialect,
		baseUrl: row.baseUrl,
		auth,
		keyVariables: row.env,
		docsUrl: row.docsUrl,
		paths,
	};
}

function capabilitiesOf(row: ProviderRow): Partial<ModelCapabilities> {
	const { chat, streaming, tools, jsonSchema, vision, embeddings, dataSources } = row.capabilities;
	return { chat, streaming, tools, jsonSchema, vision, embeddings, dataSources };
}
