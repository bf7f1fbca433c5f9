import {
	type Catalog,
	COMPATIBLE_SERVER,
	completeAddress,
	LOCAL_SERVERS,
	type LocalServer,
	loadCatalog,
	type ProviderRow,
	reach,
	SPOKEN_DIALECTS,
	usableKey,
} from '../catalog/index.ts';
import { isObject, tryParse } from '../lib/json.ts';
import { DEFAULT_TIMEOUTS } from './defaults.ts';
import type { ProviderConfig } from './types.ts';
import { keyVariables, typeVariable } from './variables.ts';

/** What a probe must answer: the part of `fetch`'s answer that is looked at. */
export interface ProbeResponse {
	status: number;
	headers: { get(name: string): string | null };
	text(): Promise<string>;
}

/** Sends a GET: `fetch`, or a stand-in for tests. */
export type Probe = (
	url: string,
	init: { headers: { [name: string]: string }; signal: AbortSignal; redirect: 'manual' },
) => Promise<ProbeResponse>;

export interface DiscoverOptions {
	/** How long each server has to answer. */
	timeoutMs: number;
	probe?: Probe;
	/** For the servers' own variables (address, key) and RELAIS_DISCOVER. */
	env?: { readonly [name: string]: string | undefined };
	catalog?: Catalog;
	/** Catalog dialects this version speaks. */
	dialects?: ReadonlySet<string>;
	/** Types not to look for, and `host:port` addresses not to ask: they are configured already, or Relais's own. */
	skipTypes?: ReadonlySet<string>;
	skipAddresses?: ReadonlySet<string>;
	firstPriority?: number;
}

/** More models than this on one machine are a mistake. */
const MAX_MODELS = 1000;
const MAX_ANSWER_CHARACTERS = 4 * 1024 * 1024;

const NO_DISCOVERY = new Set(['off', 'false', 'no', '0']);

interface Spot {
	server: LocalServer;
	baseUrl: string;
	/** Address of the OpenAI-compatible API, which all these servers have. */
	compatible: string;
	address: string;
	key?: string;
}

/**
 * Looks for model servers on this machine: each catalog address in parallel, by its model list. What answers must be such a list;
 * which server it is, is told by whom the models are owned. One that is not recognised on a port others use too becomes a plain
 * OpenAI-compatible provider. Never Relais itself. RELAIS_DISCOVER=off: looks for nothing.
 */
export async function discoverLocal(options: DiscoverOptions): Promise<ProviderConfig[]> {
	const env = options.env ?? {};
	if (NO_DISCOVERY.has((env.RELAIS_DISCOVER ?? '').trim().toLowerCase())) return [];
	const spots = findSpots(options, env);
	const found = await Promise.all(spots.map((spot) => ask(spot, options)));
	const providers: ProviderConfig[] = [];
	for (const [index, spot] of spots.entries()) {
		const answer = found[index];
		if (answer === undefined) continue;
		const type = recognise(spot, answer);
		if (options.skipTypes?.has(type)) continue;
		const port = spot.address.slice(spot.address.lastIndexOf(':') + 1);
		const usual = type === COMPATIBLE_SERVER ? `local-${port}` : type;
		const name = providers.some((provider) => provider.name === usual) ? `${usual}-${port}` : usual;
		providers.push(
			toProvider({ name, type, priority: (options.firstPriority ?? 1) + providers.length, spot, models: answer.models }),
		);
	}
	return providers;
}

function findSpots(options: DiscoverOptions, env: { readonly [name: string]: string | undefined }): Spot[] {
	const catalog = options.catalog ?? loadCatalog();
	const spots: Spot[] = [];
	for (const server of LOCAL_SERVERS) {
		const row = catalog.provider(server.type);
		const way = row === undefined ? undefined : reach(row, options.dialects ?? SPOKEN_DIALECTS);
		if (row === undefined || way === undefined || options.skipTypes?.has(server.type)) continue;
		const given = [...(row.envExtra.base_url ?? []), typeVariable(server.type, 'BASE_URL')]
			.map((variable) => env[variable]?.trim())
			.find(Boolean);
		const complete = completeAddress(given ?? way.baseUrl, way.baseUrl) ?? way.baseUrl;
		const url = new URL(complete);
		if (url.hostname === 'localhost') url.hostname = '127.0.0.1';
		const address = `${url.hostname}:${url.port || (url.protocol === 'https:' ? 443 : 80)}`;
		if (options.skipAddresses?.has(address) || spots.some((spot) => spot.address === address)) continue;
		const takesKey = row.auth.startsWith('bearer');
		const key = takesKey
			? keyVariables(server.type, row)
					.map((variable) => usableKey(env[variable]))
					.find(Boolean)
			: undefined;
		const baseUrl = url.href.replace(/\/+$/, '');
		spots.push({ server, baseUrl, compatible: compatibleUrl(baseUrl, row), address, ...(key !== undefined && { key }) });
	}
	return spots;
}

