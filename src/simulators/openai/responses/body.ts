import type { JsonObject, JsonValue } from '../../../spec/index.ts';
import { isObject, number, object, objects, text } from '../../core/json.ts';
import { logprobsOf } from '../logprobs.ts';
import { strictFault } from '../strict.ts';
import { isKept } from './answer.ts';
import { WEB_SEARCH } from './shapes.ts';
import type { Answer, MessageItem, OutputItem } from './types.ts';

/** The log probabilities of a piece of text, as this API lists them; none unless asked for. */
export function listedLogprobs({ logprobs }: Answer, piece: string): JsonObject[] {
	return logprobs === undefined ? [] : objects(logprobsOf(piece, logprobs).content);
}

/** The part of a message that its text stands in. */
export function contentPart(answer: Answer, item: MessageItem): JsonObject {
	if (item.refusal) return { type: 'refusal', refusal: item.text };
	return {
		type: 'output_text',
		annotations: item.annotations,
		logprobs: listedLogprobs(answer, item.text),
		text: item.text,
	};
}

/** From these models on, messages say whether they are the answer or talk on the way to it. */
const PHASED = /^gpt-(?:5\.[4-9]|[6-9])/;

/** A message's phase, where its model has phases. */
export function phaseOf({ model }: Answer): JsonObject {
	return PHASED.test(model) ? { phase: 'final_answer' } : {};
}

/** An item in the wire's form. `moment`: encrypted reasoning reads differently each time it is sent. */
export function outputItem(answer: Answer, item: OutputItem, moment: string): JsonObject {
	switch (item.type) {
		case 'reasoning': {
			const summary = item.summary === '' ? [] : [{ type: 'summary_text', text: item.summary }];
			const hidden = item.encrypted === undefined ? {} : { encrypted_content: item.encrypted(moment) };
			return { id: item.id, type: 'reasoning', content: [], ...hidden, summary };
		}
		case 'web_search_call': {
			const action = { type: 'search', queries: [item.query], query: item.query };
			return { id: item.id, type: 'web_search_call', status: 'completed', action };
		}
		case 'message': {
			const status = item.whole ? 'completed' : 'incomplete';
			const content = [contentPart(answer, item)];
			return { id: item.id, type: 'message', status, content, ...phaseOf(answer), role: 'assistant' };
		}
		default: {
			const status = item.whole ? 'completed' : 'incomplete';
			const input = item.type === 'function_call' ? { arguments: item.input } : { input: item.input };
			return { id: item.id, type: item.type, status, ...input, call_id: item.callId, name: item.name };
		}
	}
}

const LOCATION = { type: 'approximate', city: null, country: 'US', region: null, timezone: null };

/** A tool as answers repeat it: what was left out is filled in. */
function toolEcho(tool: JsonObject): JsonObject {
	if (WEB_SEARCH.includes(text(tool.type))) {
		const defaults = { return_token_budget: 'default', search_content_types: ['text'], search_context_size: 'medium' };
		return { ...defaults, user_location: LOCATION, ...tool };
	}
	if (tool.type !== 'function') return tool;
	const { description = null, name = '', parameters = null, output_schema = null } = tool;
	const strict = tool.strict ?? (isObject(parameters) && strictFault(parameters) === undefined);
	return { type: 'function', description, name, output_schema, parameters, strict };
}

function textEcho(request: JsonObject): JsonObject {
	const asked = object(request.text);
	const { type, description = null, name = '', schema = null, strict = false } = object(asked.format);
	const named = { type: 'json_schema', description, name, schema, strict };
	const format = type === 'json_schema' ? named : { type: text(type) || 'text' };
	return { format, verbosity: asked.verbosity ?? 'medium' };
}

function reasoningEcho({ request, effort }: Answer): JsonObject {
	const { summary, context } = object(request.reasoning);
	const told = summary === 'auto' ? 'detailed' : (summary ?? null);
	return { context: context ?? 'current_turn', effort: effort ?? null, mode: 'standard', summary: told };
}

function usageOf({ promptTokens, cachedTokens, outcome }: Answer): JsonObject {
	return {
		input_tokens: promptTokens,
		input_tokens_details: { cache_write_tokens: 0, cached_tokens: cachedTokens },
		output_tokens: outcome.outputTokens,
		output_tokens_details: { reasoning_tokens: outcome.reasoningTokens },
		total_tokens: promptTokens + outcome.outputTokens,
	};
}

function toolUsage(searches: number): JsonObject {
	const none = { image_tokens: 0, text_tokens: 0 };
	return {
		image_gen: { input_tokens: 0, input_tokens_details: none, output_tokens: 0, output_tokens_details: none, total_tokens: 0 },
		web_search: { num_requests: searches },
	};
}

/** The error of an answer that failed. */
export const FAILED: JsonObject = {
	code: 'server_error',
	message: 'The server had an error while processing your request. Sorry about that!',
};

/** What changes in a response object while it is made. */
function progress(answer: Answer, status: string): { [key: string]: JsonValue } {
	const over = status === 'completed' || status === 'incomplete';
	const tier = text(answer.request.service_tier);
	return {
		status,
		completed_at: status === 'completed' ? answer.completed : null,
		error: status === 'failed' ? FAILED : null,
		incomplete_details: status === 'incomplete' ? { reason: answer.reason ?? null } : null,
		output: over ? answer.items.map((item) => outputItem(answer, item, 'completed')) : [],
		service_tier: !over ? tier || 'auto' : tier === '' || tier === 'auto' ? 'default' : tier,
		usage: over ? usageOf(answer) : null,
	};
}

/** A response object. `status`: how far it is; default its last. */
export function responseObject(answer: Answer, status: string = answer.status): JsonObject {
	const { request, id, created, model } = answer;
	const now = progress(answer, status);
	const asked = (key: string, otherwise: JsonValue = null): JsonValue => request[key] ?? otherwise;
	return {
		id,
		object: 'response',
		created_at: created,
		status: now.status ?? null,
		background: asked('background', false),
		completed_at: now.completed_at ?? null,
		error: now.error ?? null,
		frequency_penalty: 0,
		incomplete_details: now.incomplete_details ?? null,
		instructions: asked('instructions'),
		max_output_tokens: asked('max_output_tokens'),
		max_tool_calls: asked('max_tool_calls'),
		model,
		moderation: null,
		output: now.output ?? [],
		parallel_tool_calls: asked('parallel_tool_calls', true),
		presence_penalty: 0,
		previous_response_id: asked('previous_response_id'),
		prompt_cache_key: asked('prompt_cache_key'),
		prompt_cache_retention: asked('prompt_cache_retention', 'in_memory'),
		reasoning: reasoningEcho(answer),
		safety_identifier: asked('safety_identifier'),
		service_tier: now.service_tier ?? null,
		store: isKept(request),
		temperature: asked('temperature', 1),
		text: textEcho(request),
		tool_choice: asked('tool_choice', 'auto'),
		tool_usage: toolUsage(status === 'completed' ? answer.searches : 0),
		tools: objects(request.tools).map(toolEcho),
		top_logprobs: number(request.top_logprobs) ?? 0,
		top_p: asked('top_p', 1),
		truncation: asked('truncation', 'disabled'),
		usage: now.usage ?? null,
		user: asked('user'),
		metadata: asked('metadata', {}),
	};
}

/** The answer in one piece. */
export function bodyOf(answer: Answer): JsonObject {
	return { ...responseObject(answer), billing: { payer: 'developer' } };
}
