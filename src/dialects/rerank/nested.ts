import { defined, isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RerankRequest, RerankResponse, RerankResult, TaskFormat, Usage } from '../../spec/index.ts';
import {
	answerFields,
	asAnswer,
	extend,
	type Fields,
	Losses,
	promptAndTotal,
	protocol,
	read,
	requestFields,
	taskUsage,
	written,
} from '../shared/index.ts';

/** A form of rerank in which things lie deeper, or apart. */
interface NestedForm {
	name: string;
	modelInPath?: boolean;
	encode(request: RerankRequest, model: string, losses: Losses): JsonObject;
	decode(fields: Fields): RerankRequest;
	/** Results in the order of the answer, and what it counts. */
	results(fields: Fields): { results: RerankResult[]; usage: Usage | undefined };
	answer(response: RerankResponse, model: string): JsonObject;
}

function nestedFormat(form: NestedForm): TaskFormat<'rerank'> {
	const { name } = form;
	return {
		name,
		task: 'rerank',
		...(form.modelInPath === true ? { modelInPath: true } : {}),
		decodeRequest(body) {
			const fields = requestFields(body);
			const request = form.decode(fields);
			if (request.documents.length === 0) throw read.invalid('documents', 'There must be at least one document.');
			return { value: { ...request, ...extend(name, fields.rest()) }, warnings: [] };
		},
		encodeRequest(request, model) {
			const losses = new Losses(name);
			if (request.maxTokensPerDocument !== undefined)
				losses.dropped('max_tokens_per_doc', 'The model cannot be told how much of a document to read.');
			return written(name, form.encode(request, model, losses), request, losses);
		},
		decodeResponse: (body, request) =>
			asAnswer(() => {
				const fields = answerFields(body);
				const { results, usage } = form.results(fields);
				const strange = results.find(({ index }) => index >= request.documents.length);
				if (strange !== undefined)
					throw protocol(`The answer is malformed: it ranks document ${strange.index} of ${request.documents.length}.`);
				const wanted = results.toSorted((a, b) => b.score - a.score).slice(0, request.topN);
				return { value: { results: wanted, ...defined({ usage }), ...extend(name, fields.rest()) }, warnings: [] };
			}),
		encodeResponse: (response, _request, { model }) =>
			written(name, form.answer(response, response.model ?? model), response, new Losses(name)),
	};
}

/** A document as text: models that read no others get objects as JSON. */
function textOf(document: string | JsonObject): string {
	if (typeof document === 'string') return document;
	return typeof document.text === 'string' ? document.text : JSON.stringify(document);
}

const texts = ({ documents }: RerankRequest): { text: string }[] => documents.map((document) => ({ text: textOf(document) }));
const innerText = (value: JsonValue, path: string): string => read.required(read.object(value, path), 'text', path, read.string);

/** Reads results of objects with an index and a score. */
function ranked(list: JsonValue, path: string, score: string): RerankResult[] {
	return read
		.arrayOf(read.object)(list, path)
		.map((item, position) => {
			const place = `${path}[${position}]`;
			const result: RerankResult = {
				index: read.required(item, 'index', place, read.integer(0)),
				score: read.required(item, score, place, read.number),
			};
			const document = item.document ?? item.input;
			return typeof document === 'string' || isObject(document) ? { ...result, document } : result;
		});
}

/** watsonx: documents as inputs, what is wanted under `parameters.return_options`. */
export const resultsRerank = nestedFormat({
	name: 'results-rerank',
	encode(request, model) {
		const options = defined({ top_n: request.topN, inputs: request.returnDocuments });
		const parameters = Object.keys(options).length > 0 ? { parameters: { return_options: options } } : {};
		return { model_id: model, query: request.query, inputs: texts(request), ...parameters };
	},
	decode(fields) {
		const options = optionsOf(fields.take('parameters', read.object)?.return_options);
		return {
			model: fields.require('model_id', read.nonEmptyString),
			query: fields.require('query', read.string),
			documents: fields.require('inputs', read.arrayOf(innerText)),
			...defined({
				topN: read.optional(options, 'top_n', 'parameters.return_options', read.integer(1)),
				returnDocuments: read.optional(options, 'inputs', 'parameters.return_options', read.boolean),
			}),
		};
	},
	results(fields) {
		const tokens = fields.take('input_token_count', read.integer(0));
		const results = ranked(
			fields.require('results', (value) => value),
			'results',
			'score',
		);
		return { results, usage: tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0 } };
	},
	answer({ results, usage }, model) {
		const rows = results.map(({ index, score, document }) => defined({ index, score, input: document }));
		return defined({ model_id: model, results: rows, input_token_count: usage?.inputTokens });
	},
});

