import { cohere as dialect } from '../../dialects/index.ts';
import { cohereEmbedForm, cohereRerankForm } from '../tasks/index.ts';
import type { Surface } from './surface.ts';

/** The second version of Cohere's API. */
export const cohere: Surface = {
	dialect,
	requestIdHeader: 'x-request-id',
	passedHeaders: [],
	endpoints: [
		{ path: '/v2/chat', operation: 'chat' },
		{ path: '/v2/embed', operation: 'embed', task: cohereEmbedForm },
		{ path: '/v2/rerank', operation: 'rerank', task: cohereRerankForm },
	],
	territory: /^\/v2\//,
};
