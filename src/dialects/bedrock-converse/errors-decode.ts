import { isObject } from '../../lib/json.ts';
import { type ErrorCode, type ErrorDetails, type HeaderMap, type JsonValue, RelaisError } from '../../spec/index.ts';
import { header, keptBody, table, textMessage } from '../shared/index.ts';

/** What the vendor's exceptions mean, by their names in lower case. */
const TYPES = table<ErrorCode>({
	validationexception: 'provider_rejected',
	throttlingexception: 'rate_limited',
	throttling: 'rate_limited',
	toomanyrequestsexception: 'rate_limited',
	servicequotaexceededexception: 'provider_quota',
	accessdeniedexception: 'provider_forbidden',
	accessdenied: 'provider_forbidden',
	expiredtokenexception: 'provider_auth',
	expiredtoken: 'provider_auth',
	unrecognizedclientexception: 'provider_auth',
	invalidsignatureexception: 'provider_auth',
	signaturedoesnotmatch: 'provider_auth',
	incompletesignatureexception: 'provider_auth',
	incompletesignature: 'provider_auth',
	missingauthenticationtokenexception: 'provider_auth',
	missingauthenticationtoken: 'provider_auth',
	invalidclienttokenid: 'provider_auth',
	resourcenotfoundexception: 'provider_not_found',
	conflictexception: 'provider_conflict',
	modeltimeoutexception: 'provider_timeout',
	modelnotreadyexception: 'provider_unavailable',
	modelerrorexception: 'provider_error',
	modelstreamerrorexception: 'provider_error',
	internalserverexception: 'provider_error',
	internalfailure: 'provider_error',
	serviceunavailableexception: 'provider_unavailable',
	serviceunavailable: 'provider_unavailable',
});

const STATUSES: { [status: number]: ErrorCode } = {
	401: 'provider_auth',
	402: 'provider_quota',
	403: 'provider_forbidden',
	404: 'provider_not_found',
	408: 'provider_timeout',
	409: 'provider_conflict',
	413: 'provider_request_too_large',
	424: 'provider_error',
	429: 'rate_limited',
	502: 'provider_unavailable',
	503: 'provider_unavailable',
	504: 'provider_timeout',
};

/** What a general exception hides, told by the API's own wording. */
const MEANINGS: readonly { of: ErrorCode; says: RegExp; code: ErrorCode }[] = [
	{
		of: 'provider_rejected',
		says: /(input|prompt) is too long|too many (input )?tokens|context (window|length)|exceeds? the (maximum|model'?s?) .*(tokens|context|length)|maximum tokens you requested exceeds|input length and `?max_tokens`? exceed/i,
		code: 'context_overflow',
	},
	{
		of: 'provider_rejected',
		says: /model identifier is invalid|on-demand throughput isn.t supported/i,
		code: 'provider_not_found',
	},
	{ of: 'provider_rejected', says: /content filtering policy|blocked by .*content filter/i, code: 'content_filtered' },
	{ of: 'provider_rejected', says: /security token|signature .*(expired|does not match)/i, code: 'provider_auth' },
	{
		of: 'provider_forbidden',
		says: /authentication failed|api key (is|has|must)|bearer token|security token|signature/i,
		code: 'provider_auth',
	},
	{ of: 'rate_limited', says: /per day|daily/i, code: 'provider_quota' },
];

/**
 * Makes a `RelaisError` of an answer outside 200-299. The exception's name stands in the header `x-amzn-errortype`, where a web
 * address may follow it, or in the body's `__type`.
 */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	const type = bareName(header(headers, 'x-amzn-errortype')) ?? typeOf(body);
	const message = messageOf(body);
	const stated = statedCode(status, type);
	const code = meaningOf(stated, message ?? '');
	const details: ErrorDetails = { providerBody: keptBody(body) };
	if (code === stated && status >= 400 && status <= 599) details.status = status;
	if (type !== undefined) details.providerCode = type;
	const wait = retryAfterMs(headers);
	if (wait !== undefined) details.retryAfterMs = wait;
	const said = message ?? `The provider answered with status ${status} and no explanation.`;
	return new RelaisError(code, code === 'provider_auth' ? `The provider refused its credentials: ${said}` : said, details);
}

/** Makes a `RelaisError` of an exception inside a stream. @param type the exception's name */
export function decodeException(type: string, body: JsonValue): RelaisError {
	const code = meaningOf(statedCode(0, type), messageOf(body) ?? '');
	const message = messageOf(body) ?? 'The provider reported an error without a message.';
	return new RelaisError(code, message, { providerBody: body, ...(type === '' ? {} : { providerCode: type }) });
}

/** The code an exception's name stands for, or the status where the name is not known. */
function statedCode(status: number, type: string | undefined): ErrorCode {
	// No exception is for a body that is too large: what stands before the models answers with the bare status.
	const typed = status === 413 ? undefined : TYPES[(type ?? '').toLowerCase()];
	return typed ?? STATUSES[status] ?? (status >= 400 && status < 500 ? 'provider_rejected' : 'provider_error');
}

function meaningOf(code: ErrorCode, message: string): ErrorCode {
	return MEANINGS.find(({ of, says }) => of === code && says.test(message))?.code ?? code;
}

/** `com.amazon.coral.service#ExpiredTokenException:http://...` names `ExpiredTokenException`. */
function bareName(value: string | undefined): string | undefined {
	const name = value?.split(':', 1)[0]?.split('#').at(-1)?.trim();
	return name === '' ? undefined : name;
}

function typeOf(body: JsonValue): string | undefined {
	if (!isObject(body)) return undefined;
	const type = body.__type ?? body.type ?? body.code;
	return typeof type === 'string' ? bareName(type) : undefined;
}

function messageOf(body: JsonValue): string | undefined {
	if (!isObject(body)) return textMessage(body);
	const message = body.message ?? body.Message ?? body.originalMessage;
	return typeof message === 'string' && message !== '' ? message : undefined;
}

function retryAfterMs(headers: HeaderMap): number | undefined {
	const stated = header(headers, 'retry-after')?.trim();
	if (stated === undefined) return undefined;
	if (/^\d+(\.\d+)?$/.test(stated)) return Number(stated) * 1000;
	const wait = Date.parse(stated) - Date.parse(header(headers, 'date') ?? '');
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
