import { isObject } from '../../lib/json.ts';
import type { AudioPart, ContentPart, JsonObject, JsonValue, Signature, TextPart, ToolCallPart } from '../../spec/index.ts';
import { extend, Fields, own, read } from '../shared/index.ts';
import { decodeAnnotations } from './citations.ts';
import { decodeAnswerPart, decodePart, mediaSource } from './content-decode.ts';
import { DIALECT } from './name.ts';
import { nest, orNothing } from './nested.ts';
import { decodeReasoning, withFlat } from './reasoning.ts';
import { decodeExtraContent } from './signature.ts';
import { decodeToolCall, readInput } from './tool-calls.ts';

/** Adds a mark of form to a part. */
export function marked<T extends ContentPart>(part: T, key: string, value: JsonValue): T {
	return { ...part, extensions: { ...part.extensions, [DIALECT]: { ...own(part, DIALECT), [key]: value } } };
}

/** Kinds of parts that an assistant message can hold in its content array and in a field of their own. */
const TWO_PLACES: ReadonlySet<ContentPart['type']> = new Set(['refusal', 'image', 'audio']);

function decodeItem(item: JsonValue, path: string, lenient: boolean): ContentPart {
	const part = (lenient ? decodeAnswerPart : decodePart)(item, path);
	return TWO_PLACES.has(part.type) ? marked(part, '$in', 'content') : part;
}

/**
 * Reads `content`: a string, an array of parts, nothing, or (some vendors, for JSON output) the object itself. `kept` learns the
 * form. An empty string is no part.
 */
function decodeContent(fields: Fields, kept: JsonObject): ContentPart[] {
	const value = fields.wire.content;
	if (value === undefined || value === null) return [];
	if (value === '') {
		fields.keep('content');
		return [];
	}
	if (typeof value === 'string') {
		fields.drop('content');
		return [{ type: 'text', text: value }];
	}
	if (Array.isArray(value)) {
		fields.drop('content');
		kept.$content = 'array';
		return value.map((item, index) => decodeItem(item, read.at(fields.at('content'), index), fields.lenient));
	}
	if (!fields.lenient) {
		throw read.invalid(
			fields.at('content'),
			`'${fields.at('content')}' must be a string or an array of parts, not ${read.kindOf(value)}.`,
		);
	}
	fields.drop('content');
	kept.$content = value;
	return [{ type: 'text', text: JSON.stringify(value) }];
}

/** Citations of the text; annotations of other kinds are left with the message. */
function addAnnotations(content: ContentPart[], fields: Fields, kept: JsonObject): ContentPart[] {
	const wire = fields.take('annotations', read.array);
	if (wire === undefined) return content;
	if (wire.length === 0) fields.keep('annotations');
	const { citations, others } = decodeAnnotations(wire);
	const at = content.findIndex((part) => part.type === 'text');
	const part = content[at];
	if (others.length > 0 || part?.type !== 'text') {
		if (wire.length > 0) kept.annotations = part?.type === 'text' ? others : wire;
	}
	if (citations.length === 0 || part?.type !== 'text') return content;
	kept.$annotations = wire;
	return content.with(at, { ...part, citations });
}

function decodeRefusal(fields: Fields): ContentPart[] {
	const text = fields.take('refusal', read.string);
	if (text === '') fields.keep('refusal');
	return text === undefined || text === '' ? [] : [{ type: 'refusal', text }];
}

/** Whether every member is empty or zero: how one gateway says "no audio". */
function isBlank(wire: JsonObject): boolean {
	return Object.values(wire).every((value) => value === '' || value === 0 || value === null);
}

function decodeAudio(fields: Fields): AudioPart[] {
	const wire = fields.take('audio', read.object);
	if (wire === undefined) return [];
	if (isBlank(wire)) {
		fields.keep('audio');
		return [];
	}
	const inner = new Fields(wire, fields.at('audio'), fields.lenient);
	const id = inner.take('id', read.string);
	const data = inner.take('data', read.string);
	const transcript = inner.take('transcript', read.string);
	const expiresAt = inner.take('expires_at', read.number);
	const part: AudioPart = {
		type: 'audio',
		source: data === undefined ? { type: 'file', id: id ?? '', vendor: DIALECT } : { type: 'base64', data, mediaType: 'audio/*' },
		...(id === undefined ? {} : { id }),
		...(transcript === undefined ? {} : { transcript }),
		...(expiresAt === undefined ? {} : { expiresAt }),
	};
	return [{ ...part, ...extend(DIALECT, { ...inner.rest(), $in: 'audio' }) }];
}

