import type { ModelInfo, Price, Usage } from '../../spec/index.ts';

/**
 * What an answer costs in USD: as the provider states it, else by the catalog's prices (USD per million tokens), long-context tiers
 * included. Cached tokens without a price of their own count as ordinary input. Null when a price is not known.
 */
export function costOf(usage: Usage | undefined, info: ModelInfo | undefined): number | null {
	if (usage?.statedCostUsd !== undefined) return usage.statedCostUsd;
	if (usage === undefined || info === undefined) return null;
	const price = priceFor(usage.inputTokens, info);
	if (price.input === null || (price.output === null && usage.outputTokens > 0)) return null;
	const read = usage.cacheReadTokens ?? 0;
	const written = usage.cacheWriteTokens ?? 0;
	const plain = Math.max(0, usage.inputTokens - read - written);
	const input = plain * price.input + read * (price.cacheRead ?? price.input) + written * (price.cacheWrite ?? price.input);
	return (input + usage.outputTokens * (price.output ?? 0)) / 1_000_000;
}

/** The price of the highest tier that so much input reaches. */
function priceFor(inputTokens: number, { price, priceTiers = [] }: ModelInfo): Price {
	const reached = priceTiers.filter((tier) => inputTokens > tier.aboveInputTokens);
	return reached.sort((a, b) => b.aboveInputTokens - a.aboveInputTokens)[0] ?? price;
}

/** USD for people: as many digits as tell something. */
export function dollars(cost: number | null): string {
	if (cost === null) return 'unknown';
	if (cost === 0) return 'free';
	return `$${cost >= 0.01 ? cost.toFixed(4) : cost.toFixed(6)}`;
}
