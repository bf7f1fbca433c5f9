import { isObject } from '../../lib/json.ts';
import type { ChatRequest, FunctionTool, JsonObject, JsonValue, Tool, ToolChoice } from '../../spec/index.ts';
import { extend, read } from '../shared/index.ts';
import { toolKind } from './block-decode.ts';
import { decodeCachePoint, isCachePoint } from './cache.ts';
import { DIALECT, keep, remainder } from './dialect.ts';

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const SPEC = set('name', 'description', 'strict');

/** Takes `toolConfig`; returns what is left of it. */
export function takeTools(config: JsonObject, request: ChatRequest): JsonObject | undefined {
	const taken = new Set<string>();
	const tools = read.optional(config, 'tools', 'toolConfig', read.array);
	if (tools !== undefined) {
		request.tools = decodeTools(tools, 'toolConfig.tools');
		taken.add('tools');
	}
	const choice = read.optional(config, 'toolChoice', 'toolConfig', read.object);
	const known = choice === undefined ? undefined : decodeChoice(choice, 'toolConfig.toolChoice');
	if (known === undefined) return remainder(config, taken);
	request.toolChoice = known;
	return remainder(config, taken.add('toolChoice'));
}

function decodeTools(list: JsonValue[], path: string): Tool[] {
	const tools: Tool[] = [];
	for (let i = 0; i < list.length; i++) {
		const inside = read.at(path, i);
		const item = read.object(list[i] ?? null, inside);
		const previous = tools.at(-1);
		if (isCachePoint(item) && previous !== undefined && previous.cache === undefined) {
			previous.cache = decodeCachePoint(item, inside);
		} else tools.push(decodeTool(item, inside));
	}
	return tools;
}

function decodeTool(item: JsonObject, path: string): Tool {
	if (item.toolSpec !== undefined) return decodeFunction(item, path);
	const system = item.systemTool;
	if (isObject(system) && typeof system.name === 'string') {
		return { type: 'server', kind: toolKind(system.name), name: system.name, vendor: DIALECT, config: item };
	}
	const [kind] = Object.keys(item);
	if (kind === undefined) throw read.invalid(path, `'${path}' must hold a tool.`);
	return { type: 'server', kind, vendor: DIALECT, config: item };
}

function decodeFunction(item: JsonObject, path: string): FunctionTool {
	const wire = read.required(item, 'toolSpec', path, read.object);
	const inside = read.at(path, 'toolSpec');
	const schema = read.required(wire, 'inputSchema', inside, read.object);
	const tool: FunctionTool = {
		type: 'function',
		name: read.required(wire, 'name', inside, read.nonEmptyString),
		parameters: read.required(schema, 'json', read.at(inside, 'inputSchema'), read.object),
	};
	const description = read.optional(wire, 'description', inside, read.string);
	if (description !== undefined) tool.description = description;
	const strict = read.optional(wire, 'strict', inside, read.boolean);
	if (strict !== undefined) tool.strict = strict;
	return { ...tool, ...extend(DIALECT, keep(item, 'toolSpec', wire, SPEC, { inputSchema: remainder(schema, set('json')) })) };
}

function decodeChoice(wire: JsonObject, path: string): ToolChoice | undefined {
	if (Object.keys(wire).length !== 1) return undefined;
	if (isObject(wire.auto)) return { type: 'auto' };
	if (isObject(wire.any)) return { type: 'required' };
	if (wire.tool === undefined) return undefined;
	const tool = read.required(wire, 'tool', path, read.object);
	return { type: 'tool', name: read.required(tool, 'name', read.at(path, 'tool'), read.nonEmptyString) };
}
