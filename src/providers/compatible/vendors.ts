import type { ChatHabits } from '../shared/chat/index.ts';
import { refusalIn } from './minimax-refusals.ts';
import { mistral } from './mistral.ts';

/**
 * Vendors of the chat completions format that differ from it in what can be said as data, by catalog id. The facts are the catalog's
 * (`quirks` of the rows), save where a line names another source. A vendor that is not here takes the format as it is.
 */

/** Roles and members of a strict vendor's messages, with `extra` ones of its assistant turns. */
const strictMembers = (...extra: string[]) => ({
	system: ['role', 'content'],
	developer: ['role', 'content'],
	user: ['role', 'content'],
	assistant: ['role', 'content', 'tool_calls', 'function_call', ...extra],
	tool: ['role', 'content', 'tool_call_id'],
	function: ['role', 'content', 'name'],
});

/** How most vendors of open models take the output limit. */
const PLAIN_LIMIT = { limit: 'max_tokens' } as const satisfies ChatHabits;

/** All levels of effort there are. */
const EFFORTS = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

const deepseek: ChatHabits = {
	limit: 'max_tokens',
	ceiling: true,
	reasoning: { form: 'thinking', efforts: ['low', 'high', 'max'] },
	toolChoice: { forcedUnthinking: true },
	format: { schema: false, word: true },
	// Without a word of reasoning in a turn with calls the API answers 400; an empty one is taken (seen in clients' fixes of 2026).
	messages: { thoughts: 'reasoning_content', emptyThought: '', instructions: 'system', ending: 'user' },
};

const kimi: ChatHabits = {
	limit: 'max_tokens',
	refuses: ['seed'],
	strictTools: false,
	toolChoice: { only: ['auto', 'none', 'named'] },
	reasoning: { form: 'thinking' },
	// A turn with calls must hold reasoning, and an empty one does not count (reported by clients in 2026).
	messages: { thoughts: 'reasoning_content', emptyThought: ' ', instructions: 'system', ending: 'partial' },
	models: [{ of: /^kimi-(k2\.[5-9]|k[3-9])/, refuses: ['temperature', 'top_p'] }],
};

const glm: ChatHabits = {
	limit: 'max_tokens',
	// A named function and a level of effort are taken (recorded traffic), whatever they do.
	toolChoice: { only: ['auto', 'named'] },
	reasoning: { form: 'thinking', efforts: EFFORTS },
	temperature: { most: 1 },
	addsToToolStreams: { tool_stream: true },
	messages: { thoughts: 'reasoning_content', instructions: 'system' },
	models: [
		{ of: /^glm-5\.[3-9]/, reasoning: { form: 'thinking', efforts: EFFORTS, always: true } },
		{ of: /^glm-(4|5$|5v)/, format: { schema: false } },
	],
};

const qwen: ChatHabits = {
	limit: 'max_tokens',
	reasoning: { form: 'switch' },
	format: { word: true },
	messages: { thoughts: 'reasoning_content', instructions: 'system' },
	models: [{ of: /^(qwq-plus|qvq-max|qwen[\d.-]*-omni)/, streams: 'always' }],
};

const minimax: ChatHabits = {
	refuses: ['presence_penalty', 'frequency_penalty', 'logit_bias'],
	oneAnswer: true,
	temperature: { above: 0, most: 1 },
	format: { schema: false },
	adds: { reasoning_split: true },
	refusalIn,
	messages: { thoughts: 'details', instructions: 'system' },
};

const groqMembers = strictMembers('reasoning');

