import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, Warning } from '../../spec/index.ts';

/** Fields of chat completions this API does not have, with the value that asks for nothing. */
const UNKNOWN: { readonly [field: string]: JsonValue } = {
	user: null,
	safety_identifier: null,
	metadata: null,
	store: false,
	service_tier: 'auto',
	verbosity: null,
	prediction: null,
	prompt_cache_key: null,
	prompt_cache_retention: null,
	parallel_tool_calls: true,
	web_search_options: null,
	top_k: null,
	min_p: 0,
	reasoning: null,
	functions: null,
	function_call: null,
};

/** Takes out of a body in the words of chat completions what this API does not have; tells what is lost. Changes the body. */
export function fitToApi(body: JsonObject, warnings: Warning[]): void {
	const lost = (path: string, message: string): void => void warnings.push({ kind: 'dropped', path, message });
	for (const field in UNKNOWN) {
		const value = body[field];
		if (value === undefined) continue;
		delete body[field];
		if (value !== null && value !== UNKNOWN[field]) lost(field, `'${field}' is not offered.`);
	}
	if (Array.isArray(body.tools)) fitTools(body, body.tools, lost);
	const choice = body.tool_choice;
	if (!isObject(choice) || choice.type !== 'allowed_tools') return;
	const { mode } = isObject(choice.allowed_tools) ? choice.allowed_tools : {};
	body.tool_choice = mode === 'required' ? 'required' : 'auto';
	warnings.push({
		kind: 'approximated',
		path: 'tool_choice',
		message: 'Tools cannot be narrowed down to some; all are allowed.',
	});
}

function fitTools(body: JsonObject, tools: readonly JsonValue[], lost: (path: string, message: string) => void): void {
	const fitting: JsonValue[] = [];
	for (const [index, tool] of tools.entries()) {
		if (!isObject(tool) || tool.type !== 'function' || !isObject(tool.function)) {
			lost(`tools[${index}]`, 'Only functions are taken as tools.');
			continue;
		}
		const { strict, ...wanted } = tool.function;
		if (strict === true) lost(`tools[${index}].function.strict`, "A tool's schema is not enforced.");
		fitting.push({ ...tool, function: wanted });
	}
	if (fitting.length > 0) body.tools = fitting;
	else {
		delete body.tools;
		delete body.tool_choice;
	}
}
