import { EXCEPTION } from '../../lib/aws-event-stream.ts';
import type { EncodedError, ErrorCode, RelaisError } from '../../spec/index.ts';
import { event } from './stream-wire.ts';

/** The exception of each code; clients choose their error class by its name. */
const TYPES: { [code in ErrorCode]: string } = {
	invalid_json: 'ValidationException',
	invalid_request: 'ValidationException',
	unsupported: 'ValidationException',
	request_too_large: 'ValidationException',
	request_timeout: 'ModelTimeoutException',
	unauthorized: 'UnrecognizedClientException',
	forbidden: 'AccessDeniedException',
	not_found: 'ResourceNotFoundException',
	method_not_allowed: 'ValidationException',
	unsupported_media_type: 'ValidationException',
	model_not_found: 'ResourceNotFoundException',
	model_retired: 'ResourceNotFoundException',
	rate_limited: 'ThrottlingException',
	budget_exceeded: 'ServiceQuotaExceededException',
	provider_auth: 'UnrecognizedClientException',
	provider_forbidden: 'AccessDeniedException',
	provider_rejected: 'ValidationException',
	provider_not_found: 'ResourceNotFoundException',
	provider_conflict: 'ConflictException',
	provider_request_too_large: 'ValidationException',
	provider_quota: 'ServiceQuotaExceededException',
	context_overflow: 'ValidationException',
	content_filtered: 'ValidationException',
	provider_overloaded: 'ServiceUnavailableException',
	provider_unavailable: 'ServiceUnavailableException',
	provider_error: 'InternalServerException',
	provider_unreachable: 'ServiceUnavailableException',
	provider_protocol: 'InternalServerException',
	provider_timeout: 'ModelTimeoutException',
	stream_interrupted: 'ModelStreamErrorException',
	no_provider: 'ServiceUnavailableException',
	client_closed: 'InternalServerException',
	shutting_down: 'ServiceUnavailableException',
	config_invalid: 'InternalServerException',
	internal: 'InternalServerException',
};

/** Exceptions a stream may hold; what is none of them is an internal one. */
const IN_STREAM: ReadonlySet<string> = new Set([
	'ValidationException',
	'ThrottlingException',
	'ServiceUnavailableException',
	'ModelStreamErrorException',
	'InternalServerException',
]);

/** An error as the API words it: the exception's name in a header, the message in the body. */
export function encodeError(error: RelaisError, requestId: string): EncodedError {
	const headers: { [name: string]: string } = { 'x-amzn-requestid': requestId, 'x-amzn-errortype': TYPES[error.code] };
	if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
	return { status: error.status, headers, body: { message: messageOf(error) } };
}

/** The same inside a stream that has begun. */
export function encodeStreamError(error: RelaisError, _requestId: string): string {
	const type = IN_STREAM.has(TYPES[error.code]) ? TYPES[error.code] : 'InternalServerException';
	return event(`${EXCEPTION}${type.charAt(0).toLowerCase()}${type.slice(1)}`, { message: messageOf(error) });
}

function messageOf({ message, param }: RelaisError): string {
	return param === undefined || param === '' || message.includes(param) ? message : `${param}: ${message}`;
}
