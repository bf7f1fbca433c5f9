import type { RelaisError } from '../spec/index.ts';

/** When to try again. */
export interface RetryPolicy {
	/** Further tries on one target after the first. */
	retries: number;
	backoff: { baseMs: number; maxMs: number };
	/** Longest `Retry-After` that is waited for, in ms. */
	maxRetryAfterMs: number;
}

/** Longest wait a provider may ask for while another target is ready. */
const PATIENCE_WITH_OTHERS_MS = 1000;

/**
 * Milliseconds to wait before the same target is tried again, or undefined when it should not be.
 *
 * A provider that says how long to wait is obeyed, up to the policy's limit (and
 * to a second while another target is left); beyond it the next target is better. Otherwise the wait
 * doubles with each try, and a random part of up to half is taken off so that clients that failed together do not return together.
 * A target that let a time limit pass is not tried again while another is left: it has cost enough.
 *
 * @param tries how often this target was tried already (1 after the first)
 * @param random from 0 to 1
 */
export function retryDelay(
	error: RelaisError,
	tries: number,
	othersLeft: boolean,
	policy: RetryPolicy,
	random: number,
): number | undefined {
	// "Shutting down" invites the client to come again, not Relais.
	if (!error.retryable || tries > policy.retries || error.code === 'shutting_down') return undefined;
	if (error.code === 'provider_timeout' && othersLeft) return undefined;
	if (error.retryAfterMs !== undefined) {
		const patience = othersLeft ? Math.min(PATIENCE_WITH_OTHERS_MS, policy.maxRetryAfterMs) : policy.maxRetryAfterMs;
		return error.retryAfterMs > patience ? undefined : error.retryAfterMs;
	}
	const ceiling = Math.min(policy.backoff.maxMs, policy.backoff.baseMs * 2 ** (tries - 1));
	return Math.round(ceiling * (1 - random / 2));
}
