import { isObject } from '../../lib/json.ts';
import type { CacheHint, ContentPart, DocumentPart, JsonObject, JsonValue, MediaSource, TextPart } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { extend, Fields, read, table } from '../shared/index.ts';
import { decodeAnnotations } from './citations.ts';
import { sourceOfUrl } from './data-url.ts';
import { nest, withLeft } from './forms.ts';
import { DIALECT } from './name.ts';

type PartDecoder = (fields: Fields, left: JsonObject) => ContentPart;

const text: PartDecoder = (fields) => ({ type: 'text', text: fields.require('text', read.string) });

/** `annotations` and `logprobs` come back as they are while nothing else is said of them. */
const outputText: PartDecoder = (fields, left) => {
	const part: TextPart = { type: 'text', text: fields.require('text', read.string) };
	const annotations = fields.take('annotations', read.array);
	if (annotations !== undefined && annotations.length > 0) part.citations = decodeAnnotations(annotations);
	else fields.keep('annotations');
	const logprobs = fields.take('logprobs', read.array);
	if (logprobs !== undefined && logprobs.length > 0) left.$logprobs = logprobs;
	else fields.keep('logprobs');
	left.$type = 'output_text';
	return part;
};

const refusal: PartDecoder = (fields) => ({ type: 'refusal', text: fields.require('refusal', read.string) });

function fileOf(fields: Fields): MediaSource | undefined {
	const id = fields.take('file_id', read.string);
	return id === undefined ? undefined : { type: 'file', id, vendor: DIALECT };
}

const image: PartDecoder = (fields) => {
	const url = fields.take('image_url', read.nonEmptyString);
	const source = url === undefined ? fileOf(fields) : sourceOfUrl(url);
	if (source === undefined) throw read.invalid(fields.path, `'${fields.path}' must have 'image_url' or 'file_id'.`);
	const detail = fields.take('detail', read.string);
	return { type: 'image', source, ...(detail === undefined ? {} : { detail }) };
};

function fileSource(fields: Fields, left: JsonObject): MediaSource {
	const data = fields.take('file_data', read.nonEmptyString);
	const url = data === undefined ? fields.take('file_url', read.nonEmptyString) : undefined;
	if (data !== undefined && !data.startsWith('data:')) {
		left.$bare = true;
		return { type: 'base64', data, mediaType: 'application/pdf' };
	}
	if (data !== undefined) {
		left.$data = true;
		return sourceOfUrl(data);
	}
	if (url !== undefined) return sourceOfUrl(url);
	const stored = fileOf(fields);
	if (stored !== undefined) return stored;
	throw read.invalid(fields.path, `'${fields.path}' must have 'file_data' (a data URL), 'file_url' or 'file_id'.`);
}

const file: PartDecoder = (fields, left) => {
	const part: DocumentPart = { type: 'document', source: fileSource(fields, left) };
	const filename = fields.take('filename', read.string);
	if (filename === undefined) left.$unnamed = true;
	return filename === undefined ? part : { ...part, filename };
};

const audio: PartDecoder = (fields, left) => {
	const inner = new Fields(fields.require('input_audio', read.object), fields.at('input_audio'), fields.lenient);
	const data = inner.require('data', read.string);
	const format = inner.require('format', read.string);
	nest(left, 'input_audio', inner.rest());
	left.$audio = true;
	return { type: 'audio', source: { type: 'base64', data, mediaType: `audio/${format}` }, format };
};

const DECODERS = table<PartDecoder>({
	input_text: text,
	text: (fields, left) => {
		left.$type = 'text';
		return text(fields, left);
	},
	summary_text: text,
	output_text: outputText,
	refusal,
	input_image: image,
	computer_screenshot: (fields, left) => {
		left.$type = 'computer_screenshot';
		return image(fields, left);
	},
	input_file: file,
	input_audio: audio,
});

/** A breakpoint of the prompt cache after this part. */
function decodeCache(fields: Fields): { cache?: CacheHint } {
	const wire = fields.take('prompt_cache_breakpoint', read.object);
	if (wire === undefined) return {};
	const inner = new Fields(wire, fields.at('prompt_cache_breakpoint'), fields.lenient);
	const ttl = inner.take('ttl', read.string);
	inner.keep('mode');
	return { cache: { ...(ttl === undefined ? {} : { ttl }), ...extend(DIALECT, inner.rest() ?? {}) } };
}

/** Reads one part of a content list. A type this dialect does not know is kept whole, as an opaque part. */
export function decodePart(value: JsonValue, path: string, lenient = false): ContentPart {
	const wire = read.object(value, path);
	const type = read.required(wire, 'type', path, read.string);
	const decoder = DECODERS[type];
	if (decoder === undefined) return { type: 'opaque', dialect: DIALECT, value: wire };
	const fields = new Fields(wire, path, lenient);
	fields.drop('type');
	const left: JsonObject = {};
	const part = decoder(fields, left);
	const cache = decodeCache(fields);
	return withLeft({ ...part, ...cache }, { ...fields.rest(), ...left });
}

/** Reads a part of an answer: one that is not as it should be is kept whole rather than refused. */
export function decodeAnswerPart(value: JsonValue, path: string): ContentPart {
	try {
		return decodePart(value, path, true);
	} catch (error) {
		if (error instanceof RelaisError && isObject(value)) return { type: 'opaque', dialect: DIALECT, value };
		throw error;
	}
}
