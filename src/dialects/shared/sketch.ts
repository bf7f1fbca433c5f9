import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import * as read from './wire.ts';

/** Characters that make a token, on average. */
export const CHARACTERS_PER_TOKEN = 4;
/** Rough cost in tokens of a medium, and of the frame around a message or item, where no vendor's figures are kept. */
const TOKENS_PER_MEDIUM = 1000;
const TOKENS_PER_FRAME = 4;

/** What every sketch reads first of a body with `model` and `messages`. */
interface Opening {
	wire: JsonObject;
	model: string;
	messages: JsonValue[];
}

/** Reads model and messages. Throws `invalid_request` for a missing or empty model and for messages that are no list or empty. */
export function opening(body: JsonValue): Opening {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const model = read.required(body, 'model', '', read.nonEmptyString);
	const messages = read.required(body, 'messages', '', read.array);
	if (messages.length === 0) throw read.invalid('messages', "'messages' must hold at least one message.");
	return { wire: body, model, messages };
}

/** Adds up the characters below a value. `visit` is handed each object: it knows which members are media or sealed. */
export function walk<F extends { characters: number }>(
	value: JsonValue | undefined,
	found: F,
	visit: (object: JsonObject, found: F) => void,
): void {
	if (typeof value === 'string') found.characters += value.length;
	else if (typeof value === 'number' || typeof value === 'boolean') found.characters += 4;
	else if (Array.isArray(value)) for (const item of value) walk(item, found, visit);
	else if (isObject(value)) visit(value, found);
}

/** Counts the characters of all strings and keys in a value. */
export function charsOf(value: JsonValue | undefined): number {
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

/** What a look over content parts finds: characters of text, and how many media of each kind. */
export interface Look {
	chars: number;
	images: number;
	audio: number;
	documents: number;
}

/** The types of parts whose bytes are no text; made with `table`. */
export type MediaTypes = { readonly [type: string]: 'images' | 'audio' | 'documents' };

/** Counts a content part as the medium its type names, or by its text. */
export function lookAtPart(part: JsonValue, look: Look, media: MediaTypes): void {
	if (!isObject(part)) return;
	const medium = typeof part.type === 'string' ? media[part.type] : undefined;
	if (medium !== undefined) look[medium]++;
	else look.chars += typeof part.text === 'string' ? part.text.length : charsOf(part);
}

/** Tokens of a look and of `chars` characters beside it, in `frames` messages or items. */
export function tokensOf(look: Look, chars: number, frames: number): number {
	const media = look.images + look.audio + look.documents;
	return Math.ceil((look.chars + chars) / CHARACTERS_PER_TOKEN) + TOKENS_PER_FRAME * frames + TOKENS_PER_MEDIUM * media;
}
