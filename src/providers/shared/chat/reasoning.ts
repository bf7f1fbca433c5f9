import { askedReasoning, budgetOfEffort, effortOfBudget, isEffort, nearestEffort } from '../../../dialects/openai-chat/index.ts';
import type { JsonObject, ModelTraits, ReasoningRequest } from '../../../spec/index.ts';
import type { BodyRule, RuleContext } from '../../rules.ts';

/**
 * In which fields a vendor takes reasoning settings:
 * - `effort`: `reasoning_effort`;
 * - `thinking`: `thinking: {type}`, and `reasoning_effort` beside it where there are levels;
 * - `switch`: `enable_thinking` and `thinking_budget`;
 * - `object`: the aggregators' `reasoning: {effort | max_tokens | enabled}`;
 * - `mode`: `prompt_mode: reasoning`, or nothing;
 * - `none`: nowhere.
 */
export interface ReasoningHabits {
	form: 'effort' | 'thinking' | 'switch' | 'object' | 'mode' | 'none';
	/** Levels taken, weakest first; absent: no facts for `effort` and `object`, none for the others. */
	efforts?: readonly string[];
	/** True when reasoning cannot be turned off. */
	always?: true;
}

const FIELDS = ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'thinking_budget'] as const;

const TAKEN: { readonly [form in ReasoningHabits['form']]: readonly string[] } = {
	effort: ['reasoning_effort'],
	thinking: ['thinking'],
	switch: ['enable_thinking', 'thinking_budget'],
	object: ['reasoning', 'reasoning_effort'],
	mode: [],
	none: [],
};

/** Every level there is, for vendors that take a wish for reasoning in any strength. */
const ALL = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** What the encoder must know, so that a wish of another dialect reaches the rule whole. */
export function reasoningTraits({ form, efforts, always }: ReasoningHabits): ModelTraits {
	if (form === 'none') return { reasoning: 'none' };
	const off = always === true ? {} : { none: true };
	if (form === 'switch') return { reasoning: 'budget' };
	const levels = form === 'mode' ? ALL : (efforts ?? ALL);
	const named = levels.filter((level) => level !== 'none');
	return {
		reasoning: 'effort',
		efforts: 'none' in off ? ['none', ...named] : named,
		...(always === true ? { reasoningAlways: true } : {}),
	};
}

interface Asked extends ReasoningRequest {
	off: boolean;
}

/** What a request asks for, in whatever form; undefined where it asks for nothing, or for something unreadable. */
function asked(context: RuleContext): Asked | undefined {
	let wire: JsonObject | undefined;
	for (const field of FIELDS) {
		const value = context.get(field);
		if (value === undefined || value === null) continue;
		wire ??= {};
		wire[field] = value;
	}
	const settings = wire === undefined ? undefined : askedReasoning(wire);
	return settings === undefined ? undefined : { ...settings, off: settings.mode === 'off' || settings.effort === 'none' };
}

type Writer = (settings: Asked, habits: ReasoningHabits, context: RuleContext) => JsonObject;

function levelOf({ effort, budgetTokens }: Asked): string | undefined {
	return effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens));
}

/** The level to send: the nearest there is. */
function fitted(settings: Asked, { efforts }: ReasoningHabits, context: RuleContext): string | undefined {
	const level = levelOf(settings);
	if (level === undefined || efforts === undefined) return level;
	const nearest = isEffort(level) ? nearestEffort(level, efforts) : level;
	if (nearest !== level) {
		const message = `${context.model} has no effort '${level}'; '${nearest}' was asked for`;
		context.warn({ kind: 'approximated', path: 'reasoning_effort', message });
	}
	return nearest;
}

/** The level for no reasoning at all, or the one that comes nearest. */
function weakest({ efforts }: ReasoningHabits, context: RuleContext): string {
	const [level] = efforts ?? [];
	if (level === undefined || efforts?.includes('none') === true) return 'none';
	const message = `${context.model} cannot turn reasoning off; its weakest effort '${level}' was asked for`;
	context.warn({ kind: 'approximated', path: 'reasoning_effort', message });
	return level;
}

const WRITERS: { readonly [form in ReasoningHabits['form']]: Writer } = {
	effort: (settings, habits, context) => {
		if (settings.off) return { reasoning_effort: weakest(habits, context) };
		const level = fitted(settings, habits, context);
		return level === undefined ? {} : { reasoning_effort: level };
	},
	thinking: (settings, habits, context) => {
		if (settings.off) return { thinking: { type: 'disabled' } };
		const type = settings.mode === 'adaptive' ? {} : { thinking: { type: 'enabled' } };
		const level = habits.efforts === undefined ? undefined : fitted(settings, habits, context);
		return level === undefined ? type : { ...type, reasoning_effort: level };
	},
	switch: ({ off, effort, budgetTokens, mode }) => {
		if (off) return { enable_thinking: false };
		const budget = budgetTokens ?? (effort === undefined ? undefined : budgetOfEffort(effort));
		if (budget === undefined) return mode === 'adaptive' ? {} : { enable_thinking: true };
		return { enable_thinking: true, thinking_budget: budget };
	},
	object: ({ off, effort, budgetTokens }) => {
		if (off) return { reasoning: { enabled: false } };
		if (budgetTokens !== undefined) return { reasoning: { max_tokens: budgetTokens } };
		return { reasoning: effort === undefined ? { enabled: true } : { effort } };
	},
	mode: ({ off }) => (off ? {} : { prompt_mode: 'reasoning' }),
	none: () => ({}),
};

function refuse(settings: Asked, context: RuleContext): void {
	for (const field of FIELDS) {
		if (context.get(field) === undefined) continue;
		context.set(field, undefined);
		if (!settings.off) context.warn({ kind: 'dropped', path: field, message: `${context.model} takes no reasoning settings` });
	}
}

/** Whether all that is asked is in the vendor's own fields and in words it takes. */
function isFit(settings: Asked, habits: ReasoningHabits, context: RuleContext): boolean {
	const taken = [...TAKEN[habits.form], ...(habits.efforts === undefined ? [] : ['reasoning_effort'])];
	const foreign = FIELDS.some((field) => context.get(field) != null && !taken.includes(field));
	if (foreign || (settings.off && habits.always === true)) return false;
	const { effort } = settings;
	if (effort === undefined || habits.efforts === undefined || !isEffort(effort)) return true;
	return habits.efforts.includes(effort);
}

/** Puts reasoning settings into the vendor's fields. */
export function reasoningRule(own: ReasoningHabits): BodyRule {
	return (context) => {
		const settings = asked(context);
		if (settings === undefined) return;
		const { efforts } = context.traits;
		// What is known of the model goes before what is known of the vendor.
		const habits = own.form === 'effort' && own.efforts === undefined && efforts !== undefined ? { ...own, efforts } : own;
		if (habits.form === 'none' || context.traits.reasoning === 'none') return refuse(settings, context);
		if (isFit(settings, habits, context)) return;
		const path = FIELDS.find((field) => context.get(field) != null) ?? 'reasoning';
		for (const field of FIELDS) if (context.get(field) !== undefined) context.set(field, undefined);
		if (settings.off && habits.always === true && habits.form !== 'effort') {
			const message = `${context.model} cannot turn reasoning off`;
			context.warn({ kind: 'dropped', path, message });
			return;
		}
		const written = WRITERS[habits.form](settings, habits, context);
		for (const field in written) context.set(field, written[field]);
	};
}

/** Whether the model will think, as far as the request says; undefined: it says nothing. */
export function asksToThink(context: RuleContext): boolean | undefined {
	const settings = asked(context);
	return settings === undefined ? undefined : !settings.off;
}
