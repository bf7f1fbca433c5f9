import { type Classification, type ClassifierInput, classify } from '../../src/router/index.ts';
import { median, percentile } from '../harness/stats.ts';
import type { Labelled } from './labelled.ts';

export interface Judged {
	labelled: Labelled;
	found: Classification;
}

/** Microseconds of one classification. */
export interface Times {
	median: number;
	p99: number;
}

export function judge(set: readonly Labelled[]): Judged[] {
	return set.map((labelled) => ({ labelled, found: classify(labelled.input) }));
}

/** Share of the judged for which `right` holds; NaN of none. */
export function share(judged: readonly Judged[], right: (one: Judged) => boolean): number {
	return judged.filter(right).length / judged.length;
}

export const useCaseRight = ({ labelled, found }: Judged): boolean => labelled.useCase === found.useCase;
export const levelRight = ({ labelled, found }: Judged): boolean => labelled.complexity === found.level;

const WARM_UP = 2_000;

/** Times each input `rounds` times, after a warm-up, one call at a time. */
export function time(inputs: readonly ClassifierInput[], rounds: number): Times {
	for (let done = 0; done < WARM_UP; done += inputs.length) for (const input of inputs) classify(input);
	const micros: number[] = [];
	for (let round = 0; round < rounds; round++) {
		for (const input of inputs) {
			const from = process.hrtime.bigint();
			classify(input);
			micros.push(Number(process.hrtime.bigint() - from) / 1000);
		}
	}
	return { median: median(micros), p99: percentile(micros, 0.99) };
}

const PROSE = "Pourriez-vous, s'il vous plaît, review the attached table and tell me what you think of the figures for 2024? ";
const PROGRAM = 'function total(rows) { return rows.reduce((sum, row) => sum + row.price * row.count, 0); }\n';

/** Inputs at and beyond the bounds of what is read: as dear as a request can be. */
export function hugeInputs(characters: number): ClassifierInput[] {
	const filled = (piece: string): string => piece.repeat(Math.ceil(characters / piece.length)).slice(0, characters);
	return [PROSE, PROGRAM, '```a ', 'analyse '].map(filled).map((user) => ({
		user,
		earlier: user,
		system: user,
		turns: 2,
		tools: ['search', 'bash'],
		images: true,
		documents: true,
		schema: true,
		inputTokens: characters / 4,
		reasoning: true,
		maxOutputTokens: 1000,
	}));
}
