import type { Clock } from '../../../lib/clock.ts';
import type { AwsCredentials, CredentialSource } from './types.ts';

/** How long before their end credentials are fetched anew, in ms. */
const MARGIN_MS = 5 * 60_000;
/** How long credentials without an end are kept: files may be changed by hand or by a tool. In ms. */
const KEPT_MS = 5 * 60_000;

/**
 * Keeps credentials until shortly before they expire. Calls that come meanwhile share one fetch. Where a fetch fails although the
 * credentials at hand still hold, these are used on.
 */
export function cachedCredentials(source: CredentialSource, clock: Pick<Clock, 'now'>): CredentialSource {
	let held: AwsCredentials | undefined;
	let staleAt = 0;
	let fetching: Promise<AwsCredentials> | undefined;
	const fetched = async (): Promise<AwsCredentials> => {
		try {
			const fresh = await source();
			held = fresh;
			staleAt = fresh.expiresAt === undefined ? clock.now() + KEPT_MS : fresh.expiresAt - MARGIN_MS;
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
