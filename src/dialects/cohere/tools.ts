import type { ChatRequest, JsonObject, ToolChoice } from '../../spec/index.ts';
import { encodeFunctionTool, type Losses } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';

/** The fields that concern tools. What the API has no form for is left out with a warning. */
export function encodeTools(request: ChatRequest, own: boolean, losses: Losses): JsonObject {
	const { tools, parallelToolCalls } = request;
	if (tools === undefined) return choiceOf(request.toolChoice, own, losses);
	if (parallelToolCalls === false) losses.dropped('parallel_tool_calls', 'The model may call several tools at once.');
	const wire = tools
		.map((tool, index) => encodeFunctionTool(DIALECT, tool, `tools[${index}]`, own, losses))
		.filter((tool) => tool !== undefined);
	if (wire.length === 0) return {};
	const fields: JsonObject = { tools: wire, ...choiceOf(request.toolChoice, own, losses) };
	const functions = tools.filter((tool) => tool.type === 'function');
	if (functions.every((tool) => tool.strict === true)) fields.strict_tools = true;
	else if (functions.some((tool) => tool.strict === true))
		losses.dropped('tools', 'Schemas are enforced for all tools or for none; here for none.');
	return fields;
}

function choiceOf(choice: ToolChoice | undefined, own: boolean, losses: Losses): JsonObject {
	if (choice === undefined || choice.type === 'auto') return {};
	if (choice.type === 'none' || choice.type === 'required') return { tool_choice: choice.type === 'none' ? 'NONE' : 'REQUIRED' };
	const demanded = choice.type !== 'allowed' || choice.mode === 'required';
	if (!own)
		losses.add(
			'approximated',
			'tool_choice',
			`Tools cannot be chosen by name${demanded ? '; a call of any of them was demanded' : ''}.`,
		);
	return demanded ? { tool_choice: 'REQUIRED' } : {};
}
