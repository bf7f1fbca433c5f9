/** The configuration: read, checked, completed, watched. */

export { DEFAULT_ROUTING, DEFAULT_SERVER, DEFAULT_TIMEOUTS } from './defaults.ts';
export { type LoadedConfig, loadConfig } from './load.ts';
export { displayPath } from './loading.ts';
export { type DiscoverOptions, discoverLocal, type Probe, type ProbeResponse } from './local.ts';
export type { LoadConfigOptions, Overrides } from './options.ts';
export { ConfigError, type ConfigProblem, formatProblem } from './problems.ts';
export { configJsonSchema } from './schema.ts';
export * from './types.ts';
export { type ConfigHandlers, type ConfigWatcher, needsRestart, sameEffect, watchConfig } from './watch.ts';
