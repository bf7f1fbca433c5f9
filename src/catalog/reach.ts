import type { Catalog } from './catalog.ts';
import type { ProviderAuth, ProviderRow } from './types.ts';

/** Catalog dialects this version speaks, each with the name of the wire format that stands for it here. */
export const WIRE_FORMATS: { readonly [catalogDialect: string]: string } = {
	openai: 'openai-chat',
	'azure-openai': 'openai-chat',
	anthropic: 'anthropic-messages',
	bedrock: 'bedrock-converse',
	gemini: 'gemini',
	ollama: 'ollama',
	cohere: 'cohere',
	watsonx: 'watsonx',
	'openai-responses': 'openai-responses',
	jina: 'jina',
	voyage: 'voyage',
};

/** Catalog dialects that are no wire format: providers of their own speak them. */
export const MODULE_DIALECTS: readonly string[] = ['replicate'];

/** Catalog dialects this version speaks. */
export const SPOKEN_DIALECTS: ReadonlySet<string> = new Set([...Object.keys(WIRE_FORMATS), ...MODULE_DIALECTS]);

/** Types for any server of a dialect under an address of the user's own: no catalog row, no key needed, address required. */
export const COMPATIBLE_TYPES: { readonly [type: string]: { dialect: string; title: string } } = {
	'openai-compatible': { dialect: 'openai', title: 'OpenAI-compatible server' },
	'anthropic-compatible': { dialect: 'anthropic', title: 'Anthropic-compatible server' },
	'openai-responses-compatible': { dialect: 'openai-responses', title: 'Server of the Responses API' },
};

/** The type of a server that was found but not recognised. */
export const COMPATIBLE_SERVER = 'openai-compatible';

/** How this version talks to a provider. */
export interface Reach {
	/** Catalog dialect. */
	dialect: string;
	/** May hold `{placeholders}`. */
	baseUrl: string;
}

/** Ways to show credentials that this version knows. */
const USABLE_AUTHS: ReadonlySet<ProviderAuth> = new Set([
	'bearer',
	'x-api-key',
	'api-key header',
	'x-goog-api-key header',
	'sigv4',
	'google-oauth2 bearer',
	'none',
	'bearer or none',
	'iam bearer',
]);

/**
 * The dialect and address by which a provider can be reached: its own dialect, or, for a local server, the OpenAI-compatible API
 * beside it. Undefined when this version speaks neither.
 */
export function reach(row: ProviderRow, spoken: ReadonlySet<string>): Reach | undefined {
	if (!USABLE_AUTHS.has(row.auth)) return undefined;
	if (spoken.has(row.dialect)) return { dialect: row.dialect, baseUrl: row.baseUrl };
	const compatible = row.endpoints.openai_compatible;
	if (row.kind !== 'local' || compatible === undefined || !spoken.has('openai')) return undefined;
	return { dialect: 'openai', baseUrl: compatible };
}

/** Names in `{braces}` that an address needs from the settings. */
export function placeholders(baseUrl: string): string[] {
	return Array.from(baseUrl.matchAll(/\{(\w+)\}/g), (match) => match[1] ?? '');
}

/** Settings without which a provider has no address. Google's credentials tell the project themselves, and a location has a default. */
export function neededSettings(row: ProviderRow, baseUrl: string): string[] {
	return row.auth === 'google-oauth2 bearer' ? [] : placeholders(baseUrl);
}

/** Whether an address of a provider may end in a query: only in the version of an API that has versions, and nothing else. */
export function mayHaveQuery(url: URL, row: ProviderRow | undefined): boolean {
	if (url.search === '') return true;
	const isVersioned =
		row !== undefined &&
		(row.envExtra.api_version !== undefined || Object.values(row.endpoints).some((path) => path.includes('?api-version=')));
	return isVersioned && /^\?api-version=[\w.-]+$/.test(url.search);
}

