import type { ChatRequest, JsonObject, ModelTraits, ReasoningRequest } from '../../spec/index.ts';
import { lookup } from './dialect.ts';
import type { EncodeState } from './encode-state.ts';

/** The least budget the API takes. */
const LEAST_BUDGET = 1024;
/** The levels the API knows, weakest first. */
const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];
/** All vendors' words by strength, to find the nearest. */
const STRENGTHS = ['none', 'minimal', ...EFFORTS];

/** Thinking budget of each level: at most `tokens`, and at most this share of the output limit, which has to hold the answer too. */
const BUDGETS: { [effort: string]: { share: number; tokens: number } } = {
	minimal: { share: 0.1, tokens: 1024 },
	low: { share: 0.2, tokens: 4096 },
	medium: { share: 0.5, tokens: 16_384 },
	high: { share: 0.75, tokens: 32_768 },
	xhigh: { share: 0.85, tokens: 49_152 },
	max: { share: 0.9, tokens: 63_999 },
};
/** Least budget that counts as each level, where a model takes levels in place of budgets. */
const LEVELS: readonly { least: number; effort: string }[] = [
	{ least: 49_152, effort: 'max' },
	{ least: 32_768, effort: 'xhigh' },
	{ least: 16_384, effort: 'high' },
	{ least: 4096, effort: 'medium' },
	{ least: 0, effort: 'low' },
];

/** The fields that ask for reasoning. */
export interface ReasoningFields {
	thinking?: JsonObject;
	effort?: string;
}

/** Writes the wish for reasoning in the manner of the target model. `maxTokens`: the output limit, which covers thinking too. */
export function encodeReasoning(request: ChatRequest, maxTokens: number, state: EncodeState): ReasoningFields {
	const wish = request.reasoning;
	if (wish === undefined) return {};
	const off = wish.mode === 'off' || (wish.mode === undefined && wish.effort === 'none');
	if (off) return turnedOff(wish, state);
	return STYLES[styleOf(wish, state)](wish, maxTokens, state);
}

type Style = NonNullable<ModelTraits['reasoning']> | 'as-asked';

/** A client of this dialect that names no way of thinking, or one the model takes, is repeated word for word. */
function styleOf(wish: ReasoningRequest, state: EncodeState): Style {
	const trait = state.traits.reasoning;
	if (!state.own) return trait ?? 'budget';
	if (wish.mode === undefined || trait === undefined) return 'as-asked';
	return (trait === 'budget' && wish.mode === 'on') || (trait === 'adaptive' && wish.mode === 'adaptive') ? 'as-asked' : trait;
}

function turnedOff(wish: ReasoningRequest, state: EncodeState): ReasoningFields {
	const effort = state.own && wish.effort !== undefined ? { effort: wish.effort } : {};
	if (state.traits.reasoningAlways === true) {
		const weakest = state.traits.efforts?.[0] ?? 'low';
		state.losses.add('approximated', 'reasoning', `The model always reasons; the weakest effort, '${weakest}', was asked for.`);
		return { effort: weakest };
	}
	if (!state.own && (state.traits.reasoning === 'none' || state.traits.reasoning === undefined) && wish.mode === undefined)
		return {};
	return { thinking: { type: 'disabled' }, ...effort };
}

const STYLES: { [style in Style]: (wish: ReasoningRequest, maxTokens: number, state: EncodeState) => ReasoningFields } = {
	'as-asked': (wish, _maxTokens, state) => ({
		...(wish.mode === undefined ? {} : { thinking: withDisplay(asAsked(wish), wish) }),
		...(wish.effort === undefined ? {} : takenEffort(wish, wish.effort, state)),
	}),
	budget: withBudget,
	adaptive: (wish, _maxTokens, state) => ({ thinking: withDisplay({ type: 'adaptive' }, wish), ...levelOf(wish, state) }),
	effort: (wish, _maxTokens, state) => levelOf(wish, state),
	none: (_wish, _maxTokens, state) => {
		state.losses.dropped('reasoning', 'The model cannot reason apart from its answer.');
		return {};
	},
};

function asAsked(wish: ReasoningRequest): JsonObject {
	if (wish.mode === 'adaptive') return { type: 'adaptive' };
	return { type: 'enabled', ...(wish.budgetTokens === undefined ? {} : { budget_tokens: wish.budgetTokens }) };
}

/** A client's effort, where the model is not known to take none. */
function takenEffort(wish: ReasoningRequest, effort: string, state: EncodeState): { effort?: string } {
	const { reasoning, efforts } = state.traits;
	if (efforts !== undefined) return levelOf(wish, state);
	if (reasoning !== 'budget' && reasoning !== 'none') return { effort };
	state.losses.dropped('output_config.effort', 'The model takes no effort.');
	return {};
}

function withBudget(wish: ReasoningRequest, maxTokens: number, state: EncodeState): ReasoningFields {
	const known = lookup(BUDGETS, wish.effort ?? 'medium');
	const table = known ?? { share: 0.5, tokens: 16_384 };
	const wanted = wish.budgetTokens ?? Math.floor(Math.min(table.tokens, table.share * maxTokens));
	const budget = Math.min(Math.max(wanted, LEAST_BUDGET), maxTokens - 1);
	if (budget < LEAST_BUDGET) {
		state.losses.dropped('reasoning', `Thinking needs more than ${LEAST_BUDGET} output tokens; the limit is ${maxTokens}.`);
		return {};
	}
	if (wish.budgetTokens !== undefined && budget !== wish.budgetTokens) {
		state.losses.add('changed', 'reasoning', `The thinking budget was set to ${budget} tokens to fit its limits.`);
	}
	if (wish.budgetTokens === undefined && wish.effort !== undefined && known === undefined) {
		state.losses.add(
			'approximated',
			'reasoning',
			`The effort '${wish.effort}' is not known; ${budget} thinking tokens were allowed.`,
		);
	}
	return { thinking: withDisplay({ type: 'enabled', budget_tokens: budget }, wish) };
}

/** The level asked for, or the one that stands for a budget, as near as the model takes it. */
function levelOf(wish: ReasoningRequest, state: EncodeState): { effort?: string } {
	const budget = wish.budgetTokens;
	const asked = wish.effort ?? (budget === undefined ? undefined : LEVELS.find((level) => budget >= level.least)?.effort);
	if (asked === undefined) return {};
	const taken = state.traits.efforts ?? EFFORTS;
	const effort = nearestEffort(asked, taken);
	if (wish.effort === undefined) {
		state.losses.add('approximated', 'reasoning', `A budget of ${budget} thinking tokens was sent as effort '${effort}'.`);
	} else if (effort !== asked) {
		state.losses.add('approximated', 'reasoning', `The effort '${asked}' is not taken; '${effort}' was sent.`);
	}
	return effort === undefined ? {} : { effort };
}

function nearestEffort(asked: string, taken: readonly string[]): string | undefined {
	if (taken.includes(asked)) return asked;
	const strength = STRENGTHS.indexOf(asked);
	const far = (level: string): number => Math.abs(STRENGTHS.indexOf(level) - strength);
	return [...taken].sort((a, b) => far(a) - far(b))[0];
}

const DISPLAYS: { [summary: string]: string } = {
	auto: 'summarized',
	concise: 'summarized',
	detailed: 'summarized',
	omitted: 'omitted',
	none: 'omitted',
};

function withDisplay(thinking: JsonObject, wish: ReasoningRequest): JsonObject {
	const display = lookup(DISPLAYS, wish.summary);
	if (display !== undefined) thinking.display = display;
	return thinking;
}
