/** The engine inside a command: opened from the same config as `relais serve`, asked without a server. */
export { type OpenEngine, type OpenOptions, openEngine } from './open.ts';
