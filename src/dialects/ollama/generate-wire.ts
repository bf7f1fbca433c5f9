import { isObject, put, tryParse } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { FORM, isForm, read } from '../shared/index.ts';

/** Fields of `/api/generate` that shape the prompt and have no counterpart in a conversation. */
const OF_PROMPTS: ReadonlySet<string> = new Set(['suffix', 'template', 'context', 'raw']);
const OF_MESSAGES: ReadonlySet<string> = new Set(['prompt', 'system', 'images']);
/** Members of an answer that a chat answer holds in its message. */
const OF_ANSWERS: ReadonlySet<string> = new Set(['thinking', 'tool_calls', 'images', 'seals']);

/**
 * A request to generate as one to chat, and what of it no conversation has: plain fields, empty ones in `$form`, and `$prompt`,
 * `none` where there is no prompt. Throws `invalid_request` for a prompt or system text that is none.
 */
export function generateToChat(body: JsonValue): { chat: JsonObject; kept: JsonObject } {
	const wire = read.object(body, '');
	const chat: JsonObject = {};
	const kept: JsonObject = {};
	const form: JsonObject = {};
	for (const key in wire) {
		const value = wire[key];
		if (value === undefined) continue;
		const empty = value === '' || value === false || isForm(key, value);
		if (OF_PROMPTS.has(key) || (OF_MESSAGES.has(key) && key !== 'prompt' && empty)) put(empty ? form : kept, key, value);
		else if (!OF_MESSAGES.has(key)) put(chat, key, value);
	}
	const prompt = read.optional(wire, 'prompt', '', read.string);
	if (prompt === undefined) kept.$prompt = 'none';
	const system = read.optional(wire, 'system', '', read.string);
	const user: JsonObject = { role: 'user', content: prompt ?? '' };
	if (Array.isArray(wire.images) && wire.images.length > 0) user.images = wire.images;
	else if (wire.images !== undefined) read.optional(wire, 'images', '', read.array);
	chat.messages = [...(system === undefined || system === '' ? [] : [{ role: 'system', content: system }]), user];
	if (Object.keys(form).length > 0) kept[FORM] = form;
	return { chat, kept };
}

/** A request to chat as one to generate; undefined where the conversation is more than instructions and one message of the user's. */
export function chatToGenerate(chat: JsonObject): JsonObject | undefined {
	const { messages, tools: _tools, ...rest } = chat;
	const list = Array.isArray(messages) ? messages.filter(isObject) : [];
	const last = list.pop();
	if (last?.role !== 'user' || list.some((message) => message.role !== 'system')) return undefined;
	const { role: _role, content, ...more } = last;
	const wire: JsonObject = { ...rest, prompt: content ?? '', ...more };
	if (list.length > 0) wire.system = list.map((message) => String(message.content ?? '')).join('\n\n');
	return wire;
}

/** A generated answer, or a line of it, as one of a chat. */
export function generatedToChat(body: JsonValue): JsonValue {
	if (!isObject(body) || typeof body.response !== 'string') return body;
	const message: JsonObject = { role: 'assistant', content: body.response };
	const wire: JsonObject = {};
	for (const key in body) {
		if (OF_ANSWERS.has(key)) message[key] = body[key];
		else if (key !== 'response') put(wire, key, body[key]);
	}
	return { ...wire, message };
}

/** A chat's answer, or a line of it, as a generated one. */
export function chatToGenerated(body: JsonObject): JsonObject {
	const { message, ...rest } = body;
	if (!isObject(message)) return body;
	const { role: _role, content, ...more } = message;
	return { ...rest, response: content ?? '', ...more };
}

/** Lines of a stream, each rewritten. */
export function rewriteLines(text: string, rewrite: (line: JsonObject) => JsonValue): string {
	return text
		.split('\n')
		.map((line) => {
			const value = line === '' ? undefined : tryParse(line);
			return isObject(value) ? JSON.stringify(rewrite(value)) : line;
		})
		.join('\n');
}
