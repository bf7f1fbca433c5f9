/** Embeddings, rerank and moderations as clients ask for them. */

import { TASK_FORMATS } from '../../dialects/index.ts';
import type { RoutingTable } from '../../router/index.ts';
import { type ContentPart, type EmbedInput, RelaisError, type TaskFormat } from '../../spec/index.ts';
import { type TaskForm, type TaskKind, taskForm } from './form.ts';

export type { ReceivedTask, TaskForm } from './form.ts';

const { embed, rerank, moderate } = TASK_FORMATS;

/** Characters that make a token, on average, and tokens of an image. */
const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_IMAGE = 1000;

function tokensOf(input: EmbedInput): number {
	if (typeof input === 'string') return Math.ceil(input.length / CHARACTERS_PER_TOKEN);
	let tokens = 0;
	for (const item of input) tokens += typeof item === 'number' ? 1 : tokensOfPart(item);
	return tokens;
}

function tokensOfPart(part: ContentPart): number {
	return part.type === 'text' ? tokensOf(part.text) : TOKENS_PER_IMAGE;
}

const hasImage = (inputs: readonly EmbedInput[]): boolean =>
	inputs.some((input) => typeof input === 'object' && input.some((item) => typeof item === 'object' && item.type === 'image'));

const sum = (inputs: readonly EmbedInput[]): number => inputs.reduce<number>((tokens, input) => tokens + tokensOf(input), 0);

const EMBED: TaskKind<'embed'> = {
	method: (provider) => provider.embed?.bind(provider),
	measure: ({ inputs }) => ({ inputTokens: sum(inputs), images: hasImage(inputs) }),
	estimate: (inputTokens) => ({ inputTokens, outputTokens: 0, estimated: true }),
};

const RERANK: TaskKind<'rerank'> = {
	method: (provider) => provider.rerank?.bind(provider),
	measure({ query, documents }) {
		const texts = documents.map((document) => (typeof document === 'string' ? document : JSON.stringify(document)));
		// The query is read beside every document.
		return { inputTokens: sum(texts) + texts.length * tokensOf(query), images: false };
	},
};

const MODERATE: TaskKind<'moderate'> = {
	method: (provider) => provider.moderate?.bind(provider),
	measure: ({ inputs }) => ({ inputTokens: sum(inputs), images: hasImage(inputs) }),
	defaultModel: usualJudge,
};

/** The first model that judges. Throws `invalid_request` where none is known. */
function usualJudge(table: RoutingTable): string {
	for (const { name, resolution } of table.entries()) {
		if (resolution.targets[0]?.info?.mode === 'moderation') return name;
	}
	throw new RelaisError(
		'invalid_request',
		"'model' is required: no provider is configured whose models are known to judge texts.",
		{
			param: 'model',
		},
	);
}

const embedForm = (format: TaskFormat<'embed'>): TaskForm => taskForm(format, EMBED);
const rerankForm = (format: TaskFormat<'rerank'>): TaskForm => taskForm(format, RERANK);

export const openaiEmbeddingsForm = embedForm(embed.openaiEmbeddings);
export const cohereEmbedForm = embedForm(embed.cohereEmbed);
export const geminiEmbedForm = embedForm(embed.geminiEmbed);
export const geminiBatchEmbedForm = embedForm(embed.geminiBatchEmbed);
export const ollamaEmbedForm = embedForm(embed.ollamaEmbed);
export const ollamaEmbeddingsForm = embedForm(embed.ollamaEmbeddings);
export const jinaRerankForm = rerankForm(rerank.jinaRerank);
export const cohereRerankForm = rerankForm(rerank.cohereRerank);
export const openaiModerationForm = taskForm(moderate.openaiModeration, MODERATE);
