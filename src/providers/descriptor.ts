import type {
	JsonObject,
	JsonValue,
	ModelCapabilities,
	ModelInfo,
	ModelTraits,
	Operation,
	Provider,
	ProviderHost,
	ProviderSettings,
	RelaisError,
	Signer,
} from '../spec/index.ts';
import type { BodyRule } from './rules.ts';

/** How a vendor wants the key; `signed`: not as it is, its `signer` sees to it. Without a key no header is sent: local servers need none, others say so themselves. */
export type AuthScheme = 'bearer' | 'x-api-key' | 'api-key' | 'x-goog-api-key' | 'signed';

/** Where the endpoints of a format lie, by operation. */
export type WirePaths = { chatStream?: string } & { [operation in Operation]?: string };

/** One model of a vendor's own list. What the list does not say is taken from the catalog. */
export interface ListedModel {
	id: string;
	/** Id under which the catalog has it, where that is another. */
	base?: string;
	name?: string;
	mode?: string;
	/** Tokens in all. */
	contextWindow?: number;
	maxOutput?: number;
	capabilities?: Partial<ModelCapabilities>;
	inputModalities?: string[];
	outputModalities?: string[];
}

/**
 * Asks an address of the vendor's that concerns no model, credentials included, and gives back the parsed answer. Throws what the
 * vendor refuses it with. `path` follows the base URL, or `origin` where one is given; a body makes it a POST.
 */
export type Ask = (path: string, more?: { origin?: string; body?: JsonObject }) => Promise<JsonValue>;

/** What all servers of one wire format have in common. */
export interface WireFormat {
	/** Name of the dialect. */
	dialect: string;
	/** Normalises what users give as the address. */
	adaptBaseUrl?(url: string): string;
	auth: AuthScheme;
	/**
	 * Paths after the base URL, each beginning with a slash; absent: there is no such endpoint. `{model}` stands for the model's id,
	 * percent-encoded. `chatStream` is for formats that stream from another path than `chat`.
	 */
	paths: WirePaths;
	/** Headers of every call, lower-case names. */
	headers?: { readonly [name: string]: string };
	/** Headers a client of the same dialect may set, passed on as they are and overriding `headers`; lower-case names. */
	clientHeaders?: readonly string[];
	/** @param row what the catalog or the vendor's own list says of the model */
	traits?(model: string, maxOutputTokens: number | null, row?: ModelInfo): ModelTraits;
	/** The catalog's id of a model that has several, by region or account. */
	baseModel?(model: string): string;
	rules?: readonly BodyRule[];
	/** The error in the body of an answer that looks like a success; undefined: there is none. */
	refusalIn?(body: JsonObject): RelaisError | undefined;
	/** True: its answers depart from the dialect, so that they are translated even for clients of it. */
	translates?: true;
	/** Reads the ids out of a model list that is not of the usual form; undefined: the body is no model list. */
	modelIds?(body: JsonValue): string[] | undefined;
	/** Lists the vendor's models where that takes more than reading ids. Undefined: the catalog's rows are all there is. */
	list?(ask: Ask, settings: ProviderSettings): Promise<ListedModel[] | undefined>;
	/** Checks that the vendor answers, at no cost of tokens, where asking for the model list does not do. May give back a remark. */
	check?(ask: Ask, settings: ProviderSettings): Promise<string | undefined>;
}

/** Makes the provider of a vendor whose API is no wire format. */
export type ProviderModule = (
	descriptor: VendorDescriptor,
	settings: ProviderSettings,
	host: ProviderHost,
	/** What the vendor serves for at least one model. */
	capabilities: Partial<ModelCapabilities>,
) => Provider;

/**
 * A vendor that speaks a known dialect, as data. Most vendors are a catalog row laid over their wire format (`registry.ts`); a
 * vendor with habits of its own has a folder beside this file for them.
 */
export interface VendorDescriptor extends WireFormat {
	type: string;
	title: string;
	/** Row of the catalog its models and prices come from. */
	catalogId?: string;
	/** May hold `{placeholders}` that settings fill in. Absent: the config must give a base URL. */
	baseUrl?: string;
	/** Variables a key is usually found in, for messages. */
	keyVariables: readonly string[];
	docsUrl?: string;
	/**
	 * Makes what puts credentials on a call once its body is known (`WireEndpoint.sign`), for vendors whose credentials are no fixed
	 * header. Undefined: these settings need none.
	 * @param host to ask whoever gives out tokens
	 */
	signer?(settings: ProviderSettings, host: ProviderHost): Signer | undefined;
	/**
	 * What depends on the settings altogether (paths, address, the model behind a name ...), laid over this descriptor. Throws
	 * `config_invalid` for settings the vendor cannot be reached with.
	 */
	forSettings?(settings: ProviderSettings, host: ProviderHost): Partial<VendorDescriptor>;
	/** Rules that the settings ask for; they come after `rules`. */
	rulesOf?(settings: ProviderSettings): readonly BodyRule[];
	/** What a user can do about a failure, where the vendor's own words do not say: one sentence. */
	cure?(error: RelaisError, model: string): string | undefined;
	/** Further APIs of the vendor, by dialect, each laid over this descriptor: its own paths, rules, traits, address ... */
	also?: { readonly [dialect: string]: Partial<VendorDescriptor> };
	/**
	 * Dialects in which a model answers, best first: this descriptor's own and those of `also`. Absent: its own alone.
	 * @param row what the catalog says of the model
	 */
	dialectsOf?(model: string, row: ModelInfo | undefined, settings: ProviderSettings): readonly string[];
	/** Settings (`options` in the config) that become headers. */
	optionHeaders?: { readonly [option: string]: string };
}
