import { isObject } from '../../lib/json.ts';
import type { ChatRequest, CustomTool, FunctionTool, JsonObject, ServerTool, Tool, ToolChoice } from '../../spec/index.ts';
import { freeTextFunction } from '../shared/index.ts';
import { encodeCache } from './cache.ts';
import { DIALECT, lookup, refill } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { supportedSchema } from './schema.ts';
import { toolName } from './tool-ids.ts';

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;

/** The vendor's own tools that stand in for those of other vendors, in their most widely served versions. */
const STAND_INS: { [kind: string]: { type: string; name: string } } = {
	web_search: { type: 'web_search_20250305', name: 'web_search' },
	web_fetch: { type: 'web_fetch_20250910', name: 'web_fetch' },
	code_execution: { type: 'code_execution_20250825', name: 'code_execution' },
};

/** Writes `tools` and `tool_choice`. `thinks`: extended thinking with a budget is on, which forbids forcing a tool. */
export function encodeTools(request: ChatRequest, thinks: boolean, state: EncodeState): JsonObject {
	const tools = allowed(request, state);
	const wire: JsonObject = {};
	if (tools !== undefined) {
		const written = tools.map((tool) => encodeTool(tool, `tools[${request.tools?.indexOf(tool) ?? 0}]`, state));
		const carried = written.filter((each) => each !== undefined);
		if (carried.length > 0 || (state.own && written.length === 0)) wire.tools = carried;
	}
	const called = wire.tools === undefined && !state.own ? calledTools(request) : [];
	if (called.length > 0) return { tools: called, tool_choice: { type: 'none' } };
	const choice = encodeChoice(request, wire.tools !== undefined, thinks, state);
	if (choice !== undefined) wire.tool_choice = choice;
	return wire;
}

/** Declarations of the tools a history calls: some servers refuse calls of tools that are not declared. */
function calledTools(request: ChatRequest): JsonObject[] {
	const names = new Set<string>();
	for (const message of request.messages) {
		for (const part of message.content) {
			if (part.type === 'tool-call' && part.providerExecuted === undefined) names.add(toolName(part.name));
		}
	}
	return [...names].map((name) => ({ name, input_schema: { type: 'object', properties: {} } }));
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
		throw unsupported(`${path}.name`, `A tool's name is 1 to 128 letters, digits, '_' and '-'; '${tool.name}' is not.`);
	}
	const wire = tool.type === 'custom' ? encodeCustom(tool, path, state) : encodeFunction(tool, path, state);
	if (tool.cache !== undefined) wire.cache_control = encodeCache(tool.cache, `${path}.cache_control`, state.losses);
	return refill(wire, tool);
}

function encodeFunction(tool: FunctionTool, path: string, state: EncodeState): JsonObject {
	const wire: JsonObject = { name: tool.name };
	if (tool.description !== undefined) wire.description = tool.description;
	if (state.own) {
		wire.input_schema = tool.parameters ?? { type: 'object' };
		if (tool.strict !== undefined) wire.strict = tool.strict;
		return wire;
	}
	const schema: JsonObject = { type: 'object', ...tool.parameters };
	if (schema.type === 'object' && !isObject(schema.properties)) schema.properties = {};
	wire.input_schema = schema;
	if (tool.strict !== true) return wire;
	if (state.traits.jsonSchema === false) {
		state.losses.dropped(`${path}.strict`, 'The model does not guarantee that inputs follow their schema.');
		return wire;
	}
	const supported = supportedSchema(schema);
	if (supported.changed)
		state.losses.add('changed', `${path}.parameters`, 'Constraints that cannot be enforced moved into descriptions.');
	return { ...wire, input_schema: supported.schema, strict: true };
}

function encodeCustom(tool: CustomTool, path: string, state: EncodeState): JsonObject {
	const { parameters, ...told } = freeTextFunction(tool, path, state.losses);
	return { ...told, input_schema: { ...parameters, additionalProperties: false } };
}

function encodeServer(tool: ServerTool, path: string, state: EncodeState): JsonObject | undefined {
	if (tool.vendor === DIALECT) return { ...tool.config };
	const standIn = lookup(STAND_INS, tool.kind);
	if (standIn === undefined) {
		state.losses.dropped(path, `The tool '${tool.kind}' of ${tool.vendor} has no counterpart.`);
		return undefined;
	}
	state.losses.add(
		'approximated',
		path,
		`The tool '${tool.kind}' of ${tool.vendor} was replaced by '${standIn.type}'; its settings were left out.`,
	);
	return { ...standIn };
}

const CHOICES: { [type in 'auto' | 'none' | 'required']: string } = { auto: 'auto', none: 'none', required: 'any' };

function encodeChoice(request: ChatRequest, hasTools: boolean, thinks: boolean, state: EncodeState): JsonObject | undefined {
	const single = request.parallelToolCalls;
	const choice = request.toolChoice ?? (single === false && hasTools ? { type: 'auto' as const } : undefined);
	if (choice === undefined) return undefined;
	if (!hasTools && !state.own) {
		if (choice.type !== 'auto' && choice.type !== 'none') state.losses.dropped('tool_choice', 'There is no tool to choose.');
		return undefined;
	}
	const wire = writeChoice(choice);
	if (thinks && !state.own && (wire.type === 'any' || wire.type === 'tool')) {
		state.losses.add(
			'changed',
			'tool_choice',
			'A tool cannot be forced while thinking has a budget; the model was left to choose.',
		);
		delete wire.name;
		wire.type = 'auto';
	}
	if (single !== undefined && (state.own || (!single && wire.type !== 'none'))) wire.disable_parallel_tool_use = !single;
	return wire;
}

function writeChoice(choice: ToolChoice): JsonObject {
	if (choice.type === 'tool') return { type: 'tool', name: choice.name };
	return { type: CHOICES[choice.type === 'allowed' ? choice.mode : choice.type] };
}