/** Images some vendors put beside the text of an answer. */
function decodeImages(fields: Fields): ContentPart[] {
	const wire = fields.take('images', read.array);
	if (wire === undefined) return [];
	const usable = wire.every((item) => isObject(item) && isObject(item.image_url) && typeof item.image_url.url === 'string');
	if (!usable || wire.length === 0) {
		fields.keep('images');
		return [];
	}
	return wire.map((item, index) => decodeImage(item, read.at(fields.at('images'), index)));
}

/** One entry of an answer's `images`. */
export function decodeImage(item: JsonValue, path: string): ContentPart {
	const fields = new Fields(read.object(item, path), path, true);
	const inner = new Fields(fields.require('image_url', read.object), fields.at('image_url'), true);
	const source = mediaSource(inner.require('url', read.string));
	const detail = inner.take('detail', read.string);
	fields.keep('index');
	fields.keep('type');
	const kept: JsonObject = { $in: 'images' };
	nest(kept, 'image_url', inner.rest());
	const part: ContentPart = { type: 'image', source, ...(detail === undefined ? {} : { detail }) };
	return { ...part, ...extend(DIALECT, { ...fields.rest(), ...kept }) };
}

/** Where ids come from that a vendor left out: `calls` for entries of `tool_calls`, `legacy` for a `function_call`. */
export interface MadeIds {
	call(index: number): string;
	legacy(name: string): string;
}

function decodeCalls(fields: Fields, ids: MadeIds): ContentPart[] {
	const wire = fields.take('tool_calls', read.array);
	if (wire === undefined) return [];
	if (wire.length === 0) fields.keep('tool_calls');
	return wire.map((item, index) => {
		const path = read.at(fields.at('tool_calls'), index);
		const known = isObject(item) && (isObject(item.function) || isObject(item.custom));
		if (fields.lenient && isObject(item) && !known) {
			return { type: 'opaque', dialect: DIALECT, value: item, ...extend(DIALECT, { $in: 'tool_calls' }) };
		}
		return decodeToolCall(item, path, ids.call(index), fields.lenient);
	});
}

/** The call of the time before `tool_calls`. */
function decodeFunctionCall(fields: Fields, ids: MadeIds): ToolCallPart[] {
	const wire = fields.take('function_call', read.object);
	if (wire === undefined) return [];
	if (isBlank(wire)) {
		fields.keep('function_call');
		return [];
	}
	const inner = new Fields(wire, fields.at('function_call'), fields.lenient);
	const name = inner.require('name', read.string);
	const raw = inner.wire.arguments;
	const { input, form } = readInput(raw);
	inner.drop('arguments');
	const kept: JsonObject = { ...inner.rest(), $in: 'function_call' };
	if (form !== undefined) kept.$input = form;
	if (raw === undefined) kept.$absent = true;
	return [{ type: 'tool-call', id: ids.legacy(name), name, kind: 'function', input, ...extend(DIALECT, kept) }];
}

/** A signature of the message as a whole belongs to its first call, else to its text. */
function addSignature(content: ContentPart[], fields: Fields, kept: JsonObject): ContentPart[] {
	const extra = fields.wire.extra_content;
	const signature: Signature | undefined = decodeExtraContent(extra);
	if (signature === undefined) return content;
	const call = content.findIndex((part) => part.type === 'tool-call' && part.signature === undefined);
	const at = call >= 0 ? call : content.findLastIndex((part) => part.type === 'text');
	const part = content[at];
	if (part?.type !== 'tool-call' && part?.type !== 'text') return content;
	fields.drop('extra_content');
	kept.$extra = extra;
	if (fields.wire.thought_signature === signature.value) fields.keep('thought_signature');
	const signed: TextPart | ToolCallPart = { ...part, signature };
	return content.with(at, marked(signed, '$signature', 'message'));
}

/**
 * Reads what an assistant message holds, in history and in answers. The role is the caller's; what nobody takes is returned
 * together with the marks of form.
 */
export function decodeAssistant(fields: Fields, ids: MadeIds): { content: ContentPart[]; left: JsonObject | undefined } {
	const kept: JsonObject = {};
	const { parts, flat } = decodeReasoning(fields);
	const shown = addAnnotations(decodeContent(fields, kept), fields, kept);
	const content: ContentPart[] = [
		...withFlat(parts, flat),
		...shown,
		...decodeRefusal(fields),
		...decodeAudio(fields),
		...decodeImages(fields),
		...decodeCalls(fields, ids),
		...decodeFunctionCall(fields, ids),
	];
	const signed = addSignature(content, fields, kept);
	return { content: signed, left: orNothing({ ...fields.rest(), ...kept }) };
}
