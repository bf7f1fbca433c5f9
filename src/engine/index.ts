/** The composition root: everything above the server, put together from one config. */
export { type EngineCounters, type EngineOptions, Relais } from './relais.ts';
export type { EngineState } from './state.ts';
