/** Vendors: a dialect plus address, credentials and quirks. */
export type { VendorDescriptor } from './descriptor.ts';
export { loadPlugin } from './plugins.ts';
export { ProviderRegistry } from './registry.ts';
