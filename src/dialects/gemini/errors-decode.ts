import { isObject } from '../../lib/json.ts';
import {
	type ErrorCode,
	type ErrorDetails,
	type HeaderMap,
	type JsonObject,
	type JsonValue,
	RelaisError,
} from '../../spec/index.ts';
import { keptBody, textMessage, wordless } from '../shared/index.ts';
import { lookup } from './dialect.ts';

/** Codes by the API's status words (google.rpc.Code). */
const WORDS: { [status: string]: ErrorCode } = {
	INVALID_ARGUMENT: 'provider_rejected',
	FAILED_PRECONDITION: 'provider_rejected',
	OUT_OF_RANGE: 'provider_rejected',
	UNIMPLEMENTED: 'provider_rejected',
	UNAUTHENTICATED: 'provider_auth',
	PERMISSION_DENIED: 'provider_forbidden',
	NOT_FOUND: 'provider_not_found',
	ALREADY_EXISTS: 'provider_conflict',
	ABORTED: 'provider_conflict',
	RESOURCE_EXHAUSTED: 'rate_limited',
	INTERNAL: 'provider_error',
	UNKNOWN: 'provider_error',
	DATA_LOSS: 'provider_error',
	CANCELLED: 'provider_error',
	UNAVAILABLE: 'provider_unavailable',
	DEADLINE_EXCEEDED: 'provider_timeout',
};

const STATUSES: { [status: number]: ErrorCode } = {
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
};

/** Reasons in `ErrorInfo` that say more than the status. */
const REASONS: { [reason: string]: ErrorCode } = {
	API_KEY_INVALID: 'provider_auth',
	API_KEY_EXPIRED: 'provider_auth',
	CREDENTIALS_MISSING: 'provider_auth',
	ACCESS_TOKEN_EXPIRED: 'provider_auth',
	BILLING_DISABLED: 'provider_quota',
	RATE_LIMIT_EXCEEDED: 'rate_limited',
};

/** What a general refusal hides, told by the API's own wording. */
const MEANINGS: readonly { says: RegExp; code: ErrorCode }[] = [
	{ says: /api key (?:not valid|not found|expired|was reported as leaked)/i, code: 'provider_auth' },
	{ says: /input token count .*exceeds the maximum|exceeds the maximum number of tokens/i, code: 'context_overflow' },
	{ says: /request payload size exceeds/i, code: 'provider_request_too_large' },
	{ says: /location is not supported/i, code: 'provider_forbidden' },
	{ says: /billing|prepayment credits/i, code: 'provider_quota' },
];
const GENERAL: ReadonlySet<ErrorCode> = new Set(['provider_rejected', 'provider_error']);
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['provider_rejected', 'provider_forbidden']);
/** Quotas that a short wait does not refill. */
const LONG_QUOTA = /PerDay|PerMonth/;
const OVERLOADED = /overloaded|high demand/i;

interface Report {
	message: string | undefined;
	word: string | undefined;
	code: number | undefined;
	details: JsonObject[];
}

/** Makes a `RelaisError` of an answer outside 200-299. `body`: parsed JSON, or the text where it was none. */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	const report = readBody(body);
	const stated = statedCode(status, report.word);
	const code = meaningOf(stated, report);
	const details = detailsOf(report, body);
	if ((code === stated || code === 'provider_overloaded') && status >= 400 && status <= 599) details.status = status;
	const wait = details.retryAfterMs ?? headerWait(headers);
	if (wait !== undefined) details.retryAfterMs = wait;
	const said = report.message ?? wordless(status, body);
	return new RelaisError(code, code === 'provider_auth' ? `The provider refused its API key: ${said}` : said, details);
}

/** Makes a `RelaisError` of an error object that came under status 200 or inside a stream. */
export function decodeErrorBody(body: JsonObject): RelaisError {
	const report = readBody(body);
	const stated = lookup(WORDS, report.word) ?? STATUSES[report.code ?? 0] ?? 'provider_error';
	const code = meaningOf(stated, report);
	return new RelaisError(code, report.message ?? 'The provider reported an error without a message.', detailsOf(report, body));
}

/** The code the status word stands for; the HTTP status says more where the word is a general one. */
function statedCode(status: number, word: string | undefined): ErrorCode {
	const named = lookup(WORDS, word);
	const special = STATUSES[status];
	if (named !== undefined && (special === undefined || !GENERAL.has(named))) return named;
	return special ?? (status >= 400 && status < 500 ? 'provider_rejected' : 'provider_error');
}

function detailsOf(report: Report, body: JsonValue): ErrorDetails {
	const details: ErrorDetails = { providerBody: keptBody(body) };
	const named = reasonOf(report) ?? report.word;
	if (named !== undefined) details.providerCode = named;
	const wait = retryDelay(report);
	if (wait !== undefined) details.retryAfterMs = wait;
	return details;
}

function meaningOf(stated: ErrorCode, report: Report): ErrorCode {
	const message = report.message ?? '';
	const reasoned = lookup(REASONS, reasonOf(report));
	if (reasoned !== undefined && stated !== 'rate_limited') return reasoned;
	if (stated === 'rate_limited') return isSpent(report) ? 'provider_quota' : stated;
	if (stated === 'provider_unavailable') return OVERLOADED.test(message) ? 'provider_overloaded' : stated;
	return REFUSALS.has(stated) ? (MEANINGS.find(({ says }) => says.test(message))?.code ?? stated) : stated;
}

/** Whether a quota is used up for longer than a minute: one of a day, or one that allows nothing at all. */
function isSpent(report: Report): boolean {
	const quotas = report.details.flatMap(({ violations }) => (Array.isArray(violations) ? violations.filter(isObject) : []));
	const long = quotas.some(({ quotaId }) => typeof quotaId === 'string' && LONG_QUOTA.test(quotaId));
	return long || /\blimit: 0\b/.test(report.message ?? '');
}

function reasonOf(report: Report): string | undefined {
	const reason = report.details.find((detail) => typeof detail.reason === 'string')?.reason;
	return typeof reason === 'string' ? reason : undefined;
}

/** The wait `RetryInfo` asks for, such as `34.4s`. */
function retryDelay(report: Report): number | undefined {
	for (const { retryDelay: delay } of report.details) {
		const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined;
		if (seconds !== undefined) return Math.round(Number(seconds) * 1000);
	}
	return undefined;
}

function headerWait(headers: HeaderMap): number | undefined {
	const value = headers['retry-after'];
	const stated = Array.isArray(value) ? value[0] : value;
	if (stated === undefined) return undefined;
	if (/^\d+(\.\d+)?$/.test(stated.trim())) return Math.round(Number(stated) * 1000);
	const date = headers.date;
	const wait = Date.parse(stated) - Date.parse(Array.isArray(date) ? (date[0] ?? '') : (date ?? ''));
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** The error of a body: alone, or in the array that streams are written as. */
function readBody(body: JsonValue): Report {
	const outer = Array.isArray(body) ? body.find(isObject) : body;
	if (!isObject(outer)) return { message: textMessage(outer ?? null), word: undefined, code: undefined, details: [] };
	const inner = isObject(outer.error) ? outer.error : outer;
	const message = [inner.message, outer.error, outer.message].find((each) => typeof each === 'string' && each !== '');
	return {
		message: typeof message === 'string' ? message : undefined,
		word: typeof inner.status === 'string' ? inner.status : undefined,
		code: typeof inner.code === 'number' ? inner.code : undefined,
		details: Array.isArray(inner.details) ? inner.details.filter(isObject) : [],
	};
}
