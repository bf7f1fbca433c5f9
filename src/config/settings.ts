import { isAbsolute, resolve } from 'node:path';
import { isLoopback } from '../catalog/index.ts';
import { defined } from '../lib/json.ts';
import { DEFAULT_DATA_DIR, DEFAULT_ROUTING, DEFAULT_SERVER } from './defaults.ts';
import type { LoadInput, Loading } from './loading.ts';
import type { Overrides } from './options.ts';
import type { AuthEntry, RoutingEntry, ServerEntry } from './schema.ts';
import type { RelaisConfig, RoutingConfig, ServerConfig } from './types.ts';

/** Where a setting that took effect comes from, for messages. */
type Origin = { from: 'file' } | { from: 'outside'; where: string } | { from: 'default' };

export interface ServerSettings {
	server: ServerConfig;
	hostOrigin: Origin;
}

/** The server's settings: command line before environment before file before default. */
export function buildServer(entry: ServerEntry, overrides: Overrides, loading: Loading): ServerSettings {
	const variableHost = loading.input.env.RELAIS_HOST?.trim() || undefined;
	const host = overrides.host ?? variableHost ?? entry.host;
	const port = overridePort(overrides, loading) ?? entry.port;
	let hostOrigin: Origin = { from: entry.host === undefined ? 'default' : 'file' };
	if (variableHost !== undefined) hostOrigin = { from: 'outside', where: 'RELAIS_HOST' };
	if (overrides.host !== undefined) hostOrigin = { from: 'outside', where: '--host' };
	const server = {
		...DEFAULT_SERVER,
		...defined({
			host,
			port,
			workers: entry.workers,
			bodyLimit: entry.body_limit,
			maxDepth: entry.max_depth,
			requestTimeoutMs: entry.request_timeout,
			drainTimeoutMs: entry.drain_timeout,
		}),
	};
	if (/[\s/]|:\/\//.test(server.host)) {
		const cure = 'Write an address or a host name alone, e.g. 127.0.0.1.';
		if (hostOrigin.from === 'outside') loading.outside(hostOrigin.where, 'is not a host', cure);
		else loading.problem(['server', 'host'], 'is not a host', cure);
	}
	return { server, hostOrigin };
}

function overridePort(overrides: Overrides, loading: Loading): number | undefined {
	const expects = 'must be a whole number from 0 to 65535';
	if (overrides.port !== undefined) {
		if (isPort(overrides.port)) return overrides.port;
		loading.outside('--port', expects);
		return undefined;
	}
	const text = loading.input.env.RELAIS_PORT?.trim();
	if (text === undefined || text === '') return undefined;
	if (/^\d{1,5}$/.test(text) && isPort(Number(text))) return Number(text);
	loading.outside('RELAIS_PORT', expects);
	return undefined;
}

function isPort(port: number): boolean {
	return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

/** Refuses to listen where other machines can reach it without asking for a key. */
export function checkExposure(
	settings: ServerSettings,
	mode: RelaisConfig['auth']['mode'],
	keyCount: number,
	loading: Loading,
): void {
	if (isLoopback(settings.server.host)) return;
	const { hostOrigin } = settings;
	const report = (message: string, cure: string): void => {
		if (hostOrigin.from === 'outside') loading.outside(hostOrigin.where, message, cure);
		else loading.problem(['server', 'host'], message, cure);
	};
	const shown = settings.server.host.length > 80 ? 'this host' : settings.server.host;
	if (mode === 'open') {
		const message = `${shown} can be reached by other machines, and auth.mode "open" asks nobody for a key`;
		report(message, 'Use auth.mode: keys, or host 127.0.0.1.');
	} else if (keyCount === 0) {
		const message = `${shown} can be reached by other machines, and there is no key`;
		report(message, 'Add one under keys or in RELAIS_API_KEYS (make it with: openssl rand -hex 24), or use host 127.0.0.1.');
	}
}

/** Token of the admin API: the environment before the file. */
export function buildAdminToken(entry: AuthEntry, loading: Loading): string | undefined {
	const variable = 'RELAIS_ADMIN_TOKEN';
	const given = loading.input.env[variable]?.trim();
	const path = ['auth', 'admin_token'];
	const inFile = loading.secret(entry.admin_token, entry.admin_token_file, path, ['auth', 'admin_token_file']);
	const token = given === undefined || given === '' ? inFile : given;
	if (token !== undefined && token.length < 16) {
		const message = 'is shorter than 16 characters: it could be guessed';
		const cure = 'Make one with: openssl rand -hex 24';
		if (token === given) loading.outside(variable, message, cure);
		else loading.problem(path, message, cure);
	}
	return token;
}

/** The data folder, absolute: relative to the working directory, or to the file that names it. */
export function buildDataDir(
	entry: string | undefined,
	overrides: Overrides,
	{ cwd, dir, env }: Pick<LoadInput, 'cwd' | 'dir' | 'env'>,
): string {
	const outside = overrides.dataDir ?? (env.RELAIS_DATA_DIR?.trim() || undefined);
	if (outside !== undefined) return resolve(cwd, outside);
	return entry !== undefined && !isAbsolute(entry) ? resolve(dir, entry) : resolve(cwd, entry ?? DEFAULT_DATA_DIR);
}

export function buildRouting(entry: RoutingEntry, loading: Loading): RoutingConfig {
	const backoff = { ...DEFAULT_ROUTING.backoff, ...defined({ baseMs: entry.backoff?.base, maxMs: entry.backoff?.max }) };
	if (backoff.baseMs > backoff.maxMs) loading.problem(['routing', 'backoff'], 'base is longer than max', 'Swap them.');
	return {
		...DEFAULT_ROUTING,
		...defined({
			healthCheckIntervalMs: entry.health_check_interval,
			failoverThreshold: entry.failover_threshold,
			retries: entry.retries,
			maxRetryAfterMs: entry.max_retry_after,
		}),
		backoff,
	};
}
