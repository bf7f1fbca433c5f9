import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { isSealed, read } from '../shared/index.ts';
import { holdsSeal } from './seals.ts';

/** Characters that make a token, on average. */
const CHARACTERS_PER_TOKEN = 4;
/** What an image costs the models that see: some hundred to a thousand tokens. */
const IMAGE_TOKENS = 768;

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
	walk(body.tools, found);
	const options = isObject(body.options) ? body.options : {};
	const limit = options.num_predict;
	return {
		model,
		stream: read.optional(body, 'stream', '', read.boolean) ?? true,
		streamUsage: true,
		tools: Array.isArray(body.tools) && body.tools.length > 0,
		images: found.images > 0,
		audio: false,
		documents: false,
		jsonSchema: isObject(body.format),
		reasoning: body.think === true || typeof body.think === 'string',
		inputTokens: Math.ceil(found.characters / CHARACTERS_PER_TOKEN) + found.images * IMAGE_TOKENS,
		maxOutputTokens: typeof limit === 'number' && limit >= 0 ? limit : undefined,
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
		if (key === 'images' && Array.isArray(value)) found.images += value.length;
		else if (key === 'seals' && Array.isArray(value) && value.some(holdsSeal)) found.sealed = true;
		else if (key === 'seal' && isSealed(value)) found.sealed = true;
		else {
			found.characters += key.length;
			walk(value, found);
		}
	}
}
