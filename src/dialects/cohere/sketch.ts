import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { isSealed, read } from '../shared/index.ts';

/** Characters that make a token, on average. */
const CHARACTERS_PER_TOKEN = 4;
/** What an image costs at high detail, its tiles together. */
const IMAGE_TOKENS = 1300;

interface Findings {
	characters: number;
	images: number;
	sealed: boolean;
}

/**
 * Reads what the router needs and no more. Throws `invalid_request` for a missing or empty model, messages that are no list or
 * empty, and a `stream` that is neither true nor false.
 */
export function sketch(body: JsonValue): RequestSketch {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const model = read.required(body, 'model', '', read.nonEmptyString);
	const messages = read.required(body, 'messages', '', read.array);
	if (messages.length === 0) throw read.invalid('messages', "'messages' must hold at least one message.");
	const found: Findings = { characters: 0, images: 0, sealed: false };
	walk(messages, found);
	walk(body.documents, found);
	walk(body.tools, found);
	const { response_format: format, documents, tools, max_tokens: limit, thinking } = body;
	return {
		model,
		stream: read.optional(body, 'stream', '', read.boolean) ?? false,
		streamUsage: true,
		tools: Array.isArray(tools) && tools.length > 0,
		images: found.images > 0,
		audio: false,
		documents:
			Array.isArray(documents) && documents.length > 0 && messages.some((each) => isObject(each) && each.role === 'user'),
		jsonSchema: isObject(format) && (isObject(format.schema) || isObject(format.json_schema)),
		reasoning: isObject(thinking) && thinking.type !== 'disabled',
		inputTokens: Math.ceil(found.characters / CHARACTERS_PER_TOKEN) + found.images * IMAGE_TOKENS,
		maxOutputTokens: typeof limit === 'number' ? limit : undefined,
		user: undefined,
		...(found.sealed ? { foreign: true } : {}),
	};
}

function walk(value: JsonValue | undefined, found: Findings): void {
	if (typeof value === 'string') found.characters += value.length;
	else if (typeof value === 'number' || typeof value === 'boolean') found.characters += 4;
	else if (Array.isArray(value)) for (const item of value) walk(item, found);
	else if (isObject(value)) walkObject(value, found);
}

function walkObject(object: JsonObject, found: Findings): void {
	for (const key in object) {
		const value = object[key];
		if (key === 'image_url') found.images++;
		else if ((key === 'signature' || key === 'seal') && isSealed(value)) found.sealed = true;
		else {
			found.characters += key.length;
			walk(value, found);
		}
	}
}
