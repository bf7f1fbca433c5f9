import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, JsonValue, Message, Sampling, ToolChoice, Translated } from '../../spec/index.ts';
import { extend, leftovers, read } from '../shared/index.ts';
import { DIALECT, untaken } from './dialect.ts';
import { decodeMessages, decodeSystem } from './messages-decode.ts';
import { decodeThinking } from './reasoning-decode.ts';
import { takeThread } from './thread.ts';
import { decodeTools } from './tools-decode.ts';

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const TAKEN = set(
	...['model', 'max_tokens', 'messages', 'system', 'stream', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'tools'],
	'service_tier',
);
const STREAM = set('stream');
const USER = set('user_id');
const FORMAT = set('type', 'schema');
const CHOICE = set('type', 'name', 'disable_parallel_tool_use');

const CHOICES: { [type: string]: 'auto' | 'required' | 'none' } = { auto: 'auto', any: 'required', none: 'none' };

/**
 * Reads a client's request. Throws `invalid_request` with the field's path where a documented field is missing or of the wrong
 * type; fields it does not know are kept.
 */
export function decodeRequest(body: JsonValue): Translated<ChatRequest> {
	return { value: readBody(body, true), warnings: [] };
}

/** Reads the body of a `count_tokens` call: a request without `max_tokens`. */
export function decodeCountTokens(body: JsonValue): Translated<ChatRequest> {
	return { value: readBody(body, false), warnings: [] };
}

function readBody(body: JsonValue, generates: boolean): ChatRequest {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const model = read.required(body, 'model', '', read.nonEmptyString);
	const limit = generates
		? read.required(body, 'max_tokens', '', read.integer(0))
		: read.optional(body, 'max_tokens', '', read.integer(0));
	const conversation = read.required(body, 'messages', '', read.array);
	if (conversation.length === 0 && !isObject(body.thread)) {
		throw read.invalid('messages', "'messages' must hold at least one message.");
	}
	const messages: Message[] = [...decodeSystem(body), ...decodeMessages(conversation, 'messages')];
	const stream = read.optional(body, 'stream', '', read.boolean) ?? false;
	const request: ChatRequest = { model, messages, stream, sampling: readSampling(body) };
	if (limit !== undefined) request.maxOutputTokens = limit;
	const tier = read.optional(body, 'service_tier', '', read.string);
	if (tier !== undefined) request.serviceTier = tier;
	const tools = read.optional(body, 'tools', '', read.array);
	if (tools !== undefined) request.tools = decodeTools(tools, 'tools');
	const left: JsonObject = { ...body };
	const markers: JsonObject = { $own: true };
	takeToolChoice(body, request, left);
	takeUser(body, request, left);
	takeThinking(body, request, left);
	takeThread(body, request, left);
	takeOutput(body, request, left, markers);
	return { ...request, ...extend(DIALECT, { ...leftovers(left, stream ? TAKEN : withoutStream, STREAM), ...markers }) };
}

/** An explicit `stream: false` is mere form: it is restored unless the request has been made to stream. */
const withoutStream: ReadonlySet<string> = new Set([...TAKEN].filter((key) => key !== 'stream'));

function readSampling(body: JsonObject): Sampling {
	const sampling: Sampling = {};
	const temperature = read.optional(body, 'temperature', '', read.number);
	if (temperature !== undefined) sampling.temperature = temperature;
	const topP = read.optional(body, 'top_p', '', read.number);
	if (topP !== undefined) sampling.topP = topP;
	const topK = read.optional(body, 'top_k', '', read.integer(0));
	if (topK !== undefined) sampling.topK = topK;
	const stop = read.optional(body, 'stop_sequences', '', read.arrayOf(read.string));
	if (stop !== undefined) sampling.stop = stop;
	return sampling;
}

function takeToolChoice(body: JsonObject, request: ChatRequest, left: JsonObject): void {
	const wire = read.optional(body, 'tool_choice', '', read.object);
	if (wire === undefined) return;
	const type = read.required(wire, 'type', 'tool_choice', read.oneOf(['auto', 'any', 'none', 'tool']));
	const choice: ToolChoice =
		type === 'tool'
			? { type: 'tool', name: read.required(wire, 'name', 'tool_choice', read.nonEmptyString) }
			: { type: CHOICES[type] ?? 'auto' };
	request.toolChoice = choice;
	const single = read.optional(wire, 'disable_parallel_tool_use', 'tool_choice', read.boolean);
	if (single !== undefined) request.parallelToolCalls = !single;
	left.tool_choice = untaken(wire, CHOICE);
}

function takeUser(body: JsonObject, request: ChatRequest, left: JsonObject): void {
	const wire = read.optional(body, 'metadata', '', read.object);
	if (wire === undefined) return;
	const user = read.optional(wire, 'user_id', 'metadata', read.string);
	if (user !== undefined) request.user = user;
	left.metadata = untaken(wire, USER);
}

/** `output_config` with effort and format, and the format's older place, `output_format`. */
function takeOutput(body: JsonObject, request: ChatRequest, left: JsonObject, markers: JsonObject): void {
	const config = read.optional(body, 'output_config', '', read.object);
	if (config !== undefined) left.output_config = takeConfig(config, request);
	const older = read.optional(body, 'output_format', '', read.object);
	if (older === undefined || request.output !== undefined || !takeFormat(older, 'output_format', request)) return;
	left.output_format = untaken(older, FORMAT);
	markers.$format = 'output_format';
}

function takeConfig(config: JsonObject, request: ChatRequest): JsonObject | undefined {
	const taken = new Set<string>();
	const effort = read.optional(config, 'effort', 'output_config', read.string);
	if (effort !== undefined) {
		request.reasoning = { ...request.reasoning, effort };
		taken.add('effort');
	}
	const format = read.optional(config, 'format', 'output_config', read.object);
	if (format === undefined || !takeFormat(format, 'output_config.format', request)) return untaken(config, taken);
	const formatRest = untaken(format, FORMAT);
	const rest = untaken(config, taken.add('format'));
	return formatRest === undefined ? rest : { ...rest, format: formatRest };
}

/** Takes a JSON schema format; a kind this version does not know is left where it is. */
function takeFormat(format: JsonObject, path: string, request: ChatRequest): boolean {
	if (read.required(format, 'type', path, read.string) !== 'json_schema') return false;
	request.output = { type: 'json_schema', schema: read.required(format, 'schema', path, read.object) };
	return true;
}

/** Takes `thinking`. A kind this version does not know is left where it is. */
function takeThinking(body: JsonObject, request: ChatRequest, left: JsonObject): void {
	const thinking = read.optional(body, 'thinking', '', read.object);
	const taken = thinking === undefined ? undefined : decodeThinking(thinking, 'thinking');
	if (taken === undefined) return;
	request.reasoning = taken.reasoning;
	left.thinking = taken.rest;
}
