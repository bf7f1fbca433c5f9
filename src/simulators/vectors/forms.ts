import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { list, number, object as objectOf, text } from '../core/json.ts';
import type { Ranked } from '../core/rank.ts';
import type { Shape } from '../core/shape.ts';
import { text as anyText, anything, flag, nullable, object, values } from '../core/shapekit.ts';

/** What differs between vendors of vectors and rankings. */
export interface Form {
	models: readonly VectorModel[];
	embed: Shape;
	rerank: Shape;
	/** Texts of a request; what is no text by what it consists of. */
	size(request: JsonObject): number | undefined;
	type(request: JsonObject): string;
	usage(tokens: number): JsonObject;
	/** How many documents to keep, and the answer that holds them. */
	top(request: JsonObject): number | undefined;
	ranking(kept: Ranked[], request: JsonObject, tokens: number): JsonObject;
	/** Status of a request that departs from its shape. */
	invalid: number;
	wrongKey: string;
}

/** A model of vectors or rankings. */
export interface VectorModel {
	id: string;
	window: number;
	/** Sizes of its vectors, the default first; empty: it ranks. */
	dimensions: readonly number[];
}

const TEXTS: Shape = {
	is: 'either',
	of: [
		{ is: 'string', nonEmpty: true },
		{ is: 'array', min: 1, max: 1000, of: anyText },
	],
};
const DOCUMENTS: Shape = { is: 'array', min: 1, max: 1000, of: anyText };
const COUNT: Shape = { is: 'integer', min: 1, nullable: true };
const SIZES = [1024, 256, 512, 2048];

/** A document as rankings repeat it. */
export function documentText(document: JsonValue | undefined): string {
	return typeof document === 'string' ? document : text(objectOf(document).text);
}

const voyage: Form = {
	models: [
		{ id: 'voyage-4-large', window: 32_000, dimensions: SIZES },
		{ id: 'voyage-4', window: 32_000, dimensions: SIZES },
		{ id: 'voyage-3.5', window: 32_000, dimensions: SIZES },
		{ id: 'voyage-3.5-lite', window: 32_000, dimensions: SIZES },
		{ id: 'voyage-law-2', window: 16_000, dimensions: [1024] },
		{ id: 'rerank-2.5', window: 32_000, dimensions: [] },
		{ id: 'rerank-2.5-lite', window: 32_000, dimensions: [] },
	],
	embed: object(
		{
			model: anyText,
			input: TEXTS,
			input_type: nullable(values('query', 'document')),
			truncation: nullable(flag),
			output_dimension: nullable({ is: 'integer' }),
			output_dtype: nullable(values('float', 'int8', 'uint8', 'binary', 'ubinary')),
			encoding_format: nullable(values('base64')),
		},
		'model',
		'input',
	),
	rerank: object(
		{
			model: anyText,
			query: anyText,
			documents: DOCUMENTS,
			top_k: COUNT,
			return_documents: nullable(flag),
			truncation: nullable(flag),
		},
		'model',
		'query',
		'documents',
	),
	size: (request) => number(request.output_dimension),
	type: (request) => (request.encoding_format === 'base64' ? 'base64' : text(request.output_dtype) || 'float'),
	usage: (tokens) => ({ total_tokens: tokens }),
	top: (request) => number(request.top_k),
	ranking: (kept, request, tokens) => {
		const documents = list(request.documents);
		const data = kept.map(({ index, score }) => ({
			relevance_score: score,
			index,
			...(request.return_documents === true ? { document: documentText(documents[index]) } : {}),
		}));
		return { object: 'list', data, model: text(request.model), usage: { total_tokens: tokens } };
	},
	invalid: 400,
	wrongKey: 'Provided API key is invalid.',
};

const INPUTS: Shape = {
	is: 'either',
	of: [
		{ is: 'string', nonEmpty: true },
		{ is: 'array', min: 1, max: 2048, of: { is: 'either', of: [anyText, object({ text: anyText, image: anyText })] } },
	],
};

const jina: Form = {
	models: [
		{ id: 'jina-embeddings-v4', window: 32_768, dimensions: [2048, 128, 256, 512, 1024] },
		{ id: 'jina-embeddings-v3', window: 8192, dimensions: [1024, 32, 64, 128, 256, 512, 768] },
		{ id: 'jina-embeddings-v2-base-en', window: 8192, dimensions: [768] },
		{ id: 'jina-reranker-v3', window: 131_072, dimensions: [] },
		{ id: 'jina-reranker-v2-base-multilingual', window: 1024, dimensions: [] },
	],
	embed: object(
		{
			model: anyText,
			input: INPUTS,
			task: nullable(
				values(
					'retrieval.query',
					'retrieval.passage',
					'text-matching',
					'classification',
					'separation',
					'code.query',
					'code.passage',
				),
			),
			dimensions: nullable({ is: 'integer' }),
			late_chunking: nullable(flag),
			truncate: nullable(flag),
			normalized: nullable(flag),
			embedding_type: nullable(values('float', 'base64', 'binary', 'ubinary')),
			encoding_format: anything,
			return_multivector: nullable(flag),
		},
		'model',
		'input',
	),
	rerank: object(
		{
			model: anyText,
			query: anyText,
			documents: { ...DOCUMENTS, of: { is: 'either', of: [anyText, object({ text: anyText, image: anyText })] } },
			top_n: COUNT,
			return_documents: nullable(flag),
		},
		'model',
		'query',
		'documents',
	),
	size: (request) => number(request.dimensions),
	type: (request) => text(request.embedding_type) || 'float',
	usage: (tokens) => ({ total_tokens: tokens, prompt_tokens: tokens }),
	top: (request) => number(request.top_n),
	ranking: (kept, request, tokens) => {
		const documents = list(request.documents);
		const results = kept.map(({ index, score }) => ({
			index,
			relevance_score: score,
			...(request.return_documents === false ? {} : { document: { text: documentText(documents[index]) } }),
		}));
		return { model: text(request.model), object: 'list', usage: { total_tokens: tokens }, results };
	},
	invalid: 422,
	wrongKey: 'Invalid API key.',
};

/** The vendors of vectors and rankings. */
export const FORMS = { voyage, jina };
