import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, TokenLogprob } from '../../spec/index.ts';

type Token = TokenLogprob['top'][number];

function readToken(value: JsonValue): Token | undefined {
	if (!isObject(value) || typeof value.token !== 'string' || typeof value.logprob !== 'number') return undefined;
	const token: Token = { token: value.token, logprob: value.logprob };
	if (value.bytes === null) token.bytes = null;
	if (Array.isArray(value.bytes)) token.bytes = value.bytes.filter((byte) => typeof byte === 'number');
	return token;
}

/** Reads a list of token log-probabilities; undefined when it is none or empty. */
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

function writeToken({ token, logprob, bytes }: Token): JsonObject {
	return { token, logprob, bytes: bytes ?? [...Buffer.from(token)] };
}

/** Writes token log-probabilities in full form. Clients expect bytes: where the vendor gave none they are the token's UTF-8. */
export function encodeLogprobs(tokens: readonly TokenLogprob[]): JsonObject[] {
	return tokens.map((token) => ({ ...writeToken(token), top_logprobs: token.top.map(writeToken) }));
}
