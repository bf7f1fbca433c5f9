import { openaiResponses } from '../../dialects/index.ts';
import { prepare } from '../responses/prepare.ts';
import { KEPT_ROUTES } from '../responses/routes.ts';
import type { Surface } from './surface.ts';

/** Responses, whose answers Relais keeps so that the next request can go on from them. It shares its list of models with Chat Completions. */
export const responses: Surface = {
	dialect: openaiResponses,
	requestIdHeader: 'x-request-id',
	passedHeaders: ['openai-beta', 'idempotency-key'],
	endpoints: [
		{ path: '/v1/responses', operation: 'chat' },
		{ path: '/v1/responses/input_tokens', operation: 'count_tokens' },
	],
	routes: KEPT_ROUTES,
	territory: /^\/v1\/responses(\/|$)/,
	prepare,
};
