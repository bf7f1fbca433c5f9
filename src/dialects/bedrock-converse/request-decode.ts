import { isObject, tryParse } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, JsonValue, Message, Translated } from '../../spec/index.ts';
import { extend, leftovers, read } from '../shared/index.ts';
import { DIALECT, remainder } from './dialect.ts';
import { decodeMessages, decodeSystem } from './messages-decode.ts';
import { takeModelFields } from './model-fields-decode.ts';
import { takeTools } from './tools-decode.ts';

const set = (...keys: string[]): ReadonlySet<string> => new Set(keys);
const TAKEN = set('model', 'stream', 'messages');
const INFERENCE = set('maxTokens', 'temperature', 'topP', 'stopSequences');
const TIER = set('type');

/**
 * Reads a client's request. The model and whether to stream stand in the path; they are read from members `model` and `stream`
 * added to the body. Throws `invalid_request` with the field's path where a documented field is missing or of the wrong type; fields
 * it does not know are kept.
 */
export function decodeRequest(body: JsonValue): Translated<ChatRequest> {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const model = read.required(body, 'model', '', read.nonEmptyString);
	const turns = read.required(body, 'messages', '', read.array);
	if (turns.length === 0) throw read.invalid('messages', "'messages' must hold at least one message.");
	const messages: Message[] = [...decodeSystem(body), ...decodeMessages(turns, 'messages')];
	const stream = read.optional(body, 'stream', '', read.boolean) ?? false;
	const request: ChatRequest = { model, messages, stream, sampling: {} };
	const left: JsonObject = { ...body };
	if (messages[0]?.role === 'system') delete left.system;
	const markers: JsonObject = { $own: true };
	takeInference(body, request, left);
	const tools = read.optional(body, 'toolConfig', '', read.object);
	if (tools !== undefined) left.toolConfig = emptyOr(tools, takeTools(tools, request));
	const fields = read.optional(body, 'additionalModelRequestFields', '', read.object);
	if (fields !== undefined) left.additionalModelRequestFields = emptyOr(fields, takeModelFields(fields, request, markers));
	takeOutput(body, request, left, markers);
	const metadata = read.optional(body, 'requestMetadata', '', read.object);
	if (metadata !== undefined && Object.keys(metadata).length > 0) {
		for (const key in metadata) read.required(metadata, key, 'requestMetadata', read.string);
		request.metadata = metadata as { [key: string]: string };
		delete left.requestMetadata;
	}
	const tier = read.optional(body, 'serviceTier', '', read.object);
	if (tier !== undefined) {
		request.serviceTier = read.required(tier, 'type', 'serviceTier', read.string);
		left.serviceTier = remainder(tier, TIER);
	}
	return { value: { ...request, ...extend(DIALECT, { ...leftovers(left, TAKEN), ...markers }) }, warnings: [] };
}

/** An object that came empty is kept as mere form. */
function emptyOr(object: JsonObject, left: JsonObject | undefined): JsonObject | undefined {
	return Object.keys(object).length === 0 ? {} : left;
}

function takeInference(body: JsonObject, request: ChatRequest, left: JsonObject): void {
	const wire = read.optional(body, 'inferenceConfig', '', read.object);
	if (wire === undefined) return;
	const limit = read.optional(wire, 'maxTokens', 'inferenceConfig', read.integer(1));
	if (limit !== undefined) request.maxOutputTokens = limit;
	const temperature = read.optional(wire, 'temperature', 'inferenceConfig', read.number);
	if (temperature !== undefined) request.sampling.temperature = temperature;
	const topP = read.optional(wire, 'topP', 'inferenceConfig', read.number);
	if (topP !== undefined) request.sampling.topP = topP;
	const stop = read.optional(wire, 'stopSequences', 'inferenceConfig', read.arrayOf(read.string));
	if (stop !== undefined) request.sampling.stop = stop;
	left.inferenceConfig = emptyOr(wire, remainder(wire, INFERENCE));
}

/** Takes a JSON schema the text must follow, which the wire holds as text; other formats stay where they are. */
function takeOutput(body: JsonObject, request: ChatRequest, left: JsonObject, markers: JsonObject): void {
	const config = read.optional(body, 'outputConfig', '', read.object);
	const format = config === undefined ? undefined : read.optional(config, 'textFormat', 'outputConfig', read.object);
	if (config === undefined || format?.type !== 'json_schema') return;
	const path = 'outputConfig.textFormat.structure';
	const structure = read.required(format, 'structure', 'outputConfig.textFormat', read.object);
	const wire = read.required(structure, 'jsonSchema', path, read.object);
	const text = read.required(wire, 'schema', `${path}.jsonSchema`, read.string);
	const schema = tryParse(text);
	if (!isObject(schema))
		throw read.invalid(`${path}.jsonSchema.schema`, `'${path}.jsonSchema.schema' must be a JSON object as text.`);
	request.output = { type: 'json_schema', schema };
	const name = read.optional(wire, 'name', `${path}.jsonSchema`, read.string);
	if (name !== undefined) request.output.name = name;
	const description = read.optional(wire, 'description', `${path}.jsonSchema`, read.string);
	if (description !== undefined) request.output.description = description;
	markers.$schema = text;
	const inner = remainder(wire, set('schema', 'name', 'description'));
	const outer = remainder(structure, set('jsonSchema'));
	const around = remainder(format, set('type', 'structure'));
	const rest = remainder(config, set('textFormat'));
	const nested = inner === undefined ? outer : { ...outer, jsonSchema: inner };
	const textFormat = nested === undefined ? around : { ...around, structure: nested };
	left.outputConfig = textFormat === undefined ? rest : { ...rest, textFormat };
}
