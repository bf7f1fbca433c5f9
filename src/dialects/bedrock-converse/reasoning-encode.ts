import type { ChatRequest, JsonObject, ModelTraits, ReasoningRequest } from '../../spec/index.ts';
import { table } from '../shared/index.ts';
import { mark } from './dialect.ts';
import type { EncodeState } from './encode-state.ts';
import { SUMMARIES } from './model-fields-decode.ts';

/** The least budget models take. */
const LEAST_BUDGET = 1024;
/** Output allowed beside a budget where the request states no limit. */
const ANSWER_TOKENS = 8192;
const EFFORTS = ['low', 'medium', 'high'];
/** All vendors' words by strength, to find the nearest. */
const STRENGTHS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
/** Thinking budget of each level, in tokens; at most half the output limit, which has to hold the answer too. */
const BUDGETS = table<number>({ minimal: 1024, low: 4096, medium: 16_384, high: 32_768, xhigh: 49_152, max: 63_999 });

/** The model's own fields that ask for reasoning, and the output limit that leaves room for it. */
export interface ReasoningFields {
	fields: JsonObject;
	/** The model thinks before it answers. */
	thinks: boolean;
	/** It does so with a budget. */
	budgeted: boolean;
	maxTokens: number | undefined;
}

/**
 * Writes the wish for reasoning as fields of the model's own, which the API hands on unread: `thinking` for models that take a
 * budget or think by their own measure, `reasoning_effort` for those that take an effort.
 */
export function encodeReasoning(request: ChatRequest, state: EncodeState): ReasoningFields {
	const plain: ReasoningFields = { fields: {}, thinks: false, budgeted: false, maxTokens: request.maxOutputTokens };
	const wish = request.reasoning;
	if (wish === undefined) return plain;
	if (state.own) return asAsked(request, wish, plain);
	if (wish.summary === 'concise' || wish.summary === 'detailed')
		state.losses.dropped('reasoning.summary', 'The kind of summary cannot be chosen.');
	if (wish.mode === 'off' || (wish.mode === undefined && wish.effort === 'none')) return turnedOff(wish, plain, state);
	return STYLES[state.traits.reasoning ?? 'none'](wish, plain, state);
}

function asAsked(request: ChatRequest, wish: ReasoningRequest, plain: ReasoningFields): ReasoningFields {
	const { mode, budgetTokens, effort, summary } = wish;
	const display = Object.keys(SUMMARIES).find((word) => SUMMARIES[word] === summary);
	const fields: JsonObject = {};
	const types = { on: 'enabled', adaptive: 'adaptive', off: 'disabled' };
	if (mode !== undefined)
		fields.thinking = {
			type: types[mode],
			...(budgetTokens === undefined ? {} : { budget_tokens: budgetTokens }),
			...(display === undefined ? {} : { display }),
		};
	if (effort !== undefined && mark(request, '$effort') === 'output_config') fields.output_config = { effort };
	else if (effort !== undefined) fields.reasoning_effort = effort;
	return { ...plain, fields, thinks: mode === 'on' || mode === 'adaptive', budgeted: mode === 'on' };
}

function turnedOff(wish: ReasoningRequest, plain: ReasoningFields, state: EncodeState): ReasoningFields {
	if (state.traits.reasoningAlways === true) {
		state.losses.dropped('reasoning', 'The model always reasons.');
		return plain;
	}
	if (wish.mode === 'off' && state.signs) return { ...plain, fields: { thinking: { type: 'disabled' } } };
	return plain;
}

type Style = NonNullable<ModelTraits['reasoning']>;

const STYLES: { [style in Style]: (wish: ReasoningRequest, plain: ReasoningFields, state: EncodeState) => ReasoningFields } = {
	budget: withBudget,
	adaptive: (wish, plain, state) => {
		const effort = levelOf(wish, state);
		const config = effort === undefined ? {} : { output_config: { effort } };
		const display = displayOf(wish);
		const thinking = { type: 'adaptive', ...(display === undefined ? {} : { display }) };
		return { ...plain, fields: { thinking, ...config }, thinks: true };
	},
	effort: (wish, plain, state) => {
		const effort = levelOf(wish, state);
		return effort === undefined ? plain : { ...plain, fields: { reasoning_effort: effort } };
	},
	none: (_wish, plain, state) => {
		state.losses.dropped('reasoning', 'The model cannot be told how to reason.');
		return plain;
	},
};

/** Models that think by their own measure keep the text of it to themselves unless it is asked for. */
function displayOf({ summary }: ReasoningRequest): string | undefined {
	if (summary === undefined) return undefined;
	return summary === 'none' || summary === 'omitted' ? 'omitted' : 'summarized';
}

function withBudget(wish: ReasoningRequest, plain: ReasoningFields, state: EncodeState): ReasoningFields {
	const limit = plain.maxTokens;
	const wanted = wish.budgetTokens ?? BUDGETS[wish.effort ?? 'medium'] ?? BUDGETS.medium ?? LEAST_BUDGET;
	const most = limit ?? state.traits.maxOutputTokens ?? wanted + ANSWER_TOKENS;
	const budget = Math.min(Math.max(wish.budgetTokens ?? Math.min(wanted, Math.floor(most / 2)), LEAST_BUDGET), most - 1);
	if (budget < LEAST_BUDGET) {
		state.losses.dropped('reasoning', `Thinking needs more than ${LEAST_BUDGET} output tokens; the limit is ${most}.`);
		return plain;
	}
	if (wish.budgetTokens !== undefined && budget !== wish.budgetTokens) {
		state.losses.add('changed', 'reasoning', `The thinking budget was set to ${budget} tokens to fit its limits.`);
	}
	const thinking = { type: 'enabled', budget_tokens: budget };
	return { fields: { thinking }, thinks: true, budgeted: true, maxTokens: limit ?? Math.min(most, budget + ANSWER_TOKENS) };
}

/** The level asked for, or the one that stands for a budget, as near as the model takes it. */
function levelOf(wish: ReasoningRequest, state: EncodeState): string | undefined {
	const { budgetTokens: budget, effort } = wish;
	if (effort === undefined && budget === undefined) return undefined;
	const taken = state.traits.efforts ?? EFFORTS;
	const asked = effort ?? STRENGTHS.findLast((level) => (BUDGETS[level] ?? Number.POSITIVE_INFINITY) <= (budget ?? 0)) ?? 'low';
	const strength = STRENGTHS.indexOf(asked);
	const far = (level: string): number => Math.abs(STRENGTHS.indexOf(level) - strength);
	const nearest = taken.includes(asked) ? asked : [...taken].sort((a, b) => far(a) - far(b))[0];
	if (effort === undefined) {
		state.losses.add('approximated', 'reasoning', `A budget of ${budget} thinking tokens was sent as effort '${nearest}'.`);
	} else if (nearest !== asked) {
		state.losses.add('approximated', 'reasoning', `The effort '${asked}' is not taken; '${nearest}' was sent.`);
	}
	return nearest;
}
