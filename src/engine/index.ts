/** The composition root: everything above the server, put together from one config. */
export {
	type CapabilityTable,
	type Endpoints,
	type ModelRow,
	type ProviderCapabilities,
	reachableTypes,
} from './capabilities.ts';
export { type CapabilityFilter, capabilitiesOf, capabilityNamed, filterCapabilities } from './capability-filter.ts';
export { type EngineCounters, type EngineOptions, Relais } from './relais.ts';
export type { EngineState } from './state.ts';
