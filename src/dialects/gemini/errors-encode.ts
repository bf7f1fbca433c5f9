import { isObject } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type { EncodedError, ErrorCode, JsonObject, RelaisError } from '../../spec/index.ts';

/** The status word of each code (google.rpc.Code). */
const WORDS: { [code in ErrorCode]: string } = {
	invalid_json: 'INVALID_ARGUMENT',
	invalid_request: 'INVALID_ARGUMENT',
	unsupported: 'INVALID_ARGUMENT',
	request_too_large: 'INVALID_ARGUMENT',
	request_timeout: 'DEADLINE_EXCEEDED',
	unauthorized: 'UNAUTHENTICATED',
	forbidden: 'PERMISSION_DENIED',
	not_found: 'NOT_FOUND',
	method_not_allowed: 'UNIMPLEMENTED',
	unsupported_media_type: 'INVALID_ARGUMENT',
	model_not_found: 'NOT_FOUND',
	model_retired: 'NOT_FOUND',
	rate_limited: 'RESOURCE_EXHAUSTED',
	budget_exceeded: 'FAILED_PRECONDITION',
	provider_auth: 'UNAUTHENTICATED',
	provider_forbidden: 'PERMISSION_DENIED',
	provider_rejected: 'INVALID_ARGUMENT',
	provider_not_found: 'NOT_FOUND',
	provider_conflict: 'ABORTED',
	provider_request_too_large: 'INVALID_ARGUMENT',
	provider_quota: 'RESOURCE_EXHAUSTED',
	context_overflow: 'INVALID_ARGUMENT',
	content_filtered: 'INVALID_ARGUMENT',
	provider_overloaded: 'UNAVAILABLE',
	provider_unavailable: 'UNAVAILABLE',
	provider_error: 'INTERNAL',
	provider_unreachable: 'UNAVAILABLE',
	provider_protocol: 'INTERNAL',
	provider_timeout: 'DEADLINE_EXCEEDED',
	stream_interrupted: 'UNAVAILABLE',
	no_provider: 'UNAVAILABLE',
	client_closed: 'CANCELLED',
	shutting_down: 'UNAVAILABLE',
	config_invalid: 'INTERNAL',
	internal: 'INTERNAL',
};

const TYPE = '@type';
const RPC = 'type.googleapis.com/google.rpc.';

/** An error as the API words it, so that official clients raise it with its status. */
export function encodeError(error: RelaisError, requestId: string): EncodedError {
	const headers: { [name: string]: string } = {};
	if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
	return { status: error.status, headers, body: errorBody(error, requestId) };
}

/** The same inside a stream that has begun. Clients raise a piece that holds an `error`. */
export function encodeStreamError(error: RelaisError, requestId: string): string {
	return sseEvent(JSON.stringify(errorBody(error, requestId)));
}

function errorBody(error: RelaisError, requestId: string): JsonObject {
	return { error: providerError(error) ?? ownError(error, requestId) };
}

function ownError(error: RelaisError, requestId: string): JsonObject {
	const { message, param } = error;
	const named = param === undefined || param === '' || message.includes(param);
	const details: JsonObject[] = [
		{ [TYPE]: `${RPC}ErrorInfo`, reason: error.code.toUpperCase(), domain: 'relais' },
		{ [TYPE]: `${RPC}RequestInfo`, requestId },
	];
	if (param !== undefined && param !== '')
		details.push({ [TYPE]: `${RPC}BadRequest`, fieldViolations: [{ field: param, description: message }] });
	if (error.retryAfterMs !== undefined) details.push({ [TYPE]: `${RPC}RetryInfo`, retryDelay: `${error.retryAfterMs / 1000}s` });
	return { code: error.status, message: named ? message : `${param}: ${message}`, status: WORDS[error.code], details };
}

/** The provider's own words, where it speaks this dialect; never about the key Relais sent, which is not the client's. */
function providerError(error: RelaisError): JsonObject | undefined {
	const body = Array.isArray(error.providerBody) ? error.providerBody[0] : error.providerBody;
	if (error.code === 'provider_auth' || !isObject(body) || !isObject(body.error)) return undefined;
	const { code, message, status } = body.error;
	return code === error.status && typeof message === 'string' && typeof status === 'string' ? body.error : undefined;
}
