/** The canonical form of everything that passes through Relais. Imports nothing from the rest of the source. */

export * from './content.ts';
export * from './dialect.ts';
export * from './embedding.ts';
export * from './errors.ts';
export * from './http.ts';
export * from './json.ts';
export * from './model.ts';
export * from './moderation.ts';
export * from './provider.ts';
export * from './request.ts';
export * from './rerank.ts';
export * from './response.ts';
export * from './stream.ts';
export * from './task.ts';
export * from './usage.ts';
export * from './warnings.ts';
