import type { DocumentPart, ImagePart, JsonObject, MediaSource, SearchResultPart } from '../../spec/index.ts';
import { DIALECT, lookup, mark } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { finish, type PartsWriter, plainText } from './part-encode.ts';

const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);
const IMAGE_ALIASES: { [mediaType: string]: string } = { 'image/jpg': 'image/jpeg' };
const PDF = 'application/pdf';
const DEFAULT_DETAILS: ReadonlySet<string> = new Set(['auto', 'high']);

/** An image. Throws `unsupported` for what the API cannot see. */
export function imageBlock(part: ImagePart, path: string, state: EncodeState): JsonObject {
	if (part.detail !== undefined && !DEFAULT_DETAILS.has(part.detail)) {
		state.losses.dropped(`${path}.detail`, 'The detail of an image cannot be chosen; it is always looked at closely.');
	}
	return finish({ type: 'image', source: imageSource(part.source, path) }, part, path, state.losses);
}

function imageSource(source: MediaSource, path: string): JsonObject {
	if (source.type === 'text') throw unsupported(path, 'An image cannot be given as text.');
	if (source.type !== 'base64') return referenceSource(source, path);
	const mediaType = lookup(IMAGE_ALIASES, source.mediaType) ?? source.mediaType;
	if (!IMAGE_TYPES.has(mediaType))
		throw unsupported(path, `Images of type '${source.mediaType}' are not taken; send JPEG, PNG, GIF or WebP.`);
	return { type: 'base64', media_type: mediaType, data: source.data };
}

function referenceSource(source: Extract<MediaSource, { type: 'url' | 'file' }>, path: string): JsonObject {
	if (source.type === 'url') return { type: 'url', url: source.url };
	if (source.vendor === DIALECT) return { type: 'file', file_id: source.id };
	throw unsupported(path, `The file '${source.id}' was uploaded to another vendor; send its bytes or a URL.`);
}

/** A document. Throws `unsupported` for what the API cannot read. */
export function documentBlock(part: DocumentPart, path: string, state: EncodeState, parts: PartsWriter): JsonObject {
	const block: JsonObject = { type: 'document', source: documentSource(part, path, state, parts) };
	const title = part.title ?? part.filename;
	if (title !== undefined) block.title = title;
	if (part.context !== undefined) block.context = part.context;
	if (part.citations !== undefined) block.citations = { enabled: part.citations };
	return finish(block, part, path, state.losses);
}

function documentSource(part: DocumentPart, path: string, state: EncodeState, parts: PartsWriter): JsonObject {
	const { source } = part;
	switch (source.type) {
		case 'parts': {
			const blocks = parts(source.parts, `${path}.source.content`);
			const text = mark(part, '$content') === 'text' ? plainText(blocks) : undefined;
			return { type: 'content', content: text ?? blocks };
		}
		case 'text': {
			const wire: JsonObject = { type: 'text', data: source.text };
			if (source.mediaType !== undefined || !state.own) wire.media_type = source.mediaType ?? 'text/plain';
			return wire;
		}
		case 'base64':
			return base64Document(source.mediaType, source.data, path);
		default:
			return referenceSource(source, path);
	}
}

function base64Document(mediaType: string, data: string, path: string): JsonObject {
	if (mediaType === PDF) return { type: 'base64', media_type: PDF, data };
	if (!mediaType.startsWith('text/') && mediaType !== 'application/json') {
		throw unsupported(path, `Documents of type '${mediaType}' are not taken; send PDF or text.`);
	}
	return { type: 'text', media_type: 'text/plain', data: Buffer.from(data, 'base64').toString('utf8') };
}

/** A search result of the application's. */
export function searchResultBlock(part: SearchResultPart, path: string, state: EncodeState, parts: PartsWriter): JsonObject {
	const block: JsonObject = {
		type: 'search_result',
		source: part.source,
		title: part.title,
		content: parts(part.parts, `${path}.content`),
	};
	if (part.citations !== undefined) block.citations = { enabled: part.citations };
	return finish(block, part, path, state.losses);
}
