import { defined, isObject } from '../../lib/json.ts';
import type {
	ContentPart,
	EmbedInput,
	EmbedRequest,
	EmbedResponse,
	JsonObject,
	JsonValue,
	TaskFormat,
	Usage,
	Vector,
} from '../../spec/index.ts';
import { answerFields, asAnswer, extend, Fields, Losses, own, read, requestFields, written } from '../shared/index.ts';
import { counted, vectorsIn } from './answers.ts';
import { partsOfInput, urlOfImage } from './inputs.ts';
import { reportLacking, reportTypes, requestRest, taskOf, wordOf } from './tasks.ts';
import { readVector, writeVector } from './vectors.ts';

/** Purposes in the words of Google's APIs. */
export const GOOGLE_WORDS = {
	query: 'RETRIEVAL_QUERY',
	document: 'RETRIEVAL_DOCUMENT',
	similarity: 'SEMANTIC_SIMILARITY',
	classification: 'CLASSIFICATION',
	clustering: 'CLUSTERING',
	question: 'QUESTION_ANSWERING',
	fact: 'FACT_VERIFICATION',
	code_query: 'CODE_RETRIEVAL_QUERY',
	code_document: 'RETRIEVAL_DOCUMENT',
};

const SINGLE = 'gemini-embed';
const BATCH = 'gemini-batch-embed';

/** `models/{model}:embedContent`: one input. */
export const geminiEmbed: TaskFormat<'embed'> = {
	name: SINGLE,
	task: 'embed',
	modelInPath: true,
	decodeRequest(body) {
		const fields = requestFields(body);
		const model = fields.require('model', read.nonEmptyString);
		const { input, details, $task, marks } = readOne(fields);
		const request: EmbedRequest = {
			model,
			inputs: [input],
			single: true,
			...details,
			...extend(SINGLE, requestRest(fields, $task, marks)),
		};
		return { value: request, warnings: [] };
	},
	encodeRequest(request, model) {
		const losses = new Losses(SINGLE);
		report(request, losses);
		return written(SINGLE, { ...wireOf(request, 0, SINGLE, losses), model: `models/${model}` }, request, losses);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const embedding = fields.require('embedding', read.object);
			const vectors = counted([readVector(embedding.values ?? null, 'embedding.values', 'float')], request);
			return { value: finish(SINGLE, fields, vectors), warnings: [] };
		}),
	encodeResponse(response) {
		const losses = new Losses(SINGLE);
		const [vector] = response.vectors;
		return written(SINGLE, { embedding: valuesOf(vector ?? []), ...usageOf(SINGLE, response) }, response, losses);
	},
};

/** `models/{model}:batchEmbedContents`: a list of requests, each with its own purpose. */
export const geminiBatchEmbed: TaskFormat<'embed'> = {
	name: BATCH,
	task: 'embed',
	modelInPath: true,
	decodeRequest(body) {
		const fields = requestFields(body);
		const model = fields.require('model', read.nonEmptyString);
		const list = fields.require('requests', read.arrayOf(read.object));
		if (list.length === 0) throw read.invalid('requests', "'requests' must hold at least one request.");
		const rests: (JsonObject | null)[] = [];
		const each = list.map((wire, index) => {
			const item = new Fields(wire, `requests[${index}]`);
			const found = readOne(item);
			item.drop('model');
			const rest = requestRest(item, found.$task, found.marks);
			rests.push(rest ?? null);
			return found;
		});
		const [first] = each;
		const alike = each.every(({ details }) => JSON.stringify(details) === JSON.stringify(first?.details));
		const request: EmbedRequest = {
			model,
			inputs: each.map(({ input }) => input),
			...(alike ? first?.details : { each: each.map(({ details }) => details) }),
		};
		const rest = fields.rest();
		const told = rests.some((found) => found !== null) ? { ...rest, $requests: rests } : rest;
		return { value: { ...request, ...extend(BATCH, told) }, warnings: [] };
	},
	encodeRequest(request, model) {
		const losses = new Losses(BATCH);
		const rests = own(request, BATCH)?.$requests;
		report(request, losses);
		const requests = request.inputs.map((_, index) => {
			const rest = Array.isArray(rests) ? rests[index] : undefined;
			const node = isObject(rest) ? extend(BATCH, rest) : {};
			const wire = wireOf({ ...request, ...node }, index, BATCH, losses);
			return written(BATCH, { model: `models/${model}`, ...wire }, node, new Losses(BATCH)).value;
		});
		return written(BATCH, { requests }, request, losses);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			return { value: finish(BATCH, fields, counted(vectorsIn(fields, 'embeddings', 'values', 'float'), request)), warnings: [] };
		}),
	encodeResponse(response) {
		const losses = new Losses(BATCH);
		return written(BATCH, { embeddings: response.vectors.map(valuesOf), ...usageOf(BATCH, response) }, response, losses);
	},
};

