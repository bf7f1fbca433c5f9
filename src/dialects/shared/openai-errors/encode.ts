import { isObject } from '../../../lib/json.ts';
import type { EncodedError, ErrorCode, JsonObject, JsonValue, RelaisError } from '../../../spec/index.ts';

/** `type` and `code` of an error object, in OpenAI's words. */
type Words = readonly [type: string, code: string | null];

const INVALID = 'invalid_request_error';
const SERVER = 'server_error';

const WORDS: { readonly [code in ErrorCode]: Words } = {
	invalid_json: [INVALID, null],
	invalid_request: [INVALID, null],
	unsupported: [INVALID, 'unsupported_parameter'],
	request_too_large: [INVALID, 'request_too_large'],
	request_timeout: [INVALID, 'request_timeout'],
	unauthorized: [INVALID, 'invalid_api_key'],
	forbidden: [INVALID, 'permission_denied'],
	not_found: [INVALID, 'not_found'],
	method_not_allowed: [INVALID, 'method_not_supported'],
	unsupported_media_type: [INVALID, 'unsupported_media_type'],
	model_not_found: [INVALID, 'model_not_found'],
	model_retired: [INVALID, 'model_not_found'],
	rate_limited: ['requests', 'rate_limit_exceeded'],
	budget_exceeded: ['insufficient_quota', 'insufficient_quota'],
	provider_auth: ['authentication_error', 'provider_auth'],
	provider_forbidden: [INVALID, 'permission_denied'],
	provider_rejected: [INVALID, null],
	provider_not_found: [INVALID, 'model_not_found'],
	provider_conflict: ['conflict_error', null],
	provider_request_too_large: [INVALID, 'request_too_large'],
	provider_quota: ['insufficient_quota', 'insufficient_quota'],
	context_overflow: [INVALID, 'context_length_exceeded'],
	content_filtered: [INVALID, 'content_filter'],
	provider_overloaded: [SERVER, 'overloaded'],
	provider_unavailable: [SERVER, 'service_unavailable'],
	provider_error: [SERVER, null],
	provider_unreachable: [SERVER, 'provider_unreachable'],
	provider_protocol: [SERVER, 'provider_protocol'],
	provider_timeout: [SERVER, 'timeout'],
	stream_interrupted: [SERVER, 'stream_interrupted'],
	no_provider: [SERVER, 'no_provider'],
	client_closed: [INVALID, 'client_closed'],
	shutting_down: [SERVER, 'shutting_down'],
	config_invalid: [SERVER, 'config_invalid'],
	internal: [SERVER, null],
};

/** The provider's own error object, if it is of this dialect: its words are what the client's code was written for. */
function providersOwn(error: RelaisError): JsonObject | undefined {
	// What a vendor says about Relais's own credentials is none of the client's business.
	if (error.code === 'provider_auth') return undefined;
	const body = error.providerBody;
	if (!isObject(body) || body.type === 'error' || !isObject(body.error)) return undefined;
	// Google's object looks alike, but has the status as its code, where clients read a word.
	if (typeof body.error.code === 'number' && typeof body.error.status === 'string') return undefined;
	return typeof body.error.message === 'string' ? body.error : undefined;
}

function orNull(value: JsonValue | undefined): JsonValue {
	return value === undefined || value === '' ? null : value;
}

/** The `error` member of a body: the provider's own where it is of this form. */
export function errorObject(error: RelaisError): JsonObject {
	const [type, code] = WORDS[error.code];
	const own = providersOwn(error);
	if (own === undefined) return { message: error.message, type, param: error.param ?? null, code };
	return {
		...own,
		type: orNull(own.type) ?? type,
		param: orNull(own.param) ?? error.param ?? null,
		code: orNull(own.code) ?? code,
	};
}

/** Writes an error as official clients read it; the status decides which class they raise. */
export function encodeError(error: RelaisError, requestId: string): EncodedError {
	const headers: { [name: string]: string } = { 'x-request-id': requestId };
	if (error.retryAfterMs !== undefined) {
		headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
		headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs));
	}
	// Official clients repeat 408, 409, 429 and 5xx by themselves unless told that it is of no use.
	if (!error.retryable) headers['x-should-retry'] = 'false';
	return { status: error.status, headers, body: { error: errorObject(error) } };
}
