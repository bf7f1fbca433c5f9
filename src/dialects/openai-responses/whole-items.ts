import { isObject } from '../../lib/json.ts';
import type { ContentPart, ImagePart, JsonObject, JsonValue, ToolCallPart, ToolResultPart } from '../../spec/index.ts';
import { same, table } from '../shared/index.ts';
import { mark, marked, unmarked } from './forms.ts';
import { DIALECT } from './name.ts';

/**
 * Items that come and go as a whole: calls of tools the vendor runs, with what they gave back, and calls of built-in tools that the
 * client runs. Their parts say what other dialects can use; the item itself is remembered on the first of them.
 */
type ItemDecoder = (wire: JsonObject) => ContentPart[] | undefined;

/** Common names of the tools behind the items. */
const WEB_SEARCH = 'web_search';

function text(value: JsonValue | undefined): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function input(value: JsonValue | undefined): string {
	return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}

function textPart(value: string): ContentPart {
	return { type: 'text', text: value };
}

interface Run {
	kind: string;
	server?: string;
}

/** A call the vendor ran, and its result where the item holds one. */
function ran(id: string, name: string, run: Run, asked: JsonValue | undefined, result: ContentPart[] | undefined): ContentPart[] {
	const call: ToolCallPart = { type: 'tool-call', id, name, kind: 'function', input: input(asked), providerExecuted: run };
	if (result === undefined) return [call];
	const gave: ToolResultPart = { type: 'tool-result', callId: id, name, content: result, providerExecuted: run };
	return [call, gave];
}

function withId(decode: (wire: JsonObject, id: string) => ContentPart[] | undefined): ItemDecoder {
	return (wire) => {
		const id = text(wire.id) ?? text(wire.call_id);
		return id === undefined ? undefined : decode(wire, id);
	};
}

function searchSources(action: JsonValue | undefined): ContentPart[] | undefined {
	const sources = isObject(action) ? action.sources : undefined;
	if (!Array.isArray(sources) || sources.length === 0) return undefined;
	return sources.flatMap((source) => (isObject(source) && typeof source.url === 'string' ? [textPart(source.url)] : []));
}

function fileResults(results: JsonValue | undefined): ContentPart[] | undefined {
	if (!Array.isArray(results)) return undefined;
	return results.filter(isObject).map((result) => ({
		type: 'search-result',
		source: text(result.file_id) ?? '',
		title: text(result.filename) ?? '',
		parts: typeof result.text === 'string' ? [textPart(result.text)] : [],
	}));
}

function codeOutputs(outputs: JsonValue | undefined): ContentPart[] | undefined {
	if (!Array.isArray(outputs)) return undefined;
	return outputs.filter(isObject).flatMap((output): ContentPart[] => {
		if (typeof output.logs === 'string') return [textPart(output.logs)];
		return typeof output.url === 'string' ? [{ type: 'image', source: { type: 'url', url: output.url } }] : [];
	});
}

function mcpCall(wire: JsonObject, id: string): ContentPart[] {
	const server = text(wire.server_label);
	const run: Run = { kind: 'mcp', ...(server === undefined ? {} : { server }) };
	const output = text(wire.output);
	const failed = wire.error !== undefined && wire.error !== null;
	const said = failed ? input(wire.error) : output;
	const parts = ran(id, text(wire.name) ?? 'mcp', run, wire.arguments, said === undefined ? undefined : [textPart(said)]);
	return failed ? parts.map((part) => (part.type === 'tool-result' ? { ...part, isError: true } : part)) : parts;
}

/** A drawn image is content like any other. */
function drawn(wire: JsonObject): ContentPart[] | undefined {
	const data = text(wire.result);
	if (data === undefined) return undefined;
	const format = text(wire.output_format) ?? 'png';
	const image: ImagePart = { type: 'image', source: { type: 'base64', data, mediaType: `image/${format}` } };
	return [image];
}

