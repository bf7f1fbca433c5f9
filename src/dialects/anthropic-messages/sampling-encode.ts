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

/** Writes sampling and reports the wishes that have no field. `thinks`: thinking has a budget, which fixes most of sampling. */
export function encodeSampling(request: ChatRequest, thinks: boolean, state: EncodeState): JsonObject {
	const { sampling } = request;
	reportUnknown(request, state);
	const wire: JsonObject = {};
	const stop = stopSequences(sampling.stop, state);
	if (stop !== undefined) wire.stop_sequences = stop;
	const numbers: JsonObject = {};
	if (sampling.temperature !== undefined) numbers.temperature = temperature(sampling.temperature, state);
	if (sampling.topP !== undefined) numbers.top_p = sampling.topP;
	if (sampling.topK !== undefined) numbers.top_k = sampling.topK;
	for (const field in numbers) {
		const reason = refusal(field, Number(numbers[field]), thinks, state);
		if (reason === undefined) wire[field] = numbers[field];
		else state.losses.dropped(field, reason);
	}
	return wire;
}

function refusal(field: string, value: number, thinks: boolean, state: EncodeState): string | undefined {
	if (state.traits.sampling === false) return 'The model does not let its sampling be set.';
	if (!thinks || state.own) return undefined;
	const fits = field === 'temperature' ? value === 1 : field === 'top_p' && value >= LEAST_TOP_P;
	return fits ? undefined : 'Sampling cannot be set so while the model thinks.';
}

function temperature(value: number, state: EncodeState): number {
	if (state.own || value <= 1) return value;
	state.losses.add('changed', 'temperature', 'The highest temperature is 1.');
	return 1;
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
