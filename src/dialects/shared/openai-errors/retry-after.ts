import type { HeaderMap } from '../../../spec/index.ts';

const UNIT_MS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** The sign of a time stamp rather than a wait: seconds since 1970, or milliseconds. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e12;

export function header(headers: HeaderMap, name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value[0] : value;
}

/** Milliseconds of a duration as these headers write it: `20ms`, `1.5s`, `6m0s`, `1h2m`. */
export function durationMs(text: string): number | undefined {
	const pieces = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
	if (pieces.length === 0 || pieces.map((piece) => piece[0]).join('') !== text) return undefined;
	let total = 0;
	for (const [, amount, unit] of pieces) total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
	return Math.round(total);
}

function isNumber(text: string | undefined): text is string {
	return text !== undefined && /^\d+(\.\d+)?$/.test(text);
}

/** A wait until a point in time, by the answer's own clock: its `date` header. Dialects have no clock of their own. */
function until(timeMs: number, headers: HeaderMap): number | undefined {
	const now = Date.parse(header(headers, 'date') ?? '');
	return Number.isNaN(now) || Number.isNaN(timeMs) ? undefined : Math.max(0, timeMs - now);
}

/** `retry-after`: seconds, or a date. */
function fromRetryAfter(headers: HeaderMap): number | undefined {
	const exact = header(headers, 'retry-after-ms');
	if (isNumber(exact)) return Math.round(Number(exact));
	const value = header(headers, 'retry-after')?.trim();
	if (value === undefined) return undefined;
	return isNumber(value) ? Math.round(Number(value) * 1000) : until(Date.parse(value), headers);
}

function resetMs(value: string | undefined, headers: HeaderMap): number | undefined {
	if (value === undefined) return undefined;
	if (!isNumber(value)) return durationMs(value) ?? until(Date.parse(value), headers);
	const amount = Number(value);
	if (amount >= EPOCH_MS) return until(amount, headers);
	return amount >= EPOCH_SECONDS ? until(amount * 1000, headers) : Math.round(amount * 1000);
}

/** The reset of the allowance that is used up; where none says so, the longest. */
function fromResets(headers: HeaderMap): number | undefined {
	const waits: { ms: number; spent: boolean }[] = [];
	for (const suffix of ['-requests', '-tokens', '']) {
		const ms = resetMs(header(headers, `x-ratelimit-reset${suffix}`), headers);
		if (ms !== undefined) waits.push({ ms, spent: header(headers, `x-ratelimit-remaining${suffix}`) === '0' });
	}
	const spent = waits.filter((wait) => wait.spent);
	const counted = (spent.length > 0 ? spent : waits).map((wait) => wait.ms);
	return counted.length === 0 ? undefined : Math.max(...counted);
}

/** "Please try again in 1m2.5s": how several vendors say it in the message. */
function fromMessage(message: string): number | undefined {
	const stated = /(?:try again|retry) in (\d[\dhms.]{0,20}[hms])/i.exec(message)?.[1];
	return stated === undefined ? undefined : durationMs(stated);
}

/**
 * How long a vendor asks to wait, in ms: from `retry-after-ms` and `retry-after`, for a refused rate also from the message and the
 * `x-ratelimit-reset-*` headers; undefined where nothing says.
 */
export function retryAfterMs(limited: boolean, headers: HeaderMap, message: string): number | undefined {
	const stated = fromRetryAfter(headers);
	if (stated !== undefined || !limited) return stated;
	return fromMessage(message) ?? fromResets(headers);
}
