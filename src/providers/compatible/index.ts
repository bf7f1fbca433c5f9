/** Vendors of the chat completions format, each a line of data. */
export { type ChatHabits, compatible } from './habits.ts';
export { nativeApis } from './native.ts';
export { reasoningRule } from './reasoning.ts';
export { HABITS } from './vendors.ts';
