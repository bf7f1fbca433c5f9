import { anthropic } from './anthropic/index.ts';
import { azureFoundry, azureOpenai } from './azure/index.ts';
import { bedrock } from './bedrock/index.ts';
import { cohere } from './cohere/index.ts';
import { HABITS } from './compatible/index.ts';
import type { ProviderModule, VendorDescriptor, WireFormat } from './descriptor.ts';
import { gemini } from './gemini/index.ts';
import { ollama } from './ollama/index.ts';
import { openai, responsesTraits } from './openai/index.ts';
import { perplexity } from './perplexity/index.ts';
import { replicate } from './replicate/index.ts';
import { askForStreamUsage } from './rules.ts';
import { compatible } from './shared/chat/index.ts';
import { vertex } from './vertex/index.ts';
import { watsonx } from './watsonx/index.ts';

/** How a server of each wire format is spoken to, whoever runs it. */
export const FORMATS: { readonly [dialect: string]: WireFormat } = {
	'openai-chat': {
		dialect: 'openai-chat',
		paths: { chat: '/chat/completions', models: '/models' },
		auth: 'bearer',
		rules: [askForStreamUsage],
	},
	'openai-responses': {
		dialect: 'openai-responses',
		paths: { chat: '/responses', models: '/models' },
		auth: 'bearer',
		traits: responsesTraits,
	},
	'anthropic-messages': {
		...anthropic,
		dialect: 'anthropic-messages',
		paths: { chat: '/messages', count_tokens: '/messages/count_tokens', models: '/models?limit=1000' },
		auth: 'x-api-key',
	},
	gemini: { ...gemini, dialect: 'gemini' },
	watsonx: { dialect: 'watsonx', paths: { chat: '/ml/v1/text/chat', chatStream: '/ml/v1/text/chat_stream' }, auth: 'signed' },
	ollama: { dialect: 'ollama', paths: { chat: '/api/chat', models: '/api/tags' }, auth: 'bearer' },
	cohere: { dialect: 'cohere', paths: { chat: '/v2/chat' }, auth: 'bearer' },
	jina: { dialect: 'openai-chat', paths: {}, auth: 'bearer' },
	voyage: { dialect: 'openai-chat', paths: {}, auth: 'bearer' },
	'bedrock-converse': {
		dialect: 'bedrock-converse',
		paths: { chat: '/model/{model}/converse', chatStream: '/model/{model}/converse-stream' },
		auth: 'signed',
	},
};

/** Catalog dialects that are no wire format: each is spoken by a provider of its own. */
export const MODULES: { readonly [catalogDialect: string]: ProviderModule } = { replicate };

/** Vendors with habits of their own, by catalog id. All others are their catalog row and nothing else. */
export const VENDORS: { readonly [catalogId: string]: Partial<VendorDescriptor> } = {
	...Object.fromEntries(Object.entries(HABITS).map(([id, habits]) => [id, compatible(habits)])),
	anthropic,
	'aws-bedrock': bedrock,
	'azure-ai-foundry': azureFoundry({ openai, anthropic }),
	'azure-openai': azureOpenai({ openai, anthropic }),
	'microsoft-copilot': azureOpenai({ openai, anthropic }),
	cohere,
	ollama,
	'ollama-cloud': ollama,
	openai,
	perplexity,
	'vertex-ai': vertex({ gemini, anthropic }),
	watsonx,
};
