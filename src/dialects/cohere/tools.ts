import type { ChatRequest, FunctionTool, JsonObject, JsonValue, Tool, ToolChoice } from '../../spec/index.ts';
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

/** The fields that concern tools. What the API has no form for is left out with a warning. */
export function encodeTools(request: ChatRequest, own: boolean, losses: Losses): JsonObject {
	const { tools, parallelToolCalls } = request;
	if (tools === undefined) return choiceOf(request.toolChoice, own, losses);
	if (parallelToolCalls === false) losses.dropped('parallel_tool_calls', 'The model may call several tools at once.');
	const wire = tools.map((tool, index) => encodeTool(tool, `tools[${index}]`, own, losses)).filter((tool) => tool !== undefined);
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
	const called: JsonObject = { name: tool.name };
	if (tool.description !== undefined) called.description = tool.description;
	if (tool.parameters !== undefined || !own) called.parameters = tool.parameters ?? { type: 'object', properties: {} };
	const type = mark(tool, '$type') ?? 'function';
	return refill(type === 'none' ? { function: called } : { type, function: called }, tool);
}