function optionsOf(value: JsonValue | undefined): JsonObject {
	return isObject(value) ? value : {};
}

/** One list of scores, one for each document in its order; the address names the model. */
export const scoresRerank = nestedFormat({
	name: 'scores-rerank',
	modelInPath: true,
	encode: (request) => ({ queries: [request.query], documents: request.documents.map(textOf) }),
	decode(fields) {
		const queries = fields.require('queries', read.arrayOf(read.string));
		if (queries.length !== 1) throw read.invalid('queries', "'queries' must hold one query.");
		return {
			model: fields.require('model', read.nonEmptyString),
			query: queries[0] ?? '',
			documents: fields.require('documents', read.arrayOf(read.string)),
		};
	},
	results(fields) {
		const scores = fields.require('scores', read.arrayOf(read.number));
		const tokens = fields.take('input_tokens', read.integer(0));
		const usage = tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0 };
		return { results: scores.map((score, index) => ({ index, score })), usage };
	},
	answer({ results, usage }) {
		const scores: number[] = [];
		for (const { index, score } of results) scores[index] = score;
		return defined({ scores: Array.from(scores, (score) => score ?? 0), input_tokens: usage?.inputTokens });
	},
});

/** Alibaba's native API: what goes in under `input`, what is wanted under `parameters`, what comes out under `output`. */
export const outputRerank = nestedFormat({
	name: 'output-rerank',
	encode(request, model) {
		const parameters = defined({ top_n: request.topN, return_documents: request.returnDocuments });
		const wire: JsonObject = { model, input: { query: request.query, documents: request.documents.map(textOf) } };
		return Object.keys(parameters).length > 0 ? { ...wire, parameters } : wire;
	},
	decode(fields) {
		const input = fields.require('input', read.object);
		const parameters = fields.take('parameters', read.object) ?? {};
		return {
			model: fields.require('model', read.nonEmptyString),
			query: read.required(input, 'query', 'input', read.string),
			documents: read.required(input, 'documents', 'input', read.arrayOf(read.string)),
			...defined({
				topN: read.optional(parameters, 'top_n', 'parameters', read.integer(1)),
				returnDocuments: read.optional(parameters, 'return_documents', 'parameters', read.boolean),
			}),
		};
	},
	results(fields) {
		const output = fields.require('output', read.object);
		const usage = taskUsage('output-rerank', fields.take('usage', read.object));
		return { results: ranked(output.results ?? null, 'output.results', 'relevance_score'), usage };
	},
	answer({ results, usage }) {
		const rows = results.map(({ index, score, document }) => defined({ index, relevance_score: score, document }));
		return defined({
			output: { results: rows },
			usage: usage === undefined ? undefined : { total_tokens: usage.totalTokens ?? usage.inputTokens },
		});
	},
});

/** NVIDIA's: query and passages as objects, logits as scores; the address names the model again. */
export const passagesRerank = nestedFormat({
	name: 'passages-rerank',
	encode: (request, model) => ({ model, query: { text: request.query }, passages: texts(request) }),
	decode: (fields) => ({
		model: fields.require('model', read.nonEmptyString),
		query: fields.require('query', innerText),
		documents: fields.require('passages', read.arrayOf(innerText)),
	}),
	results(fields) {
		const usage = taskUsage('passages-rerank', fields.take('usage', read.object));
		return {
			results: ranked(
				fields.require('rankings', (value) => value),
				'rankings',
				'logit',
			),
			usage,
		};
	},
	answer({ results, usage }) {
		const rankings = results.map(({ index, score }) => ({ index, logit: score }));
		return defined({ rankings, usage: usage === undefined ? undefined : promptAndTotal(usage) });
	},
});
