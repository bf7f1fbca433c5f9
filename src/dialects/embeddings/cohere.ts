import { defined, isObject } from '../../lib/json.ts';
import type {
	ContentPart,
	EmbedInput,
	EmbedRequest,
	EmbedResponse,
	JsonObject,
	JsonValue,
	TaskFormat,
	Vector,
	VectorType,
} from '../../spec/index.ts';
import { answerFields, asAnswer, extend, type Fields, Losses, own, read, requestFields, written } from '../shared/index.ts';
import { counted, firstType, readVectors } from './answers.ts';
import { imageAt, isParts, readTexts, textOf, urlOfImage } from './inputs.ts';
import { levelled, reportEach, reportLacking, requestRest, SIDES, takeSide, takeTask, wordOf } from './tasks.ts';
import { writeVector } from './vectors.ts';

const WIRE_TYPES = ['float', 'int8', 'uint8', 'binary', 'ubinary', 'base64'] as const;
type WireType = (typeof WIRE_TYPES)[number];

const WORDS = {
	query: 'search_query',
	question: 'search_query',
	fact: 'search_query',
	code_query: 'search_query',
	document: 'search_document',
	code_document: 'search_document',
	classification: 'classification',
	clustering: 'clustering',
};

/** Version 2 of Cohere's `/embed`; answers of version 1 are read too. */
export const cohereEmbed = cohereFormat('cohere-embed', false);
/** The same behind an address that names the model, as hosts of these models have it. */
export const cohereEmbedHosted = cohereFormat('cohere-embed-hosted', true);

function cohereFormat(name: string, modelInPath: boolean): TaskFormat<'embed'> {
	return {
		name,
		task: 'embed',
		modelInPath,
		decodeRequest: (body) => ({ value: decodeRequest(name, requestFields(body)), warnings: [] }),
		encodeRequest(given, model) {
			const losses = new Losses(name);
			const request = levelled(given);
			const wire: JsonObject = { ...(modelInPath ? {} : { model }), ...inputsOf(request) };
			let purpose = wordOf(request, name, WORDS, losses);
			if (purpose === undefined) {
				purpose = 'search_document';
				const message = "These models must be told what vectors are for: taken as documents to be searched. Send 'input_type'.";
				losses.add('defaulted', 'input_type', message);
			}
			wire.input_type = purpose;
			wire.embedding_types = wireTypes(name, request);
			if (request.dimensions !== undefined) wire.output_dimension = request.dimensions;
			if (request.truncate !== undefined) wire.truncate = SIDES[request.truncate];
			reportLacking(request, losses, 'user');
			reportEach(given, losses);
			return written(name, wire, request, losses);
		},
		decodeResponse: (body, request) =>
			asAnswer(() => ({ value: decodeResponse(name, answerFields(body), request), warnings: [] })),
		encodeResponse(response, request, { id }) {
			const losses = new Losses(name);
			const embeddings: JsonObject = {};
			for (const type of wireTypes(name, request)) embeddings[type] = vectorsOf(response, request, type);
			const wire: JsonObject = { id: response.id ?? id, embeddings, response_type: 'embeddings_by_type' };
			const texts = request.inputs.filter((input) => typeof input === 'string');
			if (texts.length > 0) wire.texts = texts;
			if (response.usage !== undefined && own(response, name) === undefined)
				wire.meta = { api_version: { version: '2' }, billed_units: { input_tokens: response.usage.inputTokens } };
			return written(name, wire, response, losses);
		},
	};
}

function decodeRequest(name: string, fields: Fields): EmbedRequest {
	const model = fields.require('model', read.nonEmptyString);
	const texts = fields.take('texts', readTexts);
	const images = fields.take('images', read.arrayOf(read.nonEmptyString));
	const mixed = fields.take('inputs', read.arrayOf(readMixed));
	const inputs: EmbedInput[] = [...(texts ?? []), ...(images ?? []).map((url) => [imageAt(url)]), ...(mixed ?? [])];
	if (inputs.length === 0) throw read.invalid('texts', "'texts', 'images' or 'inputs' is required.");
	const { $task, ...purpose } = takeTask(fields, 'input_type');
	const types = fields.take('embedding_types', read.arrayOf(read.oneOf(WIRE_TYPES)));
	const numbers = types?.filter((type) => type !== 'base64');
	return {
		model,
		inputs,
		...purpose,
		...defined({ dimensions: fields.take('output_dimension', read.integer(1)) }),
		...takeSide(fields, 'truncate'),
		...(numbers !== undefined && numbers.length > 0 ? { types: numbers } : {}),
		...(types?.includes('base64') === true && numbers?.length === 0 ? { packed: true } : {}),
		...extend(name, requestRest(fields, $task, types === undefined ? {} : { $types: types })),
	};
}

