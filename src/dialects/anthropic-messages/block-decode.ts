import { isObject } from '../../lib/json.ts';
import type {
	ContentPart,
	JsonObject,
	JsonValue,
	ReasoningPart,
	Signature,
	TextPart,
	ToolCallPart,
	ToolResultPart,
} from '../../spec/index.ts';
import { extend, leftovers, read } from '../shared/index.ts';
import { decodeCache } from './cache.ts';
import { decodeCitation } from './citations.ts';
import { DIALECT, lookup } from './dialect.ts';
import { decodeDocument, decodeImage, decodeSearchResult } from './media-decode.ts';
import { isSealed, unsealPrevious, unsealReasoning } from './seal.ts';

/** Whose blocks are read: a client's are held to the documented types, a provider's are taken as far as they make sense. */
export type Side = 'request' | 'answer';

/** Reads one block; undefined when the table's type does not fit after all and the block is to be kept whole. */
type BlockReader = (block: JsonObject, path: string, side: Side) => ContentPart | undefined;

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const TEXT = set('type', 'text', 'citations', 'cache_control');
const CALL = set('type', 'id', 'name', 'input', 'cache_control');
const MCP_CALL = set('type', 'id', 'name', 'input', 'server_name', 'cache_control');
const RESULT = set('type', 'tool_use_id', 'content', 'is_error', 'cache_control');
const SERVER_RESULT = set('type', 'tool_use_id', 'content', 'cache_control');
const REDACTED = set('type', 'data');
const CALLER = set('caller');

const READERS: { [type: string]: BlockReader } = {
	text: decodeText,
	image: decodeImage,
	document: (block, path, side) => decodeDocument(block, path, (content, inside) => decodeBlocks(content, inside, side)),
	search_result: (block, path, side) => decodeSearchResult(block, path, (content, inside) => decodeBlocks(content, inside, side)),
	thinking: decodeThinking,
	redacted_thinking: decodeRedacted,
	tool_use: (block, path, side) => decodeCall(block, path, side, CALL),
	server_tool_use: (block, path, side) => {
		const call = decodeCall(block, path, side, CALL, 'server_tool_use');
		return { ...call, providerExecuted: { kind: serverToolKind(call.name) } };
	},
	mcp_tool_use: (block, path, side) => ({
		...decodeCall(block, path, side, MCP_CALL, 'mcp_tool_use'),
		providerExecuted: { kind: 'mcp', server: read.required(block, 'server_name', path, read.string) },
	}),
	tool_result: (block, path, side) => decodeResult(block, path, side),
	mcp_tool_result: (block, path, side) => ({
		...decodeResult(block, path, side, 'mcp_tool_result'),
		providerExecuted: { kind: 'mcp' },
	}),
};

/** Reads the blocks of a message or result. Signatures sealed behind a part return to it. */
export function decodeBlocks(content: JsonValue[], path: string, side: Side): ContentPart[] {
	const parts: ContentPart[] = [];
	for (let i = 0; i < content.length; i++) {
		const block = content[i] ?? null;
		const signature = sealedSignature(block);
		const previous = parts.at(-1);
		if (signature === undefined) parts.push(decodeBlock(block, read.at(path, i), side));
		else if (previous?.type === 'text' || previous?.type === 'tool-call' || previous?.type === 'image')
			previous.signature = signature;
	}
	return parts;
}

function sealedSignature(block: JsonValue): Signature | undefined {
	if (typeof block !== 'object' || block === null || Array.isArray(block)) return undefined;
	return block.type === 'redacted_thinking' ? unsealPrevious(block.data) : undefined;
}

/** Reads one block. Types this version does not know become opaque parts, word for word. Throws `invalid_request` with the path. */
export function decodeBlock(value: JsonValue, path: string, side: Side): ContentPart {
	const block = read.object(value, path);
	const type = read.required(block, 'type', path, read.string);
	const reader = lookup(READERS, type) ?? serverResultReader(block, type);
	return reader?.(block, path, side) ?? { type: 'opaque', dialect: DIALECT, value: block };
}

/** Results of the provider's own tools share one form whatever the tool is. */
function serverResultReader(block: JsonObject, type: string): BlockReader | undefined {
	const fits = type.endsWith('_tool_result') && typeof block.tool_use_id === 'string' && block.content !== undefined;
	return fits ? decodeServerResult : undefined;
}

