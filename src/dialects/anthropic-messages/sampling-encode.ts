import type { ChatRequest, JsonObject, Sampling } from '../../spec/index.ts';
import type { EncodeState } from './encode-state.ts';

/** Fields of sampling the API has none of, by the names clients know. */
const UNKNOWN: readonly { key: keyof Sampling; path: string }[] = [
	{ key: 'minP', path: 'min_p' },
	{ key: 'frequencyPenalty', path: 'frequency_penalty' },
	{ key: 'presencePenalty', path: 'presence_penalty' },
	{ key: 'repetitionPenalty', path: 'repetition_penalty' },
	{ key: 'seed', path: 'seed' },
	{ key: 'logitBias', path: 'logit_bias' },
];
/** Values of those that change nothing. */
const NEUTRAL: { [path: string]: number } = { frequency_penalty: 0, presence_penalty: 0, repetition_penalty: 1, min_p: 0 };
/** With thinking, nucleus sampling may only be slight. */
const LEAST_TOP_P = 0.95;

/** Writes sampling and reports the wishes that have no field. `thinks`: the model thinks, which fixes most of sampling. */
export function encodeSampling(request: ChatRequest, thinks: boolean, state: EncodeState): JsonObject {
	const { sampling } = request;
	reportUnknown(request, state);
	const wire: JsonObject = {};
	const stop = stopSequences(sampling.stop, state);
	if (stop !== undefined) wire.stop_sequences = stop;
	const wanted = given(sampling);
	if (!state.own) withoutDefaults(wanted, thinks, state);
	for (const field in wanted) {
		const reason = refusal(field, Number(wanted[field]), thinks, state);
		if (reason === undefined) wire[field] = wanted[field];
		else state.losses.dropped(field, reason);
	}
	if (!state.own && wire.temperature !== undefined && wire.top_p !== undefined) {
		delete wire.top_p;
		state.losses.dropped('top_p', 'Temperature and top_p cannot both be set; the temperature was kept.');
	}
	return wire;
}

function given({ temperature, topP, topK }: Sampling): JsonObject {
	return {
		...(temperature === undefined ? {} : { temperature }),
		...(topP === undefined ? {} : { top_p: topP }),
		...(topK === undefined ? {} : { top_k: topK }),
	};
}

/** Clients of other dialects often state defaults, which say nothing, or temperatures above the highest. */
function withoutDefaults(wanted: JsonObject, thinks: boolean, state: EncodeState): void {
	if (wanted.top_p === 1) delete wanted.top_p;
	const needless = wanted.top_p !== undefined || thinks || state.traits.sampling === false;
	if (wanted.temperature === 1 && needless) delete wanted.temperature;
	if (typeof wanted.temperature === 'number' && wanted.temperature > 1) {
		wanted.temperature = 1;
		state.losses.add('changed', 'temperature', 'The highest temperature is 1.');
	}
}

function refusal(field: string, value: number, thinks: boolean, state: EncodeState): string | undefined {
	if (state.traits.sampling === false) return 'The model does not let its sampling be set.';
	if (!thinks || state.own) return undefined;
	const fits = field === 'temperature' ? value === 1 : field === 'top_p' && value >= LEAST_TOP_P;
	return fits ? undefined : 'Sampling cannot be set so while the model thinks.';
}

function stopSequences(stop: string[] | undefined, state: EncodeState): string[] | undefined {
	if (stop === undefined || state.own) return stop;
	const taken = stop.filter((sequence) => sequence.trim() !== '');
	if (taken.length < stop.length) state.losses.dropped('stop', 'Stop sequences that are blank throughout are not taken.');
	return taken.length === 0 ? undefined : taken;
}

function reportUnknown(request: ChatRequest, state: EncodeState): void {
	const drop = (path: string): void => state.losses.dropped(path, `'${path}' is not offered.`);
	for (const { key, path } of UNKNOWN) {
		const value = request.sampling[key];
		if (value !== undefined && value !== NEUTRAL[path]) drop(path);
	}
	if (request.logprobs !== undefined) drop('logprobs');
	if (request.verbosity !== undefined) drop('verbosity');
	if (request.metadata !== undefined && Object.keys(request.metadata).length > 0) drop('metadata');
	if (request.store === true) drop('store');
	if (request.promptCacheKey !== undefined) drop('prompt_cache_key');
	if (request.promptCacheRetention !== undefined) drop('prompt_cache_retention');
	if (request.prediction !== undefined) drop('prediction');
}
