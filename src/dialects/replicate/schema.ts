import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** Names a model's input may have for what a request says, most usual first. Makers choose them freely. */
const NAMES = {
	prompt: ['prompt', 'text', 'input'],
	messages: ['messages'],
	system: ['system_prompt', 'system_instruction', 'system'],
	limit: ['max_tokens', 'max_new_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_length'],
	temperature: ['temperature'],
	topP: ['top_p'],
	topK: ['top_k'],
	minP: ['min_p'],
	presencePenalty: ['presence_penalty'],
	frequencyPenalty: ['frequency_penalty'],
	repetitionPenalty: ['repetition_penalty', 'length_penalty'],
	seed: ['seed'],
	stop: ['stop_sequences', 'stop'],
	images: ['image_input', 'images', 'image'],
	effort: ['reasoning_effort'],
	budget: ['thinking_budget_tokens', 'thinking_budget'],
	verbosity: ['verbosity'],
} as const satisfies { [what: string]: readonly string[] };

export type InputField = keyof typeof NAMES;

/** What a model takes as its input: the names it gives to the fields, and which of them are lists. */
export interface InputNames {
	name(field: InputField): string | undefined;
	isList(name: string): boolean;
}

/** What is taken for granted of a model whose schema cannot be had: the inputs of most language models. */
const USUAL: JsonObject = {
	prompt: {},
	system_prompt: {},
	max_tokens: {},
	temperature: {},
	top_p: {},
	top_k: {},
	stop_sequences: {},
	presence_penalty: {},
	frequency_penalty: {},
};

function namesIn(properties: JsonObject): InputNames {
	return {
		name: (field) => NAMES[field].find((name) => Object.hasOwn(properties, name)),
		isList: (name) => {
			const property = properties[name];
			return isObject(property) && property.type === 'array';
		},
	};
}

/** Inputs of a model of which nothing is known. */
export const usualInputs: InputNames = namesIn(USUAL);

/** Reads a model, or one of its versions, as the API describes it; undefined where the description does not say what goes in. */
export function inputNames(description: JsonValue): InputNames | undefined {
	const properties = inputProperties(description);
	return properties === undefined ? undefined : namesIn(properties);
}

function inputProperties(description: JsonValue): JsonObject | undefined {
	if (!isObject(description)) return undefined;
	const version = isObject(description.latest_version) ? description.latest_version : description;
	const schema = isObject(version.openapi_schema) ? version.openapi_schema : undefined;
	const components = isObject(schema?.components) ? schema.components : undefined;
	const schemas = isObject(components?.schemas) ? components.schemas : undefined;
	const input = isObject(schemas?.Input) ? schemas.Input : undefined;
	return isObject(input?.properties) ? input.properties : undefined;
}
