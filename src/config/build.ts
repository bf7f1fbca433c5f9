import { resolve } from 'node:path';
import { isObject } from '../lib/json.ts';
import type { JsonObject } from '../spec/index.ts';
import { buildKey, keysFromEnvironment } from './keys.ts';
import type { Loading } from './loading.ts';
import type { BuildOptions } from './options.ts';
import { buildProviders } from './provider-sources.ts';
import { noticeRetired } from './retired.ts';
import { buildRoutes } from './routes.ts';
import {
	authSchema,
	dataDirSchema,
	keySchema,
	pluginsSchema,
	retiredModelsSchema,
	routeSchema,
	routingSchema,
	serverSchema,
	simulateSchema,
} from './schema.ts';
import { checkItems, parseItems, rawItems } from './sections.ts';
import { buildAdminToken, buildDataDir, buildRouting, buildServer, checkExposure } from './settings.ts';
import type { KeyConfig, RelaisConfig } from './types.ts';

/** The config from the file's value: each part checked by its schema and completed. Faults are reported to `loading`. */
export async function buildConfig(root: JsonObject, options: BuildOptions, loading: Loading): Promise<RelaisConfig> {
	const settings = buildServer(loading.parse(serverSchema, root.server ?? {}, ['server']) ?? {}, options.overrides, loading);
	const auth = loading.parse(authSchema, root.auth ?? {}, ['auth']) ?? {};
	const adminToken = buildAdminToken(auth, loading);
	const plugins = loading.parse(pluginsSchema, root.plugins ?? [], ['plugins']) ?? [];
	const dataDir = loading.parse(dataDirSchema.optional(), root.data_dir, ['data_dir']);
	const routing = loading.parse(routingSchema, root.routing ?? {}, ['routing']) ?? {};
	const keys = buildKeys(root, loading);
	checkExposure(settings, auth.mode ?? 'keys', rawItems(root, 'keys').length + keys.length, loading);
	const providers = await buildProviders(root, { options, own: settings.server, hasPlugins: plugins.length > 0 }, loading);
	const names = new Set(
		rawItems(root, 'providers').flatMap((item) => (isObject(item) && typeof item.name === 'string' ? [item.name] : [])),
	);
	const routes = parseItems(root, 'routes', routeSchema, loading);
	checkItems('route', routes, (entry) => entry.name, loading);
	const simulate = loading.parse(simulateSchema.optional(), root.simulate, ['simulate']) ?? 'auto';
	const simulated = simulate === 'always' || (simulate === 'auto' && providers.every((provider) => !provider.enabled));
	const builtRoutes = buildRoutes(routes, { providers, names, simulated }, loading);
	noticeRetired({ providers, routes: builtRoutes }, options.now?.() ?? Date.now(), loading);
	return {
		server: settings.server,
		auth: { mode: auth.mode ?? 'keys' },
		dataDir: buildDataDir(dataDir, options.overrides, loading.input),
		providers,
		routing: buildRouting(routing, loading),
		routes: builtRoutes,
		keys,
		plugins: plugins.map((path) => resolve(loading.input.dir, path)),
		retiredModels: loading.parse(retiredModelsSchema.optional(), root.retired_models, ['retired_models']) ?? 'error',
		...(adminToken !== undefined && { adminToken }),
		simulate,
	};
}

function buildKeys(root: JsonObject, loading: Loading): KeyConfig[] {
	const entries = parseItems(root, 'keys', keySchema, loading);
	checkItems('key', entries, (entry) => entry.name, loading);
	const keys: KeyConfig[] = [];
	for (const { entry, path } of entries) {
		const key = buildKey(entry, path, loading);
		if (key === undefined) continue;
		const twin = keys.find((other) => other.key === key.key);
		if (twin !== undefined)
			loading.problem([...path, 'key'], `is the same as that of "${twin.name}"`, 'Every name needs a key of its own.');
		keys.push(key);
	}
	for (const key of keysFromEnvironment(loading)) if (!keys.some((other) => other.key === key.key)) keys.push(key);
	return keys;
}
