import type { JsonObject } from '../../../spec/index.ts';
import { objects, text } from '../../core/json.ts';
import { base64Bytes, base64Head, dataUrl, imageHeader } from '../../core/media.ts';
import type { Attachment } from '../../core/prompt.ts';
import type { Problem } from '../../core/types.ts';
import type { OpenAIModel } from '../models.ts';
import { cloudProblem } from '../problems.ts';

/** A part read as a file: the file, or what is wrong with it. */
type Read = { file: Attachment } | { problem: Problem };

function bad(message: string, param: string, code = 'invalid_value'): Read {
	return { problem: cloudProblem(message, { param, code }) };
}

/** `.invalid` is the domain that never resolves (RFC 2606). Nothing is fetched. */
const UNREACHABLE = /^https?:\/\/[^/]*\.invalid(?:[:/]|$)/;

function image(part: JsonObject, where: string): Read {
	const url = text(part.image_url);
	const param = `${where}.image_url`;
	if (url === '' && typeof part.file_id === 'string') {
		return { file: { kind: 'image', mediaType: 'image', bytes: 0, name: part.file_id } };
	}
	if (url === '') {
		return bad(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
	}
	if (UNREACHABLE.test(url)) return bad(`Error while downloading ${url}.`, 'url', 'invalid_value');
	if (/^https?:\/\//.test(url)) return { file: { kind: 'image', mediaType: 'image', bytes: 0, name: url } };
	const parsed = dataUrl(url);
	if (parsed === undefined) {
		return bad(`Invalid '${param}'. Expected a valid URL, but got a value with an invalid format.`, param);
	}
	if (!parsed.mediaType.startsWith('image/')) {
		return bad(
			`Invalid '${param}'. Expected a base64-encoded data URL with an image MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), ` +
				`but got unsupported MIME type '${parsed.mediaType}'.`,
			param,
		);
	}
	const bytes = base64Bytes(parsed.data);
	const header = bytes === undefined ? undefined : imageHeader(base64Head(parsed.data));
	if (bytes === undefined || header === undefined) {
		const message =
			'The image data you provided does not represent a valid image. Please check your input and try again with one of the ' +
			"supported image formats: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].";
		return bad(message, param, 'invalid_image');
	}
	return { file: { kind: 'image', mediaType: header.mediaType, bytes, ...(header.size ?? {}) } };
}

const UNSUPPORTED = 'The file type you uploaded is not supported. Please try again with a pdf';
const MEDIA = /\.(?:mp3|wav|m4a|mp4|mov|webm|png|jpe?g|gif)(?:\?|$)/i;

function document(part: JsonObject, where: string): Read {
	const { file_data: data, file_id: id, file_url: url, filename } = part;
	if (typeof id === 'string') return { file: { kind: 'document', mediaType: 'file', bytes: 0, name: id } };
	if (typeof url === 'string') {
		if (MEDIA.test(url)) return bad(UNSUPPORTED, 'input', 'unsupported_file');
		if (UNREACHABLE.test(url)) return bad(`Error while downloading ${url}.`, 'url');
		return { file: { kind: 'document', mediaType: 'file', bytes: 0, name: url } };
	}
	if (typeof data !== 'string') {
		return bad(`Missing required parameter: '${where}.file_id'.`, `${where}.file_id`, 'missing_required_parameter');
	}
	if (typeof filename !== 'string') {
		return bad(`Missing required parameter: '${where}.filename'.`, `${where}.filename`, 'missing_required_parameter');
	}
	const parsed = dataUrl(data);
	const bytes = parsed === undefined ? undefined : base64Bytes(parsed.data);
	if (parsed === undefined || bytes === undefined) {
		const param = `${where}.file_data`;
		return bad(`Invalid '${param}'. Expected a base64-encoded data URL (e.g. 'data:application/pdf;base64,JVBERi0='.)`, param);
	}
	if (/^(?:audio|video|image)\//.test(parsed.mediaType)) return bad(UNSUPPORTED, 'input', 'unsupported_file');
	return { file: { kind: 'document', mediaType: parsed.mediaType, bytes, name: filename } };
}

const READERS: { [type: string]: (part: JsonObject, where: string) => Read } = { input_image: image, input_file: document };

/** The files among an item's parts, really decoded; or what is wrong with the first bad one. `where`: the parts' path. */
export function filesAmong(parts: JsonObject[], where: string): Attachment[] | Problem {
	const files: Attachment[] = [];
	for (const [at, part] of parts.entries()) {
		const read = READERS[text(part.type)]?.(part, `${where}[${at}]`);
		if (read === undefined) continue;
		if ('problem' in read) return read.problem;
		files.push(read.file);
	}
	return files;
}

/** The files of a conversation's messages and tool outputs; or what is wrong with the first bad one. */
export function readFiles(items: JsonObject[], model: OpenAIModel): Attachment[] | Problem {
	const files: Attachment[] = [];
	for (const [index, item] of items.entries()) {
		const field = item.output === undefined ? 'content' : 'output';
		const parts = objects(item[field]);
		if (!model.vision && parts.some((part) => part.type === 'input_image')) {
			return cloudProblem('Invalid input: this model does not support image inputs.', { param: 'input', code: 'invalid_value' });
		}
		const found = filesAmong(parts, `input[${index}].${field}`);
		if (!Array.isArray(found)) return found;
		files.push(...found);
	}
	return files;
}
