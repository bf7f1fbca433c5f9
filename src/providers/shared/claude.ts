import type { ModelTraits } from '../../spec/index.ts';

/** Version of a model as a number, 4.6 for `claude-opus-4-6`; undefined for a name that states none. */
export function modelVersion(model: string): number | undefined {
	const match = /claude-(?:[a-z]+-)?(\d)(?:[-.](\d{1,2}))?(?!\d)/.exec(model);
	return match === null ? undefined : Number(`${match[1]}.${match[2] ?? 0}`);
}

/**
 * How a Claude wants to be spoken to, whoever serves it (catalog, quirks of the row `anthropic`). A name without a version is taken
 * for the newest model; of one that is no Claude nothing is known.
 */
export function claudeTraits(model: string): ModelTraits {
	const traits: ModelTraits = {};
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
