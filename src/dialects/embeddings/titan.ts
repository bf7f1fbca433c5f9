import { defined, isObject } from '../../lib/json.ts';
import {
	type EmbedRequest,
	type EmbedResponse,
	type JsonObject,
	RelaisError,
	type TaskFormat,
	type VectorType,
} from '../../spec/index.ts';
import { answerFields, asAnswer, extend, Losses, read, requestFields, written } from '../shared/index.ts';
import { counted, firstType } from './answers.ts';
import { isParts, textOf, urlOfImage } from './inputs.ts';
import { levelled, reportEach, reportLacking, requestRest } from './tasks.ts';
import { readVector, writeVector } from './vectors.ts';

const NAME = 'titan-embeddings';
const TYPES = ['float', 'binary'] as const satisfies readonly VectorType[];

/** The body of Amazon's Titan models behind InvokeModel: one input a call; the models for images take both kinds. */
export const titanEmbeddings: TaskFormat<'embed'> = {
	name: NAME,
	task: 'embed',
	modelInPath: true,
	decodeRequest(body) {
		const fields = requestFields(body);
		const model = fields.require('model', read.nonEmptyString);
		const text = fields.take('inputText', read.string);
		const image = fields.take('inputImage', read.nonEmptyString);
		if (text === undefined && image === undefined) throw read.invalid('inputText', "'inputText' is required.");
		const picture =
			image === undefined ? [] : [{ type: 'image' as const, source: { type: 'base64' as const, data: image, mediaType: '' } }];
		const words = text === undefined ? [] : [{ type: 'text' as const, text }];
		const types = fields.take('embeddingTypes', read.arrayOf(read.oneOf(TYPES)));
		const config = fields.take('embeddingConfig', read.object);
		const request: EmbedRequest = {
			model,
			inputs: [text !== undefined && image === undefined ? text : [...words, ...picture]],
			single: true,
			...defined({ dimensions: fields.take('dimensions', read.integer(1)), types }),
		};
		if (config !== undefined)
			request.dimensions = read.required(config, 'outputEmbeddingLength', 'embeddingConfig', read.integer(1));
		return { value: { ...request, ...extend(NAME, requestRest(fields, undefined)) }, warnings: [] };
	},
	encodeRequest(given, model) {
		const losses = new Losses(NAME);
		const request = levelled(given);
		const { dimensions, types } = request;
		const wire = inputOf(request);
		const forImages = model.includes('image');
		if (dimensions !== undefined && forImages) wire.embeddingConfig = { outputEmbeddingLength: dimensions };
		else if (dimensions !== undefined) wire.dimensions = dimensions;
		if (types !== undefined) wire.embeddingTypes = types;
		reportLacking(request, losses, 'task', 'truncate', 'user');
		reportEach(given, losses);
		return written(NAME, wire, request, losses);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const typed = fields.take('embeddingsByType', read.object);
			const type = firstType(request);
			const value = typed?.[type] ?? fields.wire.embedding ?? null;
			fields.drop('embedding');
			const response: EmbedResponse = { vectors: counted([readVector(value, 'embedding', type)], request) };
			for (const other of TYPES) {
				const vector = other === type ? undefined : typed?.[other];
				if (vector !== undefined)
					response.further = { ...response.further, [other]: [readVector(vector, `embeddingsByType.${other}`, other)] };
			}
			const tokens = fields.take('inputTextTokenCount', read.integer(0));
			if (tokens !== undefined) response.usage = { inputTokens: tokens, outputTokens: 0 };
			const rest = requestRest(fields, undefined, isObject(typed) ? { $typed: true } : {});
			return { value: { ...response, ...extend(NAME, rest) }, warnings: [] };
		}),
	encodeResponse(response, request) {
		const type = firstType(request);
		const vector = writeVector(response.vectors[0] ?? [], type, false);
		const wire: JsonObject = type === 'float' ? { embedding: vector } : {};
		if (response.extensions?.[NAME]?.$typed === true || request.types !== undefined) {
			const byType: JsonObject = { [type]: vector };
			for (const other of TYPES) {
				const further = response.further?.[other]?.[0];
				if (further !== undefined) byType[other] = writeVector(further, other, false);
			}
			wire.embeddingsByType = byType;
		}
		if (response.usage !== undefined) wire.inputTextTokenCount = response.usage.inputTokens;
		return written(NAME, wire, response, new Losses(NAME));
	},
};

function inputOf({ inputs }: EmbedRequest): JsonObject {
	const [input] = inputs;
	if (input === undefined || inputs.length > 1)
		throw new RelaisError('unsupported', 'This model takes one input a call.', { param: 'input' });
	if (!isParts(input)) return { inputText: textOf(input, 0) };
	const wire: JsonObject = {};
	for (const part of input) {
		if (part.type === 'text') wire.inputText = part.text;
		else if (part.type === 'image' && part.source.type === 'base64') wire.inputImage = part.source.data;
		else
			throw new RelaisError(
				'unsupported',
				`This model takes images as base64 only, not ${urlOfImage(part, 'input[0]').slice(0, 100)}.`,
				{ param: 'input[0]' },
			);
	}
	return wire;
}
