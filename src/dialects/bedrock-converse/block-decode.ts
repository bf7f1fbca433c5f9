import { isObject } from '../../lib/json.ts';
import type {
	ContentPart,
	ImagePart,
	JsonObject,
	JsonValue,
	Signature,
	TextPart,
	ToolCallPart,
	ToolResultPart,
} from '../../spec/index.ts';
import { extend, read, table, unsealPrevious } from '../shared/index.ts';
import { decodeCachePoint, isCachePoint } from './cache.ts';
import { decodeCitation } from './citations.ts';
import { DIALECT, keep, remainder } from './dialect.ts';
import { SERVER_CALL, SERVER_RESULT } from './formats.ts';
import { decodeAudio, decodeDocument, decodeImage, decodeSearchResult, decodeVideo } from './media-decode.ts';
import { decodeReasoning, openRedacted } from './reasoning-decode.ts';

/** Whose blocks are read: a client's are held to the documented members, a provider's are taken as far as they make sense. */
export type Side = 'request' | 'answer';

/** Reads one block; undefined when it does not fit after all and is to be kept whole. */
type BlockReader = (block: JsonObject, path: string, side: Side) => ContentPart | undefined;

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const NONE = set();
const CALL = set('toolUseId', 'name', 'input');
const RESULT = set('toolUseId', 'content', 'status');
const CITED = set('content', 'citations');

/** A block is an object of one member, whose name says what it holds. */
const READERS = table<BlockReader>({
	text: (block, path) => ({
		type: 'text',
		text: read.required(block, 'text', path, read.string),
		...extend(DIALECT, keep(block, 'text', {}, NONE)),
	}),
	image: decodeImage,
	document: (block, path, side) => decodeDocument(block, path, (content, inside) => decodeBlocks(content, inside, side)),
	video: decodeVideo,
	audio: decodeAudio,
	toolUse: decodeCall,
	toolResult: decodeResult,
	guardContent: decodeGuarded,
	reasoningContent: decodeReasoning,
	citationsContent: decodeCited,
	searchResult: (block, path, side) => decodeSearchResult(block, path, (content, inside) => decodeBlocks(content, inside, side)),
	json: (block) => ({
		type: 'text',
		text: JSON.stringify(block.json),
		...extend(DIALECT, { ...keep(block, 'json', {}, NONE), $type: 'json' }),
	}),
});

/** Reads the blocks of a message, a result or the system prompt. Cache points and seals become part of what stands before them. */
export function decodeBlocks(content: JsonValue[], path: string, side: Side): ContentPart[] {
	const parts: ContentPart[] = [];
	for (let i = 0; i < content.length; i++) {
		const block = content[i] ?? null;
		const inside = read.at(path, i);
		const previous = parts.at(-1);
		const signature = sealedSignature(block);
		if (isCachePoint(block) && previous !== undefined && previous.cache === undefined) {
			previous.cache = decodeCachePoint(block, inside);
		} else if (signature === undefined) parts.push(decodeBlock(block, inside, side));
		else if (previous?.type === 'text' || previous?.type === 'tool-call' || previous?.type === 'image') {
			previous.signature = signature;
		}
	}
	return parts;
}

/** The signature of the block before, where a block holds nothing else. */
export function sealedSignature(block: JsonValue): Signature | undefined {
	const content = isObject(block) ? block.reasoningContent : undefined;
	const redacted = isObject(content) ? content.redactedContent : undefined;
	return typeof redacted === 'string' ? unsealPrevious(openRedacted(redacted)) : undefined;
}

/** Reads one block. Kinds this version does not know become opaque parts, word for word. Throws `invalid_request` with the path. */
export function decodeBlock(value: JsonValue, path: string, side: Side): ContentPart {
	const block = read.object(value, path);
	for (const member in block) {
		if (block[member] === undefined || block[member] === null) continue;
		const part = READERS[member]?.(block, path, side);
		if (part !== undefined) return part;
	}
	if (side === 'request' && Object.keys(block).length === 0) throw read.invalid(path, `'${path}' must hold some content.`);
	return { type: 'opaque', dialect: DIALECT, value: block };
}

