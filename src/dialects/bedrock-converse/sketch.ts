import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, RequestSketch } from '../../spec/index.ts';
import { CHARACTERS_PER_TOKEN, isSealed, opening, read, walk } from '../shared/index.ts';
import { openRedacted } from './reasoning-decode.ts';

/** What media cost where their size does not tell: an image at the size large ones are scaled to, a few pages, a short clip. */
const IMAGE_TOKENS = 1600;
const STORED_TOKENS = 4000;
/** Base64 characters of a document or clip that make a token. */
const MEDIA_CHARACTERS_PER_TOKEN = 32;

/** What a walk over the conversation adds up. */
interface Findings {
	characters: number;
	tokens: number;
	kinds: Set<string>;
	sealed: boolean;
}

/**
 * Reads what the router needs and no more; model and stream from the members added to the body. Throws `invalid_request` for a
 * missing or empty model, messages that are no list or empty, and a `stream` that is neither true nor false.
 */
export function sketch(body: JsonValue): RequestSketch {
	const { wire, model, messages } = opening(body);
	const stream = read.optional(wire, 'stream', '', read.boolean) ?? false;
	const found: Findings = { characters: 0, tokens: 0, kinds: new Set(), sealed: false };
	const tools = isObject(wire.toolConfig) ? wire.toolConfig.tools : undefined;
	for (const value of [wire.system, messages, tools]) walk(value, found, walkObject);
	const inference = isObject(wire.inferenceConfig) ? wire.inferenceConfig : {};
	return {
		model,
		stream,
		streamUsage: true,
		tools: Array.isArray(tools) && tools.length > 0,
		images: found.kinds.has('image'),
		audio: found.kinds.has('audio'),
		documents: found.kinds.has('document'),
		jsonSchema: asksForSchema(wire),
		reasoning: asksForReasoning(wire.additionalModelRequestFields),
		inputTokens: Math.ceil(found.characters / CHARACTERS_PER_TOKEN) + found.tokens,
		maxOutputTokens: typeof inference.maxTokens === 'number' ? inference.maxTokens : undefined,
		user: undefined,
		...(found.sealed ? { foreign: true } : {}),
	};
}

function asksForSchema({ outputConfig, additionalModelRequestFields: fields }: JsonObject): boolean {
	if (isObject(outputConfig) && isObject(outputConfig.textFormat)) return true;
	return isObject(fields) && isObject(fields.output_config) && isObject(fields.output_config.format);
}

function asksForReasoning(fields: JsonValue | undefined): boolean {
	if (!isObject(fields)) return false;
	if (isObject(fields.thinking)) return fields.thinking.type !== 'disabled';
	return typeof fields.reasoning_effort === 'string' || isObject(fields.reasoningConfig);
}

const MEDIA: ReadonlySet<string> = new Set(['image', 'document', 'video', 'audio']);

function walkObject(object: JsonObject, found: Findings): void {
	for (const key in object) {
		const value = object[key];
		if (MEDIA.has(key) && isObject(value) && isObject(value.source)) {
			found.kinds.add(key);
			media(key, value.source, found);
			continue;
		}
		if (key === 'signature') found.sealed ||= isSealed(value);
		else if (key === 'redactedContent') found.sealed ||= typeof value === 'string' && openRedacted(value) !== undefined;
		else {
			found.characters += key.length;
			walk(value, found, walkObject);
		}
	}
}

/** Media count by what they cost, not by their characters. */
function media(kind: string, source: JsonObject, found: Findings): void {
	if (source.bytes === undefined && source.s3Location === undefined) walk(source, found, walkObject);
	else if (kind === 'image') found.tokens += IMAGE_TOKENS;
	else if (typeof source.bytes === 'string') found.tokens += Math.ceil(source.bytes.length / MEDIA_CHARACTERS_PER_TOKEN);
	else found.tokens += STORED_TOKENS;
}
