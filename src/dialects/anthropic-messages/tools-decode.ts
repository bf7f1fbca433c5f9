import type { FunctionTool, JsonObject, JsonValue, ServerTool, Tool } from '../../spec/index.ts';
import { extend, leftovers, read } from '../shared/index.ts';
import { decodeCache } from './cache.ts';
import { DIALECT, lookup } from './dialect.ts';

const TAKEN: ReadonlySet<string> = new Set(['name', 'description', 'input_schema', 'strict', 'cache_control']);
/** Mere form, too: `eager_input_streaming`, which says only how soon the pieces of a call's arguments are sent. */
const QUIET: ReadonlySet<string> = new Set(['type', 'eager_input_streaming']);
const VERSION = /_\d{8}$/;
/** Common names of the vendor's own tools where they differ from the type without its version. */
const KINDS: { [name: string]: string } = {
	mcp_toolset: 'mcp',
	browser_toolset: 'browser',
	computer_toolset: 'computer',
	tool_search_tool_bm25: 'tool_search',
	tool_search_tool_regex: 'tool_search',
};

/** Reads the tools of a request: the application's own, and the vendor's, which are known by their `type`. */
export function decodeTools(tools: JsonValue[], path: string): Tool[] {
	return tools.map((tool, index) => decodeTool(read.object(tool, read.at(path, index)), read.at(path, index)));
}

function decodeTool(wire: JsonObject, path: string): Tool {
	const type = read.optional(wire, 'type', path, read.string);
	return type === undefined || type === 'custom' ? decodeFunction(wire, path) : decodeServer(wire, type, path);
}

function decodeFunction(wire: JsonObject, path: string): FunctionTool {
	const tool: FunctionTool = {
		type: 'function',
		name: read.required(wire, 'name', path, read.nonEmptyString),
		parameters: read.required(wire, 'input_schema', path, read.object),
		...decodeCache(wire, path),
	};
	const description = read.optional(wire, 'description', path, read.string);
	if (description !== undefined) tool.description = description;
	const strict = read.optional(wire, 'strict', path, read.boolean);
	if (strict !== undefined) tool.strict = strict;
	return { ...tool, ...extend(DIALECT, leftovers(wire, TAKEN, QUIET)) };
}

function decodeServer(wire: JsonObject, type: string, path: string): ServerTool {
	const bare = type.replace(VERSION, '');
	const tool: ServerTool = { type: 'server', kind: lookup(KINDS, bare) ?? bare, vendor: DIALECT, config: wire };
	const name = read.optional(wire, 'name', path, read.string);
	if (name !== undefined) tool.name = name;
	return tool;
}
