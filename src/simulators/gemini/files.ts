import type { JsonObject } from '../../spec/index.ts';
import { object, objects, text } from '../core/json.ts';
import { base64Bytes, base64Head, imageHeader } from '../core/media.ts';
import type { Attachment } from '../core/prompt.ts';

const TYPES: { kind: Attachment['kind']; types: RegExp }[] = [
	{ kind: 'image', types: /^image\/(?:png|jpeg|webp|heic|heif)$/ },
	{ kind: 'audio', types: /^audio\/(?:wav|x-wav|mp3|mpeg|aiff|aac|ogg|flac|m4a|mp4|webm|pcm|L16.*)$/ },
	{ kind: 'video', types: /^video\/(?:mp4|mpeg|mov|quicktime|avi|x-flv|mpg|webm|wmv|3gpp)$/ },
	{ kind: 'document', types: /^(?:application\/(?:pdf|json|x-javascript|x-python)|text\/.+)$/ },
];

/** The kind of a file of this media type; undefined where the vendor does not take it. */
function kindOf(mediaType: string): Attachment['kind'] | undefined {
	return TYPES.find(({ types }) => types.test(mediaType))?.kind;
}

/** A part read as a file: the file, what is wrong with it, or neither where it is none. */
type Read = { file: Attachment } | { fault: string } | undefined;

/** `.invalid` is the domain that never resolves (RFC 2606). Nothing is fetched. */
const UNREACHABLE = /^https?:\/\/[^/]*\.invalid(?:[:/]|$)/;

function fileData(data: JsonObject): Read {
	const [uri, mediaType] = [text(data.fileUri), text(data.mimeType)];
	if (UNREACHABLE.test(uri)) return { fault: 'Cannot fetch content from the provided URL.' };
	if (!/^(?:https?|gs):\/\//.test(uri)) return { fault: `Invalid or unsupported file uri: ${uri}` };
	const kind = mediaType === '' ? 'document' : kindOf(mediaType);
	if (kind === undefined) return { fault: `Unsupported MIME type: ${mediaType}` };
	return { file: { kind, mediaType: mediaType || 'file', bytes: 0, name: uri } };
}

/** The vendor reads both alphabets of base64, padded or not. */
function standard(data: string): string {
	const plain = data.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
	return plain + '='.repeat((4 - (plain.length % 4)) % 4);
}

function inlineData(data: JsonObject, where: string): Read {
	const mediaType = text(data.mimeType);
	const base64 = standard(text(data.data));
	const bytes = base64Bytes(base64);
	if (bytes === undefined) {
		const shown = text(data.data).slice(0, 40);
		return { fault: `Invalid value at '${where}.inline_data.data' (TYPE_BYTES), Base64 decoding failed for "${shown}"` };
	}
	const kind = kindOf(mediaType);
	if (kind === undefined) return { fault: `Unsupported MIME type: ${mediaType}` };
	const head = base64Head(base64);
	if (mediaType === 'application/pdf' && !head.toString('latin1', 0, 1024).includes('%PDF'))
		return { fault: 'The document has no pages.' };
	if (kind !== 'image' || /hei[cf]$/.test(mediaType)) return { file: { kind, mediaType, bytes } };
	const header = imageHeader(head);
	if (header === undefined || header.mediaType === 'image/gif') {
		return {
			fault:
				'Unable to process input image. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
		};
	}
	return { file: { kind, mediaType: header.mediaType, bytes, ...(header.size ?? {}) } };
}

function read(part: JsonObject, where: string): Read {
	if (part.inlineData !== undefined) return inlineData(object(part.inlineData), where);
	return part.fileData === undefined ? undefined : fileData(object(part.fileData));
}

/** The parts a content's files may be in: its own, and those within function responses. */
function carriers(content: JsonObject): JsonObject[] {
	return objects(content.parts).flatMap((part) => [part, ...objects(object(part.functionResponse).parts)]);
}

/** What is wrong with the first bad file, each really decoded; undefined where none is. */
export function fileFault(contents: JsonObject[]): string | undefined {
	for (const [index, content] of contents.entries()) {
		for (const [at, part] of carriers(content).entries()) {
			const found = read(part, `contents[${index}].parts[${at}]`);
			if (found !== undefined && 'fault' in found) return found.fault;
		}
	}
	return undefined;
}

/** The files among parts. */
export function filesAmong(parts: JsonObject[]): Attachment[] {
	return parts.flatMap((part) => {
		const found = read(part, '');
		return found !== undefined && 'file' in found ? [found.file] : [];
	});
}

/** All files of a conversation. */
export function filesOf(contents: JsonObject[]): Attachment[] {
	return contents.flatMap((content) => filesAmong(carriers(content)));
}
