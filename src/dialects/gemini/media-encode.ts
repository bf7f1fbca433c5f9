import type { AudioPart, DocumentPart, ImagePart, JsonObject, MediaSource, VideoPart } from '../../spec/index.ts';
import type { Losses } from '../shared/index.ts';
import { DIALECT, lookup, refill } from './dialect.ts';
import { unsupported } from './encode-state.ts';
import { wireSignature } from './seal.ts';

type Media = ImagePart | AudioPart | VideoPart | DocumentPart;

/** Media types by what file names end in. */
const TYPES: { [ending: string]: string } = {
	...{ png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', heic: 'image/heic' },
	...{ mp3: 'audio/mp3', wav: 'audio/wav', aac: 'audio/aac', flac: 'audio/flac', ogg: 'audio/ogg', m4a: 'audio/m4a' },
	...{ mp4: 'video/mp4', mov: 'video/mov', webm: 'video/webm', mpeg: 'video/mpeg', avi: 'video/avi' },
	...{
		pdf: 'application/pdf',
		txt: 'text/plain',
		md: 'text/markdown',
		csv: 'text/csv',
		html: 'text/html',
		json: 'application/json',
	},
};
/** What a file of unknown ending most likely is. */
const LIKELY: { [kind in Media['type']]: string } = {
	image: 'image/jpeg',
	audio: 'audio/mp3',
	video: 'video/mp4',
	document: 'application/pdf',
};
/** Names other vendors give media types that the API knows under another one. */
const ALIASES: { [mediaType: string]: string } = {
	'image/jpg': 'image/jpeg',
	'audio/mpeg': 'audio/mp3',
	'audio/x-wav': 'audio/wav',
	'application/json': 'text/plain',
};
const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*?(;base64)?,/;

/** Writes media as a part. Throws `unsupported` for files only another vendor has. `own`: types are repeated as they came. */
export function mediaPart(part: Media, path: string, losses: Losses, own: boolean): JsonObject {
	const wire = sourcePart(part, path, losses, own);
	if (part.type === 'image' && part.signature !== undefined) wire.thoughtSignature = wireSignature(part.signature);
	report(part, path, losses, own, wire);
	losses.extensions(part, path);
	return refill(wire, part);
}

function sourcePart(part: Media, path: string, losses: Losses, own: boolean): JsonObject {
	const { source } = part;
	switch (source.type) {
		case 'base64':
			return inline(own ? source.mediaType : (lookup(ALIASES, source.mediaType) ?? source.mediaType), source.data);
		case 'text':
			return { text: source.text };
		case 'parts':
			throw unsupported(path, 'A document made of parts cannot be sent as one.');
		case 'file':
			if (source.vendor === DIALECT) return file(source.id, source.mediaType);
			throw unsupported(path, `The file '${source.id}' was uploaded to another vendor; send its bytes or a URL.`);
		default:
			return (
				dataPart(source, path) ??
				file(source.url, source.mediaType ?? (own ? undefined : guess(part.type, source.url, path, losses)))
			);
	}
}

/** The bytes in a data URL; undefined for any other URL. */
function dataPart({ url, mediaType }: Extract<MediaSource, { type: 'url' }>, path: string): JsonObject | undefined {
	const match = DATA_URL.exec(url);
	if (match === null) return undefined;
	const text = url.slice(match[0].length);
	return inline(mediaType ?? (match[1] || 'text/plain'), match[2] === undefined ? unescaped(text, path) : text);
}

function unescaped(text: string, path: string): string {
	try {
		return Buffer.from(decodeURIComponent(text)).toString('base64');
	} catch {
		throw unsupported(path, 'The data URL is malformed.');
	}
}

function inline(mimeType: string, data: string): JsonObject {
	return { inlineData: { mimeType, data } };
}

function file(fileUri: string, mimeType: string | undefined): JsonObject {
	return { fileData: mimeType === undefined ? { fileUri } : { fileUri, mimeType } };
}

/** The media type a file most likely has: some hosts of the API demand one. */
function guess(kind: Media['type'], url: string, path: string, losses: Losses): string {
	const type = lookup(TYPES, /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase()) ?? LIKELY[kind];
	losses.add('defaulted', path, `A file needs a media type; '${type}' was assumed.`);
	return type;
}

/** What the part says that has no field here; the name of a document has one only for clients of this dialect. */
function report(part: Media, path: string, losses: Losses, own: boolean, wire: JsonObject): void {
	if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto')
		losses.dropped(`${path}.detail`, 'The detail of an image cannot be chosen.');
	if (part.type !== 'document') return;
	const name = part.filename ?? part.title;
	if (own && part.filename !== undefined) nameOf(wire).displayName = part.filename;
	else if (name !== undefined) losses.dropped(`${path}.title`, 'The name of a document is not sent.');
	if (part.context !== undefined) losses.dropped(`${path}.context`, 'What is said about a document is not sent.');
	if (part.citations === true) losses.dropped(`${path}.citations`, 'Citations of documents are not offered.');
}

function nameOf(wire: JsonObject): JsonObject {
	const inner = wire.inlineData ?? wire.fileData;
	return typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? inner : wire;
}
