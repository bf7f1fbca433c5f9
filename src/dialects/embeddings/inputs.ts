import { isObject } from '../../lib/json.ts';
import {
	type ContentPart,
	type EmbedInput,
	type EmbedRequest,
	type ImagePart,
	type JsonObject,
	type JsonValue,
	RelaisError,
} from '../../spec/index.ts';
import { read, sourceOfUrl, urlOfSource } from '../shared/index.ts';

/** Reads one input that is an object, for formats that have such. */
export type PartsReader = (value: JsonObject, path: string) => ContentPart[];

type Inputs = Pick<EmbedRequest, 'inputs' | 'single'>;

const WANTED = 'a text, a list of texts, a list of token ids or a list of such lists';

/** Reads `input`: one text, a list of texts, one list of token ids, a list of such lists, or objects where the format has them. */
export function readInputs(value: JsonValue, path: string, parts?: PartsReader): Inputs {
	if (typeof value === 'string') return { inputs: [value], single: true };
	if (isObject(value) && parts !== undefined) return { inputs: [parts(value, path)], single: true };
	if (!Array.isArray(value)) throw read.invalid(path, `'${path}' must be ${WANTED}, not ${read.kindOf(value)}.`);
	if (value.length === 0) throw read.invalid(path, `'${path}' must hold at least one text.`);
	if (typeof value[0] === 'number') return { inputs: [tokenIds(value, path)], single: true };
	return { inputs: value.map((item, index) => readInput(item, read.at(path, index), parts)) };
}

function readInput(value: JsonValue, path: string, parts: PartsReader | undefined): EmbedInput {
	if (typeof value === 'string') return value;
	if (Array.isArray(value)) return tokenIds(value, path);
	if (isObject(value) && parts !== undefined) return parts(value, path);
	throw read.invalid(path, `'${path}' must be a text or a list of token ids, not ${read.kindOf(value)}.`);
}

function tokenIds(value: JsonValue[], path: string): number[] {
	if (value.length === 0) throw read.invalid(path, `'${path}' must hold at least one token id.`);
	return value.map((id, index) => read.integer(0)(id, read.at(path, index)));
}

/** Reads a list of texts. Throws where it is empty. */
export function readTexts(value: JsonValue, path: string): string[] {
	const texts = read.arrayOf(read.string)(value, path);
	if (texts.length === 0) throw read.invalid(path, `'${path}' must hold at least one text.`);
	return texts;
}

/** An input as text. Throws `unsupported` for token ids and for media. */
export function textOf(input: EmbedInput, index: number): string {
	if (typeof input === 'string') return input;
	const path = `input[${index}]`;
	if (typeof input[0] === 'number')
		throw new RelaisError('unsupported', `'${path}' holds token ids, which mean nothing to this model. Send the text.`, {
			param: path,
		});
	const texts = input.map((part) => (typeof part === 'object' && part.type === 'text' ? part.text : undefined));
	if (texts.every((text) => text !== undefined)) return texts.join('\n');
	throw new RelaisError('unsupported', `'${path}' holds more than text, which this model does not read.`, { param: path });
}

/** All inputs as texts. */
export function textsOf({ inputs }: EmbedRequest): string[] {
	return inputs.map(textOf);
}

/** Whether an input is a list of parts. */
export function isParts(input: EmbedInput): input is ContentPart[] {
	return typeof input === 'object' && typeof input[0] === 'object';
}

/** An input as parts. */
export function partsOfInput(input: EmbedInput, index: number): ContentPart[] {
	return isParts(input) ? input : [{ type: 'text', text: textOf(input, index) }];
}

/** An image under a URL, base64 data URLs unpacked. */
export function imageAt(url: string): ImagePart {
	return { type: 'image', source: sourceOfUrl(url) };
}

/** The URL of an image. Throws `unsupported` for other media, and for files only their vendor has. */
export function urlOfImage(part: ContentPart, path: string): string {
	const url = part.type === 'image' ? urlOfSource(part.source) : undefined;
	if (url !== undefined) return url;
	throw new RelaisError('unsupported', `'${path}' holds something else than text and images, which this model does not read.`, {
		param: path,
	});
}
