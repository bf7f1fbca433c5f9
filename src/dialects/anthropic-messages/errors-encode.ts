import { isObject } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type { EncodedError, ErrorCode, JsonObject, RelaisError } from '../../spec/index.ts';
import { NO_THREADS } from './thread.ts';

/** The error type of each code; clients choose their error class by the status. */
const TYPES: { [code in ErrorCode]: string } = {
	invalid_json: 'invalid_request_error',
	invalid_request: 'invalid_request_error',
	unsupported: 'invalid_request_error',
	request_too_large: 'request_too_large',
	request_timeout: 'timeout_error',
	unauthorized: 'authentication_error',
	forbidden: 'permission_error',
	not_found: 'not_found_error',
	method_not_allowed: 'invalid_request_error',
	unsupported_media_type: 'invalid_request_error',
	model_not_found: 'not_found_error',
	model_retired: 'not_found_error',
	rate_limited: 'rate_limit_error',
	budget_exceeded: 'billing_error',
	provider_auth: 'authentication_error',
	provider_forbidden: 'permission_error',
	provider_rejected: 'invalid_request_error',
	provider_not_found: 'not_found_error',
	provider_conflict: 'invalid_request_error',
	provider_request_too_large: 'request_too_large',
	provider_quota: 'rate_limit_error',
	context_overflow: 'invalid_request_error',
	content_filtered: 'invalid_request_error',
	provider_overloaded: 'overloaded_error',
	provider_unavailable: 'api_error',
	provider_error: 'api_error',
	provider_unreachable: 'api_error',
	provider_protocol: 'api_error',
	provider_timeout: 'timeout_error',
	stream_interrupted: 'api_error',
	no_provider: 'api_error',
	client_closed: 'api_error',
	shutting_down: 'overloaded_error',
	config_invalid: 'api_error',
	internal: 'api_error',
};

const OVERLOADED = 529;

/** An error as the API words it, so that official clients raise the class of its status and honour the wait. */
export function encodeError(error: RelaisError, requestId: string): EncodedError {
	const headers: { [name: string]: string } = { 'request-id': requestId };
	if (error.retryAfterMs !== undefined) {
		headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
		// The vendor knows whole seconds only, but its clients look for the exact wait first.
		headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs));
	}
	// Clients repeat 408, 409, 429 and 5xx on their own, unless they are told that it is of no use.
	if (!error.retryable) headers['x-should-retry'] = 'false';
	// Overload has one status in this API, whatever the provider's was.
	const status = error.code === 'provider_overloaded' ? OVERLOADED : error.status;
	return { status, headers, body: errorBody(error, requestId) };
}

/** The same inside a stream that has begun. */
export function encodeStreamError(error: RelaisError, requestId: string): string {
	return sseEvent(JSON.stringify(errorBody(error, requestId)), 'error');
}

function errorBody(error: RelaisError, requestId: string): JsonObject {
	return { type: 'error', error: providerError(error) ?? ownError(error), request_id: requestId };
}

function ownError(error: RelaisError): JsonObject {
	const { message, param } = error;
	if (error.code === 'unsupported' && param === 'previous_response_id') {
		return { type: TYPES.unsupported, message: `thread: ${message}`, details: NO_THREADS };
	}
	const named = param === undefined || param === '' || message.includes(param);
	return { type: TYPES[error.code], message: named ? message : `${param}: ${message}` };
}

/** The provider's own words, where it speaks this dialect; never about the key Relais sent, which is not the client's. */
function providerError(error: RelaisError): JsonObject | undefined {
	const body = error.providerBody;
	if (error.code === 'provider_auth' || !isObject(body) || body.type !== 'error') return undefined;
	const inner = body.error;
	return isObject(inner) && typeof inner.type === 'string' && typeof inner.message === 'string' ? inner : undefined;
}
