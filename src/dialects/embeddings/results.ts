import type { EmbedRequest, EmbedResponse, JsonObject, TaskFormat } from '../../spec/index.ts';
import { answerFields, asAnswer, extend, Losses, read, requestFields, written } from '../shared/index.ts';
import { counted, identified, vectorsIn } from './answers.ts';
import { readTexts, textsOf } from './inputs.ts';
import { levelled, reportEach, reportLacking, requestRest } from './tasks.ts';
import { writeVector } from './vectors.ts';

const NAME = 'results-embeddings';

/** `/ml/v1/text/embeddings` of watsonx: `inputs` in, `results` out; the provider adds the project. */
export const resultsEmbeddings: TaskFormat<'embed'> = {
	name: NAME,
	task: 'embed',
	decodeRequest(body) {
		const fields = requestFields(body);
		const request: EmbedRequest = {
			model: fields.require('model_id', read.nonEmptyString),
			inputs: fields.require('inputs', readTexts),
		};
		return { value: { ...request, ...extend(NAME, requestRest(fields, undefined)) }, warnings: [] };
	},
	encodeRequest(given, model) {
		const losses = new Losses(NAME);
		const request = levelled(given);
		reportLacking(request, losses, 'dimensions', 'task');
		if (request.truncate !== undefined)
			losses.dropped(
				'truncate',
				'The model is told how many tokens to keep, not whether to cut: state truncate_input_tokens in its own API.',
			);
		reportLacking(request, losses, 'user');
		reportEach(given, losses);
		return written(NAME, { model_id: model, inputs: textsOf(request) }, request, losses);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const response: EmbedResponse = { vectors: counted(vectorsIn(fields, 'results', 'embedding', 'float'), request) };
			const tokens = fields.take('input_token_count', read.integer(0));
			if (tokens !== undefined) response.usage = { inputTokens: tokens, outputTokens: 0 };
			fields.keep('created_at');
			identified(fields, response, 'model_id');
			return { value: { ...response, ...extend(NAME, fields.rest()) }, warnings: [] };
		}),
	encodeResponse(response, _request, { model }) {
		const results = response.vectors.map((vector) => ({ embedding: writeVector(vector, 'float', false) }));
		const wire: JsonObject = { model_id: response.model ?? model, results };
		if (response.usage !== undefined) wire.input_token_count = response.usage.inputTokens;
		return written(NAME, wire, response, new Losses(NAME));
	},
};
