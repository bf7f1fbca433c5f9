import type { ChatRequest, ModelTraits, Sampling } from '../../spec/index.ts';
import type { Losses } from './losses.ts';

/** Fields of sampling that Claude's and Bedrock's APIs lack, by the names clients know, and the values that change nothing. */
const UNKNOWN: readonly { key: keyof Sampling; path: string; neutral?: number }[] = [
	{ key: 'minP', path: 'min_p', neutral: 0 },
	{ key: 'frequencyPenalty', path: 'frequency_penalty', neutral: 0 },
	{ key: 'presencePenalty', path: 'presence_penalty', neutral: 0 },
	{ key: 'repetitionPenalty', path: 'repetition_penalty', neutral: 1 },
	{ key: 'seed', path: 'seed' },
	{ key: 'logitBias', path: 'logit_bias' },
];

/** Wishes beside sampling, by the names clients know, and whether a request has them. */
const WISHES = {
	logprobs: (request: ChatRequest) => request.logprobs !== undefined,
	verbosity: (request: ChatRequest) => request.verbosity !== undefined,
	metadata: ({ metadata }: ChatRequest) => metadata !== undefined && Object.keys(metadata).length > 0,
	store: (request: ChatRequest) => request.store === true,
	user: (request: ChatRequest) => request.user !== undefined,
	prompt_cache_key: (request: ChatRequest) => request.promptCacheKey !== undefined,
	prompt_cache_retention: (request: ChatRequest) => request.promptCacheRetention !== undefined,
	prediction: (request: ChatRequest) => request.prediction !== undefined,
};

/** Reports the fields of sampling such an API lacks, and those of the `wishes` a request has. */
export function reportNotOffered(request: ChatRequest, wishes: readonly (keyof typeof WISHES)[], losses: Losses): void {
	const drop = (path: string): void => losses.dropped(path, `'${path}' is not offered.`);
	for (const { key, path, neutral } of UNKNOWN) {
		const value = request.sampling[key];
		if (value !== undefined && value !== neutral) drop(path);
	}
	for (const wish of wishes) if (WISHES[wish](request)) drop(wish);
}

/** With thinking, nucleus sampling may only be slight. */
const LEAST_TOP_P = 0.95;

/** What the encoder of a request knows of its model. `own`: the request came from the dialect it is written in. */
interface Setting {
	readonly traits: ModelTraits;
	readonly own: boolean;
}

/** Why Claude would refuse a value of `temperature`, `top_p` or `top_k`; undefined where it takes it. `thinks`: the model thinks. */
export function samplingRefusal(path: string, value: number, thinks: boolean, { traits, own }: Setting): string | undefined {
	if (traits.sampling === false) return 'The model does not let its sampling be set.';
	if (!thinks || own) return undefined;
	const fits = path === 'temperature' ? value === 1 : path === 'top_p' && value >= LEAST_TOP_P;
	return fits ? undefined : 'Sampling cannot be set so while the model thinks.';
}

/** Stop sequences without the blank ones, which are reported; undefined where none is left. */
export function wordedStops(stop: string[] | undefined, losses: Losses): string[] | undefined {
	const taken = stop?.filter((sequence) => sequence.trim() !== '') ?? [];
	if (taken.length < (stop?.length ?? 0)) losses.dropped('stop', 'Stop sequences that are blank throughout are not taken.');
	return taken.length === 0 ? undefined : taken;
}