type Details = NonNullable<EmbedRequest['each']>[number];

/** A member in either spelling: clients send `taskType` or `task_type`. */
function spelled<T>(fields: Fields, camel: string, snake: string, reader: read.Reader<T>): T | undefined {
	return fields.take(camel, reader) ?? fields.take(snake, reader);
}

function readOne(fields: Fields): { input: EmbedInput; details: Details; $task: string | undefined; marks: JsonObject } {
	const content = fields.require('content', read.object);
	const place = fields.at('content');
	const parts = read.required(content, 'parts', place, read.arrayOf(read.object));
	if (parts.length === 0) throw read.invalid(`${place}.parts`, `'${place}.parts' must hold at least one part.`);
	const word = spelled(fields, 'taskType', 'task_type', read.nonEmptyString);
	const details = defined({
		task: word === undefined || word === 'TASK_TYPE_UNSPECIFIED' ? undefined : taskOf(word),
		title: fields.take('title', read.string),
		dimensions: spelled(fields, 'outputDimensionality', 'output_dimensionality', read.integer(1)),
	});
	const marks: JsonObject = content.role === undefined ? {} : { $role: content.role };
	const found = parts.map((part, index) => readPart(part, `${place}.parts[${index}]`));
	const [first] = found;
	return { input: found.length === 1 && first?.type === 'text' ? first.text : found, details, $task: word, marks };
}

function readPart(part: JsonObject, path: string): ContentPart {
	const data = part.inlineData ?? part.inline_data;
	if (!isObject(data)) return { type: 'text', text: read.required(part, 'text', path, read.string) };
	const mediaType = data.mimeType ?? data.mime_type;
	const source = {
		type: 'base64' as const,
		data: read.required(data, 'data', `${path}.inlineData`, read.string),
		mediaType: typeof mediaType === 'string' ? mediaType : '',
	};
	if (source.mediaType.startsWith('audio/')) return { type: 'audio', source };
	if (source.mediaType.startsWith('video/')) return { type: 'video', source };
	return source.mediaType === 'application/pdf' ? { type: 'document', source } : { type: 'image', source };
}

function writePart(part: ContentPart, index: number): JsonObject {
	if (part.type === 'text') return { text: part.text };
	const source = 'source' in part ? part.source : undefined;
	if (typeof source === 'object' && source.type === 'base64')
		return { inlineData: { mimeType: source.mediaType, data: source.data } };
	const path = `input[${index}]`;
	throw read.invalid(
		path,
		`'${path}' holds an image under ${urlOfImage(part, path).slice(0, 100)}; this model takes images as base64 only.`,
	);
}

function wireOf(request: EmbedRequest, index: number, format: string, losses: Losses): JsonObject {
	const { task, title, dimensions } = { ...request, ...request.each?.[index] };
	const input = request.inputs[index] ?? '';
	return defined({
		content: defined({
			role: own(request, format)?.$role,
			parts: partsOfInput(input, index).map((part) => writePart(part, index)),
		}),
		taskType: wordOf(request, format, GOOGLE_WORDS, losses, task),
		title,
		outputDimensionality: dimensions,
	});
}

function report(request: EmbedRequest, losses: Losses): void {
	reportLacking(request, losses, 'user', 'truncate');
	reportTypes(request, losses);
}

function finish(format: string, fields: Fields, vectors: Vector[]): EmbedResponse {
	const raw = fields.wire.usageMetadata;
	fields.keep('usageMetadata');
	for (const member of ['embedding', 'embeddings']) fields.drop(member);
	const response: EmbedResponse = { vectors, ...extend(format, fields.rest()) };
	const tokens = isObject(raw) ? raw.promptTokenCount : undefined;
	if (typeof tokens === 'number') response.usage = { inputTokens: tokens, outputTokens: 0 };
	return response;
}

function valuesOf(vector: Vector): JsonObject {
	return { values: writeVector(vector, 'float', false) };
}

/** Only some models state usage: what another vendor stated is told, what Relais estimated is not. */
function usageOf(format: string, response: EmbedResponse): JsonObject {
	const usage: Usage | undefined = response.usage;
	if (usage === undefined || usage.estimated === true || own(response, format) !== undefined) return {};
	const usageMetadata: JsonValue = { promptTokenCount: usage.inputTokens, totalTokenCount: usage.inputTokens };
	return { usageMetadata };
}
