import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { CHARACTERS_PER_TOKEN, isSealed, opening, read, walk } from '../shared/index.ts';

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
	const { wire, model, messages } = opening(body);
	const found: Findings = { characters: 0, images: 0, sealed: false };
	walk(messages, found, walkObject);
	walk(wire.documents, found, walkObject);
	walk(wire.tools, found, walkObject);
	const { response_format: format, documents, tools, max_tokens: limit, thinking } = wire;
	return {
		model,
		stream: read.optional(wire, 'stream', '', read.boolean) ?? false,
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

function walkObject(object: JsonObject, found: Findings): void {
	for (const key in object) {
		const value = object[key];
		if (key === 'image_url') found.images++;
		else if ((key === 'signature' || key === 'seal') && isSealed(value)) found.sealed = true;
		else {
			found.characters += key.length;
			walk(value, found, walkObject);
		}
	}
}
