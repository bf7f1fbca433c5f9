import type { ContentPart, DocumentPart, JsonObject, SearchResultPart, TextPart } from '../../spec/index.ts';
import { type Losses, own, restored } from '../shared/index.ts';
import { encodeCache } from './cache.ts';
import { thinkingText } from './content-decode.ts';
import { encodeAudio, encodeFile, encodeImage, encodeVideo } from './media-encode.ts';
import { DIALECT } from './name.ts';

/** Text of a part that can be read as text, without its form: used where a dialect's field takes nothing else. */
export function plainText(parts: ContentPart[]): string {
	const pieces: string[] = [];
	for (const part of parts) {
		if (part.type === 'text' || part.type === 'refusal') pieces.push(part.text);
		else if (part.type === 'search-result') pieces.push(searchResultText(part));
		else if (part.type === 'document' && part.source.type === 'text') pieces.push(documentText(part, part.source.text));
		else if (part.type === 'document' && part.source.type === 'parts') {
			pieces.push(documentText(part, plainText(part.source.parts)));
		}
	}
	return pieces.filter((piece) => piece !== '').join('\n\n');
}

function documentText(part: DocumentPart, text: string): string {
	return [part.title ?? part.filename, part.context, text].filter((piece) => piece !== undefined && piece !== '').join('\n\n');
}

function searchResultText(part: SearchResultPart): string {
	return [part.title, part.source, plainText(part.parts)].filter((piece) => piece !== '').join('\n');
}

/** Reports what a document says beside its source that a file part has no place for. */
function documentLosses(part: DocumentPart, path: string, losses: Losses): void {
	if (part.citations === true) losses.dropped(`${path}.citations`, 'Citations of documents cannot be asked for in this dialect.');
	const asText = part.source.type === 'text' || part.source.type === 'parts';
	if (asText) return;
	if (part.context !== undefined) losses.dropped(`${path}.context`, "A file's context has no field in this dialect.");
	const shown = part.filename ?? part.title;
	if (part.title !== undefined && part.title !== shown) {
		losses.dropped(`${path}.title`, 'A file has a name but no title in this dialect; the title was left out.');
	}
}

function encodeDocument(part: DocumentPart, path: string, losses: Losses): JsonObject[] {
	documentLosses(part, path, losses);
	if (part.source.type === 'text') {
		losses.add('changed', path, 'The document was written as text.');
		return [{ type: 'text', text: documentText(part, part.source.text) }];
	}
	if (part.source.type === 'parts') {
		losses.add('changed', path, 'The blocks of the document were written as parts of the message.');
		const title = documentText({ ...part, source: { type: 'text', text: '' } }, '');
		const inner = part.source.parts.flatMap((each, index) => encodePart(each, `${path}.parts[${index}]`, losses));
		return title === '' ? inner : [{ type: 'text', text: title }, ...inner];
	}
	const file = encodeFile(part, path, losses);
	return file === undefined ? [] : [file];
}

function encodeText(part: TextPart, path: string, losses: Losses): JsonObject {
	if (part.citations !== undefined && part.citations.length > 0) {
		losses.dropped(`${path}.citations`, 'Citations cannot be sent back in this dialect.');
	}
	if (part.signature !== undefined) losses.dropped(`${path}.signature`, 'A signature of text has no place in a content array.');
	return { ...restored(own(part, DIALECT)), type: 'text', text: part.text };
}

/** A reasoning part that stood in a content array goes back there. */
export function isInContent(part: ContentPart): boolean {
	return part.type === 'reasoning' && own(part, DIALECT)?.$thinking !== undefined;
}

function encodeThinking(part: ContentPart & { type: 'reasoning' }): JsonObject {
	const left = own(part, DIALECT);
	const text = part.text ?? '';
	const thinking = thinkingText(left?.$thinking) === text ? left?.$thinking : [{ type: 'text', text }];
	const signature = part.signature === undefined ? {} : { signature: part.signature.value };
	return { ...restored(left), type: 'thinking', thinking, ...signature };
}

function encodeKind(part: ContentPart, path: string, losses: Losses): JsonObject[] {
	const one = (wire: JsonObject | undefined): JsonObject[] => (wire === undefined ? [] : [wire]);
	switch (part.type) {
		case 'text':
			return [encodeText(part, path, losses)];
		case 'refusal':
			return [{ ...restored(own(part, DIALECT)), type: 'refusal', refusal: part.text }];
		case 'image':
			return one(encodeImage(part, path, losses));
		case 'audio':
			return one(encodeAudio(part, path, losses));
		case 'video':
			return one(encodeVideo(part, path, losses));
		case 'document':
			return encodeDocument(part, path, losses);
		case 'search-result':
			losses.add('changed', path, 'The search result was written as text.');
			return [{ type: 'text', text: searchResultText(part) }];
		case 'opaque':
			if (part.dialect === DIALECT) return [part.value];
			losses.dropped(path, `Only ${part.dialect} knows this part.`);
			return [];
		case 'reasoning':
			if (isInContent(part)) return [encodeThinking(part)];
			losses.dropped(path, 'Reasoning can only stand in an assistant message.');
			return [];
		default:
			losses.dropped(path, `A ${part.type} cannot stand here in this dialect.`);
			return [];
	}
}

/** Writes a part as items of a content array: usually one, none (with a warning) where there is no form for it. */
export function encodePart(part: ContentPart, path: string, losses: Losses): JsonObject[] {
	losses.extensions(part, path);
	const items = encodeKind(part, path, losses);
	const last = items.at(-1);
	if (part.cache !== undefined && last !== undefined) {
		const marked = { ...last };
		encodeCache(part.cache, marked, `${path}.cache_control`, losses);
		items[items.length - 1] = marked;
	}
	return items;
}
