import type { Reading } from './read.ts';
import type { ClassifierInput, ComplexityLevel, UseCase } from './types.ts';

/** How demanding a plain request of each use case is. */
const BASE: { readonly [useCase in UseCase]: number } = {
	chat: 0.17,
	classification: 0.18,
	translation: 0.25,
	web_search: 0.21,
	summarization: 0.18,
	creative_writing: 0.17,
	code_generation: 0.22,
	analysis: 0.37,
	expert_reasoning: 0.54,
	long_context: 0.37,
};

/** What a long task adds at most: where the words are wishes, much; where they are mostly material, less. */
const LENGTH: { readonly [useCase in UseCase]: number } = {
	chat: 0.7,
	classification: 0.35,
	translation: 0.3,
	web_search: 0.7,
	summarization: 0.3,
	creative_writing: 1.1,
	code_generation: 0.7,
	analysis: 0.6,
	expert_reasoning: 0.5,
	long_context: 0.5,
};

const MEDIUM_FROM = 0.3;
const COMPLEX_FROM = 0.6;

/** Grows fast at first, then ever more slowly, towards `limit`. */
const towards = (limit: number, value: number, half: number): number => (limit * value) / (value + half);

/** Words in which a task is put: those of long material count for little. */
const WORDS_OF_A_TASK = 120;

/**
 * How demanding a request is, 0 to 1: what its use case asks for at least, moved by its length, its wishes and its shape.
 * @param hard points of words for demanding work, `easy` of words for light work
 */
export function complexityOf(useCase: UseCase, input: ClassifierInput, user: Reading, hard: number, easy: number): number {
	let value = BASE[useCase];
	value += towards(0.3, hard, 3);
	value -= towards(0.18, easy, 2);
	value += towards(LENGTH[useCase], Math.min(user.words, WORDS_OF_A_TASK), 70);
	value += towards(0.2, input.inputTokens, 6_000);
	value += towards(0.12, Math.max(0, user.shape.items - 1), 5);
	value += towards(0.08, input.tools.length, 4);
	value += towards(0.06, Math.max(0, input.turns - 1), 10);
	if (user.shape.questions > 1) value += 0.05;
	if (user.shape.fences > 0 || user.shape.rows >= 3) value += 0.05;
	if (input.reasoning) value += 0.12;
	if (input.schema) value += 0.04;
	if (input.images || input.documents) value += 0.05;
	if (input.maxOutputTokens !== undefined && input.maxOutputTokens <= 32) value -= 0.1;
	return Math.min(1, Math.max(0, value));
}

export function levelOf(complexity: number): ComplexityLevel {
	if (complexity < MEDIUM_FROM) return 'simple';
	return complexity < COMPLEX_FROM ? 'medium' : 'complex';
}
