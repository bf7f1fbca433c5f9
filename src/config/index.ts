/** The configuration: read, checked, completed, watched. */

export { DEFAULT_TIMEOUTS } from './defaults.ts';
export { type LoadedConfig, loadConfig, locateDataDir } from './load.ts';
export { displayPath } from './loading.ts';
export type { Probe, ProbeResponse } from './local.ts';
export type { LoadConfigOptions, Overrides } from './options.ts';
export { ConfigError, type ConfigProblem, formatProblem, redactor } from './problems.ts';
export { configJsonSchema } from './schema.ts';
export * from './types.ts';
export { type ConfigHandlers, type ConfigWatcher, needsRestart, watchConfig } from './watch.ts';
