import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, TokenLogprob } from '../../spec/index.ts';

type Top = TokenLogprob['top'][number];

function readToken(value: JsonValue): Top | undefined {
	if (!isObject(value) || typeof value.token !== 'string' || typeof value.logprob !== 'number') return undefined;
	const { bytes } = value;
	if (bytes === undefined || bytes === null) return { token: value.token, logprob: value.logprob };
	if (!Array.isArray(bytes) || !bytes.every((byte) => typeof byte === 'number')) return undefined;
	return { token: value.token, logprob: value.logprob, bytes };
}

/** Reads token log-probabilities; undefined when they are missing or of another form. */
export function decodeLogprobs(wire: JsonValue | undefined): TokenLogprob[] | undefined {
	if (!Array.isArray(wire) || wire.length === 0) return undefined;
	const tokens: TokenLogprob[] = [];
	for (const item of wire) {
		const token = readToken(item);
		if (token === undefined || !isObject(item)) return undefined;
		const alternatives = Array.isArray(item.top_logprobs) ? item.top_logprobs : [];
		tokens.push({ ...token, top: alternatives.flatMap((each) => readToken(each) ?? []) });
	}
	return tokens;
}

/** Writes token log-probabilities. */
export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject[] {
	return tokens.map(({ top, ...token }) =>
		top.length === 0 ? { ...token } : { ...token, top_logprobs: top.map((each) => ({ ...each })) },
	);
}
