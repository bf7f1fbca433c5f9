import type { ChatRequest, JsonObject, JsonValue, OutputFormat, Sampling } from '../../spec/index.ts';
import { type Fields, read } from '../shared/index.ts';
import { restOf } from './media-decode.ts';
import { readThinking } from './reasoning-decode.ts';
import { toJsonSchema } from './schema.ts';
import { fieldsOf, whole } from './spelling.ts';

/** Kinds of output by their number. */
const MODALITIES = ['MODALITY_UNSPECIFIED', 'TEXT', 'IMAGE', 'AUDIO', 'VIDEO'];

const modality: read.Reader<string> = (value, path) =>
	typeof value === 'number' ? (MODALITIES[value] ?? String(value)) : read.string(value, path);

/** Takes `generationConfig` off a request; `left` learns what has no place in the canonical form. */
export function decodeConfig(fields: Fields, request: ChatRequest, left: JsonObject): void {
	const wire = fields.take('generationConfig', read.object);
	if (wire === undefined) return;
	const config = fieldsOf(wire, fields.at('generationConfig'));
	request.sampling = decodeSampling(config);
	const limit = config.take('maxOutputTokens', whole);
	if (limit !== undefined) request.maxOutputTokens = limit;
	const candidates = config.take('candidateCount', whole);
	if (candidates !== undefined) request.candidates = candidates;
	takeLogprobs(config, request);
	const output = decodeOutput(config, left);
	if (output !== undefined) request.output = output;
	takeModalities(config, request, left);
	takeThinking(config, request, left);
	const rest = config.rest();
	left.generationConfig = rest === undefined ? undefined : restOf(rest);
	if (Object.keys(wire).length === 0) left.$form = { generationConfig: {} };
}

function decodeSampling(config: Fields): Sampling {
	const sampling: Sampling = {};
	const put = <K extends 'temperature' | 'topP' | 'topK' | 'seed' | 'presencePenalty' | 'frequencyPenalty'>(
		key: K,
		reader: read.Reader<number>,
	): void => {
		const value = config.take(key, reader);
		if (value !== undefined) sampling[key] = value;
	};
	put('temperature', read.number);
	put('topP', read.number);
	put('topK', read.number);
	put('seed', whole);
	put('presencePenalty', read.number);
	put('frequencyPenalty', read.number);
	const stop = config.take('stopSequences', read.arrayOf(read.string));
	if (stop !== undefined) sampling.stop = stop;
	return sampling;
}

function takeLogprobs(config: Fields, request: ChatRequest): void {
	if (config.take('responseLogprobs', read.boolean) !== true) {
		config.leave('responseLogprobs');
		return;
	}
	request.logprobs = { top: config.take('logprobs', whole) ?? 0 };
	if (config.wire.logprobs === 0) config.keep('logprobs');
}

/** The media type of an answer and its schema, in any of the places the API takes one. */
function decodeOutput(config: Fields, left: JsonObject): OutputFormat | undefined {
	const type = config.take('responseMimeType', read.string);
	if (type === 'text/plain') return { type: 'text' };
	if (type !== undefined && type !== 'application/json') {
		config.leave('responseMimeType');
		return undefined;
	}
	const full = config.take('responseJsonSchema', read.object);
	const older = full === undefined ? config.take('_responseJsonSchema', read.object) : undefined;
	const own = config.take('responseSchema', read.object);
	const given = full ?? older;
	if (own !== undefined) left.$schema = { responseSchema: own };
	else if (older !== undefined) left.$schema = { _responseJsonSchema: older };
	if (type === undefined && (given ?? own) !== undefined) left.$untyped = true;
	if (given !== undefined) return { type: 'json_schema', schema: given };
	if (own !== undefined) return schemaFormat(own);
	return type === undefined ? undefined : { type: 'json' };
}

function schemaFormat(own: JsonObject): OutputFormat {
	return { type: 'json_schema', schema: toJsonSchema(own) };
}

function takeModalities(config: Fields, request: ChatRequest, left: JsonObject): void {
	const wire: JsonValue | undefined = config.wire.responseModalities;
	const modalities = config.take('responseModalities', read.arrayOf(modality));
	if (modalities === undefined) return;
	request.modalities = modalities.map((each) => each.toLowerCase());
	left.$modalities = wire;
}

function takeThinking(config: Fields, request: ChatRequest, left: JsonObject): void {
	const wire = config.take('thinkingConfig', read.object);
	if (wire === undefined) return;
	request.reasoning = readThinking(wire, config.at('thinkingConfig'));
	left.$asked = wire;
}
