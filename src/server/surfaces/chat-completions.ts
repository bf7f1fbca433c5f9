import { openaiChat, openaiCompletions } from '../../dialects/index.ts';
import type { JsonObject } from '../../spec/index.ts';
import { jinaRerankForm, openaiEmbeddingsForm, openaiModerationForm } from '../tasks/index.ts';
import type { ListedModel, Surface } from './surface.ts';

/** A row as the API has it; what only Relais says stands apart: `mode` tells embedding and rerank models from those that chat. */
function modelRow({ id, route, providers, created, info }: ListedModel): JsonObject {
	const relais: JsonObject = { route, providers: [...providers], mode: info?.mode ?? 'chat' };
	if (info?.listed === false) relais.listed = false;
	if (info?.deprecated === true) relais.deprecated = true;
	if (info?.shutdownDate !== undefined) relais.shutdown_date = info.shutdownDate;
	return {
		id,
		object: 'model',
		created,
		owned_by: route ? 'relais' : (providers[0] ?? 'relais'),
		relais,
	};
}

/** Chat Completions, also without the version: some clients leave it out of the base URL and expect nothing else of a gateway. */
export const chatCompletions: Surface = {
	dialect: openaiChat,
	requestIdHeader: 'x-request-id',
	passedHeaders: ['openai-beta', 'idempotency-key'],
	endpoints: [
		{ path: '/v1/chat/completions', operation: 'chat' },
		{ path: '/chat/completions', operation: 'chat' },
		{ path: '/v1/completions', operation: 'chat', dialect: openaiCompletions },
		{ path: '/completions', operation: 'chat', dialect: openaiCompletions },
		{ path: '/v1/embeddings', operation: 'embed', task: openaiEmbeddingsForm },
		{ path: '/embeddings', operation: 'embed', task: openaiEmbeddingsForm },
		{ path: '/v1/moderations', operation: 'moderate', task: openaiModerationForm },
		{ path: '/v1/rerank', operation: 'rerank', task: jinaRerankForm },
		{ path: '/rerank', operation: 'rerank', task: jinaRerankForm },
	],
	modelList: (models) => ({ object: 'list', data: models.map(modelRow) }),
	modelRow,
};
