import {
	type ChatRequest,
	type EncodeRequestContext,
	type JsonObject,
	type Message,
	type ModelTraits,
	RelaisError,
	type Translated,
} from '../../spec/index.ts';
import { Losses, own, restored } from '../shared/index.ts';
import { mark, nested } from './forms.ts';
import { customCalls, encodeInputMessage, instructionText, withoutLooseThoughts } from './input-encode.ts';
import { DIALECT } from './name.ts';
import { encodeInclude, encodeReasoningSettings, wantsEncrypted } from './reasoning-settings.ts';
import { STANDARD, VENDORS } from './request-decode.ts';
import { encodeText } from './text-format.ts';
import { encodeToolChoice } from './tool-choice.ts';
import { encodeTools } from './tools.ts';

/** What the parts of the encoder share: the request, what this dialect left on it, and the losses. */
interface State {
	request: ChatRequest;
	left: JsonObject | undefined;
	traits: ModelTraits;
	losses: Losses;
	body: JsonObject;
}

function unsupported(path: string, message: string): RelaisError {
	return new RelaisError('unsupported', message, { param: path });
}

/** What has no form here and must not be left out, because the answer would mean something else. */
function refuse({ request, left }: State): void {
	if ((request.candidates ?? 1) > 1) throw unsupported('n', 'Only one answer can be asked for at a time.');
	if (request.modalities?.some((each) => each !== 'text') === true || request.audioOutput !== undefined) {
		throw unsupported('modalities', 'This dialect answers in text only.');
	}
	if (request.dataSources !== undefined) throw unsupported('data_sources', 'Data sources cannot be given in this dialect.');
	if (request.previousResponseId !== undefined && left === undefined) {
		throw unsupported('previous_response_id', 'The vendor has not stored this conversation; send the whole history.');
	}
}

function withRole(message: Message, traits: ModelTraits, path: string, losses: Losses): Message {
	if (message.role !== 'system' || traits.systemRole === undefined) return message;
	const { level: _, ...bare } = message;
	if (traits.systemRole === 'developer') return { ...bare, level: 'developer' };
	if (traits.systemRole === 'system') return bare;
	losses.add('changed', `${path}.role`, 'This model takes no instructions; they were sent as a user message.');
	return { ...bare, role: 'user' };
}

function writeInput({ request, left, traits, losses, body }: State): void {
	const context = { losses, custom: customCalls(request.messages) };
	const input: JsonObject[] = [];
	for (const [index, message] of request.messages.entries()) {
		const path = `messages[${index}]`;
		if (mark(message, '$instructions') === true && body.instructions === undefined) {
			const text = instructionText(message);
			if (text !== undefined) {
				body.instructions = text;
				continue;
			}
		}
		input.push(...encodeInputMessage(withRole(message, traits, path, losses), path, context));
	}
	const [only] = input;
	const plain = input.length === 1 && only?.role === 'user' && typeof only.content === 'string';
	if (left?.$input === 'string' && plain && only !== undefined) body.input = only.content;
	else if (left === undefined) body.input = withoutLooseThoughts(input, losses);
	else if (input.length > 0) body.input = input;
}

function writeTools({ request, left, losses, body }: State): void {
	const tools = request.tools === undefined ? [] : encodeTools(request.tools, losses);
	if (tools.length > 0) body.tools = tools;
	const callable = left !== undefined || tools.length > 0;
	const { toolChoice, parallelToolCalls } = request;
	if (toolChoice !== undefined && callable) {
		const choice = encodeToolChoice(toolChoice, left?.$tool_choice, losses);
		if (choice !== undefined) body.tool_choice = choice;
	} else if (toolChoice !== undefined && toolChoice.type !== 'auto' && toolChoice.type !== 'none') {
		losses.dropped('tool_choice', 'There are no tools to choose from.');
	}
	if (parallelToolCalls !== undefined && callable) body.parallel_tool_calls = parallelToolCalls;
}

/** A value that changes nothing may go without a word. */
const NEUTRAL: { readonly [field: string]: number } = {
	temperature: 1,
	top_p: 1,
	frequency_penalty: 0,
	presence_penalty: 0,
	repetition_penalty: 1,
	min_p: 0,
};

function writeSampling({ request, left, traits, losses, body }: State): void {
	const { sampling } = request;
	const vendors: unknown[] = Array.isArray(left?.$vendors) ? left.$vendors : [];
	for (const [field, key] of [...STANDARD, ...VENDORS]) {
		const value = sampling[key];
		if (value === undefined) continue;
		const standard = STANDARD.some(([each]) => each === field);
		const refused = traits.sampling === false && request.reasoning?.mode !== 'off';
		if ((standard || vendors.includes(field)) && !refused) body[field] = value;
		else if (value !== NEUTRAL[field]) {
			losses.dropped(field, refused ? `This model does not take '${field}'.` : `'${field}' is no parameter of this dialect.`);
		}
	}
	if (sampling.stop !== undefined && sampling.stop.length > 0) {
		losses.dropped('stop', 'This dialect takes no stop sequences.');
	}
	if (sampling.logitBias !== undefined && Object.keys(sampling.logitBias).length > 0) {
		losses.dropped('logit_bias', "'logit_bias' is no parameter of this dialect.");
	}
}