function decodeText(block: JsonObject, path: string): TextPart {
	const text = read.required(block, 'text', path, read.string);
	const rest = leftovers(block, TEXT);
	const part: TextPart = { type: 'text', text, ...decodeCache(block, path), ...extend(DIALECT, rest) };
	const citations = read.optional(block, 'citations', path, read.arrayOf(decodeCitation));
	if (citations !== undefined) part.citations = citations;
	return part;
}

function decodeThinking(block: JsonObject, path: string): ReasoningPart {
	const text = read.required(block, 'thinking', path, read.string);
	const signature = read.optional(block, 'signature', path, read.string);
	if (isSealed(signature)) return unsealReasoning(signature, text);
	const part: ReasoningPart = { type: 'reasoning', text };
	if (signature !== undefined && signature !== '') part.signature = { vendor: DIALECT, value: signature };
	const rest = leftovers(block, set('type', 'thinking', 'signature'));
	const kept = part.signature === undefined ? { ...rest, $signature: signature === '' ? 'empty' : 'none' } : rest;
	return { ...part, ...extend(DIALECT, kept) };
}

function decodeRedacted(block: JsonObject, path: string): ReasoningPart {
	const data = read.required(block, 'data', path, read.string);
	if (isSealed(data)) {
		const { text: _, ...part } = unsealReasoning(data, '');
		return part;
	}
	const encrypted = { vendor: DIALECT, value: data };
	return { type: 'reasoning', encrypted, redacted: true, ...extend(DIALECT, leftovers(block, REDACTED)) };
}

function decodeCall(block: JsonObject, path: string, side: Side, taken: ReadonlySet<string>, type?: string): ToolCallPart {
	const rest = leftovers(block, taken, calledDirectly(block) ? CALLER : undefined);
	return {
		type: 'tool-call',
		id: read.required(block, 'id', path, read.string),
		name: read.required(block, 'name', path, read.string),
		kind: 'function',
		input: readInput(block, path, side),
		...decodeCache(block, path),
		...extend(DIALECT, type === undefined ? rest : { ...rest, $type: type }),
	};
}

/** Whether the block says that the model itself made the call, which is what a call without the field means too. */
function calledDirectly(block: JsonObject): boolean {
	return isObject(block.caller) && block.caller.type === 'direct';
}

/** The input as JSON text. A client must send an object; what a provider sends is kept whatever it is, none counting as empty. */
function readInput(block: JsonObject, path: string, side: Side): string {
	if (side === 'request') return JSON.stringify(read.required(block, 'input', path, read.object));
	const { input } = block;
	return input === undefined || input === null ? '' : JSON.stringify(input);
}

function decodeResult(block: JsonObject, path: string, side: Side, type?: string): ToolResultPart {
	const { content } = block;
	const rest: JsonObject = { ...leftovers(block, RESULT) };
	const part: ToolResultPart = {
		type: 'tool-result',
		callId: read.required(block, 'tool_use_id', path, read.string),
		content: [],
	};
	if (typeof content === 'string') {
		part.content = [{ type: 'text', text: content }];
		rest.$content = 'text';
	} else if (content === undefined || content === null) rest.$content = 'none';
	else part.content = decodeBlocks(read.array(content, read.at(path, 'content')), read.at(path, 'content'), side);
	const isError = read.optional(block, 'is_error', path, read.boolean);
	if (isError !== undefined) part.isError = isError;
	if (type !== undefined) rest.$type = type;
	return { ...part, ...decodeCache(block, path), ...extend(DIALECT, Object.keys(rest).length === 0 ? undefined : rest) };
}

function decodeServerResult(block: JsonObject, path: string): ToolResultPart {
	const type = read.required(block, 'type', path, read.string);
	const json = block.content ?? null;
	const failed = typeof json === 'object' && json !== null && !Array.isArray(json) && String(json.type).endsWith('_error');
	return {
		type: 'tool-result',
		callId: read.required(block, 'tool_use_id', path, read.string),
		content: [],
		json,
		...(failed ? { isError: true } : {}),
		providerExecuted: { kind: serverToolKind(type.slice(0, -'_tool_result'.length)) },
		...decodeCache(block, path),
		...extend(DIALECT, { ...leftovers(block, SERVER_RESULT, calledDirectly(block) ? CALLER : undefined), $type: type }),
	};
}

/** The common name of a tool the provider runs, from the vendor's name for one of its parts. */
export function serverToolKind(name: string): string {
	if (name.endsWith('_code_execution')) return 'code_execution';
	if (name.startsWith('tool_search')) return 'tool_search';
	return name;
}
