import { isObject } from '../../lib/json.ts';
import type { ChatRequest, CustomTool, FunctionTool, JsonObject, ServerTool, Tool, ToolChoice } from '../../spec/index.ts';
import { freeTextFunction, supportedSchema, toolName } from '../shared/index.ts';
import { encodeCachePoint } from './cache.ts';
import { DIALECT, refill } from './dialect.ts';
import { type EncodeState, LONGEST_NAME, unsupported } from './encode-state.ts';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** Writes `toolConfig`; undefined where there are no tools. `budgeted`: thinking has a budget, which forbids forcing a tool. */
export function encodeTools(request: ChatRequest, budgeted: boolean, state: EncodeState): JsonObject | undefined {
	const called = state.own ? [] : calledNames(request);
	const tools = called.length > 0 || !forbidden(request, state) ? writtenTools(request, state) : undefined;
	const config: JsonObject = {};
	if (tools !== undefined && (tools.length > 0 || state.own)) config.tools = tools;
	else if (called.length > 0) config.tools = called.map((name) => ({ toolSpec: { name, inputSchema: { json: OPEN_SCHEMA } } }));
	const choice = encodeChoice(request, config.tools !== undefined && tools !== undefined, budgeted, state);
	if (choice !== undefined) config.toolChoice = choice;
	if (!state.own && request.parallelToolCalls === false && config.tools !== undefined) {
		state.losses.dropped('parallel_tool_calls', 'Calls in parallel cannot be turned off.');
	}
	return Object.keys(config).length === 0 ? undefined : config;
}

const OPEN_SCHEMA: JsonObject = { type: 'object', properties: {} };

/** The wire cannot forbid tools that are declared: they are not declared, unless the history needs them. */
function forbidden(request: ChatRequest, state: EncodeState): boolean {
	return request.toolChoice?.type === 'none' && !state.own;
}

/** Names of the tools a history calls, which must be declared whatever is asked. */
function calledNames(request: ChatRequest): string[] {
	const names = new Set<string>();
	for (const message of request.messages) {
		for (const part of message.content) {
			if (part.type === 'tool-call' && part.providerExecuted === undefined) names.add(toolName(part.name, LONGEST_NAME));
		}
	}
	return [...names];
}

function writtenTools(request: ChatRequest, state: EncodeState): JsonObject[] | undefined {
	const tools = allowed(request, state);
	return tools?.flatMap((tool) => {
		const path = `tools[${request.tools?.indexOf(tool) ?? 0}]`;
		const wire = encodeTool(tool, path, state);
		if (wire === undefined) return [];
		return tool.cache === undefined ? [wire] : [wire, encodeCachePoint(tool.cache, `${path}.cache_control`, state.losses)];
	});
}

/** The tools, without those an `allowed` choice leaves out. */
function allowed(request: ChatRequest, state: EncodeState): Tool[] | undefined {
	const choice = request.toolChoice;
	if (choice?.type !== 'allowed' || request.tools === undefined) return request.tools;
	state.losses.add('changed', 'tool_choice', 'A choice among some tools was sent as those tools alone.');
	return request.tools.filter((tool) => choice.names.includes(tool.name ?? (tool.type === 'server' ? tool.kind : '')));
}

function encodeTool(tool: Tool, path: string, state: EncodeState): JsonObject | undefined {
	state.losses.extensions(tool, path);
	if (tool.type === 'server') return encodeServer(tool, path, state);
	if (!state.own && !NAME.test(tool.name)) {
		throw unsupported(`${path}.name`, `A tool's name is 1 to 64 letters, digits, '_' and '-'; '${tool.name}' is not.`);
	}
	const spec = tool.type === 'custom' ? encodeCustom(tool, path, state) : encodeFunction(tool, path, state);
	return refill({ toolSpec: spec }, tool);
}

function encodeFunction(tool: FunctionTool, path: string, state: EncodeState): JsonObject {
	const spec: JsonObject = { name: tool.name };
	if (tool.description !== undefined && (state.own || tool.description.trim() !== '')) spec.description = tool.description;
	if (state.own) {
		spec.inputSchema = { json: tool.parameters ?? { type: 'object' } };
		if (tool.strict !== undefined) spec.strict = tool.strict;
		return spec;
	}
	const schema: JsonObject = { type: 'object', ...tool.parameters };
	if (schema.type === 'object' && !isObject(schema.properties)) schema.properties = {};
	spec.inputSchema = { json: schema };
	if (tool.strict !== true) return spec;
	if (state.traits.jsonSchema === false) {
		state.losses.dropped(`${path}.strict`, 'The model does not guarantee that inputs follow their schema.');
		return spec;
	}
	const supported = supportedSchema(schema);
	if (supported.changed)
		state.losses.add('changed', `${path}.parameters`, 'Constraints that cannot be enforced moved into descriptions.');
	return { ...spec, inputSchema: { json: supported.schema }, strict: true };
}

function encodeCustom(tool: CustomTool, path: string, state: EncodeState): JsonObject {
	const { parameters, ...told } = freeTextFunction(tool, path, state.losses);
	return { ...told, inputSchema: { json: parameters } };
}

function encodeServer(tool: ServerTool, path: string, state: EncodeState): JsonObject | undefined {
	if (tool.vendor === DIALECT) return { ...tool.config };
	state.losses.dropped(path, `The tool '${tool.kind}' of ${tool.vendor} has no counterpart.`);
	return undefined;
}

function encodeChoice(request: ChatRequest, hasTools: boolean, budgeted: boolean, state: EncodeState): JsonObject | undefined {
	const choice = request.toolChoice;
	if (choice === undefined) return undefined;
	if (choice.type === 'none') {
		if (hasTools) state.losses.dropped('tool_choice', 'Tools cannot be forbidden while the history calls some.');
		return undefined;
	}
	if (!hasTools && !state.own) {
		if (choice.type !== 'auto') state.losses.dropped('tool_choice', 'There is no tool to choose.');
		return undefined;
	}
	const wire = writeChoice(choice);
	if (!budgeted || state.own || wire.auto !== undefined) return wire;
	state.losses.add(
		'changed',
		'tool_choice',
		'A tool cannot be forced while thinking has a budget; the model was left to choose.',
	);
	return { auto: {} };
}

function writeChoice(choice: Exclude<ToolChoice, { type: 'none' }>): JsonObject {
	if (choice.type === 'tool') return { tool: { name: choice.name } };
	const mode = choice.type === 'allowed' ? choice.mode : choice.type;
	return mode === 'required' ? { any: {} } : { auto: {} };
}
