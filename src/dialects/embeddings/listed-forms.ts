import { type ContentPart, type JsonObject, RelaisError } from '../../spec/index.ts';
import { read, sourceOfUrl } from '../shared/index.ts';
import { urlOfImage } from './inputs.ts';
import { listedFormat } from './listed.ts';
import { embeddingType, encodingFormat, typeAndEncoding } from './packing.ts';

/** OpenAI's embeddings, which most vendors copy. Servers behind gateways often know `input_type` too: it is passed along. */
export const openaiEmbeddings = listedFormat({
	name: 'openai-embeddings',
	dimensions: 'dimensions',
	packing: encodingFormat,
	task: { field: 'input_type' },
	user: 'user',
	tokens: true,
});

/** The same for models that ask what vectors are for, and on which side to cut. */
export const purposeEmbeddings = listedFormat({
	name: 'purpose-embeddings',
	dimensions: 'dimensions',
	packing: encodingFormat,
	task: { field: 'input_type', words: { query: 'query', question: 'query', document: 'passage' } },
	truncate: { field: 'truncate', side: true },
	user: 'user',
});

/** Mistral's: types of numbers, and another name for the length. */
export const mistralEmbeddings = listedFormat({
	name: 'mistral-embeddings',
	dimensions: 'output_dimension',
	packing: typeAndEncoding,
});

/** Voyage's. */
export const voyageEmbeddings = listedFormat({
	name: 'voyage-embeddings',
	dimensions: 'output_dimension',
	packing: typeAndEncoding,
	task: {
		field: 'input_type',
		words: {
			query: 'query',
			question: 'query',
			fact: 'query',
			code_query: 'query',
			document: 'document',
			code_document: 'document',
		},
	},
	truncate: { field: 'truncation', side: false },
	usage: ({ inputTokens, outputTokens, totalTokens }) => ({ total_tokens: totalTokens ?? inputTokens + outputTokens }),
});

/** Jina's: inputs may be objects with a text or an image. */
export const jinaEmbeddings = listedFormat({
	name: 'jina-embeddings',
	dimensions: 'dimensions',
	packing: embeddingType,
	task: {
		field: 'task',
		words: {
			query: 'retrieval.query',
			question: 'retrieval.query',
			document: 'retrieval.passage',
			similarity: 'text-matching',
			classification: 'classification',
			clustering: 'separation',
			code_query: 'code.query',
			code_document: 'code.passage',
		},
	},
	truncate: { field: 'truncate', side: false },
	parts: { read: readItem, write: writeItem },
});

function readItem(value: JsonObject, path: string): ContentPart[] {
	const text = read.optional(value, 'text', path, read.string);
	if (text !== undefined) return [{ type: 'text', text }];
	const image = read.required(value, 'image', path, read.nonEmptyString);
	// An image without a scheme is base64 of unstated type.
	const source = /^(data:|https?:)/.test(image) ? sourceOfUrl(image) : { type: 'base64' as const, data: image, mediaType: '' };
	return [{ type: 'image', source }];
}

function writeItem(parts: readonly ContentPart[], index: number): JsonObject {
	const [part] = parts;
	if (part === undefined || parts.length > 1)
		throw new RelaisError('unsupported', 'This model takes one text or one image an input.', { param: `input[${index}]` });
	if (part.type === 'text') return { text: part.text };
	if (part.type === 'image' && part.source.type === 'base64' && part.source.mediaType === '') return { image: part.source.data };
	return { image: urlOfImage(part, `input[${index}]`) };
}
