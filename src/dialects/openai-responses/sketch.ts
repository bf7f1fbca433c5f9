import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { charsOf, type Look, lookAtPart, read, table, tokensOf } from '../shared/index.ts';
import { requestBody } from './request-decode.ts';
import { isSealed } from './seal.ts';

/** What a look over the input finds. */
interface Findings extends Look {
	sealed: boolean;
}

/** Kinds of parts whose bytes are no text. */
const MEDIA = table<'images' | 'audio' | 'documents'>({
	input_image: 'images',
	computer_screenshot: 'images',
	input_audio: 'audio',
	input_file: 'documents',
});

function lookAtItem(item: JsonValue, look: Findings): void {
	if (!isObject(item)) return;
	const said = item.content ?? item.output;
	if (Array.isArray(said)) for (const part of said) lookAtPart(part, look, MEDIA);
	else if (typeof said === 'string') look.chars += said.length;
	else if (isObject(said)) lookAtPart(said, look, MEDIA);
	if (typeof item.arguments === 'string') look.chars += item.arguments.length;
	if (typeof item.input === 'string') look.chars += item.input.length;
	if (item.type === 'reasoning' && isSealed(item.encrypted_content)) look.sealed = true;
}

function lookAt(input: JsonValue | undefined): Findings {
	const look: Findings = { chars: 0, images: 0, audio: 0, documents: 0, sealed: false };
	if (typeof input === 'string') look.chars = input.length;
	if (Array.isArray(input)) for (const item of input) lookAtItem(item, look);
	return look;
}

function wantsReasoning(body: JsonObject): boolean {
	const { reasoning } = body;
	return isObject(reasoning) && reasoning.effort !== 'none';
}

/** Whether a client's body names something that stands for input: a stored prompt, conversation or answer. */
function standsForInput(body: JsonObject): boolean {
	return ['prompt', 'conversation', 'previous_response_id'].some((key) => (body[key] ?? null) !== null);
}

function text(value: JsonValue | undefined): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

/**
 * The cheap look at a request, without decoding it: enough to route it. Throws `invalid_request` for a missing model, for input that
 * is missing, and for a `stream` that is no boolean.
 */
export function sketch(value: JsonValue): RequestSketch {
	const body = requestBody(value);
	const model = read.required(body, 'model', '', read.nonEmptyString);
	const { input } = body;
	if (!standsForInput(body) && (input === undefined || input === null)) throw read.invalid('input', "'input' is required.");
	const stream = read.optional(body, 'stream', '', read.boolean) ?? false;
	const look = lookAt(input);
	const tools = Array.isArray(body.tools) && body.tools.length > 0;
	const chars = (text(body.instructions)?.length ?? 0) + (tools ? charsOf(body.tools) : 0);
	const format = isObject(body.text) ? body.text.format : undefined;
	const limit = body.max_output_tokens;
	return {
		model,
		stream,
		streamUsage: true,
		tools,
		images: look.images > 0,
		audio: look.audio > 0,
		documents: look.documents > 0,
		jsonSchema: isObject(format) && format.type === 'json_schema',
		reasoning: wantsReasoning(body),
		inputTokens: tokensOf(look, chars, Array.isArray(input) ? input.length : 1),
		maxOutputTokens: typeof limit === 'number' ? limit : undefined,
		user: text(body.user) ?? text(body.safety_identifier),
		...(look.sealed ? { foreign: true } : {}),
	};
}
