import { isObject } from '../../lib/json.ts';
import type {
	AudioPart,
	ContentPart,
	DocumentPart,
	ImagePart,
	JsonObject,
	JsonValue,
	MediaSource,
	SearchResultPart,
	VideoPart,
} from '../../spec/index.ts';
import { extend, read } from '../shared/index.ts';
import { DIALECT, keep, remainder } from './dialect.ts';
import { AUDIO_FORMATS, DOCUMENT_FORMATS, IMAGE_FORMATS, VIDEO_FORMATS } from './formats.ts';

/** Reads nested blocks; handed in so that this file and the block table need not import each other. */
export type PartsReader = (content: JsonValue[], path: string) => ContentPart[];

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const MEDIA = set('format');
const DOCUMENT = set('format', 'name', 'context');
const SEARCH = set('source', 'title', 'content');
const ENABLED = set('enabled');

interface Source {
	source: MediaSource;
	rest: JsonObject | undefined;
}

/** Bytes in the request, or an object in the vendor's storage. Undefined for a kind of source this version does not know. */
function readSource(wire: JsonObject, mediaType: string, path: string): Source | undefined {
	if (wire.bytes !== undefined) {
		const data = read.required(wire, 'bytes', path, read.string);
		return { source: { type: 'base64', data, mediaType }, rest: remainder(wire, set('bytes')) };
	}
	if (!isObject(wire.s3Location)) return undefined;
	const id = read.required(wire.s3Location, 'uri', read.at(path, 's3Location'), read.nonEmptyString);
	const left = remainder(wire.s3Location, set('uri'));
	const rest = { ...remainder(wire, set('s3Location')), ...(left === undefined ? {} : { s3Location: left }) };
	return {
		source: { type: 'file', id, vendor: DIALECT, mediaType },
		rest: Object.keys(rest).length === 0 ? undefined : rest,
	};
}

interface Media {
	wire: JsonObject;
	format: string;
	source: MediaSource;
	/** What the block keeps. */
	kept: JsonObject | undefined;
}

function readMedia(
	block: JsonObject,
	member: string,
	formats: { readonly [format: string]: string },
	path: string,
): Media | undefined {
	const wire = read.required(block, member, path, read.object);
	const inside = read.at(path, member);
	const format = read.required(wire, 'format', inside, read.string);
	const mediaType = formats[format];
	const given = read.required(wire, 'source', inside, read.object);
	const taken = mediaType === undefined ? undefined : readSource(given, mediaType, read.at(inside, 'source'));
	if (taken === undefined) return undefined;
	const kept = keep(block, member, wire, MEDIA, { source: taken.rest });
	return { wire, format, source: taken.source, kept };
}

/** Reads an image; undefined for a format or source this version does not know. */
export function decodeImage(block: JsonObject, path: string): ImagePart | undefined {
	const media = readMedia(block, 'image', IMAGE_FORMATS, path);
	return media && { type: 'image', source: media.source, ...extend(DIALECT, media.kept) };
}

export function decodeVideo(block: JsonObject, path: string): VideoPart | undefined {
	const media = readMedia(block, 'video', VIDEO_FORMATS, path);
	return media && { type: 'video', source: media.source, ...extend(DIALECT, media.kept) };
}

export function decodeAudio(block: JsonObject, path: string): AudioPart | undefined {
	const media = readMedia(block, 'audio', AUDIO_FORMATS, path);
	return media && { type: 'audio', source: media.source, format: media.format, ...extend(DIALECT, media.kept) };
}

/** Reads a document; undefined for a format or source this version does not know. */
export function decodeDocument(block: JsonObject, path: string, parts: PartsReader): DocumentPart | undefined {
	const wire = read.required(block, 'document', path, read.object);
	const inside = read.at(path, 'document');
	const format = read.optional(wire, 'format', inside, read.string);
	const mediaType = format === undefined ? DOCUMENT_FORMATS.txt : DOCUMENT_FORMATS[format];
	const given = read.required(wire, 'source', inside, read.object);
	if (mediaType === undefined) return undefined;
	const taken = documentSource(given, mediaType, format !== undefined, read.at(inside, 'source'), parts);
	if (taken === undefined) return undefined;
	const part: DocumentPart = { type: 'document', source: taken.source, title: read.required(wire, 'name', inside, read.string) };
	const context = read.optional(wire, 'context', inside, read.string);
	if (context !== undefined) part.context = context;
	const citations = readCitations(wire, inside);
	if (citations.enabled !== undefined) part.citations = citations.enabled;
	const kept = keep(block, 'document', wire, DOCUMENT, { source: taken.rest, citations: citations.rest });
	const told = taken.form === undefined ? kept : { ...kept, $source: taken.form };
	return { ...part, ...extend(DIALECT, format === undefined ? { ...told, $format: 'none' } : told) };
}

interface DocumentSource {
	source: DocumentPart['source'];
	rest: JsonObject | undefined;
	form?: 'text';
}

function documentSource(
	wire: JsonObject,
	mediaType: string,
	stated: boolean,
	path: string,
	parts: PartsReader,
): DocumentSource | undefined {
	if (wire.text !== undefined) {
		const text = read.required(wire, 'text', path, read.string);
		const type = stated ? { mediaType } : {};
		return { source: { type: 'text', text, ...type }, rest: remainder(wire, set('text')), form: 'text' };
	}
	if (wire.content !== undefined) {
		const content = read.required(wire, 'content', path, read.array);
		const source = { type: 'parts' as const, parts: parts(content, read.at(path, 'content')) };
		return stated && mediaType !== DOCUMENT_FORMATS.txt ? undefined : { source, rest: remainder(wire, set('content')) };
	}
	return stated ? readSource(wire, mediaType, path) : undefined;
}

function readCitations(wire: JsonObject, path: string): { enabled: boolean | undefined; rest: JsonValue | undefined } {
	const value = wire.citations;
	if (value === undefined || value === null) return { enabled: undefined, rest: value };
	const inside = read.at(path, 'citations');
	const citations = read.object(value, inside);
	const enabled = read.optional(citations, 'enabled', inside, read.boolean);
	return { enabled, rest: enabled === undefined ? citations : remainder(citations, ENABLED) };
}

/** Reads a search result the application supplies. */
export function decodeSearchResult(block: JsonObject, path: string, parts: PartsReader): SearchResultPart {
	const wire = read.required(block, 'searchResult', path, read.object);
	const inside = read.at(path, 'searchResult');
	const citations = readCitations(wire, inside);
	const part: SearchResultPart = {
		type: 'search-result',
		source: read.required(wire, 'source', inside, read.string),
		title: read.required(wire, 'title', inside, read.string),
		parts: parts(read.required(wire, 'content', inside, read.array), read.at(inside, 'content')),
	};
	if (citations.enabled !== undefined) part.citations = citations.enabled;
	return { ...part, ...extend(DIALECT, keep(block, 'searchResult', wire, SEARCH, { citations: citations.rest })) };
}
