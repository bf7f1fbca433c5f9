import type { TaskFormat, TaskName } from '../spec/index.ts';
import {
	cohereEmbed,
	cohereEmbedHosted,
	geminiBatchEmbed,
	geminiEmbed,
	jinaEmbeddings,
	mistralEmbeddings,
	ollamaEmbed,
	ollamaEmbeddings,
	openaiEmbeddings,
	predictEmbeddings,
	purposeEmbeddings,
	resultsEmbeddings,
	titanEmbeddings,
	voyageEmbeddings,
} from './embeddings/index.ts';
import { openaiModeration } from './moderation/index.ts';
import {
	cohereRerank,
	cohereRerankHosted,
	jinaRerank,
	outputRerank,
	passagesRerank,
	resultsRerank,
	scoresRerank,
	sourcesRerank,
	voyageRerank,
} from './rerank/index.ts';

/** The formats of each task, by what they are called in code. */
export const TASK_FORMATS = {
	embed: {
		cohereEmbed,
		cohereEmbedHosted,
		geminiBatchEmbed,
		geminiEmbed,
		jinaEmbeddings,
		mistralEmbeddings,
		ollamaEmbed,
		ollamaEmbeddings,
		openaiEmbeddings,
		predictEmbeddings,
		purposeEmbeddings,
		resultsEmbeddings,
		titanEmbeddings,
		voyageEmbeddings,
	},
	rerank: {
		cohereRerank,
		cohereRerankHosted,
		jinaRerank,
		outputRerank,
		passagesRerank,
		resultsRerank,
		scoresRerank,
		sourcesRerank,
		voyageRerank,
	},
	moderate: { openaiModeration },
} as const satisfies { [name in TaskName]: { readonly [format: string]: TaskFormat<name> } };
