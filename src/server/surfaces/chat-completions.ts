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

/** Chat Completions: also the surface whose form is used where nothing tells which one a client speaks. */
export const chatCompletions: Surface = {
	dialect: openaiChat,
	requestIdHeader: 'x-request-id',
	passedHeaders: ['openai-beta', 'idempotency-key'],
	endpoints: [{ path: '/v1/chat/completions', operation: 'chat' }],
	modelList: (models) => ({ object: 'list', data: models.map(modelRow) }),
	modelRow,
};
