/**
 * Relais in a program of one's own: the gateway as a server in this process, or its providers called directly.
 *
 *     import { createLogger, createServer, loadConfig, Relais } from 'relais';
 *
 *     const { config } = await loadConfig({ cwd: process.cwd(), env: process.env, overrides: {} });
 *     const relais = await Relais.create({ config, logger: createLogger('warn') });
 *     const server = createServer({ relais });
 *     console.log(await server.listen(config.server.host, config.server.port));
 *     ...
 *     await server.close(10_000);
 *     await relais.close();
 *
 * `relais/spec` has the types alone, for provider modules; `relais/testing` the checks they are held to.
 */

export { type Catalog, loadCatalog } from './catalog/index.ts';
export {
	ConfigError,
	type ConfigProblem,
	type KeyConfig,
	type LoadConfigOptions,
	type LoadedConfig,
	loadConfig,
	type ProviderConfig,
	type RelaisConfig,
	type RouteConfig,
	watchConfig,
} from './config/index.ts';
export {
	type CapabilityTable,
	type EngineCounters,
	type EngineOptions,
	type EngineState,
	type ModelRow,
	type ProviderCapabilities,
	Relais,
} from './engine/index.ts';
export type { AttemptRecord, RequestRecord } from './router/index.ts';
export { createServer, type RelaisServer, type ServerOptions } from './server/index.ts';
export * from './spec/index.ts';
export { createLogger, type Logger } from './telemetry/log/index.ts';
