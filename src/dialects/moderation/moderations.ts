import { defined, isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, ModerationRequest, ModerationResult, TaskFormat } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import {
	answerFields,
	asAnswer,
	extend,
	Losses,
	own,
	protocol,
	read,
	requestFields,
	sourceOfUrl,
	taskUsage,
	urlOfSource,
	usageObject,
	written,
} from '../shared/index.ts';

const NAME = 'openai-moderations';

/** OpenAI's `/moderations`. Some who copied it state no `flagged`: what any category flags is flagged. */
export const openaiModeration: TaskFormat<'moderate'> = {
	name: NAME,
	task: 'moderate',
	decodeRequest(body) {
		const fields = requestFields(body);
		const request: ModerationRequest = {
			...fields.require('input', readInputs),
			...defined({ model: fields.take('model', read.nonEmptyString) }),
		};
		return { value: { ...request, ...extend(NAME, fields.rest()) }, warnings: [] };
	},
	encodeRequest(request, model) {
		return written(
			NAME,
			defined({ model: model === '' ? undefined : model, input: writeInputs(request) }),
			request,
			new Losses(NAME),
		);
	},
	decodeResponse: (body, request) =>
		asAnswer(() => {
			const fields = answerFields(body);
			const results = fields.require('results', read.arrayOf(read.object)).map(readResult);
			// Parts of one input are judged together.
			if (results.length !== request.inputs.length)
				throw protocol(`The answer holds ${results.length} results for ${request.inputs.length} inputs.`);
			const usage = taskUsage(NAME, fields.take('usage', read.object));
			if (usage === undefined) fields.leave('usage');
			const value = {
				results,
				...defined({ id: fields.take('id', read.string), model: fields.take('model', read.string), usage }),
				...extend(NAME, fields.rest()),
			};
			return { value, warnings: [] };
		}),
	encodeResponse(response, _request, { id, model }) {
		const wire: JsonObject = {
			id: response.id ?? id,
			model: response.model ?? model,
			results: response.results.map(writeResult),
		};
		if (response.usage !== undefined && own(response.usage, NAME) !== undefined)
			wire.usage = usageObject(NAME, response.usage, () => ({}));
		return written(NAME, wire, response, new Losses(NAME));
	},
};

type Inputs = Pick<ModerationRequest, 'inputs' | 'single'>;

function readInputs(value: JsonValue, path: string): Inputs {
	if (typeof value === 'string') return { inputs: [value], single: true };
	const list = read.array(value, path);
	if (list.length === 0) throw read.invalid(path, `'${path}' must hold at least one text.`);
	if (list.every((item) => typeof item === 'string')) return { inputs: list };
	return { inputs: [list.map((item, index) => readPart(item, read.at(path, index)))], single: true };
}

function readPart(value: JsonValue, path: string): ContentPart {
	if (!isObject(value)) throw read.invalid(path, `'${path}' must be an object: texts and parts do not mix.`);
	if (value.type === 'text') return { type: 'text', text: read.required(value, 'text', path, read.string) };
	if (value.type !== 'image_url') throw read.invalid(`${path}.type`, `'${path}.type' must be one of 'text', 'image_url'.`);
	const image = read.required(value, 'image_url', path, read.object);
	return { type: 'image', source: sourceOfUrl(read.required(image, 'url', `${path}.image_url`, read.nonEmptyString)) };
}

function writeInputs({ inputs, single }: ModerationRequest): JsonValue {
	const [first] = inputs;
	if (inputs.length === 1 && Array.isArray(first)) return first.map(writePart);
	const texts = inputs.map((input, index) => {
		if (typeof input === 'string') return input;
		throw new RelaisError('unsupported', 'Images are judged one request at a time.', { param: `input[${index}]` });
	});
	return single === true && texts.length === 1 ? (texts[0] ?? '') : texts;
}

function writePart(part: ContentPart, index: number): JsonObject {
	if (part.type === 'text') return { type: 'text', text: part.text };
	const url = part.type === 'image' ? urlOfSource(part.source) : undefined;
	if (url === undefined)
		throw new RelaisError('unsupported', 'Only texts and images can be judged.', { param: `input[${index}]` });
	return { type: 'image_url', image_url: { url } };
}

function readResult(item: JsonObject, position: number): ModerationResult {
	const path = `results[${position}]`;
	const { flagged, categories, category_scores: scores, ...rest } = item;
	const judged = verdicts(categories ?? null, `${path}.categories`);
	const result: ModerationResult = {
		flagged: typeof flagged === 'boolean' ? flagged : Object.values(judged).includes(true),
		categories: judged,
		scores: numbers(scores ?? {}, `${path}.category_scores`),
	};
	const unstated = typeof flagged === 'boolean' ? {} : { $flagged: 'unstated' };
	const kept: JsonObject = { ...rest, ...unstated };
	return { ...result, ...extend(NAME, Object.keys(kept).length > 0 ? kept : undefined) };
}

function verdicts(value: JsonValue, path: string): { [category: string]: boolean } {
	const entries = Object.entries(read.object(value, path)).filter(([, verdict]) => verdict !== null);
	return Object.fromEntries(
		entries.map(([category, verdict]) => [category, read.boolean(verdict ?? null, read.at(path, category))]),
	);
}

function numbers(value: JsonValue, path: string): { [category: string]: number } {
	const entries = Object.entries(read.object(value, path)).filter(([, score]) => score !== null);
	return Object.fromEntries(entries.map(([category, score]) => [category, read.number(score ?? null, read.at(path, category))]));
}

function writeResult(result: ModerationResult): JsonObject {
	const { $flagged, ...rest } = own(result, NAME) ?? {};
	return {
		...($flagged === 'unstated' ? {} : { flagged: result.flagged }),
		categories: result.categories,
		category_scores: result.scores,
		...rest,
	};
}
