/** Vendors of the chat completions format, each a line of data. */
export { nativeApis } from './native.ts';
export { HABITS } from './vendors.ts';
