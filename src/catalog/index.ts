/** Facts about providers and models: addresses, variables, windows, prices, capabilities, and the date they were true. */

export { type NewAddress, newAddresses } from './addresses.ts';
export { type CatalogBundle, parseBundle } from './bundle.ts';
export { Catalog, type CatalogFiles } from './catalog.ts';
export { installBundle, removeInstalled } from './installed.ts';
export { keyPage } from './key-pages.ts';
export { loadCatalog } from './load.ts';
export { usableKey } from './placeholders.ts';
export {
	COMPATIBLE_SERVER,
	COMPATIBLE_TYPES,
	completeAddress,
	isLoopback,
	isOwnHost,
	knownTypes,
	LOCAL_SERVERS,
	type LocalServer,
	MODULE_DIALECTS,
	mayHaveQuery,
	neededSettings,
	placeholders,
	type Reach,
	reach,
	SPOKEN_DIALECTS,
	WIRE_FORMATS,
} from './reach.ts';
export { dayOf, isOver, type Retirement, retirementOf } from './retirement.ts';
export { findType } from './type-names.ts';
export * from './types.ts';
