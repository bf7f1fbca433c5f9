import type { VendorDescriptor } from '../descriptor.ts';
import { askForStreamUsage } from '../rules.ts';

const COMPLETIONS = 'openai-completions';

/** Where a vendor still completes prompts. */
interface PromptApi {
	path: string;
	/** Models that do it; absent: all. */
	models?: RegExp;
	/** True where these models do nothing else. */
	only?: boolean;
}

const USUAL: PromptApi = { path: '/completions' };

/**
 * Vendors that have the older completions of prompts, by catalog id, from their documentation. Elsewhere a prompt is sent as what a
 * user says.
 */
const PROMPT_APIS: { readonly [catalogId: string]: PromptApi } = {
	deepinfra: USUAL,
	deepseek: { path: '/beta/completions' },
	'docker-model-runner': USUAL,
	fireworks: USUAL,
	hyperbolic: USUAL,
	'litellm-proxy': USUAL,
	'llama-cpp': USUAL,
	llamafile: USUAL,
	'lm-studio': USUAL,
	localai: USUAL,
	nebius: USUAL,
	novita: USUAL,
	ollama: { path: '/v1/completions' },
	openai: { path: '/completions', models: /^(gpt-3\.5-turbo-instruct|babbage-002|davinci-002)/, only: true },
	openrouter: USUAL,
	sglang: USUAL,
	together: USUAL,
	vllm: USUAL,
};

/** The descriptor with its completions of prompts, where the vendor has them. */
export function withCompletions<T extends VendorDescriptor>(descriptor: T): T {
	const api = descriptor.catalogId === undefined ? undefined : PROMPT_APIS[descriptor.catalogId];
	if (api === undefined) return descriptor;
	const dialectsOf: NonNullable<VendorDescriptor['dialectsOf']> = (model, row, settings) => {
		const own = descriptor.dialectsOf?.(model, row, settings) ?? [descriptor.dialect];
		if (api.models?.test(model) === false) return own;
		return api.only === true ? [COMPLETIONS] : [...own, COMPLETIONS];
	};
	const line: Partial<VendorDescriptor> = { paths: { chat: api.path }, rules: [askForStreamUsage], rulesOf: () => [] };
	return { ...descriptor, also: { ...descriptor.also, [COMPLETIONS]: line }, dialectsOf };
}
