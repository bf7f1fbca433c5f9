import { isObject } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import {
	type EncodedError,
	type ErrorCode,
	type HeaderMap,
	type JsonObject,
	type JsonValue,
	RelaisError,
} from '../../spec/index.ts';
import { codeOfWord, refusalDetails, table, textMessage, wordless } from '../shared/index.ts';

/** What the vendor's error codes mean where the status does not tell. */
const WORDS = table<ErrorCode>({
	authentication_token_expired: 'provider_auth',
	authentication_token_not_valid: 'provider_auth',
	authentication_token_missing: 'provider_auth',
	authorization_rejected: 'provider_forbidden',
	no_associated_service_instance_error: 'provider_forbidden',
	token_quota_reached: 'provider_quota',
	instance_quota_reached: 'provider_quota',
	rate_limit_reached_requests: 'rate_limited',
	consumption_limit_reached: 'rate_limited',
	model_not_supported: 'provider_not_found',
	model_withdrawn: 'model_retired',
	model_no_support_for_function: 'unsupported',
	downstream_request_failed: 'provider_unavailable',
	model_overloaded: 'provider_overloaded',
});

/** What a message tells beyond its code. */
const TOO_LONG = /(input|prompt|token).*(exceed|longer than|too long)|maximum context length/i;

/** The words for clients, by code. */
const NAMES: { readonly [code in ErrorCode]?: string } = {
	unauthorized: 'authentication_token_not_valid',
	forbidden: 'authorization_rejected',
	model_not_found: 'model_not_supported',
	rate_limited: 'rate_limit_reached_requests',
	invalid_request: 'invalid_request_entity',
};

interface Said {
	code: string | undefined;
	message: string | undefined;
}

/** The first of a body's errors. */
function first(body: JsonValue): Said {
	const errors = isObject(body) && Array.isArray(body.errors) ? body.errors : [];
	const error = errors.find(isObject);
	const { code, message } = error ?? (isObject(body) ? { code: body.code, message: body.errorMessage ?? body.message } : {});
	return {
		code: typeof code === 'string' ? code : undefined,
		message: typeof message === 'string' && message !== '' ? message : textMessage(body),
	};
}

/** Makes a `RelaisError` of an answer outside 200-299. `body`: parsed JSON, or the text where it was none. */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	const { code: word, message } = first(body);
	const stated = codeOfWord(word === undefined ? undefined : WORDS[word], status);
	const code = stated === 'provider_rejected' && TOO_LONG.test(message ?? '') ? 'context_overflow' : stated;
	const details = refusalDetails(status, headers, body, true);
	if (word !== undefined) details.providerCode = word;
	const said = message ?? wordless(status, body);
	return new RelaisError(code, code === 'provider_auth' ? `The provider refused its credentials: ${said}` : said, details);
}

/** The error a body holds that came under status 200 or inside a stream; undefined: it holds none. */
export function errorIn(body: JsonValue, named: boolean): RelaisError | undefined {
	if (!isObject(body) || (!named && !Array.isArray(body.errors))) return undefined;
	const status = Number(body.status_code);
	return decodeError(status >= 400 && status <= 599 ? status : 500, {}, body);
}

function errorBody(error: RelaisError, trace: string): JsonObject {
	const { providerBody: body, message, param } = error;
	if (error.code !== 'provider_auth' && isObject(body) && Array.isArray(body.errors)) return { ...body };
	const named = param === undefined || param === '' || message.includes(param);
	const code = NAMES[error.code] ?? error.code;
	return { errors: [{ code, message: named ? message : `${param}: ${message}` }], trace, status_code: error.status };
}

/** An error as the API words it. */
export function encodeError(error: RelaisError, requestId: string): EncodedError {
	const headers: { [name: string]: string } = { 'x-request-id': requestId };
	if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
	return { status: error.status, headers, body: errorBody(error, requestId) };
}

/** The same inside a stream that has begun. */
export function encodeStreamError(error: RelaisError, requestId: string): string {
	return sseEvent(JSON.stringify(errorBody(error, requestId)), 'error');
}
