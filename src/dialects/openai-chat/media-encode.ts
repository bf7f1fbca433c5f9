import type { AudioPart, DocumentPart, ImagePart, JsonObject, MediaSource, VideoPart } from '../../spec/index.ts';
import { type Losses, own, restored, table } from '../shared/index.ts';
import { dataUrl } from './data-url.ts';
import { DIALECT } from './name.ts';
import { nested } from './nested.ts';

/** The URL of a source, or undefined where it has none: a file of some vendor, or plain text. */
function urlOf(source: MediaSource): string | undefined {
	if (source.type === 'url') return source.url;
	return source.type === 'base64' ? dataUrl(source.mediaType, source.data) : undefined;
}

/** A member such as `image_url`, in the form it came in. */
function urlMember(left: JsonObject | undefined, key: string, url: string, more: JsonObject = {}): JsonObject {
	if (left?.$bare === true && Object.keys(more).length === 0) return { [key]: url };
	return { [key]: { ...restored(nested(left, key)), url, ...more } };
}

function noSource(kind: string, source: MediaSource, path: string, losses: Losses): undefined {
	const what = source.type === 'file' ? `${kind} stored at ${source.vendor}` : `${kind} given as ${source.type}`;
	losses.dropped(path, `This dialect has no form for ${what}.`);
	return undefined;
}

export function encodeImage(part: ImagePart, path: string, losses: Losses): JsonObject | undefined {
	const url = urlOf(part.source);
	if (url === undefined) return noSource('an image', part.source, path, losses);
	const left = own(part, DIALECT);
	const detail = part.detail === undefined ? {} : { detail: part.detail };
	return { ...restored(left), type: 'image_url', ...urlMember(left, 'image_url', url, detail) };
}

const AUDIO_FORMATS = table<string>({
	'audio/mpeg': 'mp3',
	'audio/mp3': 'mp3',
	'audio/x-wav': 'wav',
	'audio/wave': 'wav',
});

function audioFormat(mediaType: string): string {
	return AUDIO_FORMATS[mediaType] ?? mediaType.slice(mediaType.indexOf('/') + 1);
}

export function encodeAudio(part: AudioPart, path: string, losses: Losses): JsonObject | undefined {
	const { source } = part;
	if (source.type === 'file' || source.type === 'text') return noSource('audio', source, path, losses);
	const left = own(part, DIALECT);
	const type = left?.$type ?? (source.type === 'url' ? 'audio_url' : 'input_audio');
	if (type === 'audio_url') return { ...restored(left), type, ...urlMember(left, type, urlOf(source) ?? '') };
	const known =
		part.format ?? (source.type === 'base64' && left?.$type === undefined ? audioFormat(source.mediaType) : undefined);
	const input: JsonObject = {
		...restored(nested(left, 'input_audio')),
		data: source.type === 'url' ? source.url : source.data,
		...(known === undefined ? {} : { format: known }),
	};
	return { ...restored(left), type: 'input_audio', input_audio: input };
}

export function encodeVideo(part: VideoPart, path: string, losses: Losses): JsonObject | undefined {
	const url = urlOf(part.source);
	if (url === undefined) return noSource('a video', part.source, path, losses);
	const left = own(part, DIALECT);
	return { ...restored(left), type: 'video_url', ...urlMember(left, 'video_url', url) };
}

const EXTENSIONS = table<string>({
	'application/pdf': 'pdf',
	'text/plain': 'txt',
	'text/markdown': 'md',
	'text/html': 'html',
	'text/csv': 'csv',
});

/** OpenAI wants a name beside the data of a file. */
function fileName(part: DocumentPart, mediaType: string): string {
	return part.filename ?? part.title ?? `document.${EXTENSIONS[mediaType] ?? 'bin'}`;
}

/** A document that is a file or a URL; texts and blocks are written as text by the caller. */
export function encodeFile(part: DocumentPart, path: string, losses: Losses): JsonObject | undefined {
	const left = own(part, DIALECT);
	const { source } = part;
	const wire: JsonObject = { ...restored(left), type: 'file' };
	const inner: JsonObject = restored(nested(left, 'file'));
	const name = part.filename ?? part.title;
	const filename = name === undefined ? {} : { filename: name };
	if (source.type === 'file') {
		if (source.vendor !== DIALECT) return noSource('a document', source, path, losses);
		return { ...wire, file: { ...inner, file_id: source.id, ...filename } };
	}
	if (source.type === 'url' && left?.$type === 'document_url') return encodeDocumentUrl(part, source.url, left);
	if (source.type === 'url') {
		if (left?.$url !== true) {
			losses.add('changed', path, "The document's URL was sent as 'file_data', which only some vendors fetch.");
		}
		return { ...wire, file: { ...inner, file_data: source.url, ...filename } };
	}
	if (source.type !== 'base64') return undefined;
	if (left?.$type === 'document_url') return encodeDocumentUrl(part, dataUrl(source.mediaType, source.data), left);
	const data = left?.$bare === true ? source.data : dataUrl(source.mediaType, source.data);
	const named = left?.$unnamed === true ? filename : { filename: fileName(part, source.mediaType) };
	return { ...wire, file: { ...inner, file_data: data, ...named } };
}

function encodeDocumentUrl(part: DocumentPart, url: string, left: JsonObject): JsonObject {
	const title = part.title === undefined ? {} : { document_name: part.title };
	return { ...restored(left), type: 'document_url', ...urlMember(left, 'document_url', url), ...title };
}
