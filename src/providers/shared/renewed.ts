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

/** Gives what is at hand, and fetches it where there is none. */
export interface Renewed<T> {
	(): Promise<T>;
	/** What was given is refused before its end. True: it is forgotten; false: it was fetched a moment ago, another would be no better. */
	refused(): boolean;
}

/** Least age of a thing that is fetched anew because it was refused, in ms: a right that is missing comes with no other token. */
const LEAST_AGE_MS = 10_000;

/**
 * Keeps what a source gives until shortly before it expires. Calls that come meanwhile share one fetch. Where a fetch fails although
 * what is at hand still holds, this is used on.
 */
export function renewed<T extends Passing>(source: () => Promise<T>, clock: Pick<Clock, 'now'>): Renewed<T> {
	let held: T | undefined;
	let fetchedAt = 0;
	let staleAt = 0;
	let fetching: Promise<T> | undefined;
	const fetched = async (): Promise<T> => {
		try {
			// Not before the caller has noted that there is a fetch, however soon it fails.
			await undefined;
			const fresh = await source();
			held = fresh;
			const now = clock.now();
			fetchedAt = now;
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
	const give = (): Promise<T> => {
		if (held !== undefined && clock.now() < staleAt) return Promise.resolve(held);
		fetching ??= fetched();
		return fetching;
	};
	const refused = (): boolean => {
		if (fetching !== undefined) return true;
		if (clock.now() - fetchedAt < LEAST_AGE_MS) return false;
		held = undefined;
		return true;
	};
	return Object.assign(give, { refused });
}
