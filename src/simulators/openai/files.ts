import type { JsonObject } from '../../spec/index.ts';
import { object, objects, text } from '../core/json.ts';
import { base64Bytes, base64Head, dataUrl, imageHeader } from '../core/media.ts';
import type { Attachment } from '../core/prompt.ts';
import type { Problem } from '../core/types.ts';
import type { OpenAIModel } from './models.ts';
import type { MakeProblem } from './problems.ts';

/** A part of a message read as a file: the file, or what is wrong with it. */
type Read = { file: Attachment } | { problem: Problem };

function image(part: JsonObject, make: MakeProblem): Read {
	const url = text(object(part.image_url).url);
	if (/^https?:\/\//.test(url)) {
		// Nothing is fetched. `.invalid` is the domain that never resolves (RFC 2606).
		const unreachable = /^https?:\/\/[^/]*\.invalid(?:[:/]|$)/.test(url);
		if (unreachable) return { problem: make(`Error while downloading ${url}.`, { code: 'invalid_image_url' }) };
		return { file: { kind: 'image', mediaType: 'image', bytes: 0, name: url } };
	}
	const parsed = dataUrl(url);
	const bytes = parsed === undefined ? undefined : base64Bytes(parsed.data);
	if (parsed === undefined || bytes === undefined) {
		return { problem: make('Invalid image data: expected a base64-encoded data URL.', { code: 'invalid_base64' }) };
	}
	const header = imageHeader(base64Head(parsed.data));
	if (header === undefined) {
		const message =
			"You uploaded an unsupported image. Please make sure your image has of one the following formats: ['png', 'jpeg', 'gif', 'webp'].";
		return { problem: make(message, { code: 'invalid_image_format' }) };
	}
	return { file: { kind: 'image', mediaType: header.mediaType, bytes, ...(header.size ?? {}) } };
}

function audio(part: JsonObject, make: MakeProblem): Read {
	const { data, format } = object(part.input_audio);
	const bytes = base64Bytes(text(data));
	if (bytes === undefined) return { problem: make('Invalid audio data: expected base64.', { code: 'invalid_base64' }) };
	return { file: { kind: 'audio', mediaType: `audio/${text(format)}`, bytes } };
}

function document(part: JsonObject, make: MakeProblem): Read {
	const { file_data: data, file_id: id, filename } = object(part.file);
	if (typeof id === 'string') return { file: { kind: 'document', mediaType: 'file', bytes: 0, name: id } };
	const parsed = dataUrl(text(data));
	const bytes = parsed === undefined ? undefined : base64Bytes(parsed.data);
	if (parsed === undefined || bytes === undefined) {
		return { problem: make("Invalid file data: 'file_data'. Expected a base64-encoded data URL.", { code: 'invalid_value' }) };
	}
	if (typeof filename !== 'string') {
		return { problem: make("Missing required parameter: 'file.filename'.", { code: 'missing_required_parameter' }) };
	}
	return { file: { kind: 'document', mediaType: parsed.mediaType, bytes, name: filename } };
}

/** A document as one vendor takes it: by an address, which may hold its bytes. */
function documentAt(part: JsonObject, make: MakeProblem): Read {
	const url = text(part.document_url);
	const name = text(part.document_name) || 'document';
	if (/^https?:\/\//.test(url)) return { file: { kind: 'document', mediaType: 'file', bytes: 0, name: url } };
	const parsed = dataUrl(url);
	const bytes = parsed === undefined ? undefined : base64Bytes(parsed.data);
	if (parsed === undefined || bytes === undefined) return { problem: make('Document could not be fetched from its URL.') };
	return { file: { kind: 'document', mediaType: parsed.mediaType, bytes, name } };
}

const READERS: { [type: string]: (part: JsonObject, make: MakeProblem) => Read } = {
	image_url: image,
	input_audio: audio,
	file: document,
	document_url: documentAt,
};

/** Reads the files of the user's messages, really decoding them; or says what is wrong with the first bad one. */
export function readFiles(messages: JsonObject[], model: OpenAIModel, make: MakeProblem): Attachment[] | Problem {
	const files: Attachment[] = [];
	for (const [index, message] of messages.entries()) {
		for (const [at, part] of objects(message.content).entries()) {
			const reader = READERS[text(part.type)];
			if (reader === undefined) continue;
			if (part.type === 'image_url' && !model.vision) {
				const param = `messages.[${index}].content.[${at}].type`;
				return make('Invalid content type. image_url is only supported by certain models.', { param });
			}
			const read = reader(part, make);
			if ('problem' in read) return read.problem;
			files.push(read.file);
		}
	}
	return files;
}
