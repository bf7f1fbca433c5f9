import { type JsonObject, type ModelTraits, type ProviderSettings, RelaisError } from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { claudeTraits } from '../shared/claude.ts';
import { bedrockSigner, regionOf } from './credentials.ts';
import { guardrailRules } from './guardrail.ts';
import { checkBedrock, controlPlane, listBedrock } from './list.ts';
import { baseModel, familyOf, ProfileBook, usualProfile } from './models.ts';
import { bodyRules } from './rules.ts';

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

/** What helps where the model, not the request, is refused. */
function cure({ code, message }: RelaisError, model: string, region: string): string | undefined {
	if (/on-demand throughput isn.t supported/i.test(message))
		return `Ask for an inference profile of it, such as ${usualProfile(model, region)}`;
	if (/model identifier is invalid/i.test(message))
		return `It is not offered in ${region}, or only through an inference profile, such as ${usualProfile(model, region)}`;
	if (code === 'provider_forbidden' && /access to the model/i.test(message))
		return `Ask for access to it in the Bedrock console, under model access of ${region}`;
	return undefined;
}

/** A bare message under a success status is an error that lost its status on the way, as behind gateways. */
function refusalIn({ message, output }: JsonObject): RelaisError | undefined {
	if (typeof message !== 'string' || output !== undefined) return undefined;
	return new RelaisError('provider_error', message, { status: 500 });
}

function forSettings(settings: ProviderSettings): Partial<VendorDescriptor> {
	const region = regionOf(settings, process.env);
	const control = controlPlane(settings, region);
	const book = new ProfileBook();
	return {
		traits: (model, maxOutputTokens) => bedrockTraits(book.resolve(model), maxOutputTokens),
		baseModel: (model) => book.resolve(model),
		rules: bodyRules((model) => book.resolve(model)),
		list: (ask) => listBedrock(ask, control, book),
		check: (ask) => checkBedrock(ask, control),
		cure: (error, model) => cure(error, model, region),
	};
}

/** What Amazon Bedrock does its own way; address and models come from the catalog. */
export const bedrock: Partial<VendorDescriptor> = {
	traits: bedrockTraits,
	baseModel,
	refusalIn,
	signer: (settings, host) => bedrockSigner(settings, process.env, host),
	rulesOf: guardrailRules,
	forSettings,
};
