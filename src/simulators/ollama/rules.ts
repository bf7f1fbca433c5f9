import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isObject, list, number, object, objects, text } from '../core/json.ts';
import { base64Bytes } from '../core/media.ts';
import type { Problem } from '../core/types.ts';
import type { OllamaModel } from './models.ts';
import { problem } from './problems.ts';

/** A rule beyond the request's shape. */
type Rule = (request: JsonObject, model: OllamaModel) => Problem | undefined;

/** Options of the kinds that are checked; others are passed over with a warning in the server's log. */
const NUMBERS: { [option: string]: 'int' | 'float32' } = {
	num_ctx: 'int',
	num_predict: 'int',
	num_keep: 'int',
	seed: 'int',
	top_k: 'int',
	repeat_last_n: 'int',
	temperature: 'float32',
	top_p: 'float32',
	min_p: 'float32',
	typical_p: 'float32',
	repeat_penalty: 'float32',
	presence_penalty: 'float32',
	frequency_penalty: 'float32',
};

const options: Rule = (request) => {
	const given = object(request.options);
	for (const option in NUMBERS) {
		const value = given[option] ?? null;
		if (value === null || typeof value === 'number') continue;
		const type = NUMBERS[option] === 'int' ? 'integer' : 'float32';
		return problem(`option "${option}" must be of type ${type}`);
	}
	const stop = given.stop ?? null;
	if (stop === null || (Array.isArray(stop) && stop.every((item) => typeof item === 'string'))) return undefined;
	return problem('option "stop" must be of type array');
};

const LEVELS = ['high', 'medium', 'low', 'max'];

const thinks: Rule = (request, model) => {
	const think = request.think ?? null;
	if (think === null || think === false) return undefined;
	if (think !== true && !LEVELS.includes(text(think))) {
		return problem(`invalid think value: ${JSON.stringify(think)} (must be "high", "medium", "low", true, or false)`);
	}
	if (model.capabilities.includes('thinking')) return undefined;
	return problem(`"${text(request.model)}" does not support thinking`);
};

const tools: Rule = (request, model) => {
	if (objects(request.tools).length === 0 || model.capabilities.includes('tools')) return undefined;
	return problem(`registry.ollama.ai/library/${model.name} does not support tools`);
};

const format: Rule = ({ format: wanted = null }) => {
	if (wanted === null || wanted === '' || wanted === 'json' || isObject(wanted)) return undefined;
	return problem(`invalid format: ${JSON.stringify(wanted)}; expected "json" or a valid JSON Schema object`);
};

/** Every image of a request, base64 without a `data:` prefix. */
export function imagesOf(request: JsonObject): JsonValue[] {
	return [...list(request.images), ...objects(request.messages).flatMap((message) => list(message.images))];
}

const images: Rule = (request, model) => {
	for (const image of imagesOf(request)) {
		const bad = text(image).search(/[^A-Za-z0-9+/=]/);
		if (bad >= 0) return problem(`illegal base64 data at input byte ${bad}`);
		if (base64Bytes(text(image)) === undefined) return problem(`illegal base64 data at input byte ${text(image).length}`);
		if (model.capabilities.includes('vision')) continue;
		return problem('this model is missing data required for image input', 500);
	}
	return undefined;
};

const completes: Rule = (request, model) => {
	if (model.capabilities.includes('completion')) return undefined;
	return problem(`"${text(request.model)}" does not support ${request.messages === undefined ? 'generate' : 'chat'}`);
};

const RULES: readonly Rule[] = [completes, tools, thinks, format, options, images];

/** The first rule that a request breaks. */
export function ruleProblem(request: JsonObject, model: OllamaModel): Problem | undefined {
	for (const rule of RULES) {
		const found = rule(request, model);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The context in tokens: what a prompt is cut to, silently. */
export function contextOf(request: JsonObject, model: OllamaModel): number {
	return Math.min(number(object(request.options).num_ctx) ?? 4096, model.window);
}
