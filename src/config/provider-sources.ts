import { isObject } from '../lib/json.ts';
import type { JsonObject } from '../spec/index.ts';
import { environmentProviders } from './environment.ts';
import type { Loading } from './loading.ts';
import { discoverLocal } from './local.ts';
import type { BuildOptions } from './options.ts';
import type { ProviderContext } from './provider-address.ts';
import { buildProvider } from './providers.ts';
import { providerSchema } from './schema.ts';
import { checkItems, parseItems, rawItems } from './sections.ts';
import type { ProviderConfig } from './types.ts';

/** How long a server on this machine has to answer. */
const PROBE_LIMIT_MS = 300;

interface ProvidersInput {
	options: BuildOptions;
	own: { host: string; port: number };
	hasPlugins: boolean;
}

/** Providers of the file, then of the environment, then servers found on this machine. */
export async function buildProviders(
	root: JsonObject,
	{ options, own, hasPlugins }: ProvidersInput,
	loading: Loading,
): Promise<ProviderConfig[]> {
	const { env, catalog, dialects, document } = loading.input;
	const entries = parseItems(root, 'providers', providerSchema, loading);
	checkItems('provider', entries, (entry) => entry.name, loading);
	const usedVariables = new Set(document?.variables);
	const lenient = loading.isConverted(['providers']);
	const context: ProviderContext = { loading, own, hasPlugins, lenient, usedVariables };
	const fromFile = entries.map(({ entry, path, index }) => buildProvider(entry, path, index, context));
	const raw = rawItems(root, 'providers').filter(isObject);
	const takenTypes = new Set(raw.map((item) => String(item.type)));
	const takenNames = new Set(raw.map((item) => String(item.name)));
	const last = Math.max(0, ...fromFile.map((provider) => provider.priority));
	const found = environmentProviders({
		env,
		catalog,
		dialects,
		takenTypes,
		takenNames,
		takenVariables: usedVariables,
		own,
		firstPriority: last + 1,
	});
	for (const notice of found.notices) loading.notice(notice);
	const configured = [...fromFile, ...found.providers];
	const local = options.discover === false ? [] : await findLocal(configured, { options, own, env, takenTypes }, loading);
	for (const [type, variable] of Object.entries(found.localKeys)) {
		if (local.some((provider) => provider.type === type)) continue;
		loading.notice(`${variable} is set, but no server of type ${type} was found: give its address as base_url or in a variable`);
	}
	return [...configured, ...local];
}

interface LocalInput {
	options: BuildOptions;
	own: { host: string; port: number };
	env: { readonly [name: string]: string | undefined };
	takenTypes: ReadonlySet<string>;
}

async function findLocal(
	configured: ProviderConfig[],
	{ options, own, env, takenTypes }: LocalInput,
	loading: Loading,
): Promise<ProviderConfig[]> {
	const addresses = configured.flatMap(({ baseUrl }) =>
		baseUrl !== undefined && URL.canParse(baseUrl) ? [addressOf(new URL(baseUrl))] : [],
	);
	const found = await discoverLocal({
		timeoutMs: PROBE_LIMIT_MS,
		...(options.probe && { probe: options.probe }),
		env,
		catalog: loading.input.catalog,
		dialects: loading.input.dialects,
		skipTypes: new Set(
			[...takenTypes, ...configured.map((provider) => provider.type)].filter(
				(type) => loading.input.catalog.provider(type) !== undefined,
			),
		),
		skipAddresses: new Set([...addresses, `127.0.0.1:${own.port}`]),
		firstPriority: Math.max(0, ...configured.map((provider) => provider.priority)) + 1,
	});
	return found.filter((provider) => {
		const clash = configured.some((other) => other.name === provider.name);
		if (clash) loading.notice(`the server ${provider.origin} is not used: there is another provider named "${provider.name}"`);
		return !clash;
	});
}

/** `host:port`, with this machine's names as one. */
function addressOf(url: URL): string {
	const host = url.hostname === 'localhost' || url.hostname === '[::1]' ? '127.0.0.1' : url.hostname;
	return `${host}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
}
