import { isObject } from '../../lib/json.ts';
import type { CustomTool, FunctionTool, JsonObject, JsonValue, ServerTool, Tool } from '../../spec/index.ts';
import { Fields, type Losses, own, read, restored, table } from '../shared/index.ts';
import { nest, nested, withLeft } from './forms.ts';
import { DIALECT } from './name.ts';

/** Common names of the vendor's own tools, by the wire's `type`; versions of a type are cut off. */
const SERVER_KINDS = table<string>({
	web_search: 'web_search',
	web_search_preview: 'web_search',
	file_search: 'file_search',
	code_interpreter: 'code_execution',
	computer: 'computer',
	computer_use_preview: 'computer',
	local_shell: 'bash',
	shell: 'bash',
	apply_patch: 'text_editor',
});

function serverKind(type: string): string {
	const bare = type.replace(/_\d{4}_\d{2}_\d{2}$/, '');
	return SERVER_KINDS[bare] ?? bare;
}

/** Describes a function. The older API nests name and schema under `function`; some clients keep to that, and vendors take it. */
function decodeFunction(fields: Fields): FunctionTool {
	const left: JsonObject = {};
	const isNested = isObject(fields.wire.function) && fields.wire.parameters === undefined;
	const inner = isNested ? new Fields(fields.require('function', read.object), fields.at('function')) : fields;
	const tool: FunctionTool = { type: 'function', name: inner.require('name', read.nonEmptyString) };
	if (isNested) fields.keep('name');
	const description = inner.take('description', read.string);
	const parameters = inner.take('parameters', read.object);
	const strict = inner.take('strict', read.boolean);
	if (description !== undefined) tool.description = description;
	if (parameters !== undefined) tool.parameters = parameters;
	if (strict !== undefined) tool.strict = strict;
	if (isNested) nest(left, 'function', { ...inner.rest(), $nested: true });
	return withLeft(tool, { ...fields.rest(), ...left, $tool: true });
}

function decodeGrammar(fields: Fields): CustomTool['grammar'] {
	const { format } = fields.wire;
	if (!isObject(format) || format.type !== 'grammar') {
		fields.keep('format');
		return undefined;
	}
	fields.drop('format');
	const path = fields.at('format');
	return {
		syntax: read.required(format, 'syntax', path, read.string),
		definition: read.required(format, 'definition', path, read.string),
	};
}

function decodeCustom(fields: Fields): CustomTool {
	const tool: CustomTool = { type: 'custom', name: fields.require('name', read.nonEmptyString) };
	const description = fields.take('description', read.string);
	const grammar = decodeGrammar(fields);
	if (description !== undefined) tool.description = description;
	if (grammar !== undefined) tool.grammar = grammar;
	return withLeft(tool, { ...fields.rest(), $tool: true });
}

function decodeTool(value: JsonValue, path: string): Tool {
	const fields = new Fields(read.object(value, path), path);
	const type = fields.require('type', read.nonEmptyString);
	if (type === 'function') return decodeFunction(fields);
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

const NO_PARAMETERS: JsonObject = { type: 'object', properties: {} };

/** The API would make a schema strict by default, which other dialects' requests did not ask for. */
function encodeFunction(tool: FunctionTool, left: JsonObject | undefined): JsonObject {
	const fresh = left === undefined ? { parameters: NO_PARAMETERS, strict: false } : {};
	const facts: JsonObject = {
		...fresh,
		name: tool.name,
		...(tool.description === undefined ? {} : { description: tool.description }),
		...(tool.parameters === undefined ? {} : { parameters: tool.parameters }),
		...(tool.strict === undefined ? {} : { strict: tool.strict }),
	};
	const inner = nested(left, 'function');
	if (inner === undefined) return { ...restored(left), type: 'function', ...facts };
	const { function: _, ...outer } = restored(left);
	return { ...outer, type: 'function', function: { ...restored(inner), ...facts } };
}

function encodeCustom(tool: CustomTool, left: JsonObject | undefined): JsonObject {
	return {
		...restored(left),
		type: 'custom',
		name: tool.name,
		...(tool.description === undefined ? {} : { description: tool.description }),
		...(tool.grammar === undefined ? {} : { format: { type: 'grammar', ...tool.grammar } }),
	};
}

function encodeServer(tool: ServerTool, path: string, losses: Losses): JsonObject[] {
	if (tool.vendor === DIALECT) return [tool.config];
	losses.dropped(path, `The provider-run tool '${tool.kind}' of ${tool.vendor} has no form in this dialect.`);
	return [];
}

export function encodeTools(tools: readonly Tool[], losses: Losses): JsonObject[] {
	return tools.flatMap((tool, index) => {
		const path = `tools[${index}]`;
		losses.extensions(tool, path);
		if (tool.cache !== undefined) losses.dropped(`${path}.cache_control`, 'The vendor decides by itself what it keeps cached.');
		const left = own(tool, DIALECT);
		if (tool.type === 'server') return encodeServer(tool, path, losses);
		return [tool.type === 'function' ? encodeFunction(tool, left) : encodeCustom(tool, left)];
	});
}
