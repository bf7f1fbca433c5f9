import { isObject, tryParse } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';

/** Member of a choice that holds its `logprobs` as they came: the conversation's form has no offsets. */
const AS_CAME = '$logprobs';

/** A completion, or a chunk of one, as a chat's. What is no completion comes back as it is. */
export function completionToChat(body: JsonValue): JsonValue {
	if (!isObject(body)) return body;
	// One vendor streams bare pieces of text.
	if (body.choices === undefined && typeof body.value === 'string')
		return { choices: [{ index: 0, delta: { content: body.value }, finish_reason: null }] };
	if (!Array.isArray(body.choices)) return body;
	return { ...body, choices: body.choices.map((choice) => (isObject(choice) ? choiceToChat(choice) : choice)) };
}

function choiceToChat({ text, logprobs, ...rest }: JsonObject): JsonObject {
	const choice: JsonObject = { ...rest };
	if (typeof text === 'string') {
		const message = { role: 'assistant', content: text };
		choice.message = message;
		choice.delta = message;
	}
	if (logprobs === undefined) return choice;
	if (!isObject(logprobs)) return { ...choice, logprobs };
	return { ...choice, logprobs: { content: listed(logprobs) }, [AS_CAME]: logprobs };
}

/** A whole answer has a message, a chunk a delta. */
export function wholeToChat(body: JsonValue): JsonValue {
	return without(completionToChat(body), 'delta');
}

/** A frame's data, as a chat's chunk. */
export function chunkToChat(data: string): string {
	const chunk = data.startsWith('{') ? tryParse(data) : undefined;
	return chunk === undefined ? data : JSON.stringify(without(completionToChat(chunk), 'message'));
}

function without(body: JsonValue, member: string): JsonValue {
	if (!isObject(body) || !Array.isArray(body.choices)) return body;
	const choices = body.choices.map((choice) => {
		if (!isObject(choice)) return choice;
		const { [member]: _, ...rest } = choice;
		return rest;
	});
	return { ...body, choices };
}

/** Log-probabilities as lists of each kind, as one list of tokens. */
function listed({ tokens, token_logprobs: values, top_logprobs: tops }: JsonObject): JsonValue {
	if (!Array.isArray(tokens) || !Array.isArray(values)) return null;
	return tokens.map((token, index) => {
		const top = Array.isArray(tops) ? tops[index] : undefined;
		const alternatives = isObject(top) ? Object.entries(top) : [];
		const top_logprobs = alternatives.map(([word, logprob]) => ({ token: word, logprob: logprob ?? 0, bytes: null }));
		// The first token of a prompt that is echoed has none.
		return { token, logprob: values[index] ?? 0, bytes: null, top_logprobs };
	});
}

/** The other way. Offsets count the characters of this answer. */
function apart(content: readonly JsonValue[]): JsonObject {
	const tokens: JsonValue[] = [];
	const values: JsonValue[] = [];
	const tops: JsonValue[] = [];
	const offsets: number[] = [];
	let offset = 0;
	for (const item of content.filter(isObject)) {
		tokens.push(item.token ?? '');
		values.push(item.logprob ?? null);
		const top = Array.isArray(item.top_logprobs) ? item.top_logprobs.filter(isObject) : [];
		tops.push(Object.fromEntries(top.map(({ token, logprob }) => [String(token), logprob ?? null])));
		offsets.push(offset);
		offset += String(item.token ?? '').length;
	}
	return { tokens, token_logprobs: values, top_logprobs: tops, text_offset: offsets };
}

/** A chat's answer, or a chunk of one, as a completion's. */
export function chatToCompletion(body: JsonObject): JsonObject {
	if (!Array.isArray(body.choices)) return body;
	const choices = body.choices.map((choice) => (isObject(choice) ? choiceToCompletion(choice) : choice));
	return { ...body, object: 'text_completion', choices };
}

function choiceToCompletion({ message, delta, logprobs, [AS_CAME]: asCame, ...rest }: JsonObject): JsonObject {
	const said = isObject(message) ? message : isObject(delta) ? delta : {};
	const words = said.content ?? said.refusal;
	const content = isObject(logprobs) ? logprobs.content : undefined;
	const told = Array.isArray(content) ? apart(content) : null;
	// A completion has no place for a refusal but its end.
	const end = typeof said.refusal === 'string' && rest.finish_reason === 'stop' ? { finish_reason: 'content_filter' } : {};
	return { text: typeof words === 'string' ? words : '', ...rest, ...end, logprobs: asCame ?? told };
}

const UNTOLD = ['reasoning_content', 'reasoning', 'tool_calls', 'audio', 'images', 'annotations'];

/** What of a chat's answer, or of a chunk of one, a completion has no place for. */
export function untold(body: JsonObject): string[] {
	const choices = Array.isArray(body.choices) ? body.choices.filter(isObject) : [];
	const said = choices.map(({ message, delta }) => message ?? delta).filter(isObject);
	return UNTOLD.filter((member) => said.some((each) => each[member] !== undefined && each[member] !== null));
}

/** Whether a chunk brings words of a refusal. */
export function refuses(body: JsonObject): boolean {
	const choices = Array.isArray(body.choices) ? body.choices.filter(isObject) : [];
	return choices.some(({ delta }) => isObject(delta) && typeof delta.refusal === 'string');
}
