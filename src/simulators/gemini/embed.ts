import type { JsonObject } from '../../spec/index.ts';
import { number, objects, text } from '../core/json.ts';
import { countTokens } from '../core/tokens.ts';
import { vector } from '../core/vectors.ts';
import type { GeminiModel } from './models.ts';

function textOf(request: JsonObject): string {
	const { content } = request;
	const parts = typeof content === 'object' && content !== null && !Array.isArray(content) ? objects(content.parts) : [];
	return parts.map((part) => text(part.text)).join('');
}

/** What is wrong with one request for a vector, in the vendor's words. `where`: its path. */
export function embedFault(request: JsonObject, model: GeminiModel, where: string): string | undefined {
	if (request.content === undefined) return `* ${where}.content: contents is not specified\n`;
	if (textOf(request) === '') return `* ${where}.content: content is required\n`;
	const size = number(request.outputDimensionality);
	if (size !== undefined && (size < 1 || size > (model.dimensions ?? 0))) {
		return `* ${where}.output_dimensionality: must be between 1 and ${model.dimensions ?? 0}.\n`;
	}
	if (text(request.title) !== '' && request.taskType !== 'RETRIEVAL_DOCUMENT') {
		return `* ${where}.title: title is only valid with task_type=RETRIEVAL_DOCUMENT.\n`;
	}
	return undefined;
}

const MOST = 100;

/** What is wrong with a batch of such requests to the model of this name. */
export function batchFault(requests: JsonObject[], model: GeminiModel, name: string): string | undefined {
	if (requests.length === 0 || requests.length > MOST) {
		return `* BatchEmbedContentsRequest.requests: at least one and at most ${MOST} requests can be in one batch\n`;
	}
	for (const [index, request] of requests.entries()) {
		const where = `BatchEmbedContentsRequest.requests[${index}]`;
		if (text(request.model) === '') return `* ${where}.model: model is required\n`;
		if (text(request.model) !== `models/${name}`) {
			return `* ${where}.model: model must match the model in the batch request: models/${name}\n`;
		}
		const fault = embedFault(request, model, where);
		if (fault !== undefined) return fault;
	}
	return undefined;
}

/** Tokens of a request for a vector. */
export function embedTokens(request: JsonObject): number {
	return countTokens(textOf(request));
}

/** The vector of one request. */
export function embedding(request: JsonObject, model: GeminiModel): JsonObject {
	const size = number(request.outputDimensionality) ?? model.dimensions ?? 0;
	return { values: vector(`${model.id}/${text(request.taskType)}/${textOf(request)}`, size) };
}
