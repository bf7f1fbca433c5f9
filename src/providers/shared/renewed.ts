import type { Clock } from '../../lib/clock.ts';

/** What is given out for a time: credentials, a token. */
export interface Passing {
	/** Unix time in ms after which it is refused; absent: it does not expire. */
	expiresAt?: number;
}

/** How long before its end a thing is fetched anew, in ms. */
const MARGIN_MS = 5 * 60_000;
/** How long a thing without an end is kept: files may be changed by hand or by a tool. In ms. */
const KEPT_MS = 5 * 60_000;
/** The part of its life after which a short-lived thing is fetched anew, where the usual margin would leave it none. */
const SHORT_LIFE = 0.5;

/**
 * Keeps what a source gives until shortly before it expires. Calls that come meanwhile share one fetch. Where a fetch fails although
 * what is at hand still holds, this is used on.
 */
export function renewed<T extends Passing>(source: () => Promise<T>, clock: Pick<Clock, 'now'>): () => Promise<T> {
	let held: T | undefined;
	let staleAt = 0;
	let fetching: Promise<T> | undefined;
	const fetched = async (): Promise<T> => {
		try {
			// Not before the caller has noted that there is a fetch, however soon it fails.
			await undefined;
			const fresh = await source();
			held = fresh;
			const now = clock.now();
			const end = fresh.expiresAt;
			staleAt = end === undefined ? now + KEPT_MS : Math.max(end - MARGIN_MS, now + (end - now) * SHORT_LIFE);
			return fresh;
		} catch (error) {
			if (held?.expiresAt === undefined || held.expiresAt <= clock.now()) throw error;
			return held;
		} finally {
			fetching = undefined;
		}
	};
	return () => {
		if (held !== undefined && clock.now() < staleAt) return Promise.resolve(held);
		fetching ??= fetched();
		return fetching;
	};
}
