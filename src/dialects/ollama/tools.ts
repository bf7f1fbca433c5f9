import type { ChatRequest, FunctionTool, JsonObject, JsonValue, Tool } from '../../spec/index.ts';
import { extend, Fields, keepInside, type Losses, read } from '../shared/index.ts';
import { DIALECT, mark, refill } from './dialect.ts';

/** Reads the tools of a request. */
export function decodeTools(list: JsonValue[]): Tool[] {
	return list.map((value, index) => decodeTool(read.object(value, read.at('tools', index)), read.at('tools', index)));
}

function decodeTool(wire: JsonObject, path: string): Tool {
	const outer = new Fields(wire, path);
	const type = outer.take('type', read.string);
	const inner = new Fields(outer.require('function', read.object), outer.at('function'));
	const tool: FunctionTool = { type: 'function', name: inner.require('name', read.nonEmptyString) };
	const description = inner.take('description', read.string);
	if (description !== undefined) tool.description = description;
	const parameters = inner.take('parameters', read.object);
	if (parameters !== undefined) tool.parameters = parameters;
	const kept: JsonObject = { ...outer.rest() };
	keepInside(kept, 'function', inner.rest());
	if (type !== 'function') kept.$type = type ?? 'none';
	return { ...tool, ...extend(DIALECT, Object.keys(kept).length === 0 ? undefined : kept) };
}

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
	losses.extensions(tool, path);
	if (tool.type !== 'function') {
		losses.dropped(
			path,
			tool.type === 'server' ? 'The provider runs no tools itself.' : 'Tools that take free text are not offered.',
		);
		return undefined;
	}
	if (tool.cache !== undefined) losses.dropped(`${path}.cache_control`, 'What to cache cannot be chosen.');
	if (tool.strict === true) losses.dropped(`${path}.function.strict`, "A tool's schema is not enforced.");
	const called: JsonObject = { name: tool.name };
	if (tool.description !== undefined) called.description = tool.description;
	if (tool.parameters !== undefined || !own) called.parameters = tool.parameters ?? { type: 'object', properties: {} };
	const type = mark(tool, '$type') ?? 'function';
	return refill(type === 'none' ? { function: called } : { type, function: called }, tool);
}
