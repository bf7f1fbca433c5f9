import { isObject } from '../../lib/json.ts';
import type { ChatRequest, JsonObject, ReasoningRequest } from '../../spec/index.ts';
import { own, same } from '../shared/index.ts';
import { DIALECT, lookup } from './dialect.ts';
import type { EncodeState } from './encode-state.ts';
import { readThinking } from './reasoning-decode.ts';

/** The levels the API knows, weakest first. */
const LEVELS = ['minimal', 'low', 'medium', 'high'];
/** All vendors' words by strength, to find the nearest. */
const STRENGTHS = ['none', ...LEVELS, 'xhigh', 'max'];
/** Thinking tokens each level stands for where a model takes a budget; the greatest budget any model takes is 32,768. */
const BUDGETS: { [effort: string]: number } = {
	minimal: 512,
	low: 1024,
	medium: 8192,
	high: 24_576,
	xhigh: 24_576,
	max: 24_576,
};
/** The least budget of models that cannot go without thinking. */
const LEAST_BUDGET = 128;
/** The greatest part of the output limit an effort may take. */
const SHARE = 0.75;
/** A budget that leaves it to the model. */
const DYNAMIC = -1;
/** Least budget that counts as each level, where a model takes levels in place of budgets. */
const LEAST: readonly { least: number; effort: string }[] = [
	{ least: 16_384, effort: 'high' },
	{ least: 4096, effort: 'medium' },
	{ least: 0, effort: 'low' },
];

/** Writes the wish for reasoning as a `thinkingConfig`, in the manner of the target model; undefined where there is nothing to say. */
export function encodeThinking(request: ChatRequest, state: EncodeState): JsonObject | undefined {
	const wish = request.reasoning;
	if (wish === undefined) return undefined;
	const kept = own(request, DIALECT)?.$asked;
	if (isObject(kept) && same(readThinking(kept, ''), wish) && takes(kept, state)) return kept;
	const off = wish.mode === 'off' || (wish.mode === undefined && wish.effort === 'none');
	if (state.traits.reasoning === 'none') {
		if (!off) state.losses.dropped('reasoning', 'The model cannot reason apart from its answer.');
		return undefined;
	}
	const config = levels(state) ? asLevel(wish, off, state) : asBudget(wish, off, request.maxOutputTokens, state);
	const shown = off ? undefined : shows(wish);
	return shown === undefined ? config : { ...config, includeThoughts: shown };
}

function levels(state: EncodeState): boolean {
	return state.traits.reasoning === 'effort' || (state.traits.reasoning === undefined && state.signing);
}

/** Whether the model takes the settings a client of this dialect sent: budgets and levels are not both known everywhere. */
function takes(config: JsonObject, state: EncodeState): boolean {
	if (state.traits.reasoning === 'none') return false;
	const level = config.thinkingLevel ?? config.thinking_level;
	return level === undefined || state.traits.reasoning !== 'budget';
}

/** Whoever asks for reasoning sees it, unless it is not wanted. */
function shows(wish: ReasoningRequest): boolean {
	return wish.summary !== 'none' && wish.summary !== 'omitted';
}

/** @param limit greatest number of output tokens, which thoughts count among: an answer has to find room beside them */
function asBudget(wish: ReasoningRequest, off: boolean, limit: number | undefined, state: EncodeState): JsonObject {
	if (off) return { thinkingBudget: leastBudget(state) };
	if (wish.budgetTokens !== undefined) return { thinkingBudget: wish.budgetTokens };
	if (wish.effort === undefined) return wish.mode === undefined ? {} : { thinkingBudget: DYNAMIC };
	const usual = lookup(BUDGETS, wish.effort);
	const most = limit === undefined ? Number.POSITIVE_INFINITY : Math.max(LEAST_BUDGET, Math.floor(limit * SHARE));
	const budget = usual === undefined ? undefined : Math.min(usual, most);
	if (budget !== undefined)
		state.losses.add('approximated', 'reasoning', `The effort '${wish.effort}' was sent as ${budget} thinking tokens.`);
	else
		state.losses.add(
			'approximated',
			'reasoning',
			`The effort '${wish.effort}' is not known; the model decides how much it thinks.`,
		);
	return { thinkingBudget: budget ?? DYNAMIC };
}

function leastBudget(state: EncodeState): number {
	if (state.traits.reasoningAlways !== true) return 0;
	state.losses.add('approximated', 'reasoning', `The model always reasons; ${LEAST_BUDGET} tokens were allowed for it.`);
	return LEAST_BUDGET;
}

function asLevel(wish: ReasoningRequest, off: boolean, state: EncodeState): JsonObject {
	const taken = state.traits.efforts ?? LEVELS;
	if (off) {
		const weakest = taken.find((level) => level !== 'none') ?? 'low';
		state.losses.add('approximated', 'reasoning', `The model always reasons; its weakest level, '${weakest}', was asked for.`);
		return { thinkingLevel: weakest.toUpperCase() };
	}
	const budget = wish.budgetTokens;
	const asked = wish.effort ?? (budget === undefined ? undefined : LEAST.find((level) => budget >= level.least)?.effort);
	if (asked === undefined) return {};
	const level = nearest(asked, taken);
	if (wish.effort === undefined)
		state.losses.add('approximated', 'reasoning', `A budget of ${budget} thinking tokens was sent as level '${level}'.`);
	else if (level !== asked)
		state.losses.add('approximated', 'reasoning', `The effort '${asked}' is not taken; '${level}' was sent.`);
	return { thinkingLevel: level.toUpperCase() };
}

function nearest(asked: string, taken: readonly string[]): string {
	if (taken.includes(asked)) return asked;
	const strength = STRENGTHS.indexOf(asked) < 0 ? STRENGTHS.indexOf('medium') : STRENGTHS.indexOf(asked);
	const far = (level: string): number => Math.abs(STRENGTHS.indexOf(level) - strength);
	return [...taken].sort((a, b) => far(a) - far(b))[0] ?? 'high';
}
