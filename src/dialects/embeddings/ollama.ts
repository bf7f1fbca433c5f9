import { defined } from '../../lib/json.ts';
import type { EmbedRequest, EmbedResponse, JsonObject, JsonValue, TaskFormat } from '../../spec/index.ts';
import { answerFields, asAnswer, extend, type Fields, Losses, own, read, requestFields, written } from '../shared/index.ts';
import { counted, identified, readVectors } from './answers.ts';
import { readInputs, textsOf } from './inputs.ts';
import { cutOf, levelled, reportEach, reportLacking, reportTypes, requestRest, takeCut } from './tasks.ts';
import { readVector, writeVector } from './vectors.ts';

const EMBED = 'ollama-embed';
const OLD = 'ollama-embeddings';

/** Fields that say how the server runs the model. */
function decoded(name: string, fields: Fields, request: EmbedRequest): { value: EmbedRequest; warnings: [] } {
	return { value: { ...request, ...extend(name, requestRest(fields, undefined)) }, warnings: [] };
}

function report(request: EmbedRequest, losses: Losses): void {
	reportLacking(request, losses, 'task', 'user');
	reportTypes(request, losses);
	reportEach(request, losses);
}

/** Ollama's `/api/embed`. */
export const ollamaEmbed: TaskFormat<'embed'> = {
	name: EMBED,
	task: 'embed',
	decodeRequest(body) {
		const fields = requestFields(body);
		const request: EmbedRequest = {
			model: fields.require('model', read.nonEmptyString),
			...fields.require('input', textsOnly),
			...defined({ dimensions: fields.take('dimensions', read.integer(1)) }),
			...takeCut(fields, 'truncate'),
		};
		return decoded(EMBED, fields, request);
	},
	encodeRequest(given, model) {
		const losses = new Losses(EMBED);
		const request = levelled(given);
		const texts = textsOf(request);
		report(given, losses);
		const input = request.single === true && texts.length === 1 ? texts[0] : texts;
		const wire = defined({ model, input, dimensions: request.dimensions, truncate: cutOf(request, losses) });
		return written(EMBED, wire, request, losses);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const vectors = counted(
				fields.require('embeddings', (value, path) => readVectors(value, path, 'float')),
				request,
			);
			return { value: finish(EMBED, fields, { vectors }), warnings: [] };
		}),
	encodeResponse(response, _request, { model }) {
		const embeddings = response.vectors.map((vector) => writeVector(vector, 'float', false));
		const wire: JsonObject = { model: response.model ?? model, embeddings };
		if (response.usage !== undefined) wire.prompt_eval_count = response.usage.inputTokens;
		if (own(response, EMBED) === undefined) Object.assign(wire, { total_duration: 0, load_duration: 0 });
		return written(EMBED, wire, response, new Losses(EMBED));
	},
};

/** Ollama's older `/api/embeddings`: one prompt, one vector. */
export const ollamaEmbeddings: TaskFormat<'embed'> = {
	name: OLD,
	task: 'embed',
	decodeRequest(body) {
		const fields = requestFields(body);
		const model = fields.require('model', read.nonEmptyString);
		return decoded(OLD, fields, { model, inputs: [fields.require('prompt', read.string)], single: true });
	},
	encodeRequest(given, model) {
		const losses = new Losses(OLD);
		const request = levelled(given);
		report(given, losses);
		reportLacking(request, losses, 'dimensions', 'truncate');
		return written(OLD, { model, prompt: textsOf(request).join('\n') }, request, losses);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const vector = fields.require('embedding', (value, path) => readVector(value, path, 'float'));
			return { value: finish(OLD, fields, { vectors: counted([vector], request) }), warnings: [] };
		}),
	encodeResponse(response) {
		const [vector] = response.vectors;
		return written(OLD, { embedding: writeVector(vector ?? [], 'float', false) }, response, new Losses(OLD));
	},
};

function textsOnly(value: JsonValue, path: string): ReturnType<typeof readInputs> {
	const found = readInputs(value, path);
	const strange = found.inputs.findIndex((input) => typeof input !== 'string');
	if (strange < 0) return found;
	throw read.invalid(read.at(path, strange), `'${read.at(path, strange)}' must be a text.`);
}

function finish(name: string, fields: Fields, response: EmbedResponse): EmbedResponse {
	const tokens = fields.take('prompt_eval_count', read.integer(0));
	if (tokens !== undefined) response.usage = { inputTokens: tokens, outputTokens: 0 };
	for (const timing of ['total_duration', 'load_duration']) fields.keep(timing);
	identified(fields, response);
	return { ...response, ...extend(name, fields.rest()) };
}
