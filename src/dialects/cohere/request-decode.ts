import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, JsonValue, Message, OutputFormat, Sampling, Translated } from '../../spec/index.ts';
import { decodeFunctionTools, extend, Fields, joinMarks, keepInside, read, untaken } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { decodeDocument } from './documents.ts';
import { decodeMessages } from './messages-decode.ts';

type NumberKey = Exclude<keyof Sampling, 'stop' | 'logitBias'>;

/** Fields of a request and what they are in canonical sampling. */
export const NUMBERS: readonly [wire: string, key: NumberKey][] = [
	['temperature', 'temperature'],
	['p', 'topP'],
	['k', 'topK'],
	['frequency_penalty', 'frequencyPenalty'],
	['presence_penalty', 'presencePenalty'],
	['seed', 'seed'],
];

/**
 * Reads a client's request. Throws `invalid_request` with the field's path where a documented field is missing or of the wrong
 * type; fields it does not know are kept.
 */
export function decodeRequest(body: JsonValue): Translated<ChatRequest> {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const fields = new Fields(body, '');
	const marks: JsonObject = { $own: true };
	const model = fields.require('model', read.nonEmptyString);
	const list = fields.require('messages', read.array);
	if (list.length === 0) throw read.invalid('messages', "'messages' must hold at least one message.");
	const stream = fields.take('stream', read.boolean) ?? false;
	if (!stream) fields.keep('stream');
	const messages = decodeMessages(list);
	takeDocuments(fields, messages);
	const request: ChatRequest = { model, messages, stream, streamUsage: true, sampling: takeSampling(fields) };
	takeTools(fields, request);
	takeFormat(fields, request, marks);
	takeThinking(fields, request, marks);
	const limit = fields.take('max_tokens', read.integer(0));
	if (limit !== undefined) request.maxOutputTokens = limit;
	const logprobs = fields.take('logprobs', read.boolean);
	if (logprobs === true) request.logprobs = { top: 0 };
	else if (logprobs === false) fields.keep('logprobs');
	return { value: { ...request, ...extend(DIALECT, joinMarks(fields.rest(), marks)) }, warnings: [] };
}

/** Documents stand beside the messages; they belong to what the user said last. */
function takeDocuments(fields: Fields, messages: Message[]): void {
	const documents = fields.take('documents', read.array) ?? [];
	const last = messages.findLast((message) => message.role === 'user');
	if (last === undefined || documents.length === 0) fields.leave('documents');
	else last.content.push(...documents.map(decodeDocument));
}

function takeSampling(fields: Fields): Sampling {
	const sampling: Sampling = {};
	for (const [wire, key] of NUMBERS) {
		const value = fields.take(wire, read.number);
		if (value !== undefined) sampling[key] = value;
	}
	const stop = fields.take('stop_sequences', read.arrayOf(read.string)) ?? [];
	if (stop.length > 0) sampling.stop = stop;
	else fields.leave('stop_sequences');
	return sampling;
}

function takeTools(fields: Fields, request: ChatRequest): void {
	const tools = fields.take('tools', read.array) ?? [];
	if (tools.length > 0) request.tools = decodeFunctionTools(DIALECT, tools);
	else fields.leave('tools');
	const choice = fields.take('tool_choice', read.string);
	if (choice === 'REQUIRED' || choice === 'NONE') request.toolChoice = { type: choice === 'NONE' ? 'none' : 'required' };
	else fields.leave('tool_choice');
	const strict = fields.take('strict_tools', read.boolean);
	if (strict === true && request.tools !== undefined)
		for (const tool of request.tools) if (tool.type === 'function') tool.strict = true;
	if (strict === false) fields.keep('strict_tools');
	else if (request.tools === undefined) fields.leave('strict_tools');
}

const FORMAT: ReadonlySet<string> = new Set(['type', 'schema', 'json_schema']);

function takeFormat(fields: Fields, request: ChatRequest, marks: JsonObject): void {
	const wire = fields.take('response_format', read.object);
	if (wire === undefined) return;
	const type = read.required(wire, 'type', 'response_format', read.oneOf(['text', 'json_object'] as const));
	const schema = read.optional(wire, 'schema', 'response_format', read.object);
	const older = schema === undefined ? read.optional(wire, 'json_schema', 'response_format', read.object) : undefined;
	request.output = formatOf(type, schema ?? older);
	if (older !== undefined) marks.$schema = 'json_schema';
	const rest = untaken(wire, FORMAT);
	if (rest !== undefined) keepInside(marks, 'response_format', rest);
}

function formatOf(type: 'text' | 'json_object', schema: JsonObject | undefined): OutputFormat {
	if (type === 'text') return { type: 'text' };
	return schema === undefined ? { type: 'json' } : { type: 'json_schema', schema };
}

const THINKING: ReadonlySet<string> = new Set(['type', 'token_budget']);

function takeThinking(fields: Fields, request: ChatRequest, marks: JsonObject): void {
	const wire = fields.take('thinking', read.object);
	if (wire === undefined) return;
	const type = read.required(wire, 'type', 'thinking', read.oneOf(['enabled', 'disabled'] as const));
	const budget = read.optional(wire, 'token_budget', 'thinking', read.integer(0));
	request.reasoning = { mode: type === 'enabled' ? 'on' : 'off', ...(budget === undefined ? {} : { budgetTokens: budget }) };
	keepInside(marks, 'thinking', untaken(wire, THINKING));
}
