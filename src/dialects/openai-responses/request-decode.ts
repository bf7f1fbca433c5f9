import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, JsonValue, Message, Sampling, Translated } from '../../spec/index.ts';
import { Fields, read } from '../shared/index.ts';
import { nest } from './forms.ts';
import { decodeInput } from './input-decode.ts';
import { DIALECT } from './name.ts';
import { decodeInclude, decodeReasoningSettings } from './reasoning-settings.ts';
import { decodeText } from './text-format.ts';
import { decodeToolChoice } from './tool-choice.ts';
import { decodeTools } from './tools.ts';

/** The body as an object; every reader of requests begins here. */
export function requestBody(body: JsonValue): JsonObject {
	if (isObject(body)) return body;
	throw read.invalid('', `The request body must be a JSON object, not ${read.kindOf(body)}.`);
}

type NumberKey = Exclude<keyof Sampling, 'stop' | 'logitBias'>;

/** Sampling parameters the API documents, and those only other vendors of the dialect take. */
export const STANDARD: readonly (readonly [string, NumberKey])[] = [
	['temperature', 'temperature'],
	['top_p', 'topP'],
];
export const VENDORS: readonly (readonly [string, NumberKey])[] = [
	['frequency_penalty', 'frequencyPenalty'],
	['presence_penalty', 'presencePenalty'],
	['seed', 'seed'],
	['top_k', 'topK'],
	['min_p', 'minP'],
	['repetition_penalty', 'repetitionPenalty'],
];

function decodeSampling(fields: Fields, left: JsonObject): Sampling {
	const sampling: Sampling = {};
	const vendors: string[] = [];
	for (const [field, key] of [...STANDARD, ...VENDORS]) {
		const value = fields.take(field, read.number);
		if (value === undefined) continue;
		sampling[key] = value;
		if (!STANDARD.some(([standard]) => standard === field)) vendors.push(field);
	}
	if (vendors.length > 0) left.$vendors = vendors;
	return sampling;
}

/** `instructions` are a system message that does not stay with the conversation. */
function decodeInstructions(fields: Fields): Message[] {
	const text = fields.take('instructions', read.string);
	if (text === undefined) return [];
	const content: Message['content'] = text === '' ? [] : [{ type: 'text', text }];
	return [{ role: 'system', content, extensions: { [DIALECT]: { $instructions: true } } }];
}

/** Input may be missing where a stored prompt, conversation or answer is what the model goes on from. */
function decodeMessages(fields: Fields, left: JsonObject): Message[] {
	const { input } = fields.wire;
	const stored = ['prompt', 'conversation', 'previous_response_id'].some((key) => (fields.wire[key] ?? null) !== null);
	if (input === undefined && !stored) throw read.invalid('input', "'input' is required.");
	if (typeof input === 'string') left.$input = 'string';
	else if (Array.isArray(input) && input.length === 0 && !stored) {
		throw read.invalid('input', "'input' must hold at least one item.");
	}
	if (Array.isArray(input) && input.length === 0) fields.keep('input');
	return [...decodeInstructions(fields), ...(fields.take('input', decodeInput) ?? [])];
}

function decodeStream(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const stream = fields.take('stream', read.boolean);
	request.stream = stream === true;
	if (stream === false) fields.keep('stream');
	const options = fields.take('stream_options', read.object);
	if (options === undefined) return;
	const inner = new Fields(options, fields.at('stream_options'));
	inner.keep('include_obfuscation');
	nest(left, 'stream_options', { ...inner.rest(), $there: true });
}

/** Simple fields: wire name, canonical name, reader. */
function decodeSimple(fields: Fields, request: ChatRequest): void {
	const put = <K extends keyof ChatRequest>(key: K, field: string, reader: read.Reader<ChatRequest[K]>): void => {
		const value = fields.take(field, reader);
		if (value !== undefined) request[key] = value;
	};
	put('parallelToolCalls', 'parallel_tool_calls', read.boolean);
	put('maxOutputTokens', 'max_output_tokens', read.integer(1));
	put('metadata', 'metadata', read.object as read.Reader<ChatRequest['metadata']>);
	put('serviceTier', 'service_tier', read.string);
	put('promptCacheKey', 'prompt_cache_key', read.string);
	put('promptCacheRetention', 'prompt_cache_retention', read.string);
	put('previousResponseId', 'previous_response_id', read.nonEmptyString);
}

/** OpenAI replaces `user` by `safety_identifier`; where both are given, `user` stands for the end user. */
function decodeUser(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const user = fields.take('user', read.string);
	const safety = user === undefined ? fields.take('safety_identifier', read.string) : undefined;
	const named = user ?? safety;
	if (named !== undefined) request.user = named;
	if (safety !== undefined) left.$user = 'safety_identifier';
}

/** What is as it would be anyway concerns nobody. */
function decodeDefaults(fields: Fields): void {
	if (fields.wire.truncation === 'disabled') fields.keep('truncation');
	if (fields.wire.background === false) fields.keep('background');
}

/**
 * Whether the answer is to be kept for the next turn concerns the API the client speaks. Whoever serves it keeps the answer itself: to
 * vendors of other dialects it says nothing, least of all that they should keep what they answer.
 */
function decodeStore(fields: Fields, left: JsonObject): void {
	const store = fields.take('store', read.boolean);
	if (store !== undefined) left.$store = store;
}

function decodeAllTools(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const tools = decodeTools(fields);
	if (tools !== undefined) request.tools = tools;
	const choice = fields.take('tool_choice', decodeToolChoice);
	if (choice === undefined) return;
	request.toolChoice = choice;
	left.$tool_choice = fields.wire.tool_choice;
}

/** Reads a client's request, and is its validator: throws `invalid_request` with the path of the first field that is wrong. */
export function decodeRequest(body: JsonValue): Translated<ChatRequest> {
	const fields = new Fields(requestBody(body), '');
	const left: JsonObject = {};
	const request: ChatRequest = {
		model: fields.require('model', read.nonEmptyString),
		messages: decodeMessages(fields, left),
		stream: false,
		sampling: decodeSampling(fields, left),
	};
	decodeStream(fields, request, left);
	decodeAllTools(fields, request, left);
	decodeText(fields, request, left);
	decodeReasoningSettings(fields, request, left);
	decodeInclude(fields, request, left);
	decodeSimple(fields, request);
	decodeUser(fields, request, left);
	decodeStore(fields, left);
	decodeDefaults(fields);
	request.extensions = { [DIALECT]: { ...fields.rest(), ...left } };
	return { value: request, warnings: [] };
}
