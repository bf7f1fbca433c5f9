import { defined, isObject } from '../../lib/json.ts';
import type { EmbedRequest, JsonObject, TaskFormat } from '../../spec/index.ts';
import { answerFields, asAnswer, extend, Fields, Losses, own, read, requestFields, written } from '../shared/index.ts';
import { counted } from './answers.ts';
import { GOOGLE_WORDS } from './gemini.ts';
import { textOf } from './inputs.ts';
import { cutOf, reportLacking, requestRest, taskOf, wordOf } from './tasks.ts';
import { readVector, writeVector } from './vectors.ts';

const NAME = 'predict-embeddings';

/** `:predict` of models that make vectors of texts: instances and parameters in, predictions out. */
export const predictEmbeddings: TaskFormat<'embed'> = {
	name: NAME,
	task: 'embed',
	modelInPath: true,
	decodeRequest(body) {
		const fields = requestFields(body);
		const model = fields.require('model', read.nonEmptyString);
		const instances = fields.require('instances', read.arrayOf(read.object));
		if (instances.length === 0) throw read.invalid('instances', "'instances' must hold at least one instance.");
		const rests: (JsonObject | null)[] = [];
		const each = instances.map((wire, index) => {
			const item = new Fields(wire, `instances[${index}]`);
			const text = item.require('content', read.string);
			const word = item.take('task_type', read.nonEmptyString);
			const details = defined({ task: word === undefined ? undefined : taskOf(word), title: item.take('title', read.string) });
			rests.push(requestRest(item, word) ?? null);
			return { text, details };
		});
		const parameters = new Fields(fields.take('parameters', read.object) ?? {}, 'parameters');
		const cut = parameters.take('autoTruncate', read.boolean);
		const alike = each.every(({ details }) => JSON.stringify(details) === JSON.stringify(each[0]?.details));
		const request: EmbedRequest = {
			model,
			inputs: each.map(({ text }) => text),
			...(alike ? each[0]?.details : { each: each.map(({ details }) => details) }),
			...defined({ dimensions: parameters.take('outputDimensionality', read.integer(1)) }),
			...(cut === undefined ? {} : { truncate: cut ? 'end' : 'none' }),
		};
		const parameterRest = parameters.rest();
		const more: JsonObject = {
			...(rests.some((rest) => rest !== null) ? { $instances: rests } : {}),
			...(parameterRest === undefined ? {} : { parameters: parameterRest }),
		};
		return { value: { ...request, ...extend(NAME, requestRest(fields, undefined, more)) }, warnings: [] };
	},
	encodeRequest(request) {
		const losses = new Losses(NAME);
		const rests = own(request, NAME)?.$instances;
		const instances = request.inputs.map((input, index) => {
			const rest = Array.isArray(rests) ? rests[index] : undefined;
			const node = isObject(rest) ? extend(NAME, rest) : {};
			const { task, title } = { ...request, ...request.each?.[index] };
			const wire = defined({
				content: textOf(input, index),
				task_type: wordOf({ ...request, ...node }, NAME, GOOGLE_WORDS, losses, task),
				title,
			});
			return written(NAME, wire, node, new Losses(NAME)).value;
		});
		const parameters = defined({
			outputDimensionality: request.dimensions ?? request.each?.[0]?.dimensions,
			autoTruncate: cutOf(request, losses),
		});
		reportLacking(request, losses, 'user');
		const wire: JsonObject = { instances };
		if (Object.keys(parameters).length > 0) wire.parameters = parameters;
		return written(NAME, wire, request, losses);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const predictions = fields.require('predictions', read.arrayOf(read.object));
			let tokens: number | undefined;
			const rests: JsonObject[] = [];
			const vectors = predictions.map((prediction, index) => {
				const path = `predictions[${index}].embeddings`;
				const embeddings = read.required(prediction, 'embeddings', `predictions[${index}]`, read.object);
				const { values, ...rest } = embeddings;
				rests.push(rest);
				const { statistics } = rest;
				if (isObject(statistics) && typeof statistics.token_count === 'number') tokens = (tokens ?? 0) + statistics.token_count;
				return readVector(values ?? null, `${path}.values`, 'float');
			});
			fields.keep('metadata');
			const value = {
				vectors: counted(vectors, request),
				...(tokens === undefined ? {} : { usage: { inputTokens: tokens, outputTokens: 0 } }),
				...extend(NAME, requestRest(fields, undefined, { $predictions: rests })),
			};
			return { value, warnings: [] };
		}),
	encodeResponse(response) {
		const rests = own(response, NAME)?.$predictions;
		const predictions = response.vectors.map((vector, index) => {
			const rest = Array.isArray(rests) ? rests[index] : undefined;
			return { embeddings: { values: writeVector(vector, 'float', false), ...(isObject(rest) ? rest : {}) } };
		});
		return written(NAME, { predictions }, response, new Losses(NAME));
	},
};
