import { isObject } from '../../lib/json.ts';
import type { ContentPart, ImagePart, JsonObject, JsonValue, ReasoningPart } from '../../spec/index.ts';
import { type Losses, restored, sealReasoning, urlOfSource } from '../shared/index.ts';
import { DIALECT, mark, refill, unsupported } from './dialect.ts';
import { encodeDocument } from './documents.ts';

/** Where content stands: what is missing in a request must not go unnoticed, answers show what they can. */
export type Place = 'user' | 'assistant' | 'result' | 'answer';

type Writers = {
	[T in ContentPart['type']]: (
		part: Extract<ContentPart, { type: T }>,
		path: string,
		losses: Losses,
		place: Place,
	) => JsonObject | undefined;
};

const WRITERS: Writers = {
	text: (part, path, losses) => {
		if (part.signature !== undefined) losses.dropped(`${path}.signature`, 'The proof of a text has no place in this dialect.');
		return textBlock(part.text);
	},
	refusal: (part) => textBlock(part.text),
	reasoning: writeReasoning,
	image: writeImage,
	audio: (part, path, losses, place) => {
		if (part.transcript === undefined) return missing(part, path, losses, place);
		losses.add('approximated', path, 'Spoken words were written as their transcript.');
		return textBlock(part.transcript);
	},
	video: missing,
	document: (part, path, losses, place) => {
		if (place !== 'result') return missing(part, path, losses, place);
		const wire = encodeDocument(part, path);
		return { type: 'document', document: wire };
	},
	'search-result': (part, path, losses, place) => {
		if (place === 'answer' || place === 'assistant') return missing(part, path, losses, place);
		const words = part.parts.map((each) => (each.type === 'text' ? each.text : '')).join('\n');
		losses.add('changed', path, 'A search result was sent as text.');
		return textBlock(`${part.title} (${part.source})\n${words}`);
	},
	'tool-call': foreignRun,
	'tool-result': foreignRun,
	opaque: (part, path, losses) => {
		if (part.dialect === DIALECT) return { ...part.value };
		losses.dropped(path, `Only ${part.dialect} knows this kind of content.`);
		return undefined;
	},
};

/** Writes one part as a block of content; undefined (and a warning) for what has none. Throws `unsupported` in requests. */
export function encodeBlock<T extends ContentPart['type']>(
	part: Extract<ContentPart, { type: T }>,
	path: string,
	losses: Losses,
	place: Place,
): JsonObject | undefined {
	losses.extensions(part, path);
	if (part.cache !== undefined) losses.dropped(`${path}.cache_control`, 'What to cache cannot be chosen.');
	const document = mark(part, '$document');
	if (document !== undefined && part.type === 'text') return { type: 'document', document, ...restoredWithoutId(part) };
	const writer: Writers[T] = WRITERS[part.type as T];
	const block = writer(part, path, losses, place);
	return block === undefined ? undefined : refill(block, part);
}

/** What a document read as a tool's result keeps beside itself; its id stands in it. */
function restoredWithoutId(part: ContentPart): JsonObject {
	const { id: _id, ...rest } = restored(part.extensions?.[DIALECT]);
	return rest;
}

export function textBlock(text: string): JsonObject {
	return { type: 'text', text };
}

function foreignRun(_part: ContentPart, path: string, losses: Losses): undefined {
	losses.dropped(path, 'A tool a vendor ran itself has no form in this dialect; its call or result was left out.');
	return undefined;
}

function missing(part: ContentPart, path: string, losses: Losses, place: Place): undefined {
	if (place === 'user' || place === 'result') throw unsupported(path, `Content of type '${part.type}' is not taken here.`);
	losses.dropped(path, `An answer cannot hold content of type '${part.type}'.`);
	return undefined;
}

/** The text a client is shown of reasoning. */
export function thinkingOf(part: ReasoningPart): string {
	return part.text ?? part.summary?.join('\n\n') ?? '';
}

export function needsSeal(part: ReasoningPart): boolean {
	return part.signature !== undefined || part.encrypted !== undefined || part.id !== undefined || part.summary !== undefined;
}

/** In answers what other vendors need back is sealed beside the text; the API itself takes the text alone. */
function writeReasoning(part: ReasoningPart, path: string, losses: Losses, place: Place): JsonObject | undefined {
	const thinking = thinkingOf(part);
	if (place === 'answer')
		return needsSeal(part) ? { type: 'thinking', thinking, signature: sealReasoning(part) } : { type: 'thinking', thinking };
	const proven = part.signature !== undefined || part.encrypted !== undefined;
	if (proven) losses.dropped(path, "The proof or hidden part of another vendor's reasoning cannot be sent; its text was.");
	return thinking === '' && (proven || part.text === undefined) ? undefined : { type: 'thinking', thinking };
}

function writeImage(part: ImagePart, path: string, losses: Losses, place: Place): JsonObject | undefined {
	if (place !== 'user') return missing(part, path, losses, place);
	const url = urlOfSource(part.source);
	if (url === undefined)
		throw unsupported(path, 'An image is taken as bytes or under an address, not as a file uploaded elsewhere.');
	const image: JsonObject = { url };
	if (part.detail !== undefined) image.detail = part.detail;
	const kept = mark(part, '$image');
	return { type: 'image_url', image_url: isObject(kept) ? { ...restored(kept), ...image } : image };
}

/** Blocks as content: the form they came in, or one text alone as a text. */
export function contentOf(blocks: JsonObject[], form: JsonValue | undefined): JsonValue | undefined {
	if (form === 'blocks') return blocks;
	const [block, ...more] = blocks;
	if (block === undefined) return form === 'none' ? undefined : form === 'null' ? null : '';
	const { type, text, ...rest } = block;
	return more.length === 0 && type === 'text' && typeof text === 'string' && Object.keys(rest).length === 0 ? text : blocks;
}
