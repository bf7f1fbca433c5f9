import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { extend, type Fields, read } from '../shared/index.ts';
import { decodeConfig } from './config-decode.ts';
import { decodeContents, decodeSystem } from './contents-decode.ts';
import { DIALECT } from './dialect.ts';
import { fieldsOf, listed } from './spelling.ts';
import { decodeToolChoice, decodeTools } from './tools-decode.ts';

/** How the API writes a model's id where it is a resource name. */
const RESOURCE = /^(?:models|publishers\/[^/]+\/models)\//;

/**
 * Reads a client's request: the body, to which the surface has added `model` and `stream` from the address. Throws
 * `invalid_request` with the field's path where a documented field is missing or of the wrong type; fields it does not know are
 * kept.
 */
export function decodeRequest(body: JsonValue): Translated<ChatRequest> {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const fields = fieldsOf(body, '');
	const model = modelOf(fields.require('model', read.nonEmptyString));
	const stream = fields.take('stream', read.boolean) ?? false;
	fields.drop('stream');
	const contents = fields.require('contents', listed);
	if (contents.length === 0) throw read.invalid('contents', "'contents' must hold at least one content.");
	const system = fields.take('systemInstruction', read.object);
	const messages = decodeContents(contents);
	const request: ChatRequest = {
		model,
		messages: system === undefined ? messages : [decodeSystem(system), ...messages],
		stream,
		streamUsage: true,
		sampling: {},
	};
	const left: JsonObject = { $own: true };
	takeTools(fields, request, left);
	decodeConfig(fields, request, left);
	const tier = fields.take('serviceTier', read.string);
	if (tier !== undefined) request.serviceTier = tier;
	const store = fields.take('store', read.boolean);
	if (store !== undefined) request.store = store;
	return { value: { ...request, ...extend(DIALECT, joined(fields.rest(), left)) }, warnings: [] };
}

/** A model's id without the resource name's beginning. */
export function modelOf(name: string): string {
	return name.replace(RESOURCE, '') || name;
}

function takeTools(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const tools = fields.take('tools', listed);
	if (tools !== undefined) request.tools = decodeTools(tools, 'tools');
	const choice = decodeToolChoice(fields, left);
	if (choice !== undefined) request.toolChoice = choice;
}

function joined(rest: JsonObject | undefined, left: JsonObject): JsonObject {
	const both = { ...rest, ...left };
	if (isObject(rest?.$form) && isObject(left.$form)) both.$form = { ...rest.$form, ...left.$form };
	for (const key of Object.keys(both)) if (both[key] === undefined) delete both[key];
	return both;
}
