import type { JsonObject } from '../../spec/index.ts';
import { number, object, text } from '../core/json.ts';
import type { GeminiModel } from './models.ts';

/** How an answer thinks: hidden tokens, and sentences of its summary. */
export interface Thinking {
	tokens: number;
	sentences: number;
}

function configOf(request: JsonObject): JsonObject {
	return object(object(request.generationConfig).thinkingConfig);
}

/** What is wrong with the thinking asked for. */
export function thinkingFault(request: JsonObject, model: GeminiModel): string | undefined {
	const config = configOf(request);
	const budget = number(config.thinkingBudget);
	const level = text(config.thinkingLevel).toUpperCase();
	if (budget !== undefined && level !== '') return 'You can only set only one of thinking budget and thinking level.';
	if (model.thinking === 'none' && (config.includeThoughts === true || (budget ?? 0) > 0)) {
		return `Unable to submit request because thinking is not supported by this model. Model: models/${model.id}`;
	}
	if (level !== '' && model.thinking !== 'level') return 'Thinking level is not supported for this model.';
	if (level !== '' && !model.levels.includes(level)) {
		return `Thinking level ${level} is not supported for this model. Please retry with other thinking level.`;
	}
	const [least, most] = model.budget;
	if (budget === undefined || budget === -1 || (budget >= least && budget <= most)) return undefined;
	if (budget === 0) return 'Budget 0 is invalid. This model only works in thinking mode.';
	return `The thinking budget ${budget} is invalid. Please choose a value between ${least} and ${most}.`;
}

const LEVELS: { [level: string]: Thinking } = {
	MINIMAL: { tokens: 0, sentences: 0 },
	LOW: { tokens: 64, sentences: 1 },
	MEDIUM: { tokens: 128, sentences: 2 },
	HIGH: { tokens: 320, sentences: 4 },
};
const NONE: Thinking = { tokens: 0, sentences: 0 };
const MOST = 512;

/** The thinking of an answer. */
export function thinkingOf(request: JsonObject, model: GeminiModel): Thinking {
	const config = configOf(request);
	const budget = number(config.thinkingBudget);
	if (model.thinking === 'none' || budget === 0) return NONE;
	const level = text(config.thinkingLevel).toUpperCase() || (model.thinking === 'level' ? 'HIGH' : 'MEDIUM');
	const asked = LEVELS[level] ?? NONE;
	const tokens = budget === undefined || budget < 0 ? asked.tokens : Math.min(budget, MOST);
	return { tokens, sentences: config.includeThoughts === true ? asked.sentences : 0 };
}