/** Whether an address lies at a vendor's own host, whatever stands in the place of its placeholders. */
export function isOwnHost(baseUrl: string, row: ProviderRow): boolean {
	if (!URL.canParse(baseUrl)) return false;
	const { origin } = new URL(baseUrl);
	return [row.baseUrl, ...row.altBaseUrls, ...Object.values(row.regionUrls)].some((usual) => {
		const host = /^https?:\/\/[^/]+/.exec(usual)?.[0];
		if (host === undefined) return false;
		const plain = host.split(/\{\w+\}/).map((piece) => piece.replace(/[.*+?^$()|[\]\\]/g, '\\$&'));
		return new RegExp(`^${plain.join('[\\w.-]+')}$`, 'i').test(origin);
	});
}

/**
 * A provider's address as people write it, made whole: scheme and port where they are missing, `127.0.0.1` for the addresses that
 * only servers listen on, the vendor's path where none is given. Undefined when it is no address at all.
 * @param given `https://host/v1`, `host:port`, `:port`, `0.0.0.0`
 * @param usual the provider's usual address; undefined for a type that has none
 */
export function completeAddress(given: string, usual: string | undefined): string | undefined {
	const template = usual === undefined ? undefined : tryUrl(usual.replace(/\{\w+\}/g, 'x'));
	const url = tryUrl(withScheme(given.trim(), template));
	if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '') return undefined;
	if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
	const pathIsFixed = usual !== undefined && !usual.replace(/^https?:\/\/[^/]*/, '').includes('{');
	if (url.pathname === '/' && template !== undefined && pathIsFixed) url.pathname = template.pathname;
	return url.href.replace(/\/+$/, '');
}

/** `host:port` gets a scheme; a local server's host without a port gets the usual one. */
function withScheme(given: string, template: URL | undefined): string {
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return given;
	const host = given.startsWith(':') ? `127.0.0.1${given}` : given;
	const local = template?.protocol === 'http:';
	const bare = tryUrl(`http://${host}`);
	const portless = bare !== undefined && bare.port === '' && !/:80(\/|$)/.test(host);
	if (local && portless && template.port !== '') bare.port = template.port;
	if (local) return portless ? (bare?.href ?? host) : `http://${host}`;
	return portless && bare !== undefined && !isLoopback(bare.hostname) ? `https://${host}` : `http://${host}`;
}

function tryUrl(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}

/** Whether only this machine can reach an address: `localhost`, 127.0.0.0/8, `::1` (with or without brackets). */
export function isLoopback(host: string): boolean {
	const name = host.toLowerCase().replace(/^\[|\]$/g, '');
	return (
		name === 'localhost' ||
		name.endsWith('.localhost') ||
		name === '::1' ||
		/^127(\.\d{1,3}){3}$/.test(name) ||
		name === '::ffff:127.0.0.1'
	);
}

/** A local server looked for on this machine, and how its model list gives it away. */
export interface LocalServer {
	/** Id of its catalog row. */
	type: string;
	/** `owned_by` of the models it lists. */
	ownedBy: readonly string[];
	/** Start of its `server` header, where it sends one. */
	serverHeader?: string;
	/** True when its usual port belongs to it alone: what answers there in the right form is taken for it. */
	ownPort: boolean;
}

/** Local servers Relais looks for, in the order in which they are preferred. Ports come from the catalog. */
export const LOCAL_SERVERS: readonly LocalServer[] = [
	{ type: 'ollama', ownedBy: ['library'], ownPort: true },
	{ type: 'lm-studio', ownedBy: ['organization_owner', 'organization-owner'], ownPort: true },
	{ type: 'vllm', ownedBy: ['vllm'], ownPort: false },
	{ type: 'llama-cpp', ownedBy: ['llamacpp'], serverHeader: 'llama.cpp', ownPort: false },
];

/** Every provider type a config may name without a plug-in. */
export function knownTypes(catalog: Catalog): string[] {
	return [...catalog.providers().map((row) => row.id), ...Object.keys(COMPATIBLE_TYPES)];
}
