import type { ModelTraits } from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { claudeTraits } from '../shared/claude.ts';
import { bedrockSigner } from './credentials.ts';
import { baseModel, familyOf } from './models.ts';
import { cachePointsWhereKnown, fieldsOfTheMaker } from './rules.ts';

/** Models that take no instructions apart from the conversation. */
const NO_SYSTEM = /^(titan-text|command-text|command-light|j2-|mistral-7b|mixtral-)/;
/** Makers whose models follow no schema of their own accord. */
const NO_SCHEMA: ReadonlySet<string> = new Set(['amazon', 'meta', 'cohere', 'ai21']);
/** Models that reason by effort. */
const EFFORT = /^(gpt-oss|nova-2)/;

/** How one of the models behind the API wants to be spoken to (catalog, quirks of the row `aws-bedrock`). */
export function bedrockTraits(model: string, maxOutputTokens: number | null): ModelTraits {
	const { maker, name } = familyOf(model);
	const traits: ModelTraits = claudeTraits(name);
	if (maxOutputTokens !== null) traits.maxOutputTokens = maxOutputTokens;
	if (NO_SYSTEM.test(name)) traits.systemRole = 'user';
	if (NO_SCHEMA.has(maker)) traits.jsonSchema = false;
	if (!EFFORT.test(name)) return traits;
	return { ...traits, reasoning: 'effort', efforts: ['low', 'medium', 'high'] };
}

/** What Amazon Bedrock does its own way; address and models come from the catalog. */
export const bedrock: Partial<VendorDescriptor> = {
	traits: bedrockTraits,
	baseModel,
	signer: (settings) => bedrockSigner(settings),
	rules: [fieldsOfTheMaker, cachePointsWhereKnown],
};
