import type { TaskFormat, TaskName } from '../spec/index.ts';
import * as embed from './embeddings/index.ts';
import * as moderate from './moderation/index.ts';
import * as rerank from './rerank/index.ts';

/** The formats of each task, by what they are called in code. */
export const TASK_FORMATS = { embed, rerank, moderate } as const satisfies {
	[name in TaskName]: { readonly [format: string]: TaskFormat<name> };
};
