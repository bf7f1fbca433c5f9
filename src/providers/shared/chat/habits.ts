import type { JsonValue, ModelInfo, ModelTraits } from '../../../spec/index.ts';
import type { VendorDescriptor } from '../../descriptor.ts';
import { askForStreamUsage, type BodyRule, drop, rename, withinCeiling } from '../../rules.ts';
import { defaults, NEUTRAL, narrow, plainTools, type Range, statedParameters } from './fields.ts';
import { type FormatHabits, formatRule } from './format.ts';
import { functionsOnly } from './free-text.ts';
import { type MessageHabits, messagesRule } from './messages.ts';
import { type ReasoningHabits, reasoningRule, reasoningTraits } from './reasoning.ts';
import { type ToolChoiceHabits, toolChoiceRule } from './tool-choice.ts';

/** What a vendor of the chat completions format does its own way, as data. Absent: as the format's own vendor does. */
export interface ChatHabits {
	/** Fields that are refused or ignored: left out, with a warning where they said something. */
	refuses?: readonly string[];
	/** The one name under which the output limit is taken. */
	limit?: 'max_tokens' | 'max_completion_tokens';
	/** True: one answer at a time (`n`). */
	oneAnswer?: true;
	/** True: a limit beyond the model's own is refused; it is lowered to what the catalog says. */
	ceiling?: true;
	/** Limit to state where a request gives none, in tokens: the vendor's own default cuts ordinary answers. */
	usualLimit?: number;
	/** Name of the field for a seed. */
	seed?: string;
	/** Range of the temperature. */
	temperature?: Range;
	reasoning?: ReasoningHabits;
	toolChoice?: ToolChoiceHabits;
	messages?: MessageHabits;
	format?: FormatHabits;
	/**
	 * True: its answers depart from the format in ways that clients of it stumble over (calls without an index, content in parts, errors
	 * of another form amid a stream), so that they are translated even for those.
	 */
	translates?: true;
	/** False: the vendor knows no `strict` on functions. */
	strictTools?: false;
	/** True: every function must state its parameters, also where there are none. */
	statedParameters?: true;
	/** Fields to add where a request does not have them. */
	adds?: { readonly [field: string]: JsonValue };
	/** Fields to add to a streamed request with tools. */
	addsToToolStreams?: { readonly [field: string]: JsonValue };
	/** `unasked`: streams report usage without being asked, and asking is refused. */
	streamUsage?: 'unasked';
	/** `always`: models that only stream; `long`: those that stream where the output limit is above 4096 tokens. */
	streams?: 'always' | 'long';
	/** Further habits of some models, by their ids; every line that matches holds, before the vendor's own. */
	models?: readonly ({ of: RegExp } & Omit<
		ChatHabits,
		'models' | 'options' | 'headers' | 'clientHeaders' | 'refusalIn' | 'translates'
	>)[];
	/** The error in an answer that looks like a success. */
	refusalIn?: NonNullable<VendorDescriptor['refusalIn']>;
	/** Settings (`options` in the config) that become body fields where a request does not have them. */
	options?: { readonly [option: string]: string };
	/** Settings that become headers. */
	headers?: { readonly [option: string]: string };
	/** Headers of clients that the vendor understands. */
	clientHeaders?: readonly string[];
}

const REQUIRES_STREAM_ABOVE = 4096;

/** Asks for a stream where the model answers in no other form; the answer is put together for the client. */
function streamRule(when: 'always' | 'long'): BodyRule {
	return (context) => {
		if (context.get('stream') === true) return;
		const limit = context.get('max_tokens') ?? context.get('max_completion_tokens');
		if (when === 'long' && !(typeof limit === 'number' && limit > REQUIRES_STREAM_ABOVE)) return;
		context.set('stream', true);
	};
}

function usualLimit(tokens: number, field: string): BodyRule {
	return (context) => {
		if (context.get('max_tokens') != null || context.get('max_completion_tokens') != null) return;
		const value = Math.min(tokens, context.traits.maxOutputTokens ?? tokens);
		context.set(field, value);
		context.warn({
			kind: 'defaulted',
			path: field,
			message: `${context.model} would stop after few tokens: ${value} were allowed`,
		});
	};
}

