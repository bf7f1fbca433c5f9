import type { HeaderMap } from '../../spec/index.ts';

const LIMITS = ['requests', 'tokens', 'input-tokens', 'output-tokens'];

/**
 * Milliseconds a refused call should wait, from `retry-after-ms`, `retry-after` (seconds or an HTTP date) or, without these, the
 * latest reset of a used-up `anthropic-ratelimit-*`. Dates count from the answer's own `date` header: no clock is read.
 */
export function retryAfterMs(headers: HeaderMap): number | undefined {
	const exact = amount(header(headers, 'retry-after-ms'));
	if (exact !== undefined) return exact;
	const stated = header(headers, 'retry-after');
	const seconds = amount(stated);
	if (seconds !== undefined) return seconds * 1000;
	const now = Date.parse(header(headers, 'date') ?? '');
	if (Number.isNaN(now)) return undefined;
	const until = stated === undefined ? latestReset(headers) : Date.parse(stated);
	return until === undefined || Number.isNaN(until) ? undefined : Math.max(0, until - now);
}

function latestReset(headers: HeaderMap): number | undefined {
	const resets = LIMITS.filter((limit) => header(headers, `anthropic-ratelimit-${limit}-remaining`) === '0')
		.map((limit) => Date.parse(header(headers, `anthropic-ratelimit-${limit}-reset`) ?? ''))
		.filter((time) => !Number.isNaN(time));
	return resets.length === 0 ? undefined : Math.max(...resets);
}

function header(headers: HeaderMap, name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value[0] : value;
}

function amount(value: string | undefined): number | undefined {
	return value !== undefined && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}
