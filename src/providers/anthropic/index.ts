import { isObject } from '../../lib/json.ts';
import type { ModelTraits } from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { type BodyRule, drop, when } from '../rules.ts';
import { noBudgetAmidForeignCalls } from './foreign-calls.ts';

/**
 * What an unset output limit becomes: generous enough not to cut ordinary answers, small enough for the account's rate limits.
 * The API demands a limit.
 */
const DEFAULT_MAX_TOKENS = 32_000;

/** Version of a model as a number, 4.6 for `claude-opus-4-6`; undefined for a name that states none. */
export function modelVersion(model: string): number | undefined {
	const match = /claude-(?:[a-z]+-)?(\d)(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
	return match === null ? undefined : Number(`${match[1]}.${match[2] ?? 0}`);
}

/**
 * How one of Anthropic's models wants to be spoken to (catalog, quirks of the row `anthropic`). A name without a version is taken
 * for the newest model; of one that is no Claude, as other vendors of the same API serve them, nothing is known.
 */
export function anthropicTraits(model: string, maxOutputTokens: number | null): ModelTraits {
	const traits: ModelTraits = { maxOutputTokens: Math.min(maxOutputTokens ?? DEFAULT_MAX_TOKENS, DEFAULT_MAX_TOKENS) };
	if (!/claude/i.test(model)) return traits;
	const version = modelVersion(model) ?? 99;
	if (version >= 4.7) {
		traits.reasoning = 'adaptive';
		traits.efforts = ['low', 'medium', 'high', 'xhigh', 'max'];
		traits.sampling = false;
	} else {
		traits.reasoning = version >= 3.7 ? 'budget' : 'none';
	}
	if (/^claude-(opus-5-5|fable-5-1)/.test(model)) traits.reasoningAlways = true;
	if (version >= 4.6) traits.prefill = false;
	if (version < 4.5) traits.jsonSchema = false;
	return traits;
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
	],
};
