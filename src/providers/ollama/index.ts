import type { VendorDescriptor } from '../descriptor.ts';
import { askForStreamUsage } from '../rules.ts';

/** A local Ollama server, spoken to through its OpenAI-compatible API, which lies under `/v1` of the address users know. */
export const ollama: Partial<VendorDescriptor> = {
	dialect: 'openai-chat',
	adaptBaseUrl: (url) => url.replace(/\/(v1|api)\/?$/, ''),
	auth: 'optional-bearer',
	paths: { chat: '/v1/chat/completions', models: '/v1/models' },
	rules: [askForStreamUsage],
};
