import { type ProviderSettings, RelaisError } from '../../spec/index.ts';

/**
 * The ways one resource takes chats: `v1` (deployment in the body), `deployments` (deployment in the path, dated version), and
 * `models` (inference of models of other makers, model in the body, dated version).
 */
export type Shape = 'v1' | 'deployments' | 'models';

/** Where a resource lies and how it wants to be spoken to. */
export interface AzureAddress {
	/** Everything before the API's own path, without a slash at the end; undefined: the vendor's own address. */
	root: string | undefined;
	shape: Shape;
	/** Value of the query `api-version`; undefined: none is sent. */
	version: string | undefined;
	/** The one deployment that the address names, for all models. */
	deployment: string | undefined;
	/** Where the `v1` API lies below the root. */
	v1: string;
}

/** Version sent where none is given, by shape (catalog, `endpoints` of the row `azure-ai-foundry`; the last general one of Azure OpenAI). */
const DEFAULT_VERSIONS: { readonly [shape in Shape]?: string } = {
	deployments: '2024-10-21',
	models: '2024-05-01-preview',
};

/** What `options.api` may say. */
const SHAPES: { readonly [api: string]: Shape } = {
	v1: 'v1',
	classic: 'deployments',
	deployments: 'deployments',
	inference: 'models',
	models: 'models',
};

const DATED = /^\d{4}-\d{2}-\d{2}/;

/** Paths people paste, and what they say. The first group is the root, the second a deployment. */
const PASTED: readonly { path: RegExp; shape?: Shape; v1?: string }[] = [
	{ path: /^(.*?)\/openai\/deployments\/([^/]+)(?:\/.*)?$/, shape: 'deployments' },
	{ path: /^(.*?)\/openai\/v1(?:\/.*)?$/ },
	{ path: /^(.*?)\/openai(?:\/(?:deployments|responses|models))?$/ },
	{ path: /^(.*?)\/anthropic(?:\/.*)?$/ },
	{ path: /^(.*?)\/models(?:\/.*)?$/, shape: 'models' },
	{ path: /^(.*?)\/api\/projects\/[^/]+$/ },
	{ path: /^(.*?)\/v1(?:\/chat\/completions)?$/, v1: '/v1' },
];

interface Pasted {
	root: string | undefined;
	shape?: Shape;
	v1: string;
	deployment?: string;
	version?: string;
}

const V1 = '/openai/v1';

function readAddress(given: string): Pasted {
	const [address = '', query = ''] = (/^[a-z]+:\/\//i.test(given) ? given : `https://${given}`).split('?', 2);
	const origin = /^[a-z]+:\/\/[^/]*/i.exec(address)?.[0] ?? '';
	const path = address.slice(origin.length).replace(/\/+$/, '');
	const version = new URLSearchParams(query).get('api-version') ?? undefined;
	const stated = version === undefined ? {} : { version };
	for (const row of PASTED) {
		const found = row.path.exec(path);
		if (found === null) continue;
		const [, before = '', deployment] = found;
		return {
			root: origin + before,
			v1: row.v1 ?? V1,
			...(row.shape === undefined ? {} : { shape: row.shape }),
			...(deployment === undefined ? {} : { deployment: decodeURIComponent(deployment) }),
			...stated,
		};
	}
	return { root: origin + path, v1: V1, ...stated };
}

/** A text among the options; undefined where it is absent or empty. */
export function textOption(settings: ProviderSettings, ...names: string[]): string | undefined {
	for (const name of names) {
		const value = settings.options[name];
		if (typeof value === 'string' && value !== '') return value;
	}
	return undefined;
}

/**
 * Where calls go. The address is `base_url` or the option `endpoint`, else the vendor's with its resource; the whole URL of a
 * deployment may be given, query and all. A dated version chooses `dated`, the option `api` goes before everything.
 * @param dated what a dated version means for this vendor
 */
export function addressOf(settings: ProviderSettings, dated: Shape): AzureAddress {
	const given = settings.baseUrl ?? textOption(settings, 'endpoint');
	const pasted: Pasted = given === undefined ? { root: undefined, v1: V1 } : readAddress(given);
	const version = pasted.version ?? textOption(settings, 'api_version');
	const shape = statedShape(settings) ?? pasted.shape ?? (version !== undefined && DATED.test(version) ? dated : 'v1');
	const { root, v1, deployment } = pasted;
	// The v1 API has no dated versions: only "preview" and its like mean anything there.
	const sent = shape === 'v1' && version !== undefined && DATED.test(version) ? undefined : version;
	return { root, shape, v1, deployment, version: sent === 'v1' ? undefined : (sent ?? DEFAULT_VERSIONS[shape]) };
}

function statedShape(settings: ProviderSettings): Shape | undefined {
	const { api } = settings.options;
	if (api === undefined || api === null) return undefined;
	const shape = typeof api === 'string' && Object.hasOwn(SHAPES, api) ? SHAPES[api] : undefined;
	if (shape !== undefined) return shape;
	const message = `provider "${settings.name}": options.api must be one of ${Object.keys(SHAPES).join(', ')}`;
	throw new RelaisError('config_invalid', message, { provider: settings.name });
}

/** What comes before the API's own path in a whole address. */
export function rootOf(address: string): string {
	return readAddress(address).root ?? address;
}

/** Hosts of resources for models, in each of the vendor's clouds; under other names of its domains machines of its customers answer. */
const OWN_HOST = /\.(openai|cognitiveservices|services\.ai|models\.ai)\.azure\.(com|us|cn)$/i;

/** Whether an address is one of Azure's own, to which tokens of the machine's identity may be sent unasked. */
export function isAzureHost(root: string | undefined): boolean {
	if (root === undefined) return true;
	const host = /^https:\/\/([^/:]+)/i.exec(root)?.[1] ?? '';
	return OWN_HOST.test(host);
}
