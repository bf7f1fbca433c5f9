import type { ChatHabits } from '../shared/chat/index.ts';
import { nineLetters } from './mistral-call-ids.ts';

/**
 * Fields of the format's own vendor and of others that are no part of this API, which answers 422 to each of them (catalog, quirks of
 * the row `mistral`). Fields nobody has heard of go through: the vendor's refusal names them.
 */
const FOREIGN = [
	'user',
	'safety_identifier',
	'logit_bias',
	'logprobs',
	'top_logprobs',
	'store',
	'metadata',
	'service_tier',
	'modalities',
	'audio',
	'verbosity',
	'web_search_options',
	'functions',
	'function_call',
	'prompt_cache_retention',
	'data_sources',
	'top_k',
	'min_p',
	'repetition_penalty',
];

/** What Mistral does its own way. */
export const mistral: ChatHabits = {
	limit: 'max_tokens',
	seed: 'random_seed',
	refuses: FOREIGN,
	streamUsage: 'unasked',
	temperature: { most: 1.5 },
	statedParameters: true,
	translates: true,
	toolChoice: { words: { required: 'any' } },
	reasoning: { form: 'effort', efforts: ['none', 'high'] },
	messages: {
		members: {
			system: ['role', 'content'],
			developer: ['role', 'content'],
			user: ['role', 'content'],
			assistant: ['role', 'content', 'tool_calls', 'prefix'],
			tool: ['role', 'content', 'tool_call_id', 'name'],
		},
		callMembers: ['id', 'type', 'index', 'function'],
		functionsOnly: true,
		documents: 'document_url',
		refuses: ['cache_control', 'prompt_cache_breakpoint'],
		thoughts: 'chunks',
		callId: nineLetters,
		toolName: true,
		instructions: 'system',
		turns: 'strict',
		ending: 'prefix',
	},
	options: { safe_prompt: 'safe_prompt' },
	models: [{ of: /^magistral/, reasoning: { form: 'mode' } }],
};
