import type { ChatRequest, JsonObject } from '../../spec/index.ts';
import { reportNotOffered, samplingRefusal, wordedStops } from '../shared/index.ts';
import type { EncodeState } from './encode-state.ts';

/** Wishes beside sampling that have no field. */
const NOT_OFFERED = [
	'logprobs',
	'verbosity',
	'store',
	'user',
	'prompt_cache_key',
	'prompt_cache_retention',
	'prediction',
] as const;

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
	reportNotOffered(request, NOT_OFFERED, state.losses);
	const { temperature, topP, topK, stop } = request.sampling;
	const config: JsonObject = {};
	if (maxTokens !== undefined) config.maxTokens = maxTokens;
	const wanted = state.own ? { temperature, topP, topK } : usual({ temperature, topP, topK }, thinks, state);
	const taken = (path: string, value: number | undefined): number | undefined => {
		const reason = value === undefined ? undefined : samplingRefusal(path, value, thinks, state);
		if (reason !== undefined) state.losses.dropped(path, reason);
		return reason === undefined ? value : undefined;
	};
	const heat = taken('temperature', wanted.temperature);
	if (heat !== undefined) config.temperature = heat;
	const nucleus = taken('top_p', wanted.topP);
	if (nucleus !== undefined) config.topP = nucleus;
	const sequences = state.own ? stop : wordedStops(stop, state.losses);
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
