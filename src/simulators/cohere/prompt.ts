import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { isObject, list, object, objects, text } from '../core/json.ts';
import { base64Bytes, base64Head, dataUrl, imageHeader } from '../core/media.ts';
import type { Attachment, Prompt, ToolOutcome } from '../core/prompt.ts';
import { attachmentTokens, countTokens, MESSAGE_TOKENS, toolTokens } from '../core/tokens.ts';
import type { CohereModel } from './models.ts';

/** A source that answers may cite. */
export interface Source {
	type: 'document' | 'tool';
	id: string;
	/** What it says, as the citation repeats it. */
	content: JsonObject;
}

/** The text of a document: its data, in words. */
function documentText(document: JsonValue | undefined): string {
	if (typeof document === 'string') return document;
	const { data } = object(document);
	if (typeof data === 'string') return data;
	return Object.values(object(data))
		.map((value) => text(value))
		.join(' ');
}

function contentText(content: JsonValue | undefined): string {
	if (typeof content === 'string') return content;
	return objects(content)
		.map((part) => (part.type === 'document' ? documentText(part.document) : text(part.text)))
		.join('');
}

function image(part: JsonObject): Attachment[] {
	if (part.type !== 'image_url') return [];
	const url = text(object(part.image_url).url);
	const parsed = dataUrl(url);
	if (parsed === undefined) return [{ kind: 'image', mediaType: 'image', bytes: 0, name: url }];
	const header = imageHeader(base64Head(parsed.data));
	return [{ kind: 'image', mediaType: parsed.mediaType, bytes: base64Bytes(parsed.data) ?? 0, ...(header?.size ?? {}) }];
}

function countedText(message: JsonObject): string {
	const calls = objects(message.tool_calls).map((call) => JSON.stringify(call.function));
	return contentText(message.content) + text(message.tool_plan) + calls.join('');
}

/** Tokens of a request's prompt. */
export function promptTokens(request: JsonObject): number {
	let tokens = MESSAGE_TOKENS;
	for (const message of objects(request.messages)) {
		tokens += MESSAGE_TOKENS + countTokens(countedText(message));
		for (const file of objects(message.content).flatMap(image)) tokens += attachmentTokens(file);
	}
	for (const tool of objects(request.tools)) tokens += toolTokens(tool);
	for (const document of list(request.documents)) tokens += countTokens(documentText(document));
	return tokens;
}

/** Messages since the assistant's last turn. */
function lastResults(messages: JsonObject[]): JsonObject[] {
	const last = messages.findLastIndex((message) => message.role === 'assistant');
	return messages.slice(last + 1).filter((message) => message.role === 'tool');
}

/** What an answer may cite: the documents of the request, and the results that the tools gave. */
export function sourcesOf(request: JsonObject): Source[] {
	const given = list(request.documents).map((document, index): Source => {
		const { id, data } = object(document);
		const content = typeof document === 'string' ? { text: document } : typeof data === 'string' ? { text: data } : object(data);
		return { type: 'document', id: text(id) || `doc:${index}`, content };
	});
	const results = lastResults(objects(request.messages)).flatMap((message): Source[] => {
		const documents = objects(message.content).filter((part) => part.type === 'document');
		const id = text(message.tool_call_id);
		if (documents.length === 0) return [{ type: 'tool', id: `${id}:0`, content: { content: contentText(message.content) } }];
		return documents.map(({ document }, index) => ({
			type: 'tool',
			id: text(object(document).id) || `${id}:${index}`,
			content: isObject(object(document).data) ? object(object(document).data) : { content: documentText(document) },
		}));
	});
	return [...given, ...results];
}

function outcomes(messages: JsonObject[]): ToolOutcome[] {
	const calls = objects(messages.findLast((message) => message.role === 'assistant')?.tool_calls);
	return lastResults(messages).map((message) => {
		const call = calls.find((one) => one.id === message.tool_call_id);
		return {
			name: text(object(call?.function).name) || 'tool',
			text: contentText(message.content),
			failed: false,
			attachments: [],
		};
	});
}

function formatOf(request: JsonObject): Prompt['format'] {
	const wanted = object(request.response_format);
	const schema = wanted.schema ?? wanted.json_schema;
	if (wanted.type !== 'json_object') return 'text';
	return isObject(schema) ? { schema } : 'json';
}

/** Whether an answer thinks: models that can do, unless told not to. */
export function thinks(request: JsonObject, model: CohereModel): boolean {
	return model.thinks && object(request.thinking).type !== 'disabled';
}

/** The prompt that a request amounts to. */
export function promptOf(request: JsonObject, vendor: string, model: CohereModel): Prompt {
	const messages = objects(request.messages);
	const asked = messages.findLast((message) => message.role === 'user');
	const choices: { [choice: string]: Prompt['toolChoice'] } = { REQUIRED: 'required', NONE: 'none' };
	return {
		vendor,
		model: model.name,
		instructions: messages
			.filter((message) => message.role === 'system')
			.map((message) => contentText(message.content))
			.join('\n'),
		said: contentText(asked?.content),
		attachments: messages.flatMap((message) => objects(message.content)).flatMap(image),
		outcomes: outcomes(messages),
		tools: objects(request.tools).map((tool) => ({
			name: text(object(tool.function).name),
			schema: object(object(tool.function).parameters),
		})),
		toolChoice: choices[text(request.tool_choice)] ?? 'auto',
		parallel: true,
		format: formatOf(request),
		reasoning: thinks(request, model) ? 3 : 0,
	};
}
