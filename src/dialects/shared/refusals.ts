import type { ErrorCode, ErrorDetails, HeaderMap, JsonValue } from '../../spec/index.ts';

/** What the status of a refused call says, where the vendor has no error types of its own or only general ones. */
const STATUSES: { readonly [status: number]: ErrorCode } = {
	401: 'provider_auth',
	402: 'provider_quota',
	403: 'provider_forbidden',
	404: 'provider_not_found',
	408: 'provider_timeout',
	409: 'provider_conflict',
	413: 'provider_request_too_large',
	429: 'rate_limited',
	502: 'provider_unavailable',
	503: 'provider_unavailable',
	504: 'provider_timeout',
	529: 'provider_overloaded',
};

/** Longest piece of a body that is no JSON to keep. */
const LONGEST_TEXT = 2000;
/** Longest text body that may be a message. */
const LONGEST_MESSAGE = 300;

/** Codes a status may say more than. */
const GENERAL: ReadonlySet<ErrorCode> = new Set(['provider_rejected', 'provider_error']);

/** The code the vendor's own word stands for; the status says more where that is a general one or none is known. */
export function codeOfWord(worded: ErrorCode | undefined, status: number): ErrorCode {
	return worded !== undefined && (STATUSES[status] === undefined || !GENERAL.has(worded)) ? worded : codeOfStatus(status);
}

/** What to keep of a refused call's body: parsed JSON as it is, the beginning of a text. */
export function keptBody(body: JsonValue): JsonValue {
	return typeof body === 'string' ? body.slice(0, LONGEST_TEXT) : body;
}

/** The code a status stands for. */
export function codeOfStatus(status: number): ErrorCode {
	return STATUSES[status] ?? (status >= 400 && status < 500 ? 'provider_rejected' : 'provider_error');
}

/** The details that do not depend on the vendor: body, status and wait. `stated`: the status tells the code. */
export function refusalDetails(status: number, headers: HeaderMap, body: JsonValue, stated: boolean): ErrorDetails {
	const details: ErrorDetails = { providerBody: keptBody(body) };
	if (stated && status >= 400 && status <= 599) details.status = status;
	const wait = retryAfterMs(headers);
	if (wait !== undefined) details.retryAfterMs = wait;
	return details;
}

/**
 * Milliseconds a refused call should wait, from `retry-after-ms` or `retry-after` (seconds, or an HTTP date counted from the
 * answer's own `date`: no clock is read).
 */
export function retryAfterMs(headers: HeaderMap): number | undefined {
	const exact = amount(header(headers, 'retry-after-ms'));
	if (exact !== undefined) return exact;
	const stated = header(headers, 'retry-after');
	const seconds = amount(stated);
	if (seconds !== undefined) return seconds * 1000;
	const wait = Date.parse(stated ?? '') - Date.parse(header(headers, 'date') ?? '');
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The first value of a header, whose name is in lower case. */
export function header(headers: HeaderMap, name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value[0] : value;
}

function amount(value: string | undefined): number | undefined {
	return value !== undefined && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}

/** A text body is a message if it is short and no page. */
export function textMessage(body: JsonValue): string | undefined {
	const text = typeof body === 'string' ? body.trim() : '';
	return text === '' || text.length > LONGEST_MESSAGE || text.startsWith('<') ? undefined : text;
}

/** What to say of a refusal that brought no message. */
export function wordless(status: number, body: JsonValue): string {
	if (typeof body !== 'string' || body.trim() === '') return `The provider answered with status ${status} and no explanation.`;
	const title = /<title[^>]*>([^<]{1,200})<\/title>/i.exec(body)?.[1]?.trim();
	const page = title === undefined ? 'a page that is no JSON' : `a page titled '${title}'`;
	return `The provider answered with status ${status} and ${page}.`;
}
