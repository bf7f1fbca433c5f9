/** Facts about providers and models: addresses, variables, windows, prices, capabilities, and the date they were true. */

export { Catalog, type CatalogFiles } from './catalog.ts';
export { loadCatalog } from './load.ts';
export * from './types.ts';
