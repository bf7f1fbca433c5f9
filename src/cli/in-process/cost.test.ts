import { describe, expect, it } from 'vitest';
import type { ModelInfo, Price, Usage } from '../../spec/index.ts';
import { costOf, dollars } from './index.ts';

const price = (input: number | null, output: number | null, cacheRead: number | null = null): Price => ({
	input,
	output,
	cacheRead,
	cacheWrite: null,
});

const model = (more: Partial<ModelInfo>): ModelInfo => ({
	id: 'm',
	provider: 'p',
	mode: 'chat',
	contextWindow: null,
	maxOutput: null,
	price: price(2, 10),
	capabilities: {
		chat: true,
		streaming: true,
		tools: null,
		jsonSchema: null,
		vision: null,
		reasoning: null,
		embeddings: null,
		dataSources: null,
	},
	inputModalities: ['text'],
	outputModalities: ['text'],
	...more,
});

const usage = (inputTokens: number, outputTokens: number, more: Partial<Usage> = {}): Usage => ({
	inputTokens,
	outputTokens,
	...more,
});

describe('cost of an answer', () => {
	it.each([
		['input and output by their prices', usage(1000, 100), model({}), 0.003],
		['cached input by its own price', usage(1000, 0, { cacheReadTokens: 500 }), model({ price: price(2, 10, 0.2) }), 0.0011],
		['cached input without a price as input', usage(1000, 0, { cacheReadTokens: 500 }), model({}), 0.002],
		[
			'the tier that long input reaches',
			usage(300, 0),
			model({ priceTiers: [{ ...price(4, 20), aboveInputTokens: 200 }] }),
			0.0012,
		],
		['no tier at its very limit', usage(200, 0), model({ priceTiers: [{ ...price(4, 20), aboveInputTokens: 200 }] }), 0.0004],
		['what the provider states', usage(1, 1, { statedCostUsd: 0.5 }), undefined, 0.5],
		['nothing for a local model', usage(1000, 1000), model({ price: price(0, 0) }), 0],
		['unknown without a price', usage(10, 10), model({ price: price(null, null) }), null],
		['unknown without an output price', usage(10, 10), model({ price: price(1, null) }), null],
		['unknown for an unknown model', usage(10, 10), undefined, null],
		['unknown without usage', undefined, model({}), null],
	])('counts %s', (_, used, info, expected) => {
		const cost = costOf(used, info);
		if (expected === null) expect(cost).toBeNull();
		else expect(cost).toBeCloseTo(expected, 12);
	});

	it('reads well', () => {
		expect([null, 0, 0.0000123, 0.5].map(dollars)).toEqual(['unknown', 'free', '$0.000012', '$0.5000']);
	});
});
