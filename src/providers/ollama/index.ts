import { isObject } from '../../lib/json.ts';
import type { ModelInfo, ModelTraits, RelaisError } from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { askForStreamUsage } from '../rules.ts';
import { messagesRule } from '../shared/chat/index.ts';
import { listOllama } from './list.ts';
import { isNativeOnly, ollamaSettings } from './settings.ts';

/** A name without its tag, under which the catalog has the model: `llama3.2:3b` is `llama3.2`. */
const withoutTag = (model: string): string => model.replace(/:.*$/, '');

/** The server refuses `think` for a model that cannot; where nobody says so, it is left to the server. */
function ollamaTraits(_model: string, _maxOutputTokens: number | null, row?: ModelInfo): ModelTraits {
	return row?.capabilities.reasoning === false ? { reasoning: 'none' } : {};
}

function cure({ code, providerBody: body }: RelaisError, model: string): string | undefined {
	if (code !== 'provider_not_found') return undefined;
	const said = isObject(body) ? JSON.stringify(body.error) : String(body);
	return /not found/.test(said) ? `Fetch it first: ollama pull ${model}` : undefined;
}

/** Earlier reasoning is taken as text; proofs of other vendors' models are none of the server's business. */
const OPENAI_MESSAGES = {
	thoughts: 'reasoning',
	refuses: ['extra_content'],
	callMembers: ['id', 'type', 'index', 'function', 'custom'],
} as const;

/**
 * An Ollama server or its cloud, spoken to through its own API; clients of OpenAI go through its OpenAI-compatible API, so that their
 * bytes pass as they are, unless the settings ask for what only the native API has. Both lie under the address users know.
 */
export const ollama: Partial<VendorDescriptor> = {
	adaptBaseUrl: (url) => url.replace(/\/+$/, '').replace(/\/(v1|api)$/, ''),
	paths: { chat: '/api/chat', models: '/api/tags' },
	baseModel: withoutTag,
	traits: ollamaTraits,
	rulesOf: ollamaSettings,
	list: listOllama,
	cure,
	also: {
		'openai-chat': {
			paths: { chat: '/v1/chat/completions', models: '/v1/models' },
			rules: [messagesRule(OPENAI_MESSAGES), askForStreamUsage],
			rulesOf: () => [],
			traits: () => ({}),
		},
	},
	dialectsOf: (_model, _row, settings) => (isNativeOnly(settings) ? ['ollama'] : ['ollama', 'openai-chat']),
};
