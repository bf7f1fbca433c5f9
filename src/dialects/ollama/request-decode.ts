import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, JsonValue, ReasoningRequest, Sampling, Translated } from '../../spec/index.ts';
import { decodeFunctionTools, extend, Fields, FORM, joinMarks, keepInside, read } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { decodeMessages } from './messages-decode.ts';
import { NUMBERS } from './options.ts';

/**
 * Reads a client's request. Throws `invalid_request` with the field's path where a documented field is missing or of the wrong
 * type; fields it does not know are kept. A request that does not say whether to stream is to be streamed.
 */
export function decodeRequest(body: JsonValue): Translated<ChatRequest> {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const fields = new Fields(body, '');
	const marks: JsonObject = { $own: true };
	const model = fields.require('model', read.nonEmptyString);
	const list = fields.require('messages', read.array);
	if (list.length === 0) throw read.invalid('messages', "'messages' must hold at least one message.");
	const stream = fields.take('stream', read.boolean);
	if (body.stream === null) fields.drop('stream');
	if (stream === undefined) marks.$stream = 'absent';
	const request: ChatRequest = {
		model,
		messages: decodeMessages(list),
		stream: stream ?? true,
		streamUsage: true,
		sampling: {},
	};
	const tools = fields.take('tools', read.array);
	if (tools !== undefined && tools.length > 0) request.tools = decodeFunctionTools(DIALECT, tools);
	else fields.leave('tools');
	takeFormat(fields, request);
	takeThink(fields, request, marks);
	takeLogprobs(fields, request);
	takeOptions(fields, request, marks);
	return { value: { ...request, ...extend(DIALECT, joinMarks(fields.rest(), marks)) }, warnings: [] };
}

/** `format`: an empty one asks for nothing. */
function takeFormat(fields: Fields, request: ChatRequest): void {
	const { format } = fields.wire;
	if (format === '') fields.keep('format');
	else if (format === 'json' || isObject(format)) {
		fields.drop('format');
		request.output = isObject(format) ? { type: 'json_schema', schema: format } : { type: 'json' };
	} else if (format !== undefined && format !== null) throw read.invalid('format', "'format' must be 'json' or a JSON schema.");
}

/** `think`: whether to reason, or how much. */
function takeThink(fields: Fields, request: ChatRequest, marks: JsonObject): void {
	const { think } = fields.wire;
	if (think === undefined || think === null) return;
	if (typeof think !== 'boolean' && typeof think !== 'string')
		throw read.invalid('think', "'think' must be true, false or a level.");
	fields.drop('think');
	marks.$think = think;
	const reasoning: ReasoningRequest = { mode: think === false ? 'off' : 'on' };
	if (typeof think === 'string') reasoning.effort = think;
	request.reasoning = reasoning;
}

function takeLogprobs(fields: Fields, request: ChatRequest): void {
	const wanted = fields.take('logprobs', read.boolean);
	const top = fields.take('top_logprobs', read.integer(0));
	if (wanted === true) request.logprobs = { top: top ?? 0 };
	else if (wanted === false) fields.keep('logprobs');
	if (wanted !== true || top === 0) fields.keep('top_logprobs');
}

function takeOptions(fields: Fields, request: ChatRequest, marks: JsonObject): void {
	const wire = fields.take('options', read.object);
	if (wire === undefined) return;
	const options = new Fields(wire, 'options');
	const sampling: Sampling = {};
	for (const [wireName, key] of NUMBERS) {
		const value = options.take(wireName, read.number);
		if (value !== undefined) sampling[key] = value;
	}
	const stop = options.take('stop', read.arrayOf(read.string));
	if (stop !== undefined && stop.length > 0) sampling.stop = stop;
	else options.leave('stop');
	const limit = options.take('num_predict', read.number);
	// Negative limits ask for an answer without end, or as long as the context.
	if (limit !== undefined && limit >= 0) request.maxOutputTokens = limit;
	else options.leave('num_predict');
	request.sampling = sampling;
	keepInside(marks, 'options', Object.keys(wire).length === 0 ? { [FORM]: {} } : options.rest());
}
