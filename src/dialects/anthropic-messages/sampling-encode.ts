import type { ChatRequest, JsonObject, Sampling } from '../../spec/index.ts';
import { reportNotOffered, samplingRefusal, wordedStops } from '../shared/index.ts';
import type { EncodeState } from './encode-state.ts';

/** Wishes beside sampling that have no field. */
const NOT_OFFERED = [
	'logprobs',
	'verbosity',
	'metadata',
	'store',
	'prompt_cache_key',
	'prompt_cache_retention',
	'prediction',
] as const;

/** Writes sampling and reports the wishes that have no field. `thinks`: the model thinks, which fixes most of sampling. */
export function encodeSampling(request: ChatRequest, thinks: boolean, state: EncodeState): JsonObject {
	const { sampling } = request;
	reportNotOffered(request, NOT_OFFERED, state.losses);
	const wire: JsonObject = {};
	const stop = state.own ? sampling.stop : wordedStops(sampling.stop, state.losses);
	if (stop !== undefined) wire.stop_sequences = stop;
	const wanted = given(sampling);
	if (!state.own) withoutDefaults(wanted, thinks, state);
	for (const field in wanted) {
		const reason = samplingRefusal(field, Number(wanted[field]), thinks, state);
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
