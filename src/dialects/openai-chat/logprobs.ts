import { isObject } from '../../lib/json.ts';
import type { JsonObject, JsonValue, TokenLogprob } from '../../spec/index.ts';

type TopLogprob = TokenLogprob['top'][number];

function readBytes(value: JsonValue | undefined): { bytes?: number[] | null } | undefined {
	if (value === undefined) return {};
	if (value === null) return { bytes: null };
	return Array.isArray(value) && value.every((byte) => typeof byte === 'number') ? { bytes: value } : undefined;
}

function readToken(value: JsonValue): TopLogprob | undefined {
	if (!isObject(value) || typeof value.token !== 'string' || typeof value.logprob !== 'number') return undefined;
	const bytes = readBytes(value.bytes);
	return bytes === undefined ? undefined : { token: value.token, logprob: value.logprob, ...bytes };
}

/** Reads a list of token log-probabilities; undefined when it is missing, null or of another form. */
export function decodeLogprobs(wire: JsonValue | undefined): TokenLogprob[] | undefined {
	if (!Array.isArray(wire)) return undefined;
	const tokens: TokenLogprob[] = [];
	for (const item of wire) {
		const token = readToken(item);
		if (token === undefined || !isObject(item)) return undefined;
		const top: TopLogprob[] = [];
		for (const alternative of Array.isArray(item.top_logprobs) ? item.top_logprobs : []) {
			const readAlternative = readToken(alternative);
			if (readAlternative === undefined) return undefined;
			top.push(readAlternative);
		}
		tokens.push({ ...token, top });
	}
	return tokens;
}

function writeToken(token: TopLogprob): JsonObject {
	return { token: token.token, logprob: token.logprob, bytes: token.bytes ?? null };
}

/** Writes token log-probabilities in full form. */
export function encodeLogprobs(tokens: TokenLogprob[]): JsonObject[] {
	return tokens.map((token) => ({ ...writeToken(token), top_logprobs: token.top.map(writeToken) }));
}

/** The two lists of a choice's `logprobs` object; undefined when it holds neither. */
export function decodeChoiceLogprobs(
	wire: JsonValue | undefined,
): { content: TokenLogprob[] | undefined; refusal: TokenLogprob[] | undefined } | undefined {
	if (!isObject(wire)) return undefined;
	const content = decodeLogprobs(wire.content);
	const refusal = decodeLogprobs(wire.refusal);
	return content === undefined && refusal === undefined ? undefined : { content, refusal };
}
