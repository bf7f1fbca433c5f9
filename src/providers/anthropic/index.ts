import { isObject } from '../../lib/json.ts';
import type { ModelTraits } from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { type BodyRule, drop, when, withinCeiling } from '../rules.ts';
import { claudeTraits } from '../shared/claude.ts';
import { noBudgetAmidForeignCalls } from './foreign-calls.ts';

/**
 * What an unset output limit becomes: generous enough not to cut ordinary answers, small enough for the account's rate limits.
 * The API demands a limit.
 */
const DEFAULT_MAX_TOKENS = 32_000;

/** How a model behind Anthropic's API wants to be spoken to; the API is also that of vendors whose models are no Claude. */
export function anthropicTraits(model: string, maxOutputTokens: number | null): ModelTraits {
	return {
		maxOutputTokens: Math.min(maxOutputTokens ?? DEFAULT_MAX_TOKENS, DEFAULT_MAX_TOKENS),
		...(maxOutputTokens === null ? {} : { outputCeiling: maxOutputTokens }),
		...claudeTraits(model),
	};
}

/** Models that reason by effort refuse a budget: keep the wish, in their words. */
const budgetToAdaptive: BodyRule = (context) => {
	const thinking = context.get('thinking');
	if (!isObject(thinking) || thinking.type !== 'enabled') return;
	const { budget_tokens: budget, ...rest } = thinking;
	context.set('thinking', { ...rest, type: 'adaptive' });
	const config = context.get('output_config');
	if (!isObject(config) || config.effort === undefined) {
		const effort = typeof budget === 'number' ? effortForBudget(budget) : 'high';
		context.set('output_config', { ...(isObject(config) ? config : {}), effort });
	}
	context.warn({
		kind: 'approximated',
		path: 'thinking.budget_tokens',
		message: `${context.model} takes no token budget: sent as adaptive thinking with an effort`,
	});
};

/** Nearest effort for a budget of thinking tokens. */
function effortForBudget(tokens: number): string {
	if (tokens <= 4096) return 'low';
	if (tokens <= 12_288) return 'medium';
	return tokens <= 32_768 ? 'high' : 'max';
}

/** What Anthropic does its own way; address, key and models come from the catalog. */
export const anthropic: Partial<VendorDescriptor> = {
	// By the vendor's convention a base URL ends before `/v1`, which its clients add.
	adaptBaseUrl: (url) => (/\/v\d+\/?$/.test(url) ? url : `${url.replace(/\/+$/, '')}/v1`),
	headers: { 'anthropic-version': '2023-06-01' },
	clientHeaders: ['anthropic-version', 'anthropic-beta'],
	traits: anthropicTraits,
	rules: [
		when(
			(traits) => traits.sampling === false,
			drop(['temperature', 'top_p', 'top_k'], 'refuses sampling parameters', { temperature: 1 }),
		),
		when((traits) => traits.reasoning === 'adaptive', budgetToAdaptive),
		noBudgetAmidForeignCalls,
		withinCeiling('max_tokens'),
	],
};