/** A call of a built-in tool that the client runs: to other vendors a call like any other. */
function asked(name: string, field: string): ItemDecoder {
	return (wire) => {
		const id = text(wire.call_id);
		if (id === undefined) return undefined;
		return [{ type: 'tool-call', id, name, kind: 'function', input: input(wire[field]) }];
	};
}

/** What the client says such a call gave back. */
function answered(name: string): ItemDecoder {
	return (wire) => {
		const callId = text(wire.call_id);
		if (callId === undefined) return undefined;
		const { output } = wire;
		const shot = isObject(output) ? (text(output.image_url) ?? undefined) : undefined;
		const content: ContentPart[] =
			shot === undefined ? [textPart(input(output))] : [{ type: 'image', source: { type: 'url', url: shot } }];
		return [{ type: 'tool-result', callId, name, content }];
	};
}

/** A shell in a container of the vendor's is run there; any other by the client. */
const shellCall: ItemDecoder = (wire) => {
	const { environment } = wire;
	const remote = isObject(environment) && typeof environment.type === 'string' && environment.type !== 'local';
	const id = text(wire.call_id);
	if (!remote || id === undefined) return asked('shell', 'action')(wire);
	return ran(id, 'shell', { kind: 'bash' }, wire.action, undefined);
};

/** What the vendor's own container gave back has an id; what a client reports has none. */
const shellOutput: ItemDecoder = (wire) => {
	const parts = answered('shell')(wire);
	if (text(wire.id) === undefined) return parts;
	return parts?.map((part) => (part.type === 'tool-result' ? { ...part, providerExecuted: { kind: 'bash' } } : part));
};

const DECODERS = table<ItemDecoder>({
	web_search_call: withId((wire, id) => ran(id, WEB_SEARCH, { kind: WEB_SEARCH }, wire.action, searchSources(wire.action))),
	file_search_call: withId((wire, id) =>
		ran(id, 'file_search', { kind: 'file_search' }, { queries: wire.queries ?? [] }, fileResults(wire.results)),
	),
	code_interpreter_call: withId((wire, id) =>
		ran(id, 'code_interpreter', { kind: 'code_execution' }, { code: wire.code ?? '' }, codeOutputs(wire.outputs)),
	),
	mcp_call: withId(mcpCall),
	image_generation_call: drawn,
	computer_call: asked('computer', 'action'),
	computer_call_output: answered('computer'),
	local_shell_call: asked('local_shell', 'action'),
	local_shell_call_output: (wire) => answered('local_shell')(wire.call_id === undefined ? { ...wire, call_id: wire.id } : wire),
	shell_call: shellCall,
	shell_call_output: shellOutput,
	apply_patch_call: asked('apply_patch', 'operation'),
	apply_patch_call_output: answered('apply_patch'),
});

/** Reads an item as a whole: one part or several, or one opaque part where no dialect but this one could use it. */
export function decodeWholeItem(wire: JsonObject): [ContentPart, ...ContentPart[]] {
	const type = typeof wire.type === 'string' ? wire.type : '';
	const [first, ...others] = DECODERS[type]?.(wire) ?? [];
	if (first === undefined) return [{ type: 'opaque', dialect: DIALECT, value: wire }];
	return [marked(first, { $whole: wire }), ...others.map((part) => marked(part, { $of: true }))];
}

/** The item a part was read from, if `decodeWholeItem` read it. */
export function wholeItem(part: ContentPart): JsonObject | undefined {
	const wire = mark(part, '$whole');
	return isObject(wire) ? wire : undefined;
}

/** Whether a part belongs to the item of the part before it. */
export function belongsToPrevious(part: ContentPart): boolean {
	return mark(part, '$of') === true;
}

/** Whether the parts still say what the item says. */
export function stillSays(wire: JsonObject, parts: readonly ContentPart[]): boolean {
	const read = decodeWholeItem(wire);
	return read.length === parts.length && read.every((part, index) => same(bare(part), bare(parts[index])));
}

function bare(part: ContentPart | undefined): ContentPart | undefined {
	return part === undefined ? undefined : unmarked(part);
}
