import type { JsonObject } from '../../spec/index.ts';
import { pick } from '../core/ids.ts';
import { tokenPieces } from '../core/tokens.ts';

function entry(token: string, logprob: number): JsonObject {
	return { token, logprob, bytes: [...Buffer.from(token)] };
}

/** Log probabilities of a text's tokens, with `most` alternatives each: made up, the same for the same text. */
export function logprobsOf(text: string, most: number): JsonObject {
	const content = tokenPieces(text).map((token, index) => {
		const logprob = -pick(`${index}${token}`, 1000) / 10_000;
		const others = Array.from({ length: Math.max(0, most - 1) }, (_, rank) =>
			entry(`${token.trimEnd()}~${rank + 1}`, logprob - rank - 1),
		);
		return { ...entry(token, logprob), top_logprobs: most > 0 ? [entry(token, logprob), ...others] : [] };
	});
	return { content, refusal: null };
}
