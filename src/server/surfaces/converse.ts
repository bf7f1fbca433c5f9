import { bedrockConverse } from '../../dialects/index.ts';
import type { Surface } from './surface.ts';

/** The Converse API. */
export const converse: Surface = {
	dialect: bedrockConverse,
	requestIdHeader: 'x-amzn-requestid',
	passedHeaders: [],
	endpoints: [],
	modelEndpoints: [
		{
			path: '/model/*',
			separator: '/',
			verbs: {
				converse: { operation: 'chat', stream: false },
				'converse-stream': { operation: 'chat', stream: true },
			},
		},
	],
	territory: /^\/model\//,
};
