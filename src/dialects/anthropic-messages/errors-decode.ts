import { isObject } from '../../lib/json.ts';
import {
	type ErrorCode,
	type ErrorDetails,
	type HeaderMap,
	type JsonObject,
	type JsonValue,
	RelaisError,
} from '../../spec/index.ts';
import { codeOfWord, keptBody, textMessage, wordless } from '../shared/index.ts';
import { lookup } from './dialect.ts';
import { retryAfterMs } from './retry-after.ts';

const TYPES: { [type: string]: ErrorCode } = {
	invalid_request_error: 'provider_rejected',
	authentication_error: 'provider_auth',
	billing_error: 'provider_quota',
	permission_error: 'provider_forbidden',
	not_found_error: 'provider_not_found',
	conflict_error: 'provider_conflict',
	request_too_large: 'provider_request_too_large',
	rate_limit_error: 'rate_limited',
	api_error: 'provider_error',
	timeout_error: 'provider_timeout',
	overloaded_error: 'provider_overloaded',
};

/** What the general type `invalid_request_error` hides, told by the API's own wording. */
const MEANINGS: readonly { says: RegExp; code: ErrorCode }[] = [
	{
		says: /prompt is too long|exceeds? (?:the )?(?:maximum )?context (?:window|limit|length)|context window (?:limit|exceeded)/i,
		code: 'context_overflow',
	},
	{ says: /input length and `?max_tokens`? exceed/i, code: 'context_overflow' },
	{ says: /credit balance|billing|purchase credits|usage limits?\b.*regain access/i, code: 'provider_quota' },
	{ says: /content filtering policy|blocked by content filter/i, code: 'content_filtered' },
];

/** Rate limits that a wait does not lift: spending limits. */
const SPENT: ReadonlySet<string> = new Set([
	'contract_spend_limit_reached',
	'enforced_spend_limit_reached',
	'linked_organization_spend_limit_reached',
]);

/** Makes a `RelaisError` of an answer outside 200-299. `body`: parsed JSON, or the text where it was none. */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	const { type, message, detail } = readBody(body);
	const stated = statedCode(status, type, detail);
	const code = meaningOf(stated, message ?? '');
	const details: ErrorDetails = { providerBody: keptBody(body) };
	if (code === stated && status >= 400 && status <= 599) details.status = status;
	const named = detail ?? type;
	if (named !== undefined) details.providerCode = named;
	const wait = retryAfterMs(headers);
	if (wait !== undefined) details.retryAfterMs = wait;
	const advice = headers['x-should-retry'];
	if (advice === 'true' || advice === 'false') details.retryable = advice === 'true';
	const said = message ?? wordless(status, body);
	return new RelaisError(code, code === 'provider_auth' ? `The provider refused its API key: ${said}` : said, details);
}

/** Makes a `RelaisError` of an error object that came under status 200 or inside a stream, where only its type tells. */
export function decodeErrorBody(body: JsonObject): RelaisError {
	const { type, message, detail } = readBody(body);
	const details: ErrorDetails = { providerBody: body };
	const named = detail ?? type;
	if (named !== undefined) details.providerCode = named;
	const code = meaningOf(statedCode(0, type, detail), message ?? '');
	return new RelaisError(code, message ?? 'The provider reported an error without a message.', details);
}

/** The code the type and the status stand for. */
function statedCode(status: number, type: string | undefined, detail: string | undefined): ErrorCode {
	if (detail !== undefined && SPENT.has(detail)) return 'provider_quota';
	return codeOfWord(lookup(TYPES, type), status);
}

/** The code the message tells, where the type is a general refusal. */
function meaningOf(code: ErrorCode, message: string): ErrorCode {
	if (code !== 'provider_rejected' && code !== 'provider_request_too_large') return code;
	return MEANINGS.find(({ says }) => says.test(message))?.code ?? code;
}

/** Error type, message and finer code, in the API's form or one of those that hosts and proxies before it use. */
function readBody(body: JsonValue): { type: string | undefined; message: string | undefined; detail: string | undefined } {
	if (!isObject(body)) return { type: undefined, message: textMessage(body), detail: undefined };
	const { error } = body;
	const inner = isObject(error) ? error : body;
	const message = [inner.message, error, body.detail, body.message].find((each) => typeof each === 'string' && each !== '');
	const detail = isObject(inner.details) ? inner.details.error_code : undefined;
	return {
		type: typeof inner.type === 'string' ? inner.type : undefined,
		message: typeof message === 'string' ? message : undefined,
		detail: typeof detail === 'string' ? detail : undefined,
	};
}
