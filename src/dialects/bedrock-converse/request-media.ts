import type {
	AudioPart,
	DocumentPart,
	ImagePart,
	JsonObject,
	MediaSource,
	SearchResultPart,
	VideoPart,
} from '../../spec/index.ts';
import { DIALECT, mark } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { AUDIO_FORMATS, DOCUMENT_FORMATS, formatOf, IMAGE_FORMATS, VIDEO_FORMATS } from './formats.ts';
import { finish, type PartsWriter } from './part-encode.ts';

interface Kind {
	/** What it is called in messages. */
	name: string;
	formats: { readonly [format: string]: string };
	/** What to send instead of a type that is not taken. */
	advice: string;
}

const IMAGE: Kind = { name: 'Images', formats: IMAGE_FORMATS, advice: 'send JPEG, PNG, GIF or WebP' };
const VIDEO: Kind = { name: 'Videos', formats: VIDEO_FORMATS, advice: 'send MP4, MOV, MKV or WebM' };
const AUDIO: Kind = { name: 'Sounds', formats: AUDIO_FORMATS, advice: 'send MP3, WAV, FLAC or Ogg' };
const DOCUMENT: Kind = { name: 'Documents', formats: DOCUMENT_FORMATS, advice: 'send PDF, text or an Office format' };
/** Type of media in the vendor's storage that state none, by the end of their address. */
const EXTENSION = /\.([a-z0-9_]+)$/i;

/** Format and source of media. Throws `unsupported` for what the API cannot fetch or read. */
function mediaSource(source: MediaSource, kind: Kind, path: string): { format: string; source: JsonObject } {
	if (source.type === 'text') throw unsupported(path, `${kind.name} cannot be given as text.`);
	if (source.type === 'base64') return { format: typed(source.mediaType, kind, path), source: { bytes: source.data } };
	const uri = stored(source);
	if (uri === undefined) {
		const what =
			source.type === 'url' ? `${kind.name} at an address on the web are not fetched` : 'Files of another vendor cannot be read';
		throw unsupported(path, `${what}; send the bytes in base64.`);
	}
	const { mediaType } = source;
	const format = mediaType === undefined ? EXTENSION.exec(uri)?.[1]?.toLowerCase() : typed(mediaType, kind, path);
	const known = format === 'jpg' ? 'jpeg' : format;
	if (known === undefined || kind.formats[known] === undefined)
		throw unsupported(path, `The type of '${uri}' is not known; ${kind.advice}.`);
	return { format: known, source: { s3Location: { uri } } };
}

/** The address in the vendor's storage, where the source has one. */
function stored(source: Extract<MediaSource, { type: 'url' | 'file' }>): string | undefined {
	if (source.type === 'file') return source.vendor === DIALECT ? source.id : undefined;
	return source.url.startsWith('s3://') ? source.url : undefined;
}

function typed(mediaType: string, kind: Kind, path: string): string {
	const format = formatOf(kind.formats, mediaType);
	if (format === undefined) throw unsupported(path, `${kind.name} of type '${mediaType}' are not taken; ${kind.advice}.`);
	return format;
}

export function imageBlock(part: ImagePart, path: string, state: EncodeState): JsonObject {
	if (part.detail !== undefined && part.detail !== 'auto') {
		state.losses.dropped(`${path}.detail`, 'The detail of an image cannot be chosen.');
	}
	const image = mediaSource(part.source, IMAGE, path);
	const guarded = mark(part, '$type') === 'guardContent';
	return finish(guarded ? { guardContent: { image } } : { image }, part, path, state.losses);
}

export function videoBlock(part: VideoPart, path: string, state: EncodeState): JsonObject {
	return finish({ video: mediaSource(part.source, VIDEO, path) }, part, path, state.losses);
}

export function audioBlock(part: AudioPart, path: string, state: EncodeState): JsonObject {
	return finish({ audio: mediaSource(part.source, AUDIO, path) }, part, path, state.losses);
}

/** A document, under a name the API takes. */
export function documentBlock(part: DocumentPart, path: string, state: EncodeState, parts: PartsWriter): JsonObject {
	const wanted = part.title ?? part.filename;
	const document: JsonObject = {
		name: state.own ? wanted : state.documents.for(wanted),
		...documentSource(part, path, state, parts),
	};
	if (wanted !== undefined && document.name !== wanted) {
		state.losses.add('changed', `${path}.title`, `The document's name was sent as '${String(document.name)}'.`);
	}
	if (part.context !== undefined) document.context = part.context;
	if (part.citations !== undefined) document.citations = { enabled: part.citations };
	return finish({ document }, part, path, state.losses);
}

function documentSource(part: DocumentPart, path: string, state: EncodeState, parts: PartsWriter): JsonObject {
	const { source } = part;
	const unstated = mark(part, '$format') === 'none';
	if (source.type === 'parts') {
		const content = parts(source.parts, `${path}.source.content`);
		if (content.some((block) => block.text === undefined)) throw unsupported(path, 'A document made of blocks takes only text.');
		if (state.own || part.citations === true) return { ...(unstated ? {} : { format: 'txt' }), source: { content } };
		return bytesOf(content.map((block) => String(block.text)).join('\n\n'));
	}
	if (source.type !== 'text') return mediaSource(source, DOCUMENT, path);
	const format = source.mediaType === undefined ? 'txt' : typed(source.mediaType, DOCUMENT, path);
	if (mark(part, '$source') === 'text') return { ...(unstated ? {} : { format }), source: { text: source.text } };
	return { ...bytesOf(source.text), format };
}

/** Every model that reads documents takes their bytes; only some take text as such. */
function bytesOf(text: string): JsonObject {
	return { format: 'txt', source: { bytes: Buffer.from(text, 'utf8').toString('base64') } };
}

/** A search result of the application's. */
export function searchResultBlock(part: SearchResultPart, path: string, state: EncodeState, parts: PartsWriter): JsonObject {
	const searchResult: JsonObject = { source: part.source, title: part.title, content: parts(part.parts, `${path}.content`) };
	if (part.citations !== undefined) searchResult.citations = { enabled: part.citations };
	return finish({ searchResult }, part, path, state.losses);
}
