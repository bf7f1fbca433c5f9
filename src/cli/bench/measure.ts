import { type Answered, ask, isSimulated, type OpenEngine } from '../in-process/index.ts';

/** One run of one model; null: not known. Times in ms. */
export interface Run {
	ok: boolean;
	firstTokenMs: number | null;
	/** Output tokens a second, from the first token on. */
	tokensPerSecond: number | null;
	totalMs: number;
	inputTokens: number | null;
	outputTokens: number | null;
	costUsd: number | null;
	error: string | null;
}

/** All runs of one model. */
export interface Result {
	/** As asked for. */
	model: string;
	/** `provider/model` that answered. */
	target: string | null;
	simulated: boolean;
	runs: Run[];
}

/** Shorter than this, what came came in one piece: no pace can be told from it. In ms. */
const SHORTEST_STREAM_MS = 1;

/** Figures of an answer. */
export function toRun({ outcome, firstTokenMs = null, totalMs, usage, costUsd, error }: AnswerFigures): Run {
	const ok = outcome === 'completed';
	const streamed = firstTokenMs === null ? 0 : totalMs - firstTokenMs;
	const output = usage?.outputTokens ?? null;
	const hasPace = ok && output !== null && output > 1 && streamed > SHORTEST_STREAM_MS;
	return {
		ok,
		firstTokenMs,
		tokensPerSecond: hasPace ? ((output - 1) * 1000) / streamed : null,
		totalMs,
		inputTokens: usage?.inputTokens ?? null,
		outputTokens: output,
		costUsd,
		error: ok ? null : (error?.message ?? outcome),
	};
}

type AnswerFigures = Pick<Answered, 'outcome' | 'totalMs' | 'usage' | 'costUsd' | 'error'> & {
	firstTokenMs?: number | null | undefined;
};

/** Asks a model once and adds the run to its result. Tells whether another try makes sense. */
export async function measure(
	engine: OpenEngine,
	result: Result,
	question: { prompt: string; maxTokens: number },
	signal: AbortSignal,
): Promise<boolean> {
	const answered = await ask(
		engine,
		{
			model: result.model,
			stream: true,
			streamUsage: true,
			sampling: {},
			maxOutputTokens: question.maxTokens,
			messages: [{ role: 'user', content: [{ type: 'text', text: question.prompt }] }],
		},
		{ onPart: () => undefined, signal },
	);
	if (answered.outcome === 'cancelled') return false;
	result.runs.push(toRun(answered));
	if (answered.target !== undefined) {
		result.target = answered.target.label;
		result.simulated = isSimulated(engine.relais, answered.target.provider.name);
	}
	return answered.outcome === 'completed' || answered.error?.retryable === true;
}

/** The middle value; of an even number the mean of the two in the middle. Null when there is none. */
export function median(values: readonly (number | null)[]): number | null {
	const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	const upper = sorted[middle];
	if (upper === undefined) return null;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Medians over the runs that succeeded. */
export function medians({ runs }: Result): Omit<Run, 'ok' | 'error' | 'totalMs'> & { totalMs: number | null } {
	const good = runs.filter((run) => run.ok);
	const of = (pick: (run: Run) => number | null): number | null => median(good.map(pick));
	return {
		firstTokenMs: of((run) => run.firstTokenMs),
		tokensPerSecond: of((run) => run.tokensPerSecond),
		totalMs: of((run) => run.totalMs),
		inputTokens: of((run) => run.inputTokens),
		outputTokens: of((run) => run.outputTokens),
		costUsd: of((run) => run.costUsd),
	};
}
