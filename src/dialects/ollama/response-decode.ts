import { isObject } from '../../lib/json.ts';
import type { Candidate, ChatResponse, JsonObject, JsonValue, Translated } from '../../spec/index.ts';
import { asAnswer, extend, Fields, protocol, read, withMarks } from '../shared/index.ts';
import { CallBook } from './call-book.ts';
import { DIALECT } from './dialect.ts';
import { decodeErrorBody } from './errors.ts';
import { decodeLogprobs } from './logprobs.ts';
import { takeContent } from './message-decode.ts';
import { decodeStop } from './stop-reason.ts';
import { COUNTS, decodeUsage } from './usage.ts';

/** Reads a whole answer. Throws `provider_protocol` when it is none, or the error it reports under status 200. */
export function decodeResponse(body: JsonValue): Translated<ChatResponse> {
	if (!isObject(body)) throw protocol('The answer is no JSON object.');
	if (body.error !== undefined) throw decodeErrorBody(body);
	const { message } = body;
	if (!isObject(message)) throw protocol("The answer has no 'message'.");
	return { value: asAnswer(() => readAnswer(body, message)), warnings: [] };
}

function readAnswer(body: JsonObject, message: JsonObject): ChatResponse {
	const { fields, head, marks } = takeHead(body);
	const inner = new Fields(message, 'message', true);
	const role = inner.take('role', read.string);
	const { content, rest } = takeContent(inner, new CallBook(seedOf(body)));
	const candidate: Candidate = { index: 0, content };
	const logprobs = decodeLogprobs(body.logprobs);
	if (logprobs !== undefined) {
		candidate.logprobs = logprobs;
		fields.drop('logprobs');
		marks.$logprobs = body.logprobs;
	}
	const calls = content.some((part) => part.type === 'tool-call');
	if (body.done !== false) candidate.stop = decodeStop(body.done_reason, calls);
	const kept = extend(DIALECT, withMarks(rest, role === 'assistant' ? {} : { $role: role ?? 'none' }));
	return {
		...head,
		candidates: [{ ...candidate, ...kept }],
		usage: decodeUsage(body),
		...extend(DIALECT, withMarks(fields.rest(), marks)),
	};
}

/** What an answer, or the first line of a stream, says of itself. */
export function takeHead(body: JsonObject): {
	fields: Fields;
	head: Pick<ChatResponse, 'model' | 'createdAt'>;
	marks: JsonObject;
} {
	const fields = new Fields(body, '', true);
	const head: Pick<ChatResponse, 'model' | 'createdAt'> = {};
	const marks: JsonObject = { $own: true };
	const model = fields.take('model', read.string);
	if (model !== undefined) head.model = model;
	const created = fields.take('created_at', read.string);
	if (created !== undefined) marks.$created = created;
	const time = Date.parse(created ?? '');
	if (!Number.isNaN(time)) head.createdAt = Math.max(0, Math.floor(time / 1000));
	for (const key of COUNTS) fields.drop(key);
	fields.drop('message');
	fields.take('done', read.boolean);
	fields.take('done_reason', read.string);
	return { fields, head, marks };
}

/** What tells an answer from others, for the ids of calls that have none. */
export function seedOf(body: JsonObject): string {
	return `${String(body.model)} ${String(body.created_at)}`;
}
