import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isObject, list, object, objects, text } from '../core/json.ts';
import { base64Bytes, base64Head, imageHeader } from '../core/media.ts';
import type { Attachment, Prompt, ToolOutcome } from '../core/prompt.ts';
import { attachmentTokens, countTokens, MESSAGE_TOKENS, toolTokens } from '../core/tokens.ts';
import type { OllamaModel } from './models.ts';
import { imagesOf } from './rules.ts';

function file(image: JsonValue): Attachment {
	const header = imageHeader(base64Head(text(image)));
	const bytes = base64Bytes(text(image)) ?? 0;
	return { kind: 'image', mediaType: header?.mediaType ?? 'image', bytes, ...(header?.size ?? {}) };
}

/** The conversation; a prompt to generate from is one of a system and a user message. */
export function messagesOf(request: JsonObject): JsonObject[] {
	if (request.messages !== undefined) return objects(request.messages);
	const { system, prompt, images } = request;
	const asked: JsonObject = { role: 'user', content: text(prompt), images: list(images) };
	return text(system) === '' ? [asked] : [{ role: 'system', content: text(system) }, asked];
}

function countedText(message: JsonObject): string {
	const calls = objects(message.tool_calls).map(({ function: made }) => JSON.stringify(made ?? {}));
	return text(message.content) + text(message.thinking) + calls.join('');
}

/** Tokens of a request's prompt, before it is cut to the context. */
export function promptTokens(request: JsonObject): number {
	let tokens = MESSAGE_TOKENS;
	for (const message of messagesOf(request)) tokens += MESSAGE_TOKENS + countTokens(countedText(message));
	for (const tool of objects(request.tools)) tokens += toolTokens(tool);
	for (const image of imagesOf(request)) tokens += attachmentTokens(file(image));
	return tokens;
}

/** Results since the assistant's last turn: named by themselves, by their call's id, or by their place. */
function outcomes(messages: JsonObject[]): ToolOutcome[] {
	const last = messages.findLastIndex((message) => message.role === 'assistant');
	const calls = objects(messages[last]?.tool_calls);
	const results = messages.slice(last + 1).filter((message) => message.role === 'tool');
	return results.map((message, index) => {
		const call = calls.find((one) => text(one.id) !== '' && one.id === message.tool_call_id) ?? calls[index];
		const name = text(message.tool_name) || text(object(call?.function).name) || 'tool';
		return { name, text: text(message.content), failed: false, attachments: list(message.images).map(file) };
	});
}

const SENTENCES: { [level: string]: number } = { low: 1, medium: 3, high: 6, max: 8 };

/** Sentences of thinking: models that think do so unless told not to. */
function sentences({ think = null }: JsonObject, { capabilities, levels }: OllamaModel): number {
	if (!capabilities.includes('thinking')) return 0;
	if (think === false && levels !== true) return 0;
	return SENTENCES[text(think)] ?? 3;
}

function formatOf({ format = null }: JsonObject): Prompt['format'] {
	if (isObject(format)) return { schema: format };
	return format === 'json' ? 'json' : 'text';
}

/** The prompt that a request amounts to. */
export function promptOf(request: JsonObject, vendor: string, model: OllamaModel): Prompt {
	const messages = messagesOf(request);
	const spoken = (role: string): JsonObject[] => messages.filter((message) => text(message.role).toLowerCase() === role);
	const asked = spoken('user').at(-1);
	return {
		vendor,
		model: text(request.model),
		instructions: spoken('system')
			.map((message) => text(message.content))
			.join('\n'),
		said: text(asked?.content),
		attachments: messages.flatMap((message) => list(message.images)).map(file),
		outcomes: outcomes(messages),
		tools: objects(request.tools).map(({ function: definition }) => ({
			name: text(object(definition).name),
			schema: object(object(definition).parameters),
		})),
		toolChoice: 'auto',
		parallel: true,
		format: formatOf(request),
		reasoning: sentences(request, model),
	};
}
