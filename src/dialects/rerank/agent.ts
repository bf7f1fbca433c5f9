import { defined, isObject } from '../../lib/json.ts';
import type { JsonObject, RerankRequest, RerankResult, TaskFormat } from '../../spec/index.ts';
import { answerFields, asAnswer, extend, Losses, own, protocol, read, requestFields, written } from '../shared/index.ts';

const NAME = 'sources-rerank';

/** Rerank of Amazon's agent runtime: queries and sources in, results by index out; the model is named by its ARN. */
export const sourcesRerank: TaskFormat<'rerank'> = {
	name: NAME,
	task: 'rerank',
	decodeRequest(body) {
		const fields = requestFields(body);
		const queries = fields.require('queries', read.arrayOf(read.object));
		const [query] = queries;
		if (query === undefined || queries.length > 1) throw read.invalid('queries', "'queries' must hold one query.");
		const sources = fields.require('sources', read.arrayOf(read.object));
		if (sources.length === 0) throw read.invalid('sources', "'sources' must hold at least one document.");
		const place = 'rerankingConfiguration';
		const config = read.object(
			fields.require(place, read.object).bedrockRerankingConfiguration ?? null,
			`${place}.bedrockRerankingConfiguration`,
		);
		const inner = read.required(config, 'modelConfiguration', place, read.object);
		const more = inner.additionalModelRequestFields;
		const request: RerankRequest = {
			model: read.required(inner, 'modelArn', `${place}.modelConfiguration`, read.nonEmptyString),
			query: read.required(
				read.required(query, 'textQuery', 'queries[0]', read.object),
				'text',
				'queries[0].textQuery',
				read.string,
			),
			documents: sources.map(sourceDocument),
			...defined({ topN: read.optional(config, 'numberOfResults', place, read.integer(1)) }),
		};
		const rest = isObject(more) ? { ...fields.rest(), additionalModelRequestFields: more } : fields.rest();
		return { value: { ...request, ...extend(NAME, rest) }, warnings: [] };
	},
	encodeRequest(request, model) {
		const losses = new Losses(NAME);
		const { additionalModelRequestFields: more, ...rest } = own(request, NAME) ?? {};
		if (request.maxTokensPerDocument !== undefined)
			losses.dropped('max_tokens_per_doc', 'The model cannot be told how much of a document to read.');
		const modelConfiguration = defined({ modelArn: model, additionalModelRequestFields: more });
		const wire: JsonObject = {
			queries: [{ type: 'TEXT', textQuery: { text: request.query } }],
			sources: request.documents.map(documentSource),
			rerankingConfiguration: {
				type: 'BEDROCK_RERANKING_MODEL',
				bedrockRerankingConfiguration: defined({ modelConfiguration, numberOfResults: request.topN }),
			},
		};
		const { value, warnings } = written(NAME, wire, { ...request, extensions: { ...request.extensions, [NAME]: rest } }, losses);
		return { value, warnings };
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const results = fields.require('results', read.arrayOf(read.object)).map((item, position): RerankResult => {
				const path = `results[${position}]`;
				const index = read.required(item, 'index', path, read.integer(0));
				if (index >= request.documents.length)
					throw protocol(
						`The answer is malformed: ${path}.index is ${index}, but there are ${request.documents.length} documents.`,
					);
				const { index: _, relevanceScore, document, ...rest } = item;
				const result: RerankResult = { index, score: read.number(relevanceScore ?? null, `${path}.relevanceScore`) };
				if (isObject(document)) result.document = sourceText(document) ?? document;
				return { ...result, ...extend(NAME, Object.keys(rest).length > 0 ? rest : undefined) };
			});
			return { value: { results, ...extend(NAME, fields.rest()) }, warnings: [] };
		}),
	encodeResponse(response) {
		const results = response.results.map((result): JsonObject => {
			const { index, score, document } = result;
			const shown =
				document === undefined
					? {}
					: { document: typeof document === 'string' ? { type: 'TEXT', textDocument: { text: document } } : document };
			return { index, relevanceScore: score, ...shown, ...own(result, NAME) };
		});
		return written(NAME, { results }, response, new Losses(NAME));
	},
};

function sourceText(document: JsonObject): string | undefined {
	const inner = document.textDocument;
	return isObject(inner) && typeof inner.text === 'string' ? inner.text : undefined;
}

function sourceDocument(source: JsonObject, position: number): string | JsonObject {
	const path = `sources[${position}]`;
	const inline = read.required(source, 'inlineDocumentSource', path, read.object);
	const text = sourceText(inline);
	if (text !== undefined) return text;
	return read.required(inline, 'jsonDocument', `${path}.inlineDocumentSource`, read.object);
}

function documentSource(document: string | JsonObject): JsonObject {
	const inlineDocumentSource =
		typeof document === 'string' ? { type: 'TEXT', textDocument: { text: document } } : { type: 'JSON', jsonDocument: document };
	return { type: 'INLINE', inlineDocumentSource };
}
