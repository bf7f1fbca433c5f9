import type { AudioPart, ContentPart, DocumentPart, ImagePart, JsonObject, MediaSource, VideoPart } from '../../spec/index.ts';
import { extend, type Fields, read } from '../shared/index.ts';
import { DIALECT, lookup, withMarks } from './dialect.ts';
import { signatureOf } from './seal.ts';
import { fieldsOf } from './spelling.ts';

type Media = ImagePart | AudioPart | VideoPart | DocumentPart;

/** Kinds of media by what file names of addresses without a media type end in. */
const ENDINGS: { [ending: string]: Media['type'] } = {
	...{ png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', webp: 'image', heic: 'image', heif: 'image' },
	...{ mp3: 'audio', wav: 'audio', aac: 'audio', flac: 'audio', ogg: 'audio', m4a: 'audio' },
	...{ mp4: 'video', mov: 'video', webm: 'video', mpeg: 'video', avi: 'video', mkv: 'video' },
};
const WATCHED = /^https?:\/\/(?:[a-z]+\.)?(?:youtube\.com|youtu\.be)\//;
/** Addresses only this vendor can read: its buckets, and the files uploaded to it. */
const UPLOADED = /^(?:gs:\/\/|https:\/\/generativelanguage\.googleapis\.com\/|files\/)/;

function kindOf(mediaType: string | undefined, uri: string): Media['type'] {
	const [kind] = (mediaType ?? '').split('/');
	if (kind === 'image' || kind === 'audio' || kind === 'video') return kind;
	if (mediaType !== undefined && mediaType !== '') return 'document';
	if (WATCHED.test(uri)) return 'video';
	return lookup(ENDINGS, /\.([a-z0-9]+)(?:[?#]|$)/i.exec(uri)?.[1]?.toLowerCase()) ?? 'document';
}

/** Reads a part whose bytes lie in it. `rest`: the members of the part nobody has taken. */
export function decodeInline(part: Fields): ContentPart {
	const inline = fieldsOf(part.require('inlineData', read.object), part.at('inlineData'), part.lenient);
	const data = inline.take('data', read.string) ?? '';
	const mediaType = inline.take('mimeType', read.string);
	return mediaPart(part, inline, 'inlineData', kindOf(mediaType, ''), {
		type: 'base64',
		data,
		mediaType: mediaType ?? 'application/octet-stream',
	});
}

/** Reads a part whose bytes lie elsewhere. */
export function decodeFile(part: Fields): ContentPart {
	const file = fieldsOf(part.require('fileData', read.object), part.at('fileData'), part.lenient);
	const uri = file.require('fileUri', read.nonEmptyString);
	const mediaType = file.take('mimeType', read.string);
	const typed = mediaType === undefined ? {} : { mediaType };
	const source: MediaSource = UPLOADED.test(uri)
		? { type: 'file', id: uri, vendor: DIALECT, ...typed }
		: { type: 'url', url: uri, ...typed };
	return mediaPart(part, file, 'fileData', kindOf(mediaType, uri), source);
}

function mediaPart(part: Fields, data: Fields, member: string, type: Media['type'], source: MediaSource): ContentPart {
	const name = type === 'document' ? data.take('displayName', read.string) : undefined;
	const signature = type === 'image' ? part.take('thoughtSignature', read.string) : undefined;
	const signed = signature === undefined ? undefined : signatureOf(signature);
	const inner = data.rest();
	const rest = withMarks(part.rest(), inner === undefined ? {} : { [member]: restOf(inner) });
	const kept = extend(DIALECT, rest);
	if (type === 'document') return { type, source, ...(name === undefined ? {} : { filename: name }), ...kept };
	if (type === 'image') return { type, source, ...(signed === undefined ? {} : { signature: signed }), ...kept };
	return { type, source, ...kept };
}

/** Leftovers of an inner object without their sorting: they come back inside the object they were in. */
export function restOf(rest: JsonObject): JsonObject {
	const { $form: form, ...plain } = rest;
	return { ...plain, ...(typeof form === 'object' && form !== null && !Array.isArray(form) ? form : {}) };
}
