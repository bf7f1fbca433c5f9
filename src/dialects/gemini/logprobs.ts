import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, TokenLogprob } from '../../spec/index.ts';

function listOf(value: JsonValue | undefined): JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

function token(wire: JsonObject): { token: string; logprob: number } {
	return {
		token: typeof wire.token === 'string' ? wire.token : '',
		logprob: typeof wire.logProbability === 'number' ? wire.logProbability : 0,
	};
}

/** Reads a `logprobsResult`: the chosen tokens, and the likeliest ones at the place of each. */
export function decodeLogprobs(wire: JsonObject): TokenLogprob[] {
	const tops = listOf(wire.topCandidates);
	return listOf(wire.chosenCandidates).map((chosen, index) => ({
		...token(chosen),
		top: listOf(tops[index]?.candidates).map(token),
	}));
}

/** Writes log-probabilities as a `logprobsResult`. */
export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject {
	const wire = (each: { token: string; logprob: number }): JsonObject => ({ token: each.token, logProbability: each.logprob });
	return {
		topCandidates: tokens.map((each) => ({ candidates: each.top.map(wire) })),
		chosenCandidates: tokens.map(wire),
	};
}
