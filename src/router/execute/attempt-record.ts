import { isRelaisError, RelaisError } from '../../spec/index.ts';
import type { AttemptRecord, Target } from '../types.ts';
import type { Attempt, AttemptOutcome } from './attempt.ts';

/** An attempt that threw: the request could not be put into the target's words, or Relais has a bug. */
export function failedToStart(error: unknown): AttemptOutcome {
	const known = isRelaisError(error)
		? error
		: new RelaisError('internal', 'Relais failed while preparing the request', { cause: error });
	return { kind: 'failed', error: known, begun: false, usage: undefined };
}

/** What is kept of an attempt; `durationMs`: how long it took. */
export function attemptRecord(outcome: AttemptOutcome, attempt: Attempt, target: Target, durationMs: number): AttemptRecord {
	const base = { target: target.label, lane: attempt.lane, durationMs };
	const usage = outcome.usage === undefined ? {} : { usage: outcome.usage };
	if (outcome.kind === 'done') return { ...base, outcome: 'ok', ...usage };
	if (outcome.kind === 'cancelled') return { ...base, outcome: 'cancelled', ...usage };
	return { ...base, outcome: 'failed', error: outcome.error, ...usage };
}
