import { isObject } from '../../lib/json.ts';
import type { Candidate, ChatResponse, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { asAnswer, extend, Fields, protocol, read, withMarks } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { decodeErrorBody } from './errors.ts';
import { takeContent } from './messages-decode.ts';
import { decodeStop } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

/** Reads a whole answer. Throws `provider_protocol` when it is none, or the error it reports under status 200. */
export function decodeResponse(body: JsonValue): Translated<ChatResponse> {
	if (!isObject(body)) throw protocol('The answer is no JSON object.');
	const { message } = body;
	if (typeof message === 'string') throw decodeErrorBody(body);
	if (!isObject(message)) throw protocol("The answer has no 'message'.");
	return { value: asAnswer(() => readAnswer(body, message)), warnings: [] };
}

function readAnswer(body: JsonObject, message: JsonObject): ChatResponse {
	const fields = new Fields(body, '', true);
	const inner = new Fields(message, 'message', true);
	const role = inner.take('role', read.string);
	const { content, rest } = takeContent(inner);
	const candidate: Candidate = { index: 0, content };
	const stop = decodeStop(fields.take('finish_reason', read.string));
	if (stop !== undefined) candidate.stop = stop;
	const response: ChatResponse = {
		candidates: [
			{ ...candidate, ...extend(DIALECT, withMarks(rest, { $role: role === 'assistant' ? undefined : (role ?? 'none') })) },
		],
	};
	const id = fields.take('id', read.string);
	if (id !== undefined) response.id = id;
	const model = fields.take('model', read.string);
	if (model !== undefined) response.model = model;
	const usage = fields.take('usage', read.object);
	if (usage !== undefined) response.usage = decodeUsage(usage);
	fields.drop('message');
	return { ...response, ...extend(DIALECT, withMarks(fields.rest(), { $own: true })) };
}
