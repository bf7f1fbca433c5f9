import { isEffort, nearestEffort } from '../../dialects/openai-chat/index.ts';
import { isObject } from '../../lib/json.ts';
import type { JsonValue, ModelInfo, ModelTraits } from '../../spec/index.ts';
import type { VendorDescriptor } from '../descriptor.ts';
import { askForStreamUsage, type BodyRule, drop, type RuleContext, rename, when, withinCeiling } from '../rules.ts';
import { reasoningRule } from '../shared/chat/index.ts';
import { documentedFieldsOnly } from './documented-fields.ts';

/** Parameters the reasoning models refuse (catalog, quirks of the row `openai`). */
const SAMPLING_FIELDS = [
	'temperature',
	'top_p',
	'presence_penalty',
	'frequency_penalty',
	'logprobs',
	'top_logprobs',
	'logit_bias',
];

/** Effort levels by model, first match wins (catalog, quirks of the row `openai`). */
const EFFORTS: readonly { models: RegExp; efforts: string[] }[] = [
	{ models: /^gpt-6(-astra|\.[2-9])/, efforts: ['low', 'medium', 'high', 'xhigh', 'max'] },
	{ models: /^gpt-(5\.[4-9]|6)/, efforts: ['none', 'low', 'medium', 'high', 'xhigh', 'max'] },
	{ models: /^gpt-5\.[1-3]/, efforts: ['none', 'low', 'medium', 'high'] },
	{ models: /^gpt-5/, efforts: ['minimal', 'low', 'medium', 'high'] },
	{ models: /^o\d/, efforts: ['low', 'medium', 'high'] },
];

const REASONING_MODEL = /^(o\d|gpt-([5-9]|\d\d))/;
const CHAT_VARIANT = /^gpt-[\d.]+-chat/;

/** How one of OpenAI's models wants to be spoken to. */
export function openaiTraits(model: string, maxOutputTokens: number | null): ModelTraits {
	const traits: ModelTraits = {};
	if (maxOutputTokens !== null) {
		traits.maxOutputTokens = maxOutputTokens;
		traits.outputCeiling = maxOutputTokens;
	}
	if (!REASONING_MODEL.test(model) || CHAT_VARIANT.test(model)) {
		traits.reasoning = 'none';
		return traits;
	}
	traits.reasoning = 'effort';
	traits.sampling = false;
	traits.maxTokensField = 'max_completion_tokens';
	traits.systemRole = /^o1-(mini|preview)/.test(model) ? 'user' : 'developer';
	const efforts = EFFORTS.find((row) => row.models.test(model))?.efforts;
	if (efforts !== undefined) traits.efforts = efforts;
	return traits;
}

/** Models whose names are OpenAI's own, whoever serves them. */
const OWN_MODEL = /^(o\d|gpt-\d|chatgpt-)/;

/** How a model behind the Responses API wants to be spoken to. The API is also that of vendors of whose models nothing is known. */
export function responsesTraits(model: string, maxOutputTokens: number | null): ModelTraits {
	if (OWN_MODEL.test(model)) return openaiTraits(model, maxOutputTokens);
	return maxOutputTokens === null ? {} : { maxOutputTokens };
}

/** Models that have no chat completions (catalog, `mode` of their rows; the pattern is for ids the catalog does not know). */
const RESPONSES_ONLY = /^(o\d-(pro|deep-research)|o4-mini-deep-research|gpt-[\d.]+-(pro|codex)|computer-use)/;

function dialectsOf(model: string, row: ModelInfo | undefined): readonly string[] {
	const only = row === undefined ? RESPONSES_ONLY.test(model) : row.mode === 'responses';
	return only ? ['openai-responses'] : ['openai-chat', 'openai-responses'];
}

/** The nearest level the model has. */
const responsesEffort: BodyRule = (context) => {
	const { efforts } = context.traits;
	const reasoning = context.get('reasoning');
	if (efforts === undefined || !isObject(reasoning) || typeof reasoning.effort !== 'string' || !isEffort(reasoning.effort))
		return;
	const effort = nearestEffort(reasoning.effort, efforts);
	if (effort === reasoning.effort) return;
	context.set('reasoning', { ...reasoning, effort });
	const message = `${context.model} has no effort '${reasoning.effort}'; '${effort}' was asked for`;
	context.warn({ kind: 'approximated', path: 'reasoning.effort', message });
};

/** Models that do not reason unless asked to, and then sample like any other (recorded traffic; the vendor's notes on 5.1). */
const UNASKED_NONE = /^gpt-5\.[1-4]/;

/** Whether a request leaves sampling to its parameters. @param effort what it asks for */
function samples({ model, traits }: RuleContext, effort: JsonValue | undefined): boolean {
	return traits.sampling !== false || effort === 'none' || (effort == null && UNASKED_NONE.test(model));
}

/** Sampling parameters that the Responses API has too. */
const responsesSampling: BodyRule = (context) => {
	const reasoning = context.get('reasoning');
	if (samples(context, isObject(reasoning) ? reasoning.effort : undefined)) return;
	drop(['temperature', 'top_p', 'top_logprobs'], 'is a reasoning model and refuses it', {
		temperature: 1,
		top_p: 1,
		top_logprobs: 0,
	})(context);
};

/** What OpenAI does its own way; address, key and models come from the catalog. */
export const openai: Partial<VendorDescriptor> = {
	also: {
		'openai-responses': {
			paths: { chat: '/responses', count_tokens: '/responses/input_tokens', models: '/models' },
			traits: responsesTraits,
			rules: [responsesEffort, responsesSampling, withinCeiling('max_output_tokens')],
		},
	},
	dialectsOf,
	optionHeaders: { organization: 'openai-organization', project: 'openai-project' },
	clientHeaders: ['openai-beta', 'idempotency-key'],
	traits: openaiTraits,
	rules: [
		reasoningRule({ form: 'effort' }),
		when((traits) => traits.maxTokensField === 'max_completion_tokens', rename('max_tokens', 'max_completion_tokens')),
		(context) => {
			if (samples(context, context.get('reasoning_effort'))) return;
			drop(SAMPLING_FIELDS, 'is a reasoning model and refuses it', {
				temperature: 1,
				top_p: 1,
				presence_penalty: 0,
				frequency_penalty: 0,
				logprobs: false,
			})(context);
		},
		documentedFieldsOnly,
		withinCeiling('max_tokens', 'max_completion_tokens'),
		askForStreamUsage,
	],
};
