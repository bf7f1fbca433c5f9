import { openaiChat } from '../../dialects/index.ts';
import type { JsonObject } from '../../spec/index.ts';
import type { ListedModel, Surface } from './surface.ts';

function modelRow({ id, route, providers, created }: ListedModel): JsonObject {
	return {
		id,
		object: 'model',
		created,
		owned_by: route ? 'relais' : (providers[0] ?? 'relais'),
		relais: { route, providers: [...providers] },
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
	],
	modelList: (models) => ({ object: 'list', data: models.map(modelRow) }),
	modelRow,
};
