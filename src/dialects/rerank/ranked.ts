import { defined, isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RerankRequest, RerankResponse, RerankResult, TaskFormat, Usage } from '../../spec/index.ts';
import {
	answerFields,
	asAnswer,
	extend,
	type Fields,
	Losses,
	own,
	protocol,
	read,
	requestFields,
	taskUsage,
	usageObject,
	written,
} from '../shared/index.ts';

/** What servers of the form `{model, query, documents}` say in words of their own. */
export interface RankedForm {
	name: string;
	modelInPath?: boolean;
	/** Fields of every request the format cannot be without. */
	fixed?: JsonObject;
	topN: string;
	/** Field that asks for the documents back; absent: they never come back. */
	returnDocuments?: string;
	maxTokens?: string;
	/** Member of the answer that holds the results. */
	results: string;
	/** Whether documents in answers are `{text}` or texts as they were sent. */
	texts: 'object' | 'plain';
	/** What every answer states. */
	states: 'id' | 'model';
	/** What is stated of usage, and under which member. */
	usage(usage: Usage | undefined, searchUnits: number | undefined): JsonObject;
}

/** A format of Cohere's form, which those who came later copied. */
export function rankedFormat(form: RankedForm): TaskFormat<'rerank'> {
	const { name } = form;
	return {
		name,
		task: 'rerank',
		...(form.modelInPath === true ? { modelInPath: true } : {}),
		decodeRequest: (body) => ({ value: decodeRequest(form, requestFields(body)), warnings: [] }),
		encodeRequest: (request, model) => encodeRequest(form, request, model),
		decodeResponse: (body, request) =>
			asAnswer(() => ({ value: decodeResponse(form, answerFields(body), request), warnings: [] })),
		encodeResponse(response, request, { id, model }) {
			const losses = new Losses(name);
			const stated = own(response, name) !== undefined;
			const results = response.results.map((result) => resultWire(form, result, request));
			const wire: JsonObject = defined({
				object: form.results === 'data' ? 'list' : undefined,
				id: response.id ?? (form.states === 'id' ? id : undefined),
				model: form.states === 'model' ? (response.model ?? model) : stated ? response.model : undefined,
				[form.results]: results,
			});
			Object.assign(wire, stated ? statedUsage(form, response) : form.usage(response.usage, response.searchUnits));
			return written(name, wire, response, losses);
		},
	};
}

/** Usage of an answer that came in this very format. */
function statedUsage({ name }: RankedForm, { usage }: RerankResponse): JsonObject {
	return usage === undefined || own(usage, name) === undefined ? {} : { usage: usageObject(name, usage, () => ({})) };
}

function decodeRequest(form: RankedForm, fields: Fields): RerankRequest {
	const request: RerankRequest = {
		model: fields.require('model', read.nonEmptyString),
		query: fields.require('query', queryText),
		documents: fields.require('documents', documents),
		...defined({
			topN: fields.take(form.topN, read.integer(1)),
			returnDocuments: form.returnDocuments === undefined ? undefined : fields.take(form.returnDocuments, read.boolean),
			maxTokensPerDocument: form.maxTokens === undefined ? undefined : fields.take(form.maxTokens, read.integer(1)),
		}),
	};
	for (const field of Object.keys(form.fixed ?? {})) fields.keep(field);
	return { ...request, ...extend(form.name, fields.rest()) };
}

/** A query as text, or as an object with one. */
function queryText(value: JsonValue, path: string): string {
	return isObject(value) ? read.required(value, 'text', path, read.string) : read.string(value, path);
}

function documents(value: JsonValue, path: string): (string | JsonObject)[] {
	const list = read.array(value, path);
	if (list.length === 0) throw read.invalid(path, `'${path}' must hold at least one document.`);
	return list.map((item, index) => (typeof item === 'string' ? item : read.object(item, read.at(path, index))));
}

function encodeRequest(
	form: RankedForm,
	request: RerankRequest,
	model: string,
): ReturnType<TaskFormat<'rerank'>['encodeRequest']> {
	const losses = new Losses(form.name);
	const wire: JsonObject = {
		...(form.modelInPath === true ? {} : { model }),
		...form.fixed,
		query: request.query,
		documents: request.documents,
	};
	if (request.topN !== undefined) wire[form.topN] = request.topN;
	if (request.returnDocuments !== undefined && form.returnDocuments !== undefined)
		wire[form.returnDocuments] = request.returnDocuments;
	if (request.maxTokensPerDocument !== undefined) {
		if (form.maxTokens === undefined)
			losses.dropped('max_tokens_per_doc', 'The model cannot be told how much of a document to read.');
		else wire[form.maxTokens] = request.maxTokensPerDocument;
	}
	return written(form.name, wire, request, losses);
}

function decodeResponse(form: RankedForm, fields: Fields, request: RerankRequest): RerankResponse {
	const list = fields.require(form.results, read.arrayOf(read.object));
	const results = list.map((item, position) => readResult(form.name, item, `${form.results}[${position}]`, request));
	const response: RerankResponse = { results };
	const id = fields.take('id', read.string);
	const model = fields.take('model', read.string);
	if (id !== undefined) response.id = id;
	if (model !== undefined) response.model = model;
	const usage = taskUsage(form.name, fields.take('usage', read.object));
	if (usage !== undefined) response.usage = usage;
	else fields.leave('usage');
	fields.keep('object');
	fields.keep('meta');
	billed(fields.wire.meta, response);
	return { ...response, extensions: { [form.name]: fields.rest() ?? {} } };
}

/** What `meta` states of billing: searches, or tokens. */
function billed(meta: JsonValue | undefined, response: RerankResponse): void {
	const units = isObject(meta) && isObject(meta.billed_units) ? meta.billed_units : {};
	if (typeof units.search_units === 'number') response.searchUnits = units.search_units;
	if (typeof units.total_tokens === 'number') response.usage = { inputTokens: units.total_tokens, outputTokens: 0 };
}

/** Reads one result; throws where it points to no document. */
export function readResult(format: string, item: JsonObject, path: string, { documents: asked }: RerankRequest): RerankResult {
	const { index: _, relevance_score: score, score: short, document, ...rest } = item;
	const index = read.required(item, 'index', path, read.integer(0));
	if (index >= asked.length)
		throw protocol(`The answer is malformed: ${path}.index is ${index}, but there are ${asked.length} documents.`);
	const result: RerankResult = { index, score: read.number(score ?? short ?? null, `${path}.relevance_score`) };
	if (typeof document === 'string' || isObject(document)) result.document = document;
	return { ...result, ...extend(format, Object.keys(rest).length > 0 ? rest : undefined) };
}

/** A result with its document where it was asked for and the vendor did not repeat it. */
function resultWire(form: RankedForm, result: RerankResult, request: RerankRequest): JsonObject {
	const wire: JsonObject = { index: result.index, relevance_score: result.score };
	const wanted = form.returnDocuments !== undefined && request.returnDocuments === true;
	const document = result.document ?? (wanted ? request.documents[result.index] : undefined);
	if (document !== undefined) wire.document = documentWire(form, document);
	return { ...wire, ...own(result, form.name) };
}

function documentWire({ texts }: RankedForm, document: string | JsonObject): JsonValue {
	if (texts === 'object') return typeof document === 'string' ? { text: document } : document;
	return isObject(document) && typeof document.text === 'string' && Object.keys(document).length === 1 ? document.text : document;
}
