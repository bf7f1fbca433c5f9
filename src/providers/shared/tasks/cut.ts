import type { EmbedInput, EmbedRequest } from '../../../spec/index.ts';

/** Characters that make a token at the least, on average: estimates must not be too low. */
const CHARACTERS_PER_TOKEN = 3;

/** How much goes into one call. */
export interface BatchLimits {
	maxInputs: number;
	maxTokens: number;
}

/** Rough count of an input's tokens, rather too high than too low. */
export function tokensOfInput(input: EmbedInput): number {
	if (typeof input === 'string') return Math.ceil(input.length / CHARACTERS_PER_TOKEN);
	let tokens = 0;
	for (const item of input) tokens += typeof item === 'number' ? 1 : item.type === 'text' ? tokensOfInput(item.text) : 1000;
	return tokens;
}

/** Cuts a request into calls, inputs in their order. The request itself where one call takes it. */
export function batches(request: EmbedRequest, { maxInputs, maxTokens }: BatchLimits): EmbedRequest[] {
	const { inputs, each } = request;
	const calls: EmbedRequest[] = [];
	let from = 0;
	let tokens = 0;
	const close = (to: number): void => {
		const part = each === undefined ? {} : { each: each.slice(from, to) };
		calls.push({ ...request, inputs: inputs.slice(from, to), ...part });
		from = to;
		tokens = 0;
	};
	inputs.forEach((input, index) => {
		const more = tokensOfInput(input);
		if (index > from && (index - from >= maxInputs || tokens + more > maxTokens)) close(index);
		tokens += more;
	});
	if (from === 0) return [request];
	close(inputs.length);
	return calls;
}
