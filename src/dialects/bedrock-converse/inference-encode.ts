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

/** Sampling and limits as the API has them, and top-k, which only the model itself may know. */
export interface Inference {
	config: JsonObject;
	topK: number | undefined;
}

/** Writes `inferenceConfig`. `thinks`: the model thinks before it answers, which fixes most of sampling. */
export function encodeInference(
	request: ChatRequest,
	maxTokens: number | undefined,
	thinks: boolean,
	state: EncodeState,
): Inference {
	reportUnknown(request, state);
	const { temperature, topP, topK, stop } = request.sampling;
	const config: JsonObject = {};
	if (maxTokens !== undefined) config.maxTokens = maxTokens;
	const wanted = state.own ? { temperature, topP, topK } : usual({ temperature, topP, topK }, thinks, state);
	const taken = (path: string, value: number | undefined): number | undefined => {
		const reason = value === undefined ? undefined : refusal(path, value, thinks, state);
		if (reason !== undefined) state.losses.dropped(path, reason);
		return reason === undefined ? value : undefined;
	};
	const heat = taken('temperature', wanted.temperature);
	if (heat !== undefined) config.temperature = heat;
	const nucleus = taken('top_p', wanted.topP);
	if (nucleus !== undefined) config.topP = nucleus;
	const sequences = state.own ? stop : stopSequences(stop, state);
	if (sequences !== undefined) config.stopSequences = sequences;
	return { config, topK: taken('top_k', wanted.topK) };
}

interface Wanted {
	temperature: number | undefined;
	topP: number | undefined;
	topK: number | undefined;
}

/** Clients of other dialects often state defaults, which say nothing, or temperatures above the highest. */
function usual({ temperature, topP, topK }: Wanted, thinks: boolean, state: EncodeState): Wanted {
	const wanted: Wanted = { temperature, topP: topP === 1 ? undefined : topP, topK };
	if (temperature === 1 && (thinks || state.traits.sampling === false)) wanted.temperature = undefined;
	if (temperature !== undefined && temperature > 1) {
		wanted.temperature = 1;
		state.losses.add('changed', 'temperature', 'The highest temperature is 1.');
	}
	if (!state.signs || wanted.temperature === undefined || wanted.topP === undefined) return wanted;
	state.losses.dropped('top_p', 'Temperature and top_p cannot both be set; the temperature was kept.');
	return { ...wanted, topP: undefined };
}

function refusal(path: string, value: number, thinks: boolean, state: EncodeState): string | undefined {
	if (state.traits.sampling === false) return 'The model does not let its sampling be set.';
	if (!thinks || state.own) return undefined;
	const fits = path === 'temperature' ? value === 1 : path === 'top_p' && value >= LEAST_TOP_P;
	return fits ? undefined : 'Sampling cannot be set so while the model thinks.';
}

function stopSequences(stop: string[] | undefined, state: EncodeState): string[] | undefined {
	const taken = stop?.filter((sequence) => sequence.trim() !== '') ?? [];
	if (taken.length < (stop?.length ?? 0)) state.losses.dropped('stop', 'Stop sequences that are blank throughout are not taken.');
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
	if (request.store === true) drop('store');
	if (request.user !== undefined) drop('user');
	if (request.promptCacheKey !== undefined) drop('prompt_cache_key');
	if (request.promptCacheRetention !== undefined) drop('prompt_cache_retention');
	if (request.prediction !== undefined) drop('prediction');
}
