import { isObject } from '../../lib/json.ts';
import type { CustomTool, FunctionTool, JsonObject, JsonValue, ServerTool, Tool } from '../../spec/index.ts';
import { extend, Fields, type Losses, own, read, restored, table } from '../shared/index.ts';
import { decodeCache, encodeCache } from './cache.ts';
import { DIALECT } from './name.ts';
import { nest, nested, orNothing } from './nested.ts';

/** Common names of the tools vendors of this dialect run themselves, by the wire's `type`. */
const SERVER_KINDS = table<string>({
	browser_search: 'web_search',
	code_interpreter: 'code_execution',
	web_search_preview: 'web_search',
});

/** A vendor's prefix, as in `openrouter:web_search`, is no part of the common name. */
function serverKind(type: string): string {
	const bare = type.slice(type.lastIndexOf(':') + 1);
	return SERVER_KINDS[bare] ?? bare;
}

function decodeFunction(fields: Fields): FunctionTool {
	const inner = new Fields(fields.require('function', read.object), fields.at('function'));
	const tool: FunctionTool = { type: 'function', name: inner.require('name', read.nonEmptyString) };
	const description = inner.take('description', read.string);
	const parameters = inner.take('parameters', read.object);
	const strict = inner.take('strict', read.boolean);
	if (description !== undefined) tool.description = description;
	if (parameters !== undefined) tool.parameters = parameters;
	if (strict !== undefined) tool.strict = strict;
	const cache = decodeCache(fields);
	if (cache !== undefined) tool.cache = cache;
	const left: JsonObject = { ...fields.rest() };
	nest(left, 'function', inner.rest());
	return { ...tool, ...extend(DIALECT, orNothing(left)) };
}

function decodeGrammar(inner: Fields): CustomTool['grammar'] {
	const format = inner.wire.format;
	if (!isObject(format) || format.type !== 'grammar') {
		inner.take('format', read.object);
		inner.keep('format');
		return undefined;
	}
	inner.drop('format');
	const path = read.at(inner.at('format'), 'grammar');
	const grammar = read.required(format, 'grammar', inner.at('format'), read.object);
	return {
		syntax: read.required(grammar, 'syntax', path, read.string),
		definition: read.required(grammar, 'definition', path, read.string),
	};
}

function decodeCustom(fields: Fields): CustomTool {
	const inner = new Fields(fields.require('custom', read.object), fields.at('custom'));
	const tool: CustomTool = { type: 'custom', name: inner.require('name', read.nonEmptyString) };
	const description = inner.take('description', read.string);
	const grammar = decodeGrammar(inner);
	if (description !== undefined) tool.description = description;
	if (grammar !== undefined) tool.grammar = grammar;
	const cache = decodeCache(fields);
	if (cache !== undefined) tool.cache = cache;
	const left: JsonObject = { ...fields.rest() };
	nest(left, 'custom', inner.rest());
	return { ...tool, ...extend(DIALECT, orNothing(left)) };
}

function decodeTool(value: JsonValue, path: string): Tool {
	const fields = new Fields(read.object(value, path), path);
	const type =
		fields.wire.type === undefined && isObject(fields.wire.function) ? 'function' : fields.require('type', read.nonEmptyString);
	if (type === 'function') {
		if (fields.wire.type !== undefined) return decodeFunction(fields);
		const tool = decodeFunction(fields);
		return { ...tool, ...extend(DIALECT, { ...own(tool, DIALECT), $untyped: true }) };
	}
	if (type === 'custom') return decodeCustom(fields);
	return { type: 'server', kind: serverKind(type), vendor: DIALECT, config: fields.wire };
}

/** `tools`; an empty list is form, not tools. */
export function decodeTools(fields: Fields): Tool[] | undefined {
	const wire = fields.take('tools', read.array);
	if (wire?.length === 0) fields.keep('tools');
	if (wire === undefined || wire.length === 0) return undefined;
	return wire.map((item, index) => decodeTool(item, read.at(fields.at('tools'), index)));
}

/** `functions`, from the time before `tools`. */
export function decodeLegacyFunctions(fields: Fields): Tool[] | undefined {
	const wire = fields.take('functions', read.array);
	if (wire?.length === 0) fields.keep('functions');
	if (wire === undefined || wire.length === 0) return undefined;
	return wire.map((item, index) => {
		const path = read.at(fields.at('functions'), index);
		const wrapped = decodeFunction(new Fields({ function: read.object(item, path) }, path));
		return { ...wrapped, ...extend(DIALECT, { ...own(wrapped, DIALECT), $legacy: true }) };
	});
}

/** `web_search_options` asks for the provider's own search, without naming it among the tools. */
export function decodeWebSearch(fields: Fields): ServerTool | undefined {
	const config = fields.take('web_search_options', read.object);
	if (config === undefined) return undefined;
	return { type: 'server', kind: 'web_search', vendor: DIALECT, config };
}

function describe(tool: FunctionTool | CustomTool): JsonObject {
	return { name: tool.name, ...(tool.description === undefined ? {} : { description: tool.description }) };
}

function encodeFunction(tool: FunctionTool, left: JsonObject | undefined): JsonObject {
	return {
		...restored(nested(left, 'function')),
		...describe(tool),
		...(tool.parameters === undefined ? {} : { parameters: tool.parameters }),
		...(tool.strict === undefined ? {} : { strict: tool.strict }),
	};
}

function encodeCustom(tool: CustomTool, left: JsonObject | undefined): JsonObject {
	const grammar = tool.grammar === undefined ? {} : { format: { type: 'grammar', grammar: { ...tool.grammar } } };
	return { ...restored(nested(left, 'custom')), ...describe(tool), ...grammar };
}

/** What the tools of a request become: entries of `tools`, legacy `functions`, and options of the provider's search. */
export interface EncodedTools {
	tools: JsonObject[];
	functions: JsonObject[];
	webSearch: JsonObject | undefined;
}

function encodeServerTool(tool: ServerTool, path: string, into: EncodedTools, losses: Losses): void {
	if (tool.vendor !== DIALECT) {
		losses.dropped(path, `The provider-run tool '${tool.kind}' of ${tool.vendor} has no form in this dialect.`);
	} else if (tool.config.type === undefined) into.webSearch = tool.config;
	else into.tools.push(tool.config);
}

export function encodeTools(tools: Tool[], losses: Losses): EncodedTools {
	const into: EncodedTools = { tools: [], functions: [], webSearch: undefined };
	for (const [index, tool] of tools.entries()) {
		const path = `tools[${index}]`;
		losses.extensions(tool, path);
		const left = own(tool, DIALECT);
		if (tool.type === 'server') encodeServerTool(tool, path, into, losses);
		else if (tool.type === 'function' && left?.$legacy === true) into.functions.push(encodeFunction(tool, left));
		else {
			const body = tool.type === 'function' ? encodeFunction(tool, left) : encodeCustom(tool, left);
			const type = left?.$untyped === true ? {} : { type: tool.type };
			const wire: JsonObject = { ...restored(left), ...type, [tool.type]: body };
			encodeCache(tool.cache, wire, `${path}.cache_control`, losses);
			into.tools.push(wire);
		}
	}
	return into;
}
