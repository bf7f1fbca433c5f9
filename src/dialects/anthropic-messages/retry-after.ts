import type { HeaderMap } from '../../spec/index.ts';
import { header, retryAfterMs as stated } from '../shared/index.ts';

const LIMITS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/**
 * Milliseconds a refused call should wait, from `retry-after-ms`, `retry-after` (seconds or an HTTP date) or, without these, the
 * latest reset of a used-up `anthropic-ratelimit-*`. Dates count from the answer's own `date` header: no clock is read.
 */
export function retryAfterMs(headers: HeaderMap): number | undefined {
	const asked = stated(headers);
	if (asked !== undefined || header(headers, 'retry-after') !== undefined) return asked;
	const wait = (latestReset(headers) ?? Number.NaN) - Date.parse(header(headers, 'date') ?? '');
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

function latestReset(headers: HeaderMap): number | undefined {
	const resets = LIMITS.filter((limit) => header(headers, `anthropic-ratelimit-${limit}-remaining`) === '0')
		.map((limit) => Date.parse(header(headers, `anthropic-ratelimit-${limit}-reset`) ?? ''))
		.filter((time) => !Number.isNaN(time));
	return resets.length === 0 ? undefined : Math.max(...resets);
}
