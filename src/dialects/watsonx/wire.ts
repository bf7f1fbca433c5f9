import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, StopReason } from '../../spec/index.ts';
import { read, table } from '../shared/index.ts';

/** Name of the dialect and of its extensions. */
export const DIALECT = 'watsonx';

/** Members of a request that only this API has; all others are those of chat completions. */
export const OWN_MEMBERS: readonly string[] = ['project_id', 'space_id', 'time_limit', 'context', 'crypto'];

/** A request in the words of chat completions. Address and surface may have added `model` and `stream`. */
export function requestToChat(body: JsonValue): { chat: JsonObject; kept: JsonObject } {
	const wire = read.object(body, '');
	const { model_id: id, model, tool_choice_option: option, ...rest } = wire;
	const kept: JsonObject = {};
	for (const member of OWN_MEMBERS) {
		if (rest[member] === undefined) continue;
		kept[member] = rest[member];
		delete rest[member];
	}
	const chat: JsonObject = { ...rest, model: model ?? id };
	if (option !== undefined && option !== null && chat.tool_choice === undefined) chat.tool_choice = option;
	return { chat, kept };
}

/** A request in this API's words; which way the answer comes stands in its address. */
export function chatToRequest(chat: JsonObject): JsonObject {
	const { model, stream: _stream, stream_options: _options, tool_choice: choice, ...rest } = chat;
	const wire: JsonObject = { model_id: model, ...rest };
	if (typeof choice === 'string') wire.tool_choice_option = choice;
	else if (choice !== undefined) wire.tool_choice = choice;
	return wire;
}

/** Words for the end of a generated text. */
const STOPS = table<string>({ eos_token: 'stop', stop_sequence: 'stop_sequence', max_tokens: 'length', token_limit: 'length' });

/** A count as generated texts have it; nothing else counts. */
function count(value: JsonValue | undefined): number {
	return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0;
}

function seconds(time: JsonValue | undefined): JsonObject {
	const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
	return Number.isNaN(ms) ? {} : { created: Math.floor(ms / 1000) };
}

/**
 * An answer, or a piece of a stream, in the words of chat completions. Those of text generation (`results`) become an answer too.
 * @param piece whether it is a piece of a stream
 */
export function answerToChat(body: JsonValue, piece: boolean): JsonValue {
	if (!isObject(body)) return body;
	if (Array.isArray(body.results)) return generatedToChat(body, body.results, piece);
	const chat: JsonObject = { ...body, model: body.model ?? body.model_id };
	for (const member of ANSWER_MEMBERS) delete chat[member];
	return chat;
}

/** Members of an answer, and of each piece of a stream, that only this API has: names, times and the vendor's disclaimers. */
const ANSWER_MEMBERS: readonly string[] = ['model_id', 'created_at', 'model_version', 'system'];

/** These members, to be written back; `model` among them where it stood beside `model_id`. */
export function membersOf(body: JsonValue): JsonObject {
	const members: JsonObject = {};
	if (!isObject(body)) return members;
	for (const member of [...ANSWER_MEMBERS, 'model']) if (body[member] !== undefined) members[member] = body[member];
	return members;
}

/** Why an answer ended: a time limit cuts it like a limit of tokens. */
export function stopOf(stop: StopReason): StopReason {
	return stop.raw === 'time_limit' ? { ...stop, kind: 'length' } : stop;
}

/** Whether a body is of text generation, which came before chat. */
export function isGenerated(body: JsonValue): body is JsonObject {
	return isObject(body) && Array.isArray(body.results);
}

function generatedToChat(body: JsonObject, results: readonly JsonValue[], piece: boolean): JsonObject {
	const choices: JsonObject[] = [];
	let input = 0;
	let output = 0;
	for (const [index, result] of results.entries()) {
		if (!isObject(result)) continue;
		input += count(result.input_token_count);
		output += count(result.generated_token_count);
		const { generated_text: content, stop_reason: reason } = result;
		const ended = typeof reason === 'string' && reason !== 'not_finished';
		const finish = ended ? { finish_reason: STOPS[reason] ?? reason } : {};
		choices.push({ index, ...finish, [piece ? 'delta' : 'message']: { role: 'assistant', content: content ?? '' } });
	}
	const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
	return { model: body.model_id, ...seconds(body.created_at), choices, usage };
}

/**
 * An answer, or a piece of a stream, in this API's words.
 * @param members what `membersOf` kept of it
 */
export function chatToAnswer(chat: JsonObject, members: JsonObject | undefined): JsonObject {
	const { object: _object, model, ...rest } = chat;
	return { ...rest, ...(members ?? (model === undefined ? {} : { model_id: model })) };
}
