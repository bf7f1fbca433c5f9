import type { ChatRequest, JsonObject, Tool, ToolChoice } from '../../spec/index.ts';
import { encodeFunctionTool, type Losses } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';

/** The fields that concern tools. What the API has no form for is left out with a warning. */
export function encodeTools(request: ChatRequest, own: boolean, losses: Losses): JsonObject {
	const { tools, parallelToolCalls } = request;
	if (tools === undefined) return choiceOf(request.toolChoice);
	if (parallelToolCalls === false) losses.dropped('parallel_tool_calls', 'The model may call several tools at once.');
	const offered = chosen(tools, request.toolChoice);
	const wire = offered
		.map((tool) => encodeFunctionTool(DIALECT, tool, `tools[${tools.indexOf(tool)}]`, own, losses))
		.filter((tool) => tool !== undefined);
	if (wire.length === 0) return {};
	const fields: JsonObject = { tools: wire, ...choiceOf(request.toolChoice) };
	const functions = offered.filter((tool) => tool.type === 'function');
	if (functions.every((tool) => tool.strict === true)) fields.strict_tools = true;
	else if (functions.some((tool) => tool.strict === true))
		losses.dropped('tools', 'Schemas are enforced for all tools or for none; here for none.');
	return fields;
}

function choiceOf(choice: ToolChoice | undefined): JsonObject {
	const mode = choice?.type === 'allowed' ? choice.mode : choice?.type;
	if (mode === undefined || mode === 'auto') return {};
	return { tool_choice: mode === 'none' ? 'NONE' : 'REQUIRED' };
}

/** Tools cannot be chosen by name: those that were chosen are the only ones offered. */
function chosen(tools: Tool[], choice: ToolChoice | undefined): Tool[] {
	if (choice?.type !== 'tool' && choice?.type !== 'allowed') return tools;
	const names = choice.type === 'tool' ? [choice.name] : choice.names;
	const left = tools.filter((tool) => tool.name !== undefined && names.includes(tool.name));
	return left.length > 0 ? left : tools;
}
