import type { ContentPart, JsonObject, TextPart } from '../../spec/index.ts';
import { encodeDocument, type Losses, own, restored, searchResultText } from '../shared/index.ts';
import { encodeCache } from './cache.ts';
import { thinkingText } from './content-decode.ts';
import { encodeAudio, encodeFile, encodeImage, encodeVideo } from './media-encode.ts';
import { DIALECT } from './name.ts';

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
			return encodeDocument(part, path, losses, { text: 'text', part: encodePart, file: () => encodeFile(part, path, losses) });
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
