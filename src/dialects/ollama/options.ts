import type { Sampling } from '../../spec/index.ts';

type NumberKey = Exclude<keyof Sampling, 'stop' | 'logitBias'>;

/** Members of `options` and what they are in canonical sampling. */
export const NUMBERS: readonly [wire: string, key: NumberKey][] = [
	['temperature', 'temperature'],
	['top_p', 'topP'],
	['top_k', 'topK'],
	['min_p', 'minP'],
	['frequency_penalty', 'frequencyPenalty'],
	['presence_penalty', 'presencePenalty'],
	['repeat_penalty', 'repetitionPenalty'],
	['seed', 'seed'],
];
