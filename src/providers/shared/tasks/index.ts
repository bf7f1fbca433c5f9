/** Embeddings, rerank and moderations of vendors: which endpoint in which form, cut into calls the vendor takes. */

export { callEmbed, callTask, type TaskHost } from './caller.ts';
export { taskPaths } from './line.ts';
export { taskLines } from './lines.ts';
