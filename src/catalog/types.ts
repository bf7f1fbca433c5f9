import type { ModelInfo } from '../spec/index.ts';

/** How a router may group a provider. In the order in which providers found in the environment are preferred. */
export const TIERS = ['premium', 'cost', 'speed', 'developer', 'local', 'private-cloud', 'public-cloud'] as const;

export type ProviderTier = (typeof TIERS)[number];

/** `local`: runs beside you; `private-cloud`: a sovereign or regional cloud, or your own tenant; `gateway`: resells others. */
export const KINDS = ['local', 'private-cloud', 'public-cloud', 'gateway'] as const;

export type ProviderKind = (typeof KINDS)[number];

/** How a provider takes its credentials. */
export const AUTHS = [
	'bearer',
	'x-api-key',
	'api-key header',
	'x-goog-api-key header',
	'sigv4',
	'google-oauth2 bearer',
	'iam bearer',
	'none',
	'bearer or none',
] as const;

export type ProviderAuth = (typeof AUTHS)[number];

/** What a provider serves for at least one of its models; model rows refine it. */
export interface ProviderCapabilities {
	chat: boolean;
	streaming: boolean;
	tools: boolean;
	jsonSchema: boolean;
	vision: boolean;
	embeddings: boolean;
	rerank: boolean;
	images: boolean;
	audio: boolean;
	/** Grounding or search of its own. */
	dataSources: boolean;
}

/** What the catalog knows of one provider. */
export interface ProviderRow {
	id: string;
	name: string;
	/** Absent: works. `retired`: calls fail. `changed`: the API once known under this name is gone. */
	status?: 'retired' | 'changed';
	tier: ProviderTier;
	kind: ProviderKind;
	/** Wire format: `openai` (chat completions), `anthropic`, `gemini`, `bedrock`, `ollama` ... */
	dialect: string;
	/** May hold `{placeholders}`, filled from the provider's options. */
	baseUrl: string;
	/** Older or equal hosts. */
	altBaseUrls: string[];
	/** Region or variant name to base URL. */
	regionUrls: { [region: string]: string };
	/** Variables that hold the key, most usual first. */
	env: string[];
	/** Variables for an address, a region, a project and the like, by setting. */
	envExtra: { [setting: string]: string[] };
	auth: ProviderAuth;
	/**
	 * Endpoints that differ from the usual ones of OpenAI or add to them. A path starts with `/` and follows `baseUrl`; anything
	 * else is a full URL.
	 */
	endpoints: { [purpose: string]: string };
	capabilities: ProviderCapabilities;
	/** Path or URL; null where there is none. */
	modelsEndpoint: string | null;
	docsUrl: string;
	/** Facts an adapter must handle. */
	quirks: string[];
	/** Ids of rows that this one is a preset of. */
	aliases: string[];
}

/** A model row with what only the catalog says. */
export interface CatalogModel extends ModelInfo {
	/** YYYY, YYYY-MM or YYYY-MM-DD */
	knowledgeCutoff?: string;
	/** What the price figures cannot say. */
	priceNote?: string;
	/** Further ids the vendor takes for this model. */
	aliases?: string[];
	/** Where the figures come from, the price first. */
	sources: string[];
}

/** A name in wide use and what it stands for. */
export interface ModelAlias {
	name: string;
	/** Id of the catalog provider. */
	provider: string;
	/** Id the name stands for; may be retired. */
	id: string;
	/** `ending`: answers, with an announced shutdown; `retired`: calls fail. */
	state: 'current' | 'ending' | 'retired';
	/** Id of the closest model that still answers. */
	closest: string;
	note?: string;
}

/** An alias with its rows: `model` what the name stands for, `replacement` the closest one when that is another. */
export interface ResolvedAlias extends ModelAlias {
	model?: CatalogModel;
	replacement?: CatalogModel;
}

/** A body of facts the catalog was made from. */
export interface CatalogSource {
	name: string;
	licence: string;
	/** Revision and date. */
	version: string;
}
