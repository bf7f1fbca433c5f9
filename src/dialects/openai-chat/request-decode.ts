import { isObject } from '../../lib/json.ts';
import type { ChatRequest, ContentPart, JsonObject, JsonValue, Tool, Translated } from '../../spec/index.ts';
import { Fields, read } from '../shared/index.ts';
import { decodePart } from './content-decode.ts';
import { decodeMessages } from './messages-decode.ts';
import { DIALECT } from './name.ts';
import { nest } from './nested.ts';
import { decodeOutputFormat } from './output-format.ts';
import { decodeReasoningSettings } from './reasoning-settings.ts';
import { decodeSampling } from './sampling.ts';
import { decodeFunctionCall, decodeToolChoice } from './tool-choice.ts';
import { decodeLegacyFunctions, decodeTools, decodeWebSearch } from './tools.ts';

/** The body as an object; every reader of requests begins here. */
export function requestBody(body: JsonValue): JsonObject {
	if (isObject(body)) return body;
	throw read.invalid('', `The request body must be a JSON object, not ${read.kindOf(body)}.`);
}

function decodeAllTools(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const webSearch = decodeWebSearch(fields);
	const tools: Tool[] = [
		...(decodeTools(fields) ?? []),
		...(decodeLegacyFunctions(fields) ?? []),
		...(webSearch === undefined ? [] : [webSearch]),
	];
	if (tools.length > 0) request.tools = tools;
	const parallel = fields.take('parallel_tool_calls', read.boolean);
	if (parallel !== undefined) request.parallelToolCalls = parallel;
	const choice = fields.take('tool_choice', decodeToolChoice);
	const legacy = fields.take('function_call', decodeFunctionCall);
	const chosen = choice ?? legacy;
	if (chosen !== undefined) request.toolChoice = chosen;
	const wire = fields.wire.tool_choice;
	if (choice !== undefined) left.$tool_choice = wire;
	else if (wire !== undefined && wire !== null) left.tool_choice = wire;
	if (legacy !== undefined && choice === undefined) left.$legacyChoice = fields.wire.function_call;
	else if (legacy !== undefined) fields.keep('function_call');
}

function decodeLimit(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const current = fields.take('max_completion_tokens', read.integer(1));
	const old = fields.take('max_tokens', read.integer(1));
	const limit = current ?? old;
	if (limit !== undefined) request.maxOutputTokens = limit;
	if (current !== undefined && old !== undefined) fields.keep('max_tokens');
	if (limit !== undefined) left.$limit = current === undefined ? 'max_tokens' : 'max_completion_tokens';
}

function decodeStream(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const stream = fields.take('stream', read.boolean);
	request.stream = stream === true;
	if (stream === false) fields.keep('stream');
	const options = fields.take('stream_options', read.object);
	if (options === undefined) return;
	const inner = new Fields(options, fields.at('stream_options'));
	const usage = inner.take('include_usage', read.boolean);
	if (usage !== undefined) request.streamUsage = usage;
	nest(left, 'stream_options', inner.rest());
	left.$streamOptions = request.stream ? 'streaming' : 'idle';
}

function decodeLogprobs(fields: Fields, request: ChatRequest): void {
	const wanted = fields.take('logprobs', read.boolean);
	const top = fields.take('top_logprobs', read.integer(0));
	if (wanted === true) request.logprobs = { top: top ?? 0 };
	if (wanted !== true) fields.keep('logprobs');
	if (wanted !== true || top === 0) fields.keep('top_logprobs');
}

function decodeAudioOutput(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const wire = fields.take('audio', read.object);
	if (wire === undefined) return;
	const inner = new Fields(wire, fields.at('audio'));
	const output: ChatRequest['audioOutput'] = {};
	const voice = inner.wire.voice;
	if (isObject(voice)) output.extra = { voice: inner.take('voice', read.object) };
	else {
		const name = inner.take('voice', read.string);
		if (name !== undefined) output.voice = name;
	}
	const format = inner.take('format', read.string);
	if (format !== undefined) output.format = format;
	request.audioOutput = output;
	nest(left, 'audio', inner.rest());
}

function decodePrediction(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const wire = fields.take('prediction', read.object);
	if (wire === undefined) return;
	const inner = new Fields(wire, fields.at('prediction'));
	inner.require('type', read.oneOf(['content'] as const));
	const content = inner.wire.content;
	const path = inner.at('content');
	let parts: ContentPart[];
	if (typeof content === 'string') parts = [{ type: 'text', text: content }];
	else {
		parts = inner.require('content', read.array).map((item, index) => decodePart(item, read.at(path, index)));
		left.$predictionForm = 'array';
	}
	inner.drop('content');
	request.prediction = parts;
	nest(left, 'prediction', inner.rest());
}

/** Simple fields: wire name, canonical name, reader. */
function decodeSimple(fields: Fields, request: ChatRequest): void {
	const put = <K extends keyof ChatRequest>(key: K, field: string, reader: read.Reader<ChatRequest[K]>): void => {
		const value = fields.take(field, reader);
		if (value !== undefined) request[key] = value;
	};
	put('candidates', 'n', read.integer(1));
	put('modalities', 'modalities', read.arrayOf(read.string));
	put('verbosity', 'verbosity', read.string);
	put('metadata', 'metadata', read.object as read.Reader<ChatRequest['metadata']>);
	put('serviceTier', 'service_tier', read.string);
	put('store', 'store', read.boolean);
	put('promptCacheKey', 'prompt_cache_key', read.string);
	put('promptCacheRetention', 'prompt_cache_retention', read.string);
	put('dataSources', 'data_sources', read.arrayOf(read.object));
}

/** OpenAI replaces `user` by `safety_identifier`; where both are given, `user` stands for the end user. */
function decodeUser(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const user = fields.take('user', read.string);
	const safety = user === undefined ? fields.take('safety_identifier', read.string) : undefined;
	const named = user ?? safety;
	if (named !== undefined) request.user = named;
	if (safety !== undefined) left.$user = 'safety_identifier';
}

/** A format only some vendor has stays as it is. */
function decodeFormat(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const output = fields.take('response_format', decodeOutputFormat);
	const wire = fields.wire.response_format;
	if (output !== undefined) {
		request.output = output;
		left.$response_format = wire;
	} else if (wire !== undefined && wire !== null) left.response_format = wire;
}

/** Reads a client's request, and is its validator: throws `invalid_request` with the path of the first field that is wrong. */
export function decodeRequest(body: JsonValue): Translated<ChatRequest> {
	const fields = new Fields(requestBody(body), '');
	const left: JsonObject = {};
	const request: ChatRequest = {
		model: fields.require('model', read.nonEmptyString),
		messages: fields.require('messages', decodeMessages),
		stream: false,
		sampling: decodeSampling(fields, left),
	};
	decodeStream(fields, request, left);
	decodeAllTools(fields, request, left);
	decodeFormat(fields, request, left);
	decodeLimit(fields, request, left);
	decodeLogprobs(fields, request);
	decodeAudioOutput(fields, request, left);
	decodePrediction(fields, request, left);
	decodeSimple(fields, request);
	decodeUser(fields, request, left);
	const reasoning = decodeReasoningSettings(fields, left);
	if (reasoning !== undefined) request.reasoning = reasoning;
	request.extensions = { [DIALECT]: { ...left, ...fields.rest() } };
	return { value: request, warnings: [] };
}
