import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { CHARACTERS_PER_TOKEN, isSealed, opening, read, walk } from '../shared/index.ts';
import { holdsSeal } from './seals.ts';

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
	const { wire, model, messages } = opening(body);
	const found: Findings = { characters: 0, images: 0, sealed: false };
	walk(messages, found, walkObject);
	walk(wire.tools, found, walkObject);
	const options = isObject(wire.options) ? wire.options : {};
	const limit = options.num_predict;
	return {
		model,
		stream: read.optional(wire, 'stream', '', read.boolean) ?? true,
		streamUsage: true,
		tools: Array.isArray(wire.tools) && wire.tools.length > 0,
		images: found.images > 0,
		audio: false,
		documents: false,
		jsonSchema: isObject(wire.format),
		reasoning: wire.think === true || typeof wire.think === 'string',
		inputTokens: Math.ceil(found.characters / CHARACTERS_PER_TOKEN) + found.images * IMAGE_TOKENS,
		maxOutputTokens: typeof limit === 'number' && limit >= 0 ? limit : undefined,
		user: undefined,
		...(found.sealed ? { foreign: true } : {}),
	};
}

function walkObject(object: JsonObject, found: Findings): void {
	for (const key in object) {
		const value = object[key];
		if (key === 'images' && Array.isArray(value)) found.images += value.length;
		else if (key === 'seals' && Array.isArray(value) && value.some(holdsSeal)) found.sealed = true;
		else if (key === 'seal' && isSealed(value)) found.sealed = true;
		else {
			found.characters += key.length;
			walk(value, found, walkObject);
		}
	}
}
