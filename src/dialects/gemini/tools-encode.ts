import { isObject } from '../../lib/json.ts';
import type { ChatRequest, CustomTool, FunctionTool, JsonObject, ServerTool, Tool, ToolChoice } from '../../spec/index.ts';
import { freeTextFunction, own, same } from '../shared/index.ts';
import { DIALECT, lookup, mark, refill } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { toJsonSchema } from './schema.ts';
import { readChoice } from './tools-decode.ts';

/** Names of functions the API takes. */
const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/;

/** The vendor's own tools that stand in for those of other vendors. */
const STAND_INS: { [kind: string]: string } = {
	web_search: 'googleSearch',
	web_fetch: 'urlContext',
	code_execution: 'codeExecution',
	code_interpreter: 'codeExecution',
};

/** Writes `tools` and `toolConfig`. */
export function encodeTools(request: ChatRequest, state: EncodeState): JsonObject {
	const wire: JsonObject = {};
	const entries = request.tools === undefined ? [] : gather(request.tools, state);
	if (entries.length > 0 || (state.own && request.tools !== undefined)) wire.tools = entries;
	const calling = encodeChoice(request, entries.some(declares), state);
	if (calling !== undefined) wire.toolConfig = { functionCallingConfig: calling };
	if (!state.own && mixes(entries))
		wire.toolConfig = { ...(isObject(wire.toolConfig) ? wire.toolConfig : {}), includeServerSideToolInvocations: true };
	if (request.parallelToolCalls === false && entries.length > 0)
		state.losses.dropped('parallel_tool_calls', 'Several calls at a time cannot be forbidden.');
	return wire;
}

function declares(entry: JsonObject): boolean {
	return entry.functionDeclarations !== undefined;
}

function mixes(entries: JsonObject[]): boolean {
	return entries.some(declares) && entries.some((entry) => !declares(entry));
}

/** The wire's entries: as they came, or one with all functions and one for each tool the vendor runs. */
function gather(tools: readonly Tool[], state: EncodeState): JsonObject[] {
	const entries = new Map<string, JsonObject>();
	const functions = tools.some((tool) => tool.type !== 'server');
	tools.forEach((tool, index) => {
		const path = `tools[${index}]`;
		state.losses.extensions(tool, path);
		const entry = mark(tool, '$entry');
		const written = tool.type === 'server' ? serverEntry(tool, functions, path, state) : declaration(tool, path, state);
		if (written === undefined) return;
		const key = typeof entry === 'number' && state.own ? `as it came: ${entry}` : tool.type === 'server' ? path : 'functions';
		const there = entries.get(key) ?? {};
		entries.set(key, there);
		if (tool.type === 'server') Object.assign(there, written);
		else there.functionDeclarations = [...(Array.isArray(there.functionDeclarations) ? there.functionDeclarations : []), written];
	});
	return [...entries.values()];
}

function declaration(tool: FunctionTool | CustomTool, path: string, state: EncodeState): JsonObject {
	if (!state.own && !NAME.test(tool.name))
		throw unsupported(
			`${path}.name`,
			`A function's name is 1 to 128 letters, digits, '_', '.', ':' and '-'; '${tool.name}' is not.`,
		);
	if (tool.cache !== undefined)
		state.losses.dropped('cache_control', 'Places to cache at cannot be chosen; long prefixes are cached without being asked.');
	return refill(tool.type === 'custom' ? freeText(tool, path, state) : functionOf(tool, path, state), tool);
}

function functionOf(tool: FunctionTool, path: string, state: EncodeState): JsonObject {
	const wire: JsonObject = { name: tool.name };
	if (tool.description !== undefined) wire.description = tool.description;
	if (tool.strict === true)
		state.losses.dropped(`${path}.strict`, 'That arguments follow their schema is not promised for single functions.');
	const kept = own(tool, DIALECT)?.$parameters;
	if (isObject(kept) && tool.parameters !== undefined && same(toJsonSchema(kept), tool.parameters)) wire.parameters = kept;
	else if (tool.parameters !== undefined) wire.parametersJsonSchema = tool.parameters;
	return wire;
}

function freeText(tool: CustomTool, path: string, state: EncodeState): JsonObject {
	const { parameters, ...told } = freeTextFunction(tool, path, state.losses);
	return { ...told, parametersJsonSchema: parameters };
}

function serverEntry(tool: ServerTool, functions: boolean, path: string, state: EncodeState): JsonObject | undefined {
	if (tool.vendor === DIALECT) return { ...tool.config };
	const standIn = lookup(STAND_INS, tool.kind);
	if (standIn === undefined) {
		state.losses.dropped(path, `The tool '${tool.kind}' of ${tool.vendor} has no counterpart.`);
		return undefined;
	}
	if (functions && !state.signing) {
		state.losses.dropped(path, `The model takes '${standIn}' only without functions; it was left out.`);
		return undefined;
	}
	state.losses.add(
		'approximated',
		path,
		`The tool '${tool.kind}' of ${tool.vendor} was replaced by '${standIn}'; its settings were left out.`,
	);
	return { [standIn]: {} };
}

const MODES: { [type in 'auto' | 'none' | 'required']: string } = { auto: 'AUTO', none: 'NONE', required: 'ANY' };

function encodeChoice(request: ChatRequest, functions: boolean, state: EncodeState): JsonObject | undefined {
	const choice = request.toolChoice;
	if (choice === undefined) return undefined;
	const kept = own(request, DIALECT)?.$choice;
	if (isObject(kept) && same(readChoice(kept, ''), choice)) return kept;
	if (!functions) {
		if (choice.type !== 'auto' && choice.type !== 'none') state.losses.dropped('tool_choice', 'There is no function to choose.');
		return undefined;
	}
	return writeChoice(choice, state);
}

function writeChoice(choice: ToolChoice, state: EncodeState): JsonObject | undefined {
	if (choice.type === 'tool') {
		if (choice.kind !== 'server') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
		state.losses.dropped('tool_choice', `The tool '${choice.name}', which the provider runs, cannot be chosen.`);
		return undefined;
	}
	if (choice.type === 'allowed')
		return { mode: choice.mode === 'required' ? 'ANY' : 'VALIDATED', allowedFunctionNames: choice.names };
	return { mode: MODES[choice.type] };
}
