import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { charsOf, type Look, lookAtPart, read, table, tokensOf } from '../shared/index.ts';
import { requestBody } from './request-decode.ts';

/** Kinds of parts whose bytes are no text. */
const MEDIA = table<'images' | 'audio' | 'documents'>({
	image_url: 'images',
	video_url: 'images',
	input_audio: 'audio',
	audio_url: 'audio',
	file: 'documents',
	document_url: 'documents',
});

function lookAtContent(content: JsonValue | undefined, look: Look): void {
	if (typeof content === 'string') look.chars += content.length;
	if (!Array.isArray(content)) return;
	for (const part of content) lookAtPart(part, look, MEDIA);
}

function lookAtMessages(messages: JsonValue[]): Look {
	const look: Look = { chars: 0, images: 0, audio: 0, documents: 0 };
	for (const message of messages) {
		if (!isObject(message)) continue;
		lookAtContent(message.content, look);
		if (Array.isArray(message.tool_calls)) look.chars += charsOf(message.tool_calls);
		if (typeof message.reasoning_content === 'string') look.chars += message.reasoning_content.length;
	}
	return look;
}

function limit(body: JsonObject): number | undefined {
	const value = body.max_completion_tokens ?? body.max_tokens;
	return typeof value === 'number' ? value : undefined;
}

function user(body: JsonObject): string | undefined {
	const value = body.user ?? body.safety_identifier;
	return typeof value === 'string' ? value : undefined;
}

function wantsReasoning(body: JsonObject): boolean {
	const { reasoning_effort: effort, reasoning, thinking, enable_thinking: enabled } = body;
	if (typeof effort === 'string') return effort !== 'none';
	if (isObject(reasoning)) return reasoning.enabled !== false && reasoning.effort !== 'none';
	if (isObject(thinking)) return thinking.type !== 'disabled';
	return enabled === true;
}

function hasItems(value: JsonValue | undefined): boolean {
	return Array.isArray(value) && value.length > 0;
}

/**
 * The cheap look at a request, without decoding it: enough to route it. Throws `invalid_request` for a missing model, for messages
 * that are missing, no array or empty, and for a `stream` that is no boolean.
 */
export function sketch(value: JsonValue): RequestSketch {
	const body = requestBody(value);
	const model = read.required(body, 'model', '', read.nonEmptyString);
	const messages = read.required(body, 'messages', '', read.array);
	if (messages.length === 0) throw read.invalid('messages', "'messages' must hold at least one message.");
	const stream = read.optional(body, 'stream', '', read.boolean) ?? false;
	const options = body.stream_options;
	const look = lookAtMessages(messages);
	const tools = hasItems(body.tools) || hasItems(body.functions);
	const format = body.response_format;
	return {
		model,
		stream,
		streamUsage: isObject(options) && options.include_usage === true,
		tools,
		images: look.images > 0,
		audio: look.audio > 0,
		documents: look.documents > 0,
		jsonSchema: isObject(format) && format.type === 'json_schema',
		reasoning: wantsReasoning(body),
		inputTokens: tokensOf(look, tools ? charsOf(body.tools ?? body.functions) : 0, messages.length),
		maxOutputTokens: limit(body),
		user: user(body),
	};
}
