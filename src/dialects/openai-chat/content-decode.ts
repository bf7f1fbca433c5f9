import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, MediaSource } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { extend, Fields, read, table } from '../shared/index.ts';
import { decodeCache } from './cache.ts';
import { parseDataUrl } from './data-url.ts';
import { DIALECT } from './name.ts';
import { nest, orNothing } from './nested.ts';

/** A part without its extensions, and what is left of inner objects. */
interface Draft {
	part: ContentPart;
	kept: JsonObject;
}

type PartDecoder = (fields: Fields) => Draft;

/** Where a URL of this dialect points: data URLs are unpacked. */
export function mediaSource(url: string): MediaSource {
	const data = parseDataUrl(url);
	return data === undefined ? { type: 'url', url } : { type: 'base64', ...data };
}

/** A member such as `image_url`, given as `{ url, ... }` or as the bare URL. */
function urlMember(fields: Fields, key: string): { url: string; inner: Fields | undefined; kept: JsonObject } {
	const value = fields.wire[key];
	if (typeof value === 'string')
		return { url: fields.require(key, read.nonEmptyString), inner: undefined, kept: { $bare: true } };
	const inner = new Fields(fields.require(key, read.object), fields.at(key), fields.lenient);
	return { url: inner.require('url', read.nonEmptyString), inner, kept: {} };
}

const text: PartDecoder = (fields) => ({ part: { type: 'text', text: fields.require('text', read.string) }, kept: {} });

const refusal: PartDecoder = (fields) => ({
	part: { type: 'refusal', text: fields.require('refusal', read.string) },
	kept: {},
});

const image: PartDecoder = (fields) => {
	const { url, inner, kept } = urlMember(fields, 'image_url');
	const detail = inner?.take('detail', read.string);
	nest(kept, 'image_url', inner?.rest());
	return { part: { type: 'image', source: mediaSource(url), ...(detail === undefined ? {} : { detail }) }, kept };
};

const inputAudio: PartDecoder = (fields) => {
	const inner = new Fields(fields.require('input_audio', read.object), fields.at('input_audio'), fields.lenient);
	const data = inner.require('data', read.string);
	const format = inner.take('format', read.string);
	const kept: JsonObject = {};
	nest(kept, 'input_audio', inner.rest());
	const isUrl = /^(https?|data):/.test(data);
	if (isUrl || format === undefined) kept.$type = 'input_audio';
	const source: MediaSource = isUrl
		? { type: 'url', url: data }
		: { type: 'base64', data, mediaType: `audio/${format ?? 'wav'}` };
	return { part: { type: 'audio', source, ...(format === undefined ? {} : { format }) }, kept };
};

function urlPart(key: 'audio_url' | 'video_url', type: 'audio' | 'video'): PartDecoder {
	return (fields) => {
		const { url, inner, kept } = urlMember(fields, key);
		nest(kept, key, inner?.rest());
		kept.$type = key;
		return { part: { type, source: mediaSource(url) }, kept };
	};
}

function fileSource(inner: Fields): { source: MediaSource; kept: JsonObject } {
	const data = inner.take('file_data', read.nonEmptyString);
	const id = inner.take('file_id', read.nonEmptyString);
	if (data === undefined && id === undefined) {
		throw read.invalid(inner.path, `'${inner.path}' must have 'file_data' (a data URL) or 'file_id'.`);
	}
	if (data === undefined) return { source: { type: 'file', id: id ?? '', vendor: DIALECT }, kept: {} };
	if (id !== undefined) inner.keep('file_id');
	if (/^(https?|data):/.test(data)) {
		const source = mediaSource(data);
		return { source, kept: source.type === 'url' ? { $url: true } : {} };
	}
	return { source: { type: 'base64', data, mediaType: 'application/pdf' }, kept: { $bare: true } };
}

const file: PartDecoder = (fields) => {
	const inner = new Fields(fields.require('file', read.object), fields.at('file'), fields.lenient);
	const { source, kept } = fileSource(inner);
	const filename = inner.take('filename', read.string);
	nest(kept, 'file', inner.rest());
	if (filename === undefined) kept.$unnamed = true;
	return { part: { type: 'document', source, ...(filename === undefined ? {} : { filename }) }, kept };
};

/** Mistral's document by URL. */
const documentUrl: PartDecoder = (fields) => {
	const { url, inner, kept } = urlMember(fields, 'document_url');
	nest(kept, 'document_url', inner?.rest());
	const title = fields.take('document_name', read.string);
	kept.$type = 'document_url';
	return { part: { type: 'document', source: mediaSource(url), ...(title === undefined ? {} : { title }) }, kept };
};

/** The readable text of a thinking part: a string, or pieces with `text`. */
export function thinkingText(value: JsonValue | undefined): string | undefined {
	if (typeof value === 'string') return value;
	if (!Array.isArray(value)) return undefined;
	let all = '';
	for (const piece of value) {
		if (!isObject(piece) || typeof piece.text !== 'string') return undefined;
		all += piece.text;
	}
	return all;
}

/** Reasoning inside a content array: Mistral's pieces, or Anthropic's block as some gateways pass it on. */
const thinking: PartDecoder = (fields) => {
	const shown = thinkingText(fields.wire.thinking);
	if (shown === undefined)
		throw read.invalid(fields.at('thinking'), `'${fields.at('thinking')}' must be a string or a list of texts.`);
	const kept: JsonObject = { $thinking: fields.wire.thinking };
	fields.drop('thinking');
	const signature = fields.take('signature', read.string);
	const signed = signature === undefined ? {} : { signature: { vendor: 'anthropic-messages', value: signature } };
	return { part: { type: 'reasoning', text: shown, ...signed }, kept };
};

const DECODERS = table<PartDecoder>({
	text,
	refusal,
	thinking,
	file,
	image_url: image,
	input_audio: inputAudio,
	audio_url: urlPart('audio_url', 'audio'),
	video_url: urlPart('video_url', 'video'),
	document_url: documentUrl,
});

/** Reads one part of a content array. A type this dialect does not know is kept whole, as an opaque part. */
export function decodePart(value: JsonValue, path: string): ContentPart {
	const wire = read.object(value, path);
	const type = read.required(wire, 'type', path, read.string);
	const decoder = DECODERS[type];
	if (decoder === undefined) return { type: 'opaque', dialect: DIALECT, value: wire };
	const fields = new Fields(wire, path);
	fields.drop('type');
	const { part, kept } = decoder(fields);
	const cache = decodeCache(fields);
	const left = orNothing({ ...fields.rest(), ...kept });
	return { ...part, ...(cache === undefined ? {} : { cache }), ...extend(DIALECT, left) };
}

/** Reads a part of an answer: one that is not as it should be is kept whole rather than refused. */
export function decodeAnswerPart(value: JsonValue, path: string): ContentPart {
	try {
		return decodePart(value, path);
	} catch (error) {
		if (error instanceof RelaisError && isObject(value)) return { type: 'opaque', dialect: DIALECT, value };
		throw error;
	}
}
