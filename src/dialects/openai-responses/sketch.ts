import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { read } from '../shared/index.ts';
import { requestBody } from './request-decode.ts';
import { isSealed } from './seal.ts';

/** Rough cost of media in tokens, and of the frame around an item. */
const TOKENS_PER_MEDIUM = 1000;
const TOKENS_PER_ITEM = 4;
const CHARS_PER_TOKEN = 4;

/** What a look over the input finds. */
interface Look {
	chars: number;
	images: number;
	audio: number;
	documents: number;
	sealed: boolean;
}

/** Counts the characters of all strings and keys in a value. */
function charsOf(value: JsonValue | undefined): number {
	if (typeof value === 'string') return value.length;
	if (typeof value !== 'object' || value === null) return 4;
	let chars = 0;
	if (Array.isArray(value)) {
		for (const item of value) chars += charsOf(item);
		return chars;
	}
	for (const key in value) chars += key.length + 4 + charsOf(value[key]);
	return chars;
}

/** Kinds of parts whose bytes are no text. */
const MEDIA: { readonly [type: string]: 'images' | 'audio' | 'documents' } = {
	input_image: 'images',
	computer_screenshot: 'images',
	input_audio: 'audio',
	input_file: 'documents',
};

function lookAtPart(part: JsonValue, look: Look): void {
	if (!isObject(part)) return;
	const medium = typeof part.type === 'string' && Object.hasOwn(MEDIA, part.type) ? MEDIA[part.type] : undefined;
	if (medium !== undefined) look[medium]++;
	else look.chars += typeof part.text === 'string' ? part.text.length : charsOf(part);
}

function lookAtItem(item: JsonValue, look: Look): void {
	if (!isObject(item)) return;
	const said = item.content ?? item.output;
	if (Array.isArray(said)) for (const part of said) lookAtPart(part, look);
	else if (typeof said === 'string') look.chars += said.length;
	else if (isObject(said)) lookAtPart(said, look);
	if (typeof item.arguments === 'string') look.chars += item.arguments.length;
	if (typeof item.input === 'string') look.chars += item.input.length;
	if (item.type === 'reasoning' && isSealed(item.encrypted_content)) look.sealed = true;
}

function lookAt(input: JsonValue | undefined): Look {
	const look: Look = { chars: 0, images: 0, audio: 0, documents: 0, sealed: false };
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
	const media = look.images + look.audio + look.documents;
	const chars = look.chars + (text(body.instructions)?.length ?? 0) + (tools ? charsOf(body.tools) : 0);
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
		inputTokens:
			Math.ceil(chars / CHARS_PER_TOKEN) +
			TOKENS_PER_ITEM * (Array.isArray(input) ? input.length : 1) +
			TOKENS_PER_MEDIUM * media,
		maxOutputTokens: typeof limit === 'number' ? limit : undefined,
		user: text(body.user) ?? text(body.safety_identifier),
		...(look.sealed ? { foreign: true } : {}),
	};
}
