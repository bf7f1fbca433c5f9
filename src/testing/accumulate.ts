/** Part of this folder's door: what checks compare streams by. */
export { accumulate } from '../lib/accumulate.ts';
