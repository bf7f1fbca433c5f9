import type { WirePaths } from '../descriptor.ts';
import type { AzureAddress, Shape } from './address.ts';

/** First version whose dated API has responses. */
const RESPONSES_SINCE = '2025-03-01';

type Named = Pick<WirePaths, 'chat'> & Partial<WirePaths>;

const BY_SHAPE: { readonly [shape in Shape]: (address: AzureAddress) => Named } = {
	v1: ({ v1 }) => ({ chat: `${v1}/chat/completions`, embed: `${v1}/embeddings`, models: `${v1}/models` }),
	deployments: ({ deployment }) => {
		const place = `/openai/deployments/${deployment === undefined ? '{model}' : encodeURIComponent(deployment)}`;
		return { chat: `${place}/chat/completions`, embed: `${place}/embeddings`, models: '/openai/models' };
	},
	models: () => ({ chat: '/models/chat/completions', embed: '/models/embeddings' }),
};

/** Adds the version, where there is one. */
function versioned<T extends Partial<WirePaths>>(paths: T, version: string | undefined): T {
	if (version === undefined) return paths;
	const query = `?api-version=${encodeURIComponent(version)}`;
	return Object.fromEntries(Object.entries(paths).map(([operation, path]) => [operation, path + query])) as T;
}

/** Paths of chats, embeddings and the model list. */
export function chatPaths(address: AzureAddress): WirePaths {
	return versioned(BY_SHAPE[address.shape](address), address.version);
}

/** Paths of the Responses API: under the dated version where that has it, else in the v1 API beside it. */
export function responsesPaths(address: AzureAddress): WirePaths {
	const { shape, version, v1 } = address;
	if (shape === 'v1') return versioned({ chat: `${v1}/responses`, models: `${v1}/models` }, version);
	if (shape === 'deployments' && version !== undefined && version >= RESPONSES_SINCE)
		return versioned({ chat: '/openai/responses', models: '/openai/models' }, version);
	return { chat: `${v1}/responses`, models: `${v1}/models` };
}

/** Paths of Anthropic's API on the same resource. */
export const claudePaths: WirePaths = { chat: '/anthropic/v1/messages', count_tokens: '/anthropic/v1/messages/count_tokens' };
