/** What the dialects' coders share: readers for wire JSON, keeping of vendor fields, and the gathering of losses. */

export * from './answers.ts';
export * from './data-url.ts';
export * from './extensions.ts';
export * from './failures-in-words.ts';
export * from './fields.ts';
export * from './free-text-tools.ts';
export * from './function-tools.ts';
export * from './losses.ts';
export * from './marks.ts';
export * from './part-writers.ts';
export * from './plain-text.ts';
export * from './refill.ts';
export * from './refusals.ts';
export * from './same.ts';
export * from './sampling.ts';
export * from './schema.ts';
export * from './seal.ts';
export * from './sketch.ts';
export * from './table.ts';
export * from './tap-over.ts';
export * from './task-wire.ts';
export * from './tool-ids.ts';
export * from './unoffered.ts';
export * as read from './wire.ts';