function readMixed(value: JsonValue, path: string): ContentPart[] {
	const content = read.required(read.object(value, path), 'content', path, read.arrayOf(read.object));
	return content.map((part, index): ContentPart => {
		const place = `${path}.content[${index}]`;
		if (part.type === 'text') return { type: 'text', text: read.required(part, 'text', place, read.string) };
		if (part.type !== 'image_url') throw read.invalid(`${place}.type`, `'${place}.type' must be one of 'text', 'image_url'.`);
		const image = read.required(part, 'image_url', place, read.object);
		return imageAt(read.required(image, 'url', `${place}.image_url`, read.nonEmptyString));
	});
}

/** Inputs under the member of their kind; mixed ones all under `inputs`. */
function inputsOf({ inputs }: EmbedRequest): JsonObject {
	if (!inputs.some(isParts)) return { texts: inputs.map(textOf) };
	const images = inputs.map((input) =>
		isParts(input) && input.length === 1 && input[0]?.type === 'image' ? input[0] : undefined,
	);
	if (images.every((image) => image !== undefined))
		return { images: images.map((image, index) => urlOfImage(image, `images[${index}]`)) };
	return { inputs: inputs.map(mixedInput) };
}

function mixedInput(input: EmbedInput, index: number): JsonObject {
	if (!isParts(input)) return { content: [{ type: 'text', text: textOf(input, index) }] };
	return {
		content: input.map((part) =>
			part.type === 'text'
				? { type: 'text', text: part.text }
				: { type: 'image_url', image_url: { url: urlOfImage(part, `input[${index}]`) } },
		),
	};
}

/** What was asked for, in the format's words. */
function wireTypes(name: string, request: EmbedRequest): WireType[] {
	const asked = own(request, name)?.$types;
	if (Array.isArray(asked)) return WIRE_TYPES.filter((type) => asked.includes(type));
	return request.packed === true && firstType(request) === 'float' ? ['base64'] : (request.types ?? ['float']);
}

function decodeResponse(name: string, fields: Fields, request: EmbedRequest): EmbedResponse {
	const found = fields.require('embeddings', (value) => value);
	const lists = isObject(found) ? found : { [firstType(request)]: found };
	const first = firstType(request);
	const response: EmbedResponse = { vectors: counted(list(lists, first, request), request) };
	for (const type of WIRE_TYPES) {
		if (type === first || type === 'base64' || lists[type] === undefined || lists[type] === null) continue;
		response.further ??= {};
		response.further[type] = counted(readVectors(lists[type], `embeddings.${type}`, type), request);
	}
	const id = fields.take('id', read.string);
	if (id !== undefined) response.id = id;
	fields.keep('response_type');
	fields.keep('texts');
	fields.keep('meta');
	const meta = fields.wire.meta;
	const billed = isObject(meta) && isObject(meta.billed_units) ? meta.billed_units : {};
	const tokens = billed.input_tokens ?? billed.images;
	if (typeof tokens === 'number') response.usage = { inputTokens: tokens, outputTokens: 0 };
	return { ...response, ...extend(name, fields.rest()) };
}

/** The list of a type; floats may have come packed. */
function list(lists: JsonObject, type: VectorType, request: EmbedRequest): Vector[] {
	const value = type === 'float' ? (lists.float ?? lists.base64) : lists[type];
	return value === undefined || value === null ? counted([], request) : readVectors(value, `embeddings.${type}`, type);
}

function vectorsOf(response: EmbedResponse, request: EmbedRequest, type: WireType): JsonValue[] {
	if (type === 'base64' || type === firstType(request))
		return response.vectors.map((vector) => writeVector(vector, 'float', type === 'base64'));
	return (response.further?.[type] ?? []).map((vector) => writeVector(vector, type, false));
}
