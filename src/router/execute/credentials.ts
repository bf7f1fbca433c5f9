import { type TimeKeeper, within } from '../../lib/ticker.ts';
import type { Timeouts } from '../../spec/index.ts';
import { limitPassed } from '../../transport/index.ts';

/** Credentials that may have to be fetched, of which the transport knows nothing: it may take no longer than the whole call. */
export function inTime<T>(credentials: T | PromiseLike<T>, { total }: Timeouts, host: TimeKeeper): Promise<T> {
	return within(credentials, total, host, () => limitPassed('total', total, 'what fetches its credentials'));
}
