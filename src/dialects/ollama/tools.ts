import type { ChatRequest, JsonObject, Tool } from '../../spec/index.ts';
import { encodeFunctionTool, type Losses } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';

/** Writes tools; undefined where there is none to write. What the API has no form for is left out with a warning. */
export function encodeTools(request: ChatRequest, own: boolean, losses: Losses): JsonObject[] | undefined {
	const { tools, toolChoice } = request;
	if (tools === undefined) return undefined;
	if (toolChoice?.type === 'none') {
		losses.add('changed', 'tool_choice', 'Tools cannot be forbidden; they were left out of the request.');
		return undefined;
	}
	reportChoice(request, losses);
	const wire = tools.map((tool, index) => encodeTool(tool, `tools[${index}]`, own, losses)).filter((tool) => tool !== undefined);
	return wire.length === 0 ? undefined : wire;
}

function reportChoice({ toolChoice, parallelToolCalls }: ChatRequest, losses: Losses): void {
	if (toolChoice !== undefined && toolChoice.type !== 'auto')
		losses.dropped('tool_choice', 'The model chooses among tools itself; a call cannot be demanded.');
	if (parallelToolCalls === false) losses.dropped('parallel_tool_calls', 'The model may call several tools at once.');
}

function encodeTool(tool: Tool, path: string, own: boolean, losses: Losses): JsonObject | undefined {
	const wire = encodeFunctionTool(DIALECT, tool, path, own, losses);
	if (tool.type === 'function' && tool.strict === true) {
		losses.dropped(`${path}.function.strict`, "A tool's schema is not enforced.");
	}
	return wire;
}
