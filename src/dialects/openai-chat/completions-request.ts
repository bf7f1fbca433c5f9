import { isObject, put } from '../../lib/json.ts';
import { type JsonObject, type JsonValue, RelaisError, type Warning } from '../../spec/index.ts';
import { FORM, read } from '../shared/index.ts';

/** Fields that shape a prompt and have no counterpart in a conversation, with the values that say nothing. */
const OF_PROMPTS: { readonly [field: string]: readonly JsonValue[] } = {
	suffix: [null, ''],
	echo: [null, false],
	best_of: [null, 1],
};

/** Fields of a conversation that a prompt cannot have. */
const OF_CHATS: ReadonlySet<string> = new Set([
	'audio',
	'function_call',
	'functions',
	'logprobs',
	'max_completion_tokens',
	'messages',
	'metadata',
	'modalities',
	'parallel_tool_calls',
	'prediction',
	'reasoning_effort',
	'response_format',
	'service_tier',
	'store',
	'tool_choice',
	'tools',
	'top_logprobs',
	'verbosity',
	'web_search_options',
]);
/** Those of them that are told in other words. */
const RETOLD: ReadonlySet<string> = new Set(['logprobs', 'max_completion_tokens', 'messages', 'top_logprobs']);

/**
 * A request for a completion as one to chat: the prompt becomes what the user says. `kept` holds what no conversation has: plain
 * fields, empty ones in `$form`, and `$prompt`, `list` or `none` for a prompt that was not a text. Throws `unsupported` for several
 * prompts and for token ids.
 */
export function completionsToChat(body: JsonValue): { chat: JsonObject; kept: JsonObject } {
	const wire = read.object(body, '');
	const { prompt, logprobs, ...rest } = wire;
	const chat: JsonObject = {};
	const kept: JsonObject = {};
	const form: JsonObject = {};
	for (const key in rest) {
		const value = rest[key];
		if (value === undefined) continue;
		if (!Object.hasOwn(OF_PROMPTS, key)) put(chat, key, value);
		else if (OF_PROMPTS[key]?.includes(value) === true) form[key] = value;
		else kept[key] = value;
	}
	const found = onePrompt(prompt);
	if (found.form !== undefined) kept.$prompt = found.form;
	if (logprobs === null) form.logprobs = null;
	else if (logprobs !== undefined) Object.assign(chat, { logprobs: true, top_logprobs: read.integer(0)(logprobs, 'logprobs') });
	if (Object.keys(form).length > 0) kept[FORM] = form;
	chat.messages = [{ role: 'user', content: found.text }];
	return { chat, kept };
}

function onePrompt(prompt: JsonValue | undefined): { text: string; form?: 'list' | 'none' } {
	if (prompt === undefined || prompt === null) return { text: '', form: 'none' };
	if (typeof prompt === 'string') return { text: prompt };
	const list = read.array(prompt, 'prompt');
	const [first] = list;
	if (list.length === 1 && typeof first === 'string') return { text: first, form: 'list' };
	if (list.length === 0) throw read.invalid('prompt', "'prompt' must hold at least one text.");
	const what = list.every((item) => typeof item === 'string') ? 'Several prompts' : 'Token ids';
	throw new RelaisError('unsupported', `${what} cannot be sent to a model that chats: send one text a request.`, {
		param: 'prompt',
	});
}

/** A request to chat as one for a completion, and what that loses. */
export function chatToCompletions(chat: JsonObject): { wire: JsonObject; warnings: Warning[] } {
	const wire: JsonObject = {};
	const warnings: Warning[] = [];
	for (const key in chat) {
		if (!OF_CHATS.has(key)) put(wire, key, chat[key]);
		else if (!RETOLD.has(key))
			warnings.push({ kind: 'dropped', path: key, message: `A completion of a prompt takes no ${key}.` });
	}
	const limit = chat.max_completion_tokens;
	if (limit !== undefined) wire.max_tokens = limit;
	if (chat.logprobs === true) wire.logprobs = chat.top_logprobs ?? 0;
	wire.prompt = promptOf(Array.isArray(chat.messages) ? chat.messages.filter(isObject) : [], warnings);
	return { wire, warnings };
}

const SPEAKERS: { readonly [role: string]: string } = { user: 'User', assistant: 'Assistant', tool: 'Tool', function: 'Tool' };

/** One prompt of a conversation: what one user says as it is, else a script of who said what, the answer to come last. */
function promptOf(messages: readonly JsonObject[], warnings: Warning[]): string {
	const [only] = messages;
	if (messages.length === 1 && only?.role === 'user') return textOf(only, 0, warnings);
	warnings.push({
		kind: 'approximated',
		path: 'messages',
		message: 'The model completes texts: the conversation was written out as one.',
	});
	const lines = messages.map((message, index) => {
		const text = textOf(message, index, warnings);
		const speaker = SPEAKERS[String(message.role)];
		return speaker === undefined ? text : `${speaker}: ${text}`;
	});
	return [...lines, 'Assistant:'].join('\n\n');
}

function textOf({ content, tool_calls: calls }: JsonObject, index: number, warnings: Warning[]): string {
	if (Array.isArray(calls) && calls.length > 0)
		warnings.push({ kind: 'dropped', path: `messages[${index}].tool_calls`, message: 'A prompt holds no tool calls.' });
	if (typeof content === 'string') return content;
	const texts: string[] = [];
	for (const part of Array.isArray(content) ? content : []) {
		if (isObject(part) && typeof part.text === 'string') texts.push(part.text);
		else warnings.push({ kind: 'dropped', path: `messages[${index}].content`, message: 'A prompt holds nothing but text.' });
	}
	return texts.join('\n');
}
