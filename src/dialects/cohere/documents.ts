import { isObject } from '../../lib/json.ts';
import type { DocumentPart, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend } from '../shared/index.ts';
import { DIALECT, mark, unsupported } from './dialect.ts';

/** Members of a document's data that hold its words, first choice first. */
const WORDS = ['text', 'snippet', 'content'];

/** Reads a document the answer may rest on: a text, or an object whose `data` is an object of texts or a text. */
export function decodeDocument(wire: JsonValue): DocumentPart {
	const data = isObject(wire) ? wire.data : wire;
	const { text, title } = wordsOf(data);
	const part: DocumentPart = { type: 'document', source: { type: 'text', text }, citations: true };
	if (title !== undefined) part.title = title;
	return { ...part, ...extend(DIALECT, { $document: wire, $top: true }) };
}

/** The words of a document's data; all of it as JSON where it holds more than words and a title. */
export function wordsOf(data: JsonValue | undefined): { text: string; title: string | undefined } {
	if (typeof data === 'string') return { text: data, title: undefined };
	if (!isObject(data)) return { text: data === undefined ? '' : JSON.stringify(data), title: undefined };
	const { title, ...rest } = data;
	const named = typeof title === 'string' ? title : undefined;
	const keys = Object.keys(rest);
	const only = keys.length === 1 && WORDS.includes(keys[0] ?? '') ? rest[keys[0] ?? ''] : undefined;
	if (typeof only === 'string') return { text: only, title: named };
	return { text: JSON.stringify(named === undefined ? data : rest), title: named };
}

/** Writes a document beside the messages. Throws `unsupported` for what is no text. */
export function encodeDocument(part: DocumentPart, path: string): JsonValue {
	const kept = mark(part, '$document');
	if (kept !== undefined) return kept;
	const title = part.title ?? part.filename;
	const data: JsonObject = { text: textOf(part, path) };
	if (title !== undefined) data.title = title;
	if (part.context !== undefined) data.context = part.context;
	return { data };
}

/** The words of a document. Throws `unsupported` where it has none. */
export function textOf({ source }: DocumentPart, path: string): string {
	if (source.type === 'text') return source.text;
	if (source.type === 'parts')
		return source.parts
			.map((part, index) => {
				if (part.type === 'text') return part.text;
				throw unsupported(`${path}.source.content[${index}]`, 'Documents are taken as text alone.');
			})
			.join('\n\n');
	if (source.type === 'base64' && /^text\/|^application\/json$/.test(source.mediaType))
		return Buffer.from(source.data, 'base64').toString('utf8');
	throw unsupported(path, 'Documents are taken as text alone; send their words in place of bytes, addresses or file ids.');
}
