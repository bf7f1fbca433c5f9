import type {
	ContentPart,
	DocumentPart,
	ImagePart,
	JsonObject,
	JsonValue,
	MediaSource,
	SearchResultPart,
} from '../../spec/index.ts';
import { extend, leftovers, read } from '../shared/index.ts';
import { decodeCache } from './cache.ts';
import { DIALECT, lookup, untaken } from './dialect.ts';

/** Reads nested blocks; handed in so that this file and the block table need not import each other. */
export type PartsReader = (content: JsonValue[], path: string) => ContentPart[];

type Source = { source: MediaSource; taken: ReadonlySet<string> };

/** How each kind of source is read: its canonical form and the fields that went into it. */
const SOURCES: { [type: string]: (wire: JsonObject, path: string) => Source } = {
	base64: (wire, path) => ({
		source: {
			type: 'base64',
			data: read.required(wire, 'data', path, read.string),
			mediaType: read.required(wire, 'media_type', path, read.string),
		},
		taken: new Set(['type', 'data', 'media_type']),
	}),
	url: (wire, path) => ({
		source: { type: 'url', url: read.required(wire, 'url', path, read.string) },
		taken: new Set(['type', 'url']),
	}),
	file: (wire, path) => ({
		source: { type: 'file', id: read.required(wire, 'file_id', path, read.string), vendor: DIALECT },
		taken: new Set(['type', 'file_id']),
	}),
	text: (wire, path) => {
		const mediaType = read.optional(wire, 'media_type', path, read.string);
		return {
			source: {
				type: 'text',
				text: read.required(wire, 'data', path, read.string),
				...(mediaType === undefined ? {} : { mediaType }),
			},
			taken: new Set(['type', 'data', 'media_type']),
		};
	},
};

const CONTENT_TAKEN: ReadonlySet<string> = new Set(['type', 'content']);
const IMAGE_TAKEN: ReadonlySet<string> = new Set(['type', 'cache_control']);
const DOCUMENT_TAKEN: ReadonlySet<string> = new Set(['type', 'cache_control', 'title', 'context']);
const SEARCH_TAKEN: ReadonlySet<string> = new Set(['type', 'cache_control', 'title', 'source', 'content']);
const ENABLED: ReadonlySet<string> = new Set(['enabled']);

/** The source object of a block, with its type; throws where it is missing. */
function sourceOf(block: JsonObject, path: string): { wire: JsonObject; type: string; path: string } {
	const wire = read.required(block, 'source', path, read.object);
	const inside = read.at(path, 'source');
	return { wire, type: read.required(wire, 'type', inside, read.string), path: inside };
}

/** Reads an image block; undefined for a kind of source this version does not know. */
export function decodeImage(block: JsonObject, path: string): ImagePart | undefined {
	const { wire, type, path: inside } = sourceOf(block, path);
	const reader = type === 'text' ? undefined : lookup(SOURCES, type);
	if (reader === undefined) return undefined;
	const { source, taken } = reader(wire, inside);
	const rest = leftovers({ ...block, source: untaken(wire, taken) }, IMAGE_TAKEN);
	return { type: 'image', source, ...decodeCache(block, path), ...extend(DIALECT, rest) };
}

/** Reads a document block; undefined for a kind of source this version does not know. */
export function decodeDocument(block: JsonObject, path: string, parts: PartsReader): DocumentPart | undefined {
	const { wire, type, path: inside } = sourceOf(block, path);
	const taken = type === 'content' ? contentSource(wire, inside, parts) : lookup(SOURCES, type)?.(wire, inside);
	if (taken === undefined) return undefined;
	const part: DocumentPart = { type: 'document', source: taken.source, ...decodeCache(block, path) };
	const title = read.optional(block, 'title', path, read.string);
	if (title !== undefined) part.title = title;
	const context = read.optional(block, 'context', path, read.string);
	if (context !== undefined) part.context = context;
	const citations = readCitations(block, path);
	if (citations.enabled !== undefined) part.citations = citations.enabled;
	const left: JsonObject = { ...block, source: untaken(wire, taken.taken), citations: citations.rest };
	const rest = leftovers(left, DOCUMENT_TAKEN);
	const listed = type !== 'content' || typeof wire.content !== 'string';
	return { ...part, ...extend(DIALECT, listed ? rest : { ...rest, $content: 'text' }) };
}

function contentSource(wire: JsonObject, path: string, parts: PartsReader) {
	const { content } = wire;
	if (typeof content === 'string') return { source: partsSource([{ type: 'text', text: content }]), taken: CONTENT_TAKEN };
	if (content === undefined) throw read.invalid(read.at(path, 'content'), `'${read.at(path, 'content')}' is required.`);
	return {
		source: partsSource(parts(read.array(content, read.at(path, 'content')), read.at(path, 'content'))),
		taken: CONTENT_TAKEN,
	};
}

function partsSource(parts: ContentPart[]): { type: 'parts'; parts: ContentPart[] } {
	return { type: 'parts', parts };
}

function readCitations(block: JsonObject, path: string): { enabled: boolean | undefined; rest: JsonValue | undefined } {
	const value = block.citations;
	if (value === undefined || value === null) return { enabled: undefined, rest: value };
	const inside = read.at(path, 'citations');
	const wire = read.object(value, inside);
	return { enabled: read.optional(wire, 'enabled', inside, read.boolean), rest: untaken(wire, ENABLED) };
}

/** Reads a search result the application supplies. */
export function decodeSearchResult(block: JsonObject, path: string, parts: PartsReader): SearchResultPart {
	const content = read.required(block, 'content', path, read.array);
	const citations = readCitations(block, path);
	const part: SearchResultPart = {
		type: 'search-result',
		source: read.required(block, 'source', path, read.string),
		title: read.required(block, 'title', path, read.string),
		parts: parts(content, read.at(path, 'content')),
		...decodeCache(block, path),
	};
	if (citations.enabled !== undefined) part.citations = citations.enabled;
	return { ...part, ...extend(DIALECT, leftovers({ ...block, citations: citations.rest }, SEARCH_TAKEN)) };
}
