import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, ReasoningPart } from '../../spec/index.ts';
import { extend, Fields, isSealed, read, sourceOfUrl, unsealReasoning } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { wordsOf } from './documents.ts';

/** The form a message's content came in. */
export type Form = 'text' | 'blocks' | 'none' | 'null';

type Reader = (fields: Fields) => ContentPart;

const READERS: { readonly [type: string]: Reader } = {
	text: (fields) => {
		const text = fields.require('text', read.string);
		return { type: 'text', text, ...extend(DIALECT, fields.rest()) };
	},
	thinking: readThinking,
	image_url: readImage,
	document: readResultDocument,
};

/** Reads content: a text, or a list of blocks. Blocks of an unknown kind are kept as they are. */
export function decodeContent(
	value: JsonValue | undefined,
	path: string,
	lenient: boolean,
): { parts: ContentPart[]; form: Form } {
	if (value === undefined || value === null) return { parts: [], form: value === null ? 'null' : 'none' };
	if (typeof value === 'string') return { parts: value === '' ? [] : [{ type: 'text', text: value }], form: 'text' };
	const list = read.array(value, path);
	return { parts: list.map((block, index) => decodeBlock(block, read.at(path, index), lenient)), form: 'blocks' };
}

/** Reads one block. */
export function decodeBlock(value: JsonValue, path: string, lenient: boolean): ContentPart {
	const fields = new Fields(read.object(value, path), path, lenient);
	const type = fields.require('type', read.string);
	const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
	return reader === undefined ? { type: 'opaque', dialect: DIALECT, value: fields.wire } : reader(fields);
}

function readThinking(fields: Fields): ReasoningPart {
	const text = fields.require('thinking', read.string);
	const { signature } = fields.wire;
	if (!isSealed(signature)) return { type: 'reasoning', text, ...extend(DIALECT, fields.rest()) };
	fields.drop('signature');
	return { ...unsealReasoning(signature, text), ...extend(DIALECT, fields.rest()) };
}

function readImage(fields: Fields): ContentPart {
	const inner = new Fields(fields.require('image_url', read.object), fields.at('image_url'), fields.lenient);
	const url = inner.require('url', read.string);
	const detail = inner.take('detail', read.string);
	const rest = fields.rest();
	const within = inner.rest();
	const kept = within === undefined ? rest : { ...rest, $image: within };
	return { type: 'image', source: sourceOfUrl(url), ...(detail === undefined ? {} : { detail }), ...extend(DIALECT, kept) };
}

/** A document as a tool's result: its data is what the tool gave back. */
function readResultDocument(fields: Fields): ContentPart {
	const wire = fields.require('document', (value) => value);
	const data = isObject(wire) ? wire.data : wire;
	const kept: JsonObject = { ...fields.rest(), $document: wire };
	if (isObject(wire) && wire.id !== undefined && wire.id !== null) kept.id = wire.id;
	const { text, title } = wordsOf(data);
	const words = title === undefined ? text : JSON.stringify(data);
	return { type: 'text', text: words, ...extend(DIALECT, kept) };
}
