import { anthropicMessages, openaiChat } from '../../dialects/index.ts';
import type { Surface } from './surface.ts';

export { passedHeaders, presentedKey, type Surface } from './surface.ts';

/** OpenAI Chat Completions. */
export const chatCompletions: Surface = {
	dialect: openaiChat,
	requestIdHeader: 'x-request-id',
	passedHeaders: ['openai-beta', 'idempotency-key'],
	endpoints: [{ path: '/v1/chat/completions', operation: 'chat' }],
};

/** Anthropic Messages. */
export const messages: Surface = {
	dialect: anthropicMessages,
	requestIdHeader: 'request-id',
	passedHeaders: ['anthropic-version', 'anthropic-beta'],
	endpoints: [
		{ path: '/v1/messages', operation: 'chat' },
		{ path: '/v1/messages/count_tokens', operation: 'count_tokens' },
	],
};

export const SURFACES: readonly Surface[] = [chatCompletions, messages];
