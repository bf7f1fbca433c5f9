import type { JsonObject } from '../../spec/index.ts';
import { object, objects, text } from '../core/json.ts';
import { base64Bytes, base64Head, imageHeader } from '../core/media.ts';
import type { Attachment } from '../core/prompt.ts';
import { blocksOf } from './conversation.ts';

/** A block read as a file: the file, or what is wrong with it. */
type Read = { file: Attachment } | { fault: string };

function elsewhere(kind: Attachment['kind'], source: JsonObject): Attachment | undefined {
	const name = text(source.url) || text(source.file_id);
	return name === '' ? undefined : { kind, mediaType: kind, bytes: 0, name };
}

function image(block: JsonObject, where: string): Read {
	const source = object(block.source);
	const remote = elsewhere('image', source);
	if (remote !== undefined) return { file: remote };
	const data = text(source.data);
	const bytes = base64Bytes(data);
	if (bytes === undefined) return { fault: `${where}.image.source.base64.data: Invalid base64 data` };
	const header = imageHeader(base64Head(data));
	if (header === undefined) return { fault: `${where}.image.source.base64.data: Could not process image` };
	if (header.mediaType !== source.media_type) {
		return {
			fault:
				`${where}.image.source.base64.data: The image was specified using the ${text(source.media_type)} media type, ` +
				`but the image appears to be a ${header.mediaType} image`,
		};
	}
	return { file: { kind: 'image', mediaType: header.mediaType, bytes, ...(header.size ?? {}) } };
}

function document(block: JsonObject, where: string): Read {
	const source = object(block.source);
	const title = typeof block.title === 'string' ? { name: block.title } : {};
	const remote = elsewhere('document', source);
	if (remote !== undefined) return { file: remote };
	if (source.type !== 'base64') {
		const written = source.type === 'text' ? text(source.data) : JSON.stringify(source.content);
		return { file: { kind: 'document', mediaType: 'text/plain', bytes: Buffer.byteLength(written), ...title } };
	}
	const data = text(source.data);
	const bytes = base64Bytes(data);
	if (bytes === undefined) return { fault: `${where}.document.source.base64.data: Invalid base64 data` };
	if (!base64Head(data).toString('latin1').startsWith('%PDF')) {
		return { fault: `${where}.document.source.base64.data: The PDF specified was not valid.` };
	}
	return { file: { kind: 'document', mediaType: 'application/pdf', bytes, ...title } };
}

/** Reads an image or document block, really decoding it; undefined for other blocks. `where`: the block's path, for errors. */
export function readFile(block: JsonObject, where: string): Read | undefined {
	if (block.type === 'image') return image(block, where);
	return block.type === 'document' ? document(block, where) : undefined;
}

/** The files among blocks that have been found in order. */
export function filesAmong(blocks: JsonObject[]): Attachment[] {
	return blocks.flatMap((block) => {
		const read = readFile(block, '');
		return read !== undefined && 'file' in read ? [read.file] : [];
	});
}

/** What is wrong with the first bad file of a request, tool results included; undefined where none is. */
export function fileFault(messages: JsonObject[]): string | undefined {
	for (const [index, message] of messages.entries()) {
		for (const [at, block] of blocksOf(message).entries()) {
			const where = `messages.${index}.content.${at}`;
			const inner = block.type === 'tool_result' ? objects(block.content) : [];
			const blocks = [
				{ block, where },
				...inner.map((nested, deep) => ({ block: nested, where: `${where}.tool_result.content.${deep}` })),
			];
			for (const candidate of blocks) {
				const read = readFile(candidate.block, candidate.where);
				if (read !== undefined && 'fault' in read) return read.fault;
			}
		}
	}
	return undefined;
}
