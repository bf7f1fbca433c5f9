import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** Settings of a request that its answer repeats as they are. */
const REPEATED = [
	...['background', 'conversation', 'instructions', 'max_output_tokens', 'max_tool_calls', 'metadata', 'parallel_tool_calls'],
	...['previous_response_id', 'prompt', 'prompt_cache_key', 'prompt_cache_retention', 'safety_identifier', 'temperature'],
	...['tool_choice', 'top_logprobs', 'top_p', 'truncation', 'user'],
];

/** Clients with types for it expect these members on a function. */
function tool(value: JsonValue): JsonValue {
	return isObject(value) && value.type === 'function' ? { description: null, parameters: null, strict: null, ...value } : value;
}

/**
 * The settings of a request as its answer repeats them, laid over what an answer says where nothing was set. `store` says whether the
 * answer is kept.
 */
export function echoOf(request: JsonObject, neutral: JsonObject): JsonObject {
	const echo: JsonObject = { ...neutral, store: request.store !== false };
	for (const key of REPEATED) if ((request[key] ?? null) !== null) echo[key] = request[key];
	if (Array.isArray(request.tools)) echo.tools = request.tools.map(tool);
	for (const key of ['reasoning', 'text']) {
		const [base, set] = [neutral[key], request[key]];
		if (isObject(base) && isObject(set)) echo[key] = { ...base, ...set };
	}
	return echo;
}
