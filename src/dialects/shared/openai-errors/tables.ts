import type { ErrorCode } from '../../../spec/index.ts';
import { table } from '../table.ts';

/** What vendors' error codes and types mean; compared in lower case. */
export const CODE_OF_WORD = table<ErrorCode>({
	invalid_api_key: 'provider_auth',
	authentication_error: 'provider_auth',
	invalid_authentication_error: 'provider_auth',
	unauthenticated: 'provider_auth',
	unauthorized: 'provider_auth',
	permission_error: 'provider_forbidden',
	permission_denied: 'provider_forbidden',
	unsupported_country_region_territory: 'provider_forbidden',
	insufficient_quota: 'provider_quota',
	billing_hard_limit_reached: 'provider_quota',
	billing_not_active: 'provider_quota',
	insufficient_balance: 'provider_quota',
	insufficient_credits: 'provider_quota',
	exceeded_current_quota_error: 'provider_quota',
	arrearage: 'provider_quota',
	rate_limit_exceeded: 'rate_limited',
	rate_limit_error: 'rate_limited',
	rate_limit_reached_error: 'rate_limited',
	rate_limited: 'rate_limited',
	too_many_requests: 'rate_limited',
	resource_exhausted: 'rate_limited',
	context_length_exceeded: 'context_overflow',
	exceed_context_size_error: 'context_overflow',
	model_context_window_exceeded: 'context_overflow',
	content_filter: 'content_filtered',
	content_policy_violation: 'content_filtered',
	responsibleaipolicyviolation: 'content_filtered',
	moderation_blocked: 'content_filtered',
	data_inspection_failed: 'content_filtered',
	model_not_found: 'provider_not_found',
	deploymentnotfound: 'provider_not_found',
	invalid_model: 'provider_not_found',
	model_decommissioned: 'model_retired',
	model_deprecated: 'model_retired',
	overloaded_error: 'provider_overloaded',
	engine_overloaded_error: 'provider_overloaded',
	engine_overloaded: 'provider_overloaded',
	capacity_exceeded: 'provider_overloaded',
	unavailable: 'provider_unavailable',
	service_unavailable: 'provider_unavailable',
	server_error: 'provider_error',
	internal_server_error: 'provider_error',
	timeout: 'provider_timeout',
	deadline_exceeded: 'provider_timeout',
});

/** What a status means where the body says nothing more exact. */
export const CODE_OF_STATUS: { readonly [status: number]: ErrorCode } = {
	401: 'provider_auth',
	402: 'provider_quota',
	403: 'provider_forbidden',
	404: 'provider_not_found',
	405: 'provider_not_found',
	408: 'provider_timeout',
	409: 'provider_conflict',
	413: 'provider_request_too_large',
	429: 'rate_limited',
	498: 'provider_overloaded',
	500: 'provider_error',
	502: 'provider_unavailable',
	503: 'provider_unavailable',
	504: 'provider_timeout',
	524: 'provider_timeout',
	529: 'provider_overloaded',
};

/** A meaning that only the words of a message show; `statuses` limits it to those where the words can be trusted. */
interface Pattern {
	code: ErrorCode;
	words: RegExp;
	statuses: readonly number[];
}

const REFUSALS = [0, 400, 403, 413, 422];

/**
 * Messages of servers that give no code of their own, by whom they were seen. All run on the first kilobyte of a message and hold
 * no nested repetition.
 */
export const PATTERNS: readonly Pattern[] = [
	// OpenAI, vLLM, DeepSeek, OpenRouter
	{ code: 'context_overflow', words: /maximum context length/i, statuses: [...REFUSALS, 500] },
	// vLLM, SGLang
	{ code: 'context_overflow', words: /longer than the (maximum )?(model'?s )?(model|context) length/i, statuses: REFUSALS },
	// llama.cpp, LM Studio
	{
		code: 'context_overflow',
		words: /(exceeds?|overflows?|greater than) the (available )?context (size|length|window)/i,
		statuses: [...REFUSALS, 500],
	},
	{ code: 'context_overflow', words: /when context the overflows|context length of only/i, statuses: [...REFUSALS, 500] },
	// Mistral
	{ code: 'context_overflow', words: /too large for model with \d+ maximum context/i, statuses: REFUSALS },
	// Anthropic's models behind gateways, Bedrock
	{ code: 'context_overflow', words: /(prompt|input) is too long/i, statuses: REFUSALS },
	// Gemini
	{ code: 'context_overflow', words: /input token count .{0,40}exceeds the maximum/i, statuses: REFUSALS },
	// Groq, Cerebras
	{ code: 'context_overflow', words: /reduce the length of the (messages|prompt|input)/i, statuses: REFUSALS },
	// Text Generation Inference, Together
	{ code: 'context_overflow', words: /inputs`? tokens \+ `?max_new_tokens`? must be/i, statuses: REFUSALS },
	// xAI
	{ code: 'context_overflow', words: /maximum prompt length is/i, statuses: REFUSALS },
	// Ollama
	{
		code: 'context_overflow',
		words: /input length exceeds (the )?(maximum )?context|max context length/i,
		statuses: [...REFUSALS, 500],
	},
	// Alibaba, Z.ai, Moonshot, MiniMax, Cohere
	{ code: 'context_overflow', words: /range of input length should be|prompt exceeds max length/i, statuses: REFUSALS },
	{
		code: 'context_overflow',
		words: /exceeded model token limit|context window exceeds limit|too many tokens/i,
		statuses: REFUSALS,
	},
	// xAI and Gemini answer 400 to a wrong key
	{
		code: 'provider_auth',
		words: /(incorrect|invalid) api key|api key (is )?(not valid|invalid|expired)/i,
		statuses: [0, 400, 403],
	},
	// Azure, OpenRouter and others
	{
		code: 'content_filtered',
		words: /content management policy|content[ _]filter|flagged (as|by|for)/i,
		statuses: [0, 400, 403],
	},
	// OpenRouter, DeepSeek
	{
		code: 'provider_quota',
		words: /insufficient (balance|credits|quota)|exceeded your current quota/i,
		statuses: [0, 400, 402, 403, 429],
	},
	{
		code: 'model_retired',
		words: /model .{0,80}(has been|was|is) (decommissioned|deprecated|retired)/i,
		statuses: [0, 400, 404, 410],
	},
];
