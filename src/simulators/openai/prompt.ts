import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isObject, list, object, objects, text } from '../core/json.ts';
import type { Attachment, OfferedTool, Prompt, ToolOutcome } from '../core/prompt.ts';
import { cachedPrefix, type PromptCache } from '../core/promptcache.ts';
import { attachmentTokens, countTokens, MESSAGE_TOKENS, toolTokens } from '../core/tokens.ts';
import type { OpenAIModel } from './models.ts';

/** The text of a message's content, whichever form it has. */
function contentText(content: JsonValue | undefined): string {
	if (typeof content === 'string') return content;
	return objects(content)
		.map((part) => text(part.text) || text(part.refusal))
		.join('');
}

/** The text a message is counted by: its content and its calls. */
function countedText(message: JsonObject): string {
	const calls = objects(message.tool_calls).map((call) => {
		const made = object(call[text(call.type)]);
		return text(made.name) + text(made.arguments) + text(made.input);
	});
	return contentText(message.content) + calls.join('');
}

/** Tokens of a request's prompt. */
export function promptTokens(request: JsonObject, files: Attachment[]): number {
	let tokens = MESSAGE_TOKENS;
	for (const message of objects(request.messages)) tokens += MESSAGE_TOKENS + countTokens(countedText(message));
	for (const tool of [...objects(request.tools), ...objects(request.functions)]) tokens += toolTokens(tool);
	for (const file of files) tokens += attachmentTokens(file);
	return tokens;
}

/** Tokens of the prompt that an earlier request had in common; remembers this prompt for later ones. */
export function cachedTokens(request: JsonObject, total: number, cache: PromptCache, now: number): number {
	const tools = request.tools === undefined ? '' : JSON.stringify(request.tools);
	const messages = objects(request.messages).map((message) => `${text(message.role)}\n${countedText(message)}\n`);
	return cachedPrefix(text(request.model), tools + messages.join(''), total, cache, now);
}

function offered(request: JsonObject): OfferedTool[] {
	const tools = objects(request.tools).map((tool) => {
		if (tool.type === 'custom') return { name: text(object(tool.custom).name), schema: undefined };
		const definition = object(tool.function);
		return { name: text(definition.name), schema: object(definition.parameters) };
	});
	const functions = objects(request.functions).map((legacy) => ({ name: text(legacy.name), schema: object(legacy.parameters) }));
	const allowed = object(object(request.tool_choice).allowed_tools).tools;
	if (allowed === undefined) return [...tools, ...functions];
	const names = objects(allowed).map((tool) => text(object(tool[text(tool.type)]).name));
	return tools.filter((tool) => names.includes(tool.name));
}

function toolChoice(request: JsonObject): Prompt['toolChoice'] {
	const chosen = request.tool_choice ?? request.function_call ?? 'auto';
	if (chosen === 'none' || chosen === 'required') return chosen;
	// One vendor's word for it.
	if (chosen === 'any') return 'required';
	if (!isObject(chosen)) return 'auto';
	if (chosen.type === 'allowed_tools') return object(chosen.allowed_tools).mode === 'required' ? 'required' : 'auto';
	return { name: text(chosen.name) || text(object(chosen[text(chosen.type)]).name) };
}

/** The results that came since the assistant's last turn, each under the name of the tool that was called. */
function outcomes(messages: JsonObject[]): ToolOutcome[] {
	const last = messages.findLastIndex((message) => message.role === 'assistant');
	const names = new Map<string, string>();
	for (const call of objects(messages[last]?.tool_calls)) names.set(text(call.id), text(object(call[text(call.type)]).name));
	const results = messages.slice(last + 1).filter((message) => message.role === 'tool' || message.role === 'function');
	return results.map((message) => ({
		name: text(message.name) || (names.get(text(message.tool_call_id)) ?? 'tool'),
		text: contentText(message.content),
		failed: false,
		attachments: [],
	}));
}

function format(request: JsonObject): Prompt['format'] {
	const wanted = object(request.response_format);
	if (wanted.type === 'json_object') return 'json';
	return wanted.type === 'json_schema' ? { schema: object(object(wanted.json_schema).schema) } : 'text';
}

const ALOUD: { [effort: string]: number } = { none: 0, minimal: 1, low: 1, medium: 3, high: 6 };

/** Whether a request turns thinking off, in any of the ways that servers take. */
export function thinkingOff(request: JsonObject): boolean {
	return (
		object(request.chat_template_kwargs).enable_thinking === false ||
		object(request.thinking).type === 'disabled' ||
		request.reasoning_effort === 'none' ||
		request.include_reasoning === false ||
		request.reasoning_format === 'hidden'
	);
}

/** Sentences of reasoning to write out: only models that think aloud do. */
function sentences(request: JsonObject, model: OpenAIModel): number {
	if (model.thinksAloud !== true || thinkingOff(request)) return 0;
	return ALOUD[text(request.reasoning_effort) || (model.effort ?? 'medium')] ?? 3;
}

/** The prompt that a request amounts to. */
export function promptOf(request: JsonObject, vendor: string, model: OpenAIModel, files: Attachment[]): Prompt {
	const messages = objects(request.messages);
	const spoken = (roles: string[]): JsonObject[] => messages.filter((message) => roles.includes(text(message.role)));
	return {
		vendor,
		model: text(request.model),
		instructions: spoken(['system', 'developer'])
			.map((message) => contentText(message.content))
			.join('\n'),
		said: contentText(spoken(['user']).at(-1)?.content),
		attachments: files,
		outcomes: outcomes(messages),
		tools: offered(request),
		toolChoice: toolChoice(request),
		parallel: request.parallel_tool_calls !== false && list(request.functions).length === 0,
		format: format(request),
		reasoning: sentences(request, model),
	};
}
