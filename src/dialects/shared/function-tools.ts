import type { FunctionTool, JsonObject, JsonValue, Tool } from '../../spec/index.ts';
import { extend, own as left } from './extensions.ts';
import { Fields } from './fields.ts';
import { freeTextFunction } from './free-text-tools.ts';
import type { Losses } from './losses.ts';
import { keepInside } from './marks.ts';
import { refillFrom } from './refill.ts';
import * as read from './wire.ts';

/**
 * Reads tools of the form `{ type, function: { name, description, parameters } }`. A type that is none or unknown is marked
 * `$type`. Throws `invalid_request` for what is no such tool.
 */
export function decodeFunctionTools(dialect: string, list: JsonValue[]): Tool[] {
	return list.map((value, index) => {
		const path = read.at('tools', index);
		return decodeTool(dialect, read.object(value, path), path);
	});
}

function decodeTool(dialect: string, wire: JsonObject, path: string): Tool {
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
	return { ...tool, ...extend(dialect, Object.keys(kept).length === 0 ? undefined : kept) };
}

/**
 * Writes a tool in that form for an API that takes no other tools and no cache hints; undefined, with a warning, where it is one the
 * provider would run. `own`: the request came from this dialect. `strict` is left to the caller.
 */
export function encodeFunctionTool(
	dialect: string,
	tool: Tool,
	path: string,
	own: boolean,
	losses: Losses,
): JsonObject | undefined {
	losses.extensions(tool, path);
	if (tool.type === 'server') {
		losses.dropped(path, 'The provider runs no tools itself.');
		return undefined;
	}
	if (tool.cache !== undefined) losses.dropped(`${path}.cache_control`, 'What to cache cannot be chosen.');
	if (tool.type === 'custom') return { type: 'function', function: { ...freeTextFunction(tool, path, losses) } };
	const called: JsonObject = { name: tool.name };
	if (tool.description !== undefined) called.description = tool.description;
	if (tool.parameters !== undefined || !own) called.parameters = tool.parameters ?? { type: 'object', properties: {} };
	const type = left(tool, dialect)?.$type ?? 'function';
	return refillFrom(dialect, type === 'none' ? { function: called } : { type, function: called }, tool);
}
