import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { CHARACTERS_PER_TOKEN, read, walk } from '../shared/index.ts';
import { modelOf } from './request-decode.ts';
import { isSealed } from './seal.ts';
import { camel, listed } from './spelling.ts';

/** What a piece of media costs where its size is not known: an image's tile, a few pages, a minute of sound or pictures. */
const TOKENS: { [kind: string]: number } = { image: 258, audio: 1920, video: 15_780, document: 1032 };

/** What a walk over the conversation adds up. */
interface Findings {
	characters: number;
	tokens: number;
	kinds: Set<string>;
	sealed: boolean;
}

/**
 * Reads what the router needs and no more from a body to which the surface has added `model` and `stream`. Throws
 * `invalid_request` for a missing or empty model, contents that are no list or empty, and a `stream` that is neither true nor false.
 */
export function sketch(body: JsonValue): RequestSketch {
	if (!isObject(body)) throw read.invalid('', 'The request body must be a JSON object.');
	const wire = camel(body);
	const model = modelOf(read.required(wire, 'model', '', read.nonEmptyString));
	const contents = read.required(wire, 'contents', '', listed);
	if (contents.length === 0) throw read.invalid('contents', "'contents' must hold at least one content.");
	const stream = read.optional(wire, 'stream', '', read.boolean) ?? false;
	const found: Findings = { characters: 0, tokens: 0, kinds: new Set(), sealed: false };
	walk(wire.systemInstruction, found, walkObject);
	walk(contents, found, walkObject);
	walk(wire.tools, found, walkObject);
	const config = isObject(wire.generationConfig) ? camel(wire.generationConfig) : {};
	return {
		model,
		stream,
		streamUsage: true,
		tools: Array.isArray(wire.tools) ? wire.tools.length > 0 : isObject(wire.tools),
		images: found.kinds.has('image'),
		audio: found.kinds.has('audio'),
		documents: found.kinds.has('document'),
		jsonSchema: isObject(config.responseSchema ?? config.responseJsonSchema ?? config._responseJsonSchema),
		reasoning: reasons(config.thinkingConfig),
		inputTokens: Math.ceil(found.characters / CHARACTERS_PER_TOKEN) + found.tokens,
		maxOutputTokens: typeof config.maxOutputTokens === 'number' ? config.maxOutputTokens : undefined,
		user: undefined,
		...(found.sealed || contents.some(holdsUnsignedCall) ? { foreign: true } : {}),
	};
}

/**
 * Whether a turn's first call bears no signature: another vendor's model made it, or one that does not sign. Newer models refuse it
 * unless it is marked as such.
 */
function holdsUnsignedCall(content: JsonObject): boolean {
	const parts = Array.isArray(content.parts) ? content.parts : [content.parts];
	const first = parts.find((part) => isObject(part) && (part.functionCall ?? part.function_call) !== undefined);
	return isObject(first) && (first.thoughtSignature ?? first.thought_signature) === undefined;
}

function reasons(value: JsonValue | undefined): boolean {
	if (!isObject(value)) return false;
	const config = camel(value);
	return config.thinkingBudget !== 0;
}

function walkObject(object: JsonObject, found: Findings): void {
	for (const key in object) {
		const value = object[key];
		if (key === 'thoughtSignature' || key === 'thought_signature') found.sealed ||= isSealed(value);
		else if (isObject(value) && MEDIA.has(key)) media(camel(value), found);
		else {
			found.characters += key.length;
			walk(value, found, walkObject);
		}
	}
}

const MEDIA: ReadonlySet<string> = new Set(['inlineData', 'inline_data', 'fileData', 'file_data']);

/** Media count by what they cost, not by their characters. */
function media(data: JsonObject, found: Findings): void {
	const [kind] = (typeof data.mimeType === 'string' ? data.mimeType : 'video').split('/');
	const known = kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
	found.kinds.add(known);
	found.tokens += TOKENS[known] ?? 0;
}