export const HABITS: { readonly [catalogId: string]: ChatHabits } = {
	mistral,
	deepseek,
	kimi,
	'kimi-cn': kimi,
	glm,
	'glm-cn': glm,
	qwen,
	'qwen-cn': qwen,
	minimax,
	'minimax-cn': minimax,
	xai: {
		refuses: ['top_k', 'search_parameters'],
		clientHeaders: ['x-grok-conv-id'],
		messages: { thoughts: 'reasoning_content' },
		models: [
			// Every model of the vendor reasons, but for those that say so (rows of the catalog) and the oldest.
			{ of: /^grok-(?!2|3$|.*non-reasoning)/, refuses: ['presence_penalty', 'frequency_penalty', 'stop'] },
			{ of: /^grok-4\.3/, reasoning: { form: 'effort', efforts: ['none', 'low', 'medium', 'high'] } },
			{ of: /^grok-3-mini/, reasoning: { form: 'effort', efforts: ['low', 'high'], always: true } },
			{ of: /^grok-4\.[67]/, reasoning: { form: 'effort', efforts: ['low', 'medium', 'high'], always: true } },
			{ of: /^grok-(4-|4\.20-.*reasoning|4\.5|build|code-fast)/, reasoning: { form: 'none' } },
		],
	},
	groq: {
		ceiling: true,
		refuses: ['logprobs', 'top_logprobs', 'logit_bias', 'store'],
		oneAnswer: true,
		messages: { members: groqMembers, refuses: ['cache_control'], thoughts: 'reasoning' },
		reasoning: { form: 'effort' },
		format: { word: true, alone: true },
		models: [
			{ of: /^qwen\//, reasoning: { form: 'effort', efforts: ['none', 'default'] } },
			{ of: /^openai\/gpt-oss/, reasoning: { form: 'effort', efforts: ['low', 'medium', 'high'], always: true } },
			{ of: /^(llama|meta-llama|gemma|mixtral)/, format: { schema: false } },
		],
	},
	cerebras: {
		refuses: ['frequency_penalty', 'presence_penalty', 'logit_bias', 'parallel_tool_calls', 'service_tier'],
		messages: { members: groqMembers, refuses: ['cache_control'], thoughts: 'reasoning' },
		models: [
			{ of: /^gpt-oss/, reasoning: { form: 'effort', efforts: ['low', 'medium', 'high'], always: true } },
			{ of: /^zai-glm/, messages: { thoughts: 'tags' } },
		],
	},
	sambanova: {
		refuses: ['logprobs', 'top_logprobs', 'presence_penalty', 'frequency_penalty', 'seed', 'logit_bias'],
		oneAnswer: true,
	},
	fireworks: {
		limit: 'max_tokens',
		streams: 'long',
		options: { context_length_exceeded_behavior: 'context_length_exceeded_behavior' },
	},
	openrouter: {
		reasoning: { form: 'object' },
		adds: { usage: { include: true } },
		messages: { thoughts: 'details' },
		options: { provider: 'provider', models: 'models', plugins: 'plugins' },
		headers: { referer: 'http-referer', title: 'x-title' },
		clientHeaders: ['http-referer', 'x-title'],
	},
	'vercel-ai-gateway': { options: { provider_options: 'providerOptions' } },
	venice: { options: { venice_parameters: 'venice_parameters' } },
	huggingface: { headers: { bill_to: 'x-hf-bill-to' } },
	wandb: { headers: { project: 'openai-project' } },
	'snowflake-cortex': { strictTools: false, headers: { token_type: 'x-snowflake-authorization-token-type' } },
	'cloudflare-workers-ai': { limit: 'max_tokens', usualLimit: 4096 },
	'lm-studio': { format: { object: false } },
	friendli: { adds: { parse_reasoning: true } },
	novita: { limit: 'max_tokens', adds: { separate_reasoning: true } },
	siliconflow: { limit: 'max_tokens', reasoning: { form: 'switch' }, messages: { thoughts: 'reasoning_content' } },
	volcengine: { reasoning: { form: 'thinking' }, messages: { thoughts: 'reasoning_content' } },
	stepfun: { ...PLAIN_LIMIT, messages: { thoughts: 'reasoning' } },
	xiaomi: { ...PLAIN_LIMIT, messages: { thoughts: 'reasoning_content' } },
	scaleway: { ...PLAIN_LIMIT, oneAnswer: true },
	databricks: PLAIN_LIMIT,
	deepinfra: PLAIN_LIMIT,
	together: PLAIN_LIMIT,
	'nvidia-nim': PLAIN_LIMIT,
	nebius: PLAIN_LIMIT,
	chutes: PLAIN_LIMIT,
	ovhcloud: PLAIN_LIMIT,
	hyperbolic: PLAIN_LIMIT,
};