/** Where a server whose own API is another has its OpenAI-compatible one: under the path the catalog knows, at the same place. */
function compatibleUrl(baseUrl: string, row: ProviderRow): string {
	const beside = row.endpoints.openai_compatible;
	if (beside === undefined) return baseUrl;
	const path = new URL(beside).pathname.replace(/\/+$/, '');
	return baseUrl.endsWith(path) ? baseUrl : `${baseUrl}${path}`;
}

interface ModelList {
	models: string[];
	owners: Set<string>;
	serverHeader: string;
}

/** The model list at an address; undefined for everything else, an error or silence included. */
async function ask(spot: Spot, options: DiscoverOptions): Promise<ModelList | undefined> {
	const probe: Probe = options.probe ?? fetch;
	const headers: { [name: string]: string } = { accept: 'application/json' };
	if (spot.key !== undefined) headers.authorization = `Bearer ${spot.key}`;
	const signal = AbortSignal.timeout(options.timeoutMs);
	try {
		const text = await Promise.race([
			probeText(probe, `${spot.compatible}/models`, { headers, signal, redirect: 'manual' }),
			aborted(signal),
		]);
		return text === undefined ? undefined : readList(text.body, text.serverHeader);
	} catch {
		return undefined;
	}
}

async function probeText(
	probe: Probe,
	url: string,
	init: Parameters<Probe>[1],
): Promise<{ body: string; serverHeader: string } | undefined> {
	const response = await probe(url, init);
	if (response.status !== 200 || response.headers.get('x-relais-request-id') !== null) return undefined;
	return { body: await response.text(), serverHeader: response.headers.get('server') ?? '' };
}

/** Rejects when the time is up, also for a probe that does not listen to its signal. */
function aborted(signal: AbortSignal): Promise<never> {
	return new Promise((_, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason), { once: true });
	});
}

function readList(body: string, serverHeader: string): ModelList | undefined {
	const parsed = body.length > MAX_ANSWER_CHARACTERS ? undefined : tryParse(body);
	const data = isObject(parsed) ? parsed.data : undefined;
	if (!Array.isArray(data)) return undefined;
	const models: string[] = [];
	// A server without models serves nothing yet: it is not taken for a provider.
	if (data.length === 0) return undefined;
	const owners = new Set<string>();
	for (const row of data.slice(0, MAX_MODELS)) {
		const id = isObject(row) ? row.id : undefined;
		if (!isObject(row) || typeof id !== 'string' || id === '') return undefined;
		models.push(id);
		if (typeof row.owned_by === 'string') owners.add(row.owned_by);
	}
	return { models: [...new Set(models)], owners, serverHeader };
}

/** Which server it is: by its models' owner, by its header, by a port that is its own, else any of its dialect. */
function recognise(spot: Spot, list: ModelList): string {
	const byOwner = LOCAL_SERVERS.find((server) => server.ownedBy.some((owner) => list.owners.has(owner)));
	const byHeader = LOCAL_SERVERS.find(
		(server) => server.serverHeader !== undefined && list.serverHeader.startsWith(server.serverHeader),
	);
	return (byOwner ?? byHeader)?.type ?? (spot.server.ownPort ? spot.server.type : COMPATIBLE_SERVER);
}

interface Found {
	name: string;
	type: string;
	priority: number;
	spot: Spot;
	models: string[];
}

function toProvider({ name, type, priority, spot, models }: Found): ProviderConfig {
	return {
		name,
		type,
		enabled: true,
		priority,
		...(spot.key !== undefined && type === spot.server.type && { apiKey: spot.key }),
		// A server of another kind than was looked for is known by the address that answered.
		baseUrl: type === spot.server.type ? spot.baseUrl : spot.compatible,
		models: models.map((id) => ({ alias: id, id })),
		modelsFound: true,
		timeouts: { ...DEFAULT_TIMEOUTS },
		limits: {},
		headers: {},
		options: {},
		origin: `found on ${spot.address}`,
	};
}