function decodeCall(block: JsonObject, path: string, side: Side): ToolCallPart {
	const wire = read.required(block, 'toolUse', path, read.object);
	const inside = read.at(path, 'toolUse');
	const name = read.required(wire, 'name', inside, read.string);
	const kept = keep(block, 'toolUse', wire, CALL);
	const part: ToolCallPart = {
		type: 'tool-call',
		id: read.required(wire, 'toolUseId', inside, read.string),
		name,
		kind: 'function',
		input: readInput(wire, inside, side),
	};
	if (wire.type !== SERVER_CALL) return { ...part, ...extend(DIALECT, kept) };
	return { ...part, providerExecuted: { kind: toolKind(name) }, ...extend(DIALECT, { ...kept, $type: SERVER_CALL }) };
}

/** The input as JSON text; what a provider does not send counts as empty. */
function readInput(wire: JsonObject, path: string, side: Side): string {
	if (wire.input === undefined && side === 'request') throw read.invalid(read.at(path, 'input'), `'${path}.input' is required.`);
	return wire.input === undefined ? '' : JSON.stringify(wire.input);
}

const KINDS = table<string>({ nova_grounding: 'web_search', nova_code_interpreter: 'code_execution' });

/** The common name of a tool the provider runs. */
export function toolKind(name: string): string {
	return KINDS[name] ?? name;
}

function decodeResult(block: JsonObject, path: string, side: Side): ToolResultPart {
	const wire = read.required(block, 'toolResult', path, read.object);
	const inside = read.at(path, 'toolResult');
	const content = side === 'request' ? read.required(wire, 'content', inside, read.array) : (arrayOf(wire.content) ?? []);
	const part: ToolResultPart = {
		type: 'tool-result',
		callId: read.required(wire, 'toolUseId', inside, read.string),
		content: [],
	};
	const [only] = content;
	const bare = isObject(only) && content.length === 1 && only.json !== undefined && Object.keys(only).length === 1;
	if (bare) part.json = only.json ?? null;
	else part.content = decodeBlocks(content, read.at(inside, 'content'), side);
	const status = read.optional(wire, 'status', inside, read.string);
	if (status === 'error' || status === 'success') part.isError = status === 'error';
	const kept = keep(block, 'toolResult', wire, part.isError === undefined ? CALL_OR_CONTENT : RESULT);
	if (typeof wire.type !== 'string' || !SERVER_RESULT.test(wire.type)) return { ...part, ...extend(DIALECT, kept) };
	const kind = toolKind(wire.type.replace(SERVER_RESULT, ''));
	return { ...part, providerExecuted: { kind }, ...extend(DIALECT, { ...kept, $type: wire.type }) };
}

const CALL_OR_CONTENT = set('toolUseId', 'content');

function arrayOf(value: JsonValue | undefined): JsonValue[] | undefined {
	return Array.isArray(value) ? value : undefined;
}

/** Content a guardrail is to look at: it is content all the same. */
function decodeGuarded(block: JsonObject, path: string): TextPart | ImagePart | undefined {
	const wire = read.required(block, 'guardContent', path, read.object);
	const inside = read.at(path, 'guardContent');
	if (isObject(wire.image)) {
		const image = decodeImage({ image: wire.image }, inside);
		if (image === undefined || image.extensions !== undefined) return undefined;
		const kept = keep(block, 'guardContent', wire, set('image'));
		return { ...image, ...extend(DIALECT, { ...kept, $type: 'guardContent' }) };
	}
	if (wire.text === undefined) return undefined;
	const text = read.object(wire.text, read.at(inside, 'text'));
	const kept = keep(block, 'guardContent', wire, NONE, { text: remainder(text, set('text')) });
	return {
		type: 'text',
		text: read.required(text, 'text', read.at(inside, 'text'), read.string),
		...extend(DIALECT, { ...kept, $type: 'guardContent' }),
	};
}

/** Text with the sources that support it. */
function decodeCited(block: JsonObject, path: string): TextPart | undefined {
	const wire = read.required(block, 'citationsContent', path, read.object);
	const inside = read.at(path, 'citationsContent');
	const content = read.optional(wire, 'content', inside, read.array) ?? [];
	const citations = read.optional(wire, 'citations', inside, read.array) ?? [];
	const pieces = content.map((piece) => (isObject(piece) && typeof piece.text === 'string' ? piece.text : undefined));
	if (pieces.includes(undefined)) return undefined;
	const [only] = content;
	const plain = content.length === 1 && isObject(only) && Object.keys(only).length === 1;
	const kept: JsonObject = { ...keep(block, 'citationsContent', wire, CITED), $type: 'citationsContent' };
	if (!plain) kept.$content = content;
	return {
		type: 'text',
		text: pieces.join(''),
		citations: citations.map((each) => decodeCitation(each)),
		...extend(DIALECT, kept),
	};
}
