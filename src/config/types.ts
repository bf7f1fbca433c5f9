import type { JsonObject, Timeouts } from '../spec/index.ts';

/** The whole configuration, checked, defaults filled in, `${ENV}` and secret files resolved. */
export interface RelaisConfig {
	server: ServerConfig;
	auth: { mode: 'keys' | 'open' };
	dataDir: string;
	providers: ProviderConfig[];
	routing: RoutingConfig;
	routes: RouteConfig[];
	keys: KeyConfig[];
	/** Paths of modules that add provider types, absolute. */
	plugins: string[];
	/** Token of the admin API, when one is set. */
	adminToken?: string;
	/** What becomes of a request for a model whose end is past. */
	retiredModels: 'error' | 'replace' | 'ignore';
	/** Whether simulated providers run: `auto` when no other provider is configured or found. */
	simulate: 'auto' | 'always' | 'never';
}

export interface ServerConfig {
	host: string;
	port: number;
	workers: number;
	/** Greatest request body, in bytes. */
	bodyLimit: number;
	/** Deepest nesting of a request body. */
	maxDepth: number;
	/** Time a client has to send its request head and body, in ms. */
	requestTimeoutMs: number;
	/** Time given to running requests at shutdown, in ms. */
	drainTimeoutMs: number;
}

export interface ProviderConfig {
	name: string;
	type: string;
	enabled: boolean;
	/** 1 comes first. */
	priority: number;
	apiKey?: string;
	baseUrl?: string;
	defaultModel?: string;
	/** Empty: the catalog's and the provider's own list. */
	models: { alias: string; id: string }[];
	timeouts: Timeouts;
	limits: LimitsConfig;
	headers: { [name: string]: string };
	options: JsonObject;
	/** Where the entry comes from, for messages: `relais.yaml:12`, `environment (OPENAI_API_KEY)`, `found on 127.0.0.1:11434`. */
	origin: string;
	/** True for Relais's own simulated vendors. */
	simulated?: boolean;
	/** True where `models` is what the server had when it was found, not a choice of the user's: it may have others later. */
	modelsFound?: boolean;
}

/** Requests and tokens per minute, and requests at once; absent: no limit. */
export interface LimitsConfig {
	rpm?: number;
	tpm?: number;
	concurrency?: number;
}

export interface RoutingConfig {
	strategy: 'priority';
	healthCheckIntervalMs: number;
	failoverThreshold: number;
	/** Further tries on the same target after the first. */
	retries: number;
	backoff: { baseMs: number; maxMs: number };
	/** Longest `Retry-After` that is waited for; a longer one goes to the next target at once. */
	maxRetryAfterMs: number;
}

export interface RouteConfig {
	name: string;
	strategy: 'priority';
	targets: { model: string }[];
	fallbacks: string[];
	origin: string;
}

export interface KeyConfig {
	name: string;
	key: string;
	/** Models and routes the key may use; `*` matches any run of characters. */
	models: string[];
	limits?: LimitsConfig;
	budget?: BudgetConfig;
	origin: string;
}

/** What a key may spend. `hard`: requests that would exceed it are refused. */
export interface BudgetConfig {
	limitUsd: number;
	period: 'day' | 'week' | 'month' | 'total';
	hard: boolean;
}
