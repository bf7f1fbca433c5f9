import type { ChatRequest, ImagePart, JsonObject, ModelTraits, Translated } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { dropUnoffered, Losses, refuseStored, refuseUnoffered } from '../shared/index.ts';
import { promptOf } from './prompt.ts';
import type { InputField, InputNames } from './schema.ts';

/** Name of the dialect and of its extensions. */
export const DIALECT = 'replicate';

function unsupported(param: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param });
}

/** Wishes without which the answer would be another one. */
function refuse(request: ChatRequest): void {
	if (request.tools !== undefined && request.tools.length > 0 && request.toolChoice?.type !== 'none')
		throw unsupported('tools', 'Models here take a prompt and no tools.');
	refuseUnoffered(request);
	refuseStored(request);
}

interface State {
	input: JsonObject;
	names: InputNames;
	losses: Losses;
}

/**
 * Writes a prediction's `input` for a model.
 * Throws `unsupported` for what would change the meaning if it were left out (tools), and for a model that takes no prompt;
 * everything else the model has no input for becomes a warning.
 * @param names what the model takes
 */
export function encodeInput(request: ChatRequest, names: InputNames, traits: ModelTraits): Translated<JsonObject> {
	const losses = new Losses(DIALECT);
	refuse(request);
	const state: State = { input: {}, names, losses };
	writePrompt(request, state);
	writeSettings(request, state);
	writeReasoning(request, state, traits);
	report(request, losses);
	losses.extensions(request, '');
	return { value: state.input, warnings: losses.warnings };
}

function writePrompt(request: ChatRequest, { input, names, losses }: State): void {
	const { system, prompt, messages, images } = promptOf(request.messages, losses);
	const field = names.name('prompt');
	const turns = names.name('messages');
	const place = names.name('system');
	if (field === undefined && turns === undefined)
		throw unsupported('model', `${request.model} takes no prompt: it is no language model.`);
	const several = messages.length > 1;
	const apart = place !== undefined || system === '';
	if (several && turns !== undefined) input[turns] = apart ? messages : [{ role: 'system', content: system }, ...messages];
	else if (field !== undefined) input[field] = apart ? prompt : `${system}\n\n${prompt}`;
	else if (turns !== undefined) input[turns] = apart ? messages : [{ role: 'system', content: system }, ...messages];
	if (place !== undefined && system !== '') input[place] = system;
	else if (!apart) losses.add('changed', 'messages', 'The model takes no instructions apart; they were put before the prompt.');
	if (several && turns === undefined) losses.add('changed', 'messages', 'The conversation was written as one prompt.');
	writeImages(images, { input, names, losses });
}

function addressOf({ source }: ImagePart): string | undefined {
	if (source.type === 'url') return source.url;
	return source.type === 'base64' ? `data:${source.mediaType};base64,${source.data}` : undefined;
}

function writeImages(images: readonly ImagePart[], { input, names, losses }: State): void {
	if (images.length === 0) return;
	const field = names.name('images');
	if (field === undefined) throw unsupported('messages', 'The model takes no pictures.');
	const addresses = images.flatMap((image) => addressOf(image) ?? []);
	if (addresses.length < images.length)
		losses.dropped('messages', 'Pictures kept at another vendor cannot be shown; they were left out.');
	if (names.isList(field)) input[field] = addresses;
	else {
		if (addresses.length > 1) losses.dropped('messages', 'The model takes one picture; the last one was sent.');
		const last = addresses.at(-1);
		if (last !== undefined) input[field] = last;
	}
}

/** Sampling fields, with the value that asks for nothing and the client's word for it. */
const SAMPLING = [
	['temperature', 'temperature', null],
	['topP', 'top_p', 1],
	['topK', 'top_k', null],
	['minP', 'min_p', 0],
	['presencePenalty', 'presence_penalty', 0],
	['frequencyPenalty', 'frequency_penalty', 0],
	['repetitionPenalty', 'repetition_penalty', 1],
	['seed', 'seed', null],
] as const;

function writeSettings(request: ChatRequest, state: State): void {
	const { input, names, losses } = state;
	const { sampling } = request;
	const put = (field: InputField, path: string, value: JsonObject[string], neutral: JsonObject[string] = null): void => {
		if (value === undefined) return;
		const name = names.name(field);
		if (name !== undefined) input[name] = value;
		else if (value !== neutral) losses.dropped(path, `The model has no input for '${path}'.`);
	};
	put('limit', 'max_tokens', request.maxOutputTokens);
	for (const [key, path, neutral] of SAMPLING) put(key, path, sampling[key], neutral);
	put('verbosity', 'verbosity', request.verbosity);
	if (sampling.stop !== undefined && sampling.stop.length > 0) writeStop(sampling.stop, state);
	if (sampling.logitBias !== undefined && Object.keys(sampling.logitBias).length > 0)
		losses.dropped('logit_bias', 'Tokens cannot be favoured.');
}

/** Stop sequences: a list, or one text in which commas part them. */
function writeStop(stop: string[], { input, names, losses }: State): void {
	const name = names.name('stop');
	if (name === undefined) {
		losses.dropped('stop', "The model has no input for 'stop'.");
		return;
	}
	if (names.isList(name)) {
		input[name] = stop;
		return;
	}
	const whole = stop.filter((sequence) => !sequence.includes(','));
	if (whole.length < stop.length) losses.dropped('stop', 'A stop sequence with a comma in it cannot be told; it was left out.');
	if (whole.length > 0) input[name] = whole.join(',');
}

function writeReasoning({ reasoning: wish }: ChatRequest, { input, names, losses }: State, traits: ModelTraits): void {
	if (wish === undefined) return;
	const off = wish.mode === 'off' || wish.effort === 'none';
	const effort = names.name('effort');
	const budget = names.name('budget');
	if (off) {
		if (budget !== undefined) input[budget] = 0;
		else if (effort !== undefined && traits.reasoningAlways !== true) input[effort] = 'minimal';
		return;
	}
	if (wish.budgetTokens !== undefined && budget !== undefined) input[budget] = wish.budgetTokens;
	else if (wish.effort !== undefined && effort !== undefined) input[effort] = wish.effort;
	else if (wish.effort !== undefined || wish.budgetTokens !== undefined)
		losses.dropped('reasoning', 'The model has no input for how much it reasons.');
}

/** Reports the wishes that have no field with any model. */
function report(request: ChatRequest, losses: Losses): void {
	const drop = (path: string): void => losses.dropped(path, `'${path}' is not offered.`);
	if (request.output !== undefined && request.output.type !== 'text') drop('response_format');
	if (request.logprobs !== undefined) drop('logprobs');
	dropUnoffered(request, losses);
}
