import type { FunctionTool, JsonObject, ServerTool, Tool, ToolChoice } from '../../spec/index.ts';
import { extend, type Fields, read } from '../shared/index.ts';
import { DIALECT, lookup, withMarks } from './dialect.ts';
import { restOf } from './media-decode.ts';
import { toJsonSchema } from './schema.ts';
import { camel, fieldsOf, listed } from './spelling.ts';

/** Common names of the tools the vendor runs, by the member that turns them on. */
const KINDS: { [member: string]: string } = {
	googleSearch: 'web_search',
	googleSearchRetrieval: 'web_search',
	enterpriseWebSearch: 'web_search',
	codeExecution: 'code_execution',
	urlContext: 'web_fetch',
	fileSearch: 'file_search',
	computerUse: 'computer',
	googleMaps: 'maps',
	mcpServers: 'mcp',
};

/** Reads `tools`: functions of the application's, and tools the vendor runs, each known by the member that turns it on. */
export function decodeTools(entries: JsonObject[], path: string): Tool[] {
	return entries.flatMap((value, index) => {
		const entry = camel(value);
		const at = read.at(path, index);
		return Object.keys(entry).flatMap((member): Tool[] => {
			const setting = entry[member];
			if (setting === undefined || setting === null) return [];
			if (member !== 'functionDeclarations') return [serverTool(member, { [member]: setting }, index)];
			const declared = listed(setting, read.at(at, member));
			return declared.map((each, nth) => functionTool(each, read.at(read.at(at, member), nth), index));
		});
	});
}

function serverTool(member: string, config: JsonObject, entry: number): ServerTool {
	const kind = lookup(KINDS, member) ?? member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
	return { type: 'server', kind, vendor: DIALECT, config, ...extend(DIALECT, { $entry: entry }) };
}

function functionTool(value: JsonObject, path: string, entry: number): FunctionTool {
	const wire = fieldsOf(value, path);
	const tool: FunctionTool = { type: 'function', name: wire.require('name', read.nonEmptyString) };
	const description = wire.take('description', read.string);
	if (description !== undefined) tool.description = description;
	const schema = wire.take('parametersJsonSchema', read.object);
	const own = wire.take('parameters', read.object);
	const marks: JsonObject = { $entry: entry };
	if (schema !== undefined) tool.parameters = schema;
	else if (own !== undefined) {
		tool.parameters = toJsonSchema(own);
		marks.$parameters = own;
	}
	return { ...tool, ...extend(DIALECT, withMarks(wire.rest(), marks)) };
}

const MODES = ['AUTO', 'ANY', 'NONE', 'VALIDATED', 'MODE_UNSPECIFIED'] as const;
type Mode = (typeof MODES)[number];
/** Modes by their number. */
const NUMBERED: readonly Mode[] = ['MODE_UNSPECIFIED', 'AUTO', 'ANY', 'NONE', 'VALIDATED'];

const modeName: read.Reader<Mode> = (value, path) =>
	(typeof value === 'number' ? NUMBERED[value] : undefined) ??
	read.oneOf(MODES)(typeof value === 'string' ? value.toUpperCase() : value, path);

/** Takes the choice among functions off a request's `toolConfig`; undefined where it makes none. `left` learns the rest. */
export function decodeToolChoice(fields: Fields, left: JsonObject): ToolChoice | undefined {
	const wire = fields.take('toolConfig', read.object);
	if (wire === undefined) return undefined;
	const config = fieldsOf(wire, fields.at('toolConfig'));
	const calling = config.take('functionCallingConfig', read.object);
	const rest = config.rest();
	if (rest !== undefined) left.toolConfig = restOf(rest);
	if (calling === undefined) return undefined;
	left.$choice = calling;
	return readChoice(calling, config.at('functionCallingConfig'));
}

/** The choice a `functionCallingConfig` makes. */
export function readChoice(wire: JsonObject, path: string): ToolChoice {
	const calling = fieldsOf(wire, path);
	const mode = calling.take('mode', modeName) ?? 'AUTO';
	const names = calling.take('allowedFunctionNames', read.arrayOf(read.nonEmptyString)) ?? [];
	if (mode === 'NONE') return { type: 'none' };
	const [only, ...others] = names;
	if (only !== undefined && others.length === 0 && mode === 'ANY') return { type: 'tool', name: only, kind: 'function' };
	if (only !== undefined) return { type: 'allowed', mode: mode === 'ANY' ? 'required' : 'auto', names };
	return { type: mode === 'ANY' ? 'required' : 'auto' };
}
