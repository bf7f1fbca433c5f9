import type { JsonObject } from '../../spec/index.ts';
import { list, number, objects, text } from '../core/json.ts';
import { ranked } from '../core/rank.ts';
import { countTokens } from '../core/tokens.ts';
import { vector, written } from '../core/vectors.ts';
import type { CohereModel } from './models.ts';

/** An answer of an endpoint without a conversation, and what it cost. */
export interface Made {
	body: JsonObject;
	inputTokens: number;
}

/** What is to be embedded: texts, or images and mixed inputs by what they consist of. */
function inputsOf({ texts, images, inputs }: JsonObject): string[] {
	return [...list(texts).map(text), ...list(images).map(text), ...objects(inputs).map((input) => JSON.stringify(input.content))];
}

/** What is wrong with a request for vectors. */
export function embedFault(request: JsonObject, model: CohereModel): string | undefined {
	const kinds = ['texts', 'images', 'inputs'].filter((kind) => (request[kind] ?? null) !== null);
	if (kinds.length !== 1) return 'invalid request: exactly one of texts, images or inputs must be specified.';
	if (inputsOf(request).length === 0) return `invalid request: ${kinds[0]} must not be empty.`;
	if ((kinds[0] === 'images') !== (request.input_type === 'image')) {
		return 'invalid request: images need input_type image, and input_type image needs images.';
	}
	const size = number(request.output_dimension);
	if (size !== undefined && !model.dimensions.includes(size)) {
		return `invalid request: output_dimension ${size} is not supported by model '${model.name}'.`;
	}
	const long = request.truncate === 'NONE' && inputsOf(request).some((input) => countTokens(input) > model.window);
	return long ? `too many tokens: total number of tokens in the prompt exceeds the limit of ${model.window}.` : undefined;
}

/** The vectors of a request that is in order. */
export function embedded(request: JsonObject, model: CohereModel, id: string): Made {
	const inputs = inputsOf(request);
	const size = number(request.output_dimension) ?? model.dimensions[0] ?? 0;
	const made = inputs.map((input) => vector(`${model.name}/${text(request.input_type)}/${input}`, size));
	const asked = list(request.embedding_types).map(text);
	const embeddings: JsonObject = {};
	for (const type of asked.length === 0 ? ['float'] : asked) embeddings[type] = made.map((one) => written(one, type));
	const inputTokens = inputs.reduce((sum, input) => sum + countTokens(input), 0);
	const images = list(request.images).length;
	const units: JsonObject = images > 0 ? { images } : { input_tokens: inputTokens };
	const body: JsonObject = {
		id,
		texts: list(request.texts),
		embeddings,
		meta: { api_version: { version: '2' }, billed_units: units },
		response_type: 'embeddings_by_type',
	};
	return { body, inputTokens };
}

/** Documents a search is billed by. */
const PER_SEARCH = 100;

/** The documents of a request by their nearness, nearest first. */
export function reranked(request: JsonObject, id: string): Made {
	const documents = list(request.documents).map(text);
	const ordered = ranked(text(request.query), documents);
	const kept = ordered.slice(0, number(request.top_n) ?? ordered.length);
	const results = kept.map(({ index, score }) => ({ index, relevance_score: score }));
	const units = Math.ceil(documents.length / PER_SEARCH);
	const inputTokens = documents.reduce((sum, document) => sum + countTokens(document), countTokens(text(request.query)));
	return { body: { id, results, meta: { api_version: { version: '2' }, billed_units: { search_units: units } } }, inputTokens };
}
