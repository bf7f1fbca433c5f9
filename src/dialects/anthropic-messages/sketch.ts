import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { CHARACTERS_PER_TOKEN, read, walk } from '../shared/index.ts';
import { isSealed } from './seal.ts';

/** What an image costs at the size the API scales large ones to. */
const IMAGE_TOKENS = 1600;
/** A document of unknown size: a few pages. */
const DOCUMENT_TOKENS = 4000;
/** Base64 characters of a PDF that make a token: a page of 2,500 tokens has some 60 KB. */
const PDF_CHARACTERS_PER_TOKEN = 32;

/** What a walk over the conversation adds up. */
interface Findings {
	characters: number;
	tokens: number;
	images: boolean;
	documents: boolean;
	sealed: boolean;
}

/**
 * Reads what the router needs and no more. Throws `invalid_request` for a missing or empty model, messages that are no list or
 * empty, and a `stream` that is neither true nor false. Bodies of `count_tokens` are taken too.
 */
export function sketch(body: JsonValue): RequestSketch {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const model = read.required(body, 'model', '', read.nonEmptyString);
	const messages = read.required(body, 'messages', '', read.array);
	// A thread that is gone on with may bring nothing new.
	if (messages.length === 0 && !isObject(body.thread)) {
		throw read.invalid('messages', "'messages' must hold at least one message.");
	}
	const stream = read.optional(body, 'stream', '', read.boolean) ?? false;
	const found: Findings = { characters: 0, tokens: 0, images: false, documents: false, sealed: false };
	walk(body.system, found, walkObject);
	walk(messages, found, walkObject);
	walk(body.tools, found, walkObject);
	const config = isObject(body.output_config) ? body.output_config : undefined;
	return {
		model,
		stream,
		streamUsage: true,
		tools: Array.isArray(body.tools) && body.tools.length > 0,
		images: found.images,
		audio: false,
		documents: found.documents,
		jsonSchema: isObject(config?.format) || isObject(body.output_format),
		reasoning: isObject(body.thinking) ? body.thinking.type !== 'disabled' : typeof config?.effort === 'string',
		inputTokens: Math.ceil(found.characters / CHARACTERS_PER_TOKEN) + found.tokens,
		maxOutputTokens: typeof body.max_tokens === 'number' ? body.max_tokens : undefined,
		user: isObject(body.metadata) && typeof body.metadata.user_id === 'string' ? body.metadata.user_id : undefined,
		...(found.sealed ? { foreign: true } : {}),
	};
}

function walkObject(object: JsonObject, found: Findings): void {
	if (object.type === 'image') found.images = true;
	else if (object.type === 'document') found.documents = true;
	for (const key in object) {
		const value = object[key];
		if (key === 'source' && isObject(value) && value.type !== 'text' && value.type !== 'content') media(object, value, found);
		else if (key === 'signature') found.sealed ||= isSealed(value);
		else {
			found.sealed ||= key === 'data' ? isSealed(value) : key === 'encrypted_index' && value === '';
			found.characters += key.length;
			walk(value, found, walkObject);
		}
	}
}

/** Media count by what they cost, not by their characters. */
function media(block: JsonObject, source: JsonObject, found: Findings): void {
	if (block.type === 'image') found.tokens += IMAGE_TOKENS;
	else if (typeof source.data === 'string') found.tokens += Math.ceil(source.data.length / PDF_CHARACTERS_PER_TOKEN);
	else found.tokens += DOCUMENT_TOKENS;
}