/** The rules a vendor's habits come to, in the order in which they must run. */
export function chatRules(habits: ChatHabits): BodyRule[] {
	const rules = (habits.models ?? []).flatMap(({ of, ...line }) => chatRules(line).map((rule) => onlyFor(of, rule)));
	const { limit, seed, reasoning, toolChoice, messages, format, streams } = habits;
	if (reasoning !== undefined) rules.push(reasoningRule(reasoning));
	if (toolChoice !== undefined) rules.push(toolChoiceRule(toolChoice));
	if (limit !== undefined) rules.push(rename(limit === 'max_tokens' ? 'max_completion_tokens' : 'max_tokens', limit, false));
	if (habits.ceiling === true) rules.push(withinCeiling('max_tokens', 'max_completion_tokens'));
	if (messages?.functionsOnly === true) rules.push(functionsOnly);
	if (seed !== undefined) rules.push(rename('seed', seed, false));
	if (habits.refuses !== undefined) rules.push(drop(habits.refuses, 'does not take it', NEUTRAL));
	if (habits.oneAnswer === true) rules.push(narrow('n', { most: 1 }));
	if (habits.temperature !== undefined) rules.push(narrow('temperature', habits.temperature));
	if (format !== undefined) rules.push(formatRule(format));
	if (messages !== undefined) rules.push(messagesRule(messages));
	if (habits.strictTools === false) rules.push(plainTools);
	if (habits.statedParameters === true) rules.push(statedParameters);
	if (habits.usualLimit !== undefined) rules.push(usualLimit(habits.usualLimit, limit ?? 'max_tokens'));
	if (habits.adds !== undefined) rules.push(defaults(habits.adds));
	if (habits.addsToToolStreams !== undefined) {
		const add = defaults(habits.addsToToolStreams);
		rules.push((context) => {
			if (context.get('stream') === true && context.get('tools') != null) add(context);
		});
	}
	if (streams !== undefined) rules.push(streamRule(streams));
	return rules;
}

function onlyFor(models: RegExp, rule: BodyRule): BodyRule {
	return (context) => {
		if (models.test(context.model)) rule(context);
	};
}

/** What the encoder of requests must know of a model beforehand. */
function chatTraits(habits: ChatHabits, model: string, maxOutputTokens: number | null, row: ModelInfo | undefined): ModelTraits {
	const traits: ModelTraits = maxOutputTokens === null ? {} : { maxOutputTokens };
	const lines = [habits, ...(habits.models ?? []).filter(({ of }) => of.test(model))];
	for (const line of lines) {
		if (line.ceiling === true && maxOutputTokens !== null) traits.outputCeiling = maxOutputTokens;
		if (line.limit !== undefined) traits.maxTokensField = line.limit;
		if (line.format?.schema === false) traits.jsonSchema = false;
		if (line.messages?.ending === 'user') traits.prefill = false;
	}
	const reasoning = lines.findLast((line) => line.reasoning !== undefined)?.reasoning;
	if (reasoning === undefined) return traits;
	return { ...traits, ...reasoningTraits(row?.capabilities.reasoning === false ? { form: 'none' } : reasoning) };
}

/** A vendor's descriptor from its habits; address, key and models come from its catalog row. */
export function compatible(habits: ChatHabits): Partial<VendorDescriptor> {
	const rules = chatRules(habits);
	const { options, headers, clientHeaders, refusalIn, translates } = habits;
	return {
		rules: habits.streamUsage === 'unasked' ? rules : [...rules, askForStreamUsage],
		traits: (model, maxOutputTokens, row) => chatTraits(habits, model, maxOutputTokens, row),
		...(refusalIn === undefined ? {} : { refusalIn }),
		...(translates === undefined ? {} : { translates }),
		...(headers === undefined ? {} : { optionHeaders: headers }),
		...(clientHeaders === undefined ? {} : { clientHeaders }),
		...(options === undefined
			? {}
			: {
					rulesOf: (settings) => {
						const added = Object.entries(options).flatMap(([option, field]) => {
							const value = settings.options[option];
							return value === undefined ? [] : [[field, value] as const];
						});
						return added.length === 0 ? [] : [defaults(Object.fromEntries(added))];
					},
				}),
	};
}
