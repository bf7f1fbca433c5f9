/** The engine inside a command: opened from the same config as `relais serve`, asked without a server. */
export { reporting, UsageError } from './failure.ts';
export { type OpenEngine, type OpenOptions, openEngine } from './open.ts';