function writeStream({ request, left, body }: State): void {
	if (request.stream) body.stream = true;
	const options = nested(left, 'stream_options');
	if (options !== undefined) body.stream_options = restored(options);
}

/** Answers to clients of other dialects are not stored at the vendor: they send the whole history each time. */
function writeStore({ request, left, body }: State): void {
	const store = request.store ?? left?.$store;
	if (store !== undefined) body.store = store;
	else if (left === undefined) body.store = false;
}

/** Fields that go out under one name, as they are. */
function writeSimple({ request, left, losses, body }: State): void {
	const fields: JsonObject = {
		max_output_tokens: request.maxOutputTokens,
		metadata: request.metadata,
		prompt_cache_key: request.promptCacheKey,
		prompt_cache_retention: request.promptCacheRetention,
		previous_response_id: request.previousResponseId,
		[left?.$user === 'safety_identifier' ? 'safety_identifier' : 'user']: request.user,
	};
	for (const key in fields) if (fields[key] !== undefined) body[key] = fields[key];
	if (request.prediction !== undefined) losses.dropped('prediction', 'An expected answer cannot be given in this dialect.');
	losses.extensions(request, '');
}

/** Tiers the API names. */
const TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'flex', 'scale', 'priority', 'fast']);

function writeTier({ request, left, losses, body }: State): void {
	const tier = request.serviceTier;
	if (tier === undefined) return;
	if (left !== undefined || TIERS.has(tier)) body.service_tier = tier;
	else if (tier === 'standard_only' || tier === 'standard') {
		body.service_tier = 'default';
		losses.add('approximated', 'service_tier', `Service tier '${tier}' was asked for as 'default'.`);
	} else losses.dropped('service_tier', `The API has no service tier '${tier}'.`);
}

/** Models that take no sampling parameters tell no log-probabilities either. */
function withoutLogprobs({ request, traits, losses }: State): ChatRequest {
	if (traits.sampling !== false || request.logprobs === undefined || request.reasoning?.mode === 'off') return request;
	losses.dropped('logprobs', 'This model tells no log-probabilities.');
	const { logprobs: _, ...rest } = request;
	return rest;
}

/** The least limit on output the API takes. */
const LEAST_OUTPUT = 16;

function fitLimit({ left, losses, body }: State): void {
	const limit = body.max_output_tokens;
	if (left !== undefined || typeof limit !== 'number' || limit >= LEAST_OUTPUT) return;
	body.max_output_tokens = LEAST_OUTPUT;
	losses.add('changed', 'max_tokens', `The limit on output was raised to ${LEAST_OUTPUT} tokens, the least the API takes.`);
}

/** Without native schemas the model is asked for JSON, and told the schema. */
function fitSchema({ request, traits, losses, body }: State): void {
	const { output } = request;
	if (traits.jsonSchema !== false || output?.type !== 'json_schema' || !Array.isArray(body.input)) return;
	losses.add('approximated', 'response_format', 'This model takes no JSON schema; it was asked for JSON and told the schema.');
	body.text = { format: { type: 'json_object' } };
	const told = `Answer with JSON only, matching this JSON Schema:\n${JSON.stringify(output.schema)}`;
	body.input = [{ role: 'system', content: told }, ...body.input];
}

/**
 * Writes the request body for a target of this dialect. What came from this dialect comes out as it was, save what the target's
 * traits forbid; what came from another is written in the plainest form vendors take. Throws `unsupported` for what has no form here
 * and would change the answer's meaning.
 */
export function encodeRequest(request: ChatRequest, context: EncodeRequestContext): Translated<JsonObject> {
	const { traits } = context;
	const left = own(request, DIALECT);
	const state: State = { request, left, traits, losses: new Losses(DIALECT), body: { ...restored(left), model: context.model } };
	refuse(state);
	delete state.body.include;
	writeInput(state);
	writeTools(state);
	writeStream(state);
	writeSimple(state);
	writeTier(state);
	writeStore(state);
	writeSampling(state);
	delete state.body.text;
	delete state.body.reasoning;
	Object.assign(
		state.body,
		encodeText(request, left),
		encodeReasoningSettings(request, left, traits, state.losses),
		encodeInclude(withoutLogprobs(state), wantsEncrypted(request, left, traits), left),
	);
	fitLimit(state);
	fitSchema(state);
	return { value: state.body, warnings: state.losses.warnings };
}
