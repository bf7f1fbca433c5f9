/** Keeps answers of the Responses API, so that they can be read again and gone on from. */
export { type FileStoreOptions, fileResponseStore } from './file-store.ts';
export type { ResponseStore, StoredResponse, StoreLimits } from './port.ts';
