import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, OutputFormat, Sampling } from '../../spec/index.ts';
import { own, same } from '../shared/index.ts';
import { DIALECT } from './dialect.ts';
import { type EncodeState, unsupported } from './encode-state.ts';
import { encodeThinking } from './reasoning-encode.ts';
import { toJsonSchema } from './schema.ts';

/** Most stop sequences the API takes. */
const MOST_STOPS = 5;
/** Most alternatives to a token it tells. */
const MOST_LOGPROBS = 20;
const HIGHEST_TEMPERATURE = 2;

/** Wishes the API has no field for, by the names clients know, and the values that change nothing. */
const UNKNOWN: readonly { key: keyof Sampling; path: string; neutral?: number }[] = [
	{ key: 'minP', path: 'min_p', neutral: 0 },
	{ key: 'repetitionPenalty', path: 'repetition_penalty', neutral: 1 },
	{ key: 'logitBias', path: 'logit_bias' },
];

/** Writes `generationConfig`; undefined where there is nothing to say. */
export function encodeConfig(request: ChatRequest, state: EncodeState): JsonObject | undefined {
	const config: JsonObject = { ...encodeSampling(request.sampling, state) };
	if (request.maxOutputTokens !== undefined) config.maxOutputTokens = request.maxOutputTokens;
	if (request.candidates !== undefined && (state.own || request.candidates !== 1)) config.candidateCount = request.candidates;
	if (request.logprobs !== undefined) Object.assign(config, encodeLogprobs(request.logprobs.top, state));
	if (request.output !== undefined) Object.assign(config, encodeOutput(request, request.output, state));
	Object.assign(config, encodeModalities(request, state));
	const thinking = encodeThinking(request, state);
	if (thinking !== undefined && (state.own || Object.keys(thinking).length > 0)) config.thinkingConfig = thinking;
	return Object.keys(config).length === 0 ? undefined : config;
}

function encodeSampling(sampling: Sampling, state: EncodeState): JsonObject {
	for (const { key, path, neutral } of UNKNOWN) {
		const value = sampling[key];
		if (value !== undefined && value !== neutral) state.losses.dropped(path, `'${path}' is not offered.`);
	}
	const { temperature, topP, topK, seed, presencePenalty, frequencyPenalty } = sampling;
	const wire: JsonObject = { temperature, topP, topK, seed, presencePenalty, frequencyPenalty };
	for (const key of Object.keys(wire)) if (wire[key] === undefined) delete wire[key];
	if (state.traits.sampling === false) {
		for (const key of Object.keys(wire)) state.losses.dropped(key, 'The model does not let its sampling be set.');
		return withStops({}, sampling.stop, state);
	}
	if (!state.own) bringIntoRange(wire, state);
	return withStops(wire, sampling.stop, state);
}

/** Clients of other dialects state defaults, which some models refuse, and values out of range. */
function bringIntoRange(wire: JsonObject, state: EncodeState): void {
	if (wire.presencePenalty === 0) delete wire.presencePenalty;
	if (wire.frequencyPenalty === 0) delete wire.frequencyPenalty;
	if (typeof wire.temperature === 'number' && wire.temperature > HIGHEST_TEMPERATURE) {
		wire.temperature = HIGHEST_TEMPERATURE;
		state.losses.add('changed', 'temperature', `The highest temperature is ${HIGHEST_TEMPERATURE}.`);
	}
}

function withStops(wire: JsonObject, stop: string[] | undefined, state: EncodeState): JsonObject {
	if (stop === undefined) return wire;
	if (state.own) return { ...wire, stopSequences: stop };
	const taken = stop.filter((sequence) => sequence !== '');
	if (taken.length > MOST_STOPS)
		state.losses.dropped('stop', `At most ${MOST_STOPS} stop sequences are taken; the others were left out.`);
	return taken.length === 0 ? wire : { ...wire, stopSequences: taken.slice(0, MOST_STOPS) };
}

function encodeLogprobs(top: number, { losses, own: asItCame }: EncodeState): JsonObject {
	if (top === 0) return { responseLogprobs: true };
	if (!asItCame && top > MOST_LOGPROBS) losses.add('changed', 'top_logprobs', `At most ${MOST_LOGPROBS} alternatives are told.`);
	return { responseLogprobs: true, logprobs: asItCame ? top : Math.min(top, MOST_LOGPROBS) };
}

function encodeOutput(request: ChatRequest, output: OutputFormat, state: EncodeState): JsonObject {
	const type: JsonObject = own(request, DIALECT)?.$untyped === true ? {} : { responseMimeType: 'application/json' };
	switch (output.type) {
		case 'text':
			return state.own ? { responseMimeType: 'text/plain' } : {};
		case 'json':
			return type;
		case 'json_schema':
			return { ...type, ...encodeSchema(request, output.schema, state) };
		default:
			throw unsupported('response_format', `Output bound by a ${output.type} is not offered; send a JSON schema.`);
	}
}

function encodeSchema(request: ChatRequest, schema: JsonObject, state: EncodeState): JsonObject {
	if (state.traits.jsonSchema === false) {
		state.losses.dropped('response_format', 'The model takes no schema; it was asked for JSON alone.');
		return {};
	}
	const kept = own(request, DIALECT)?.$schema;
	if (isObject(kept)) {
		const { responseSchema, _responseJsonSchema: older } = kept;
		if (isObject(responseSchema) && same(toJsonSchema(responseSchema), schema)) return kept;
		if (isObject(older) && same(older, schema)) return kept;
	}
	return { responseJsonSchema: schema };
}

function encodeModalities(request: ChatRequest, state: EncodeState): JsonObject {
	const { modalities, audioOutput } = request;
	const wire: JsonObject = {};
	const kept = own(request, DIALECT)?.$modalities;
	if (modalities !== undefined) {
		const plain = modalities.length === 1 && modalities[0] === 'text';
		if (state.own && Array.isArray(kept) && kept.length === modalities.length) wire.responseModalities = kept;
		else if (state.own || !plain) wire.responseModalities = modalities.map((each) => each.toUpperCase());
	}
	if (audioOutput?.voice !== undefined) {
		const name = audioOutput.voice;
		wire.speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: name } } };
		state.losses.add('notice', 'audio.voice', `The voice '${name}' was asked for by name; voices differ between vendors.`);
	}
	if (audioOutput?.format !== undefined)
		state.losses.dropped('audio.format', 'The format of speech cannot be chosen: it is PCM.');
	return wire;
}
