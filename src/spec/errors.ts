import type { JsonValue } from './json.ts';

/**
 * Every way a request can fail, with the HTTP status it gets and what may be tried next. `retryable`: the same target may succeed
 * a moment later. `failover`: another target may succeed. docs/en/errors.md lists the same codes; a test holds the two equal.
 */
export const ERROR_CODES = {
	invalid_json: { status: 400, retryable: false, failover: false },
	invalid_request: { status: 400, retryable: false, failover: false },
	unsupported: { status: 400, retryable: false, failover: true },
	request_too_large: { status: 413, retryable: false, failover: false },
	request_timeout: { status: 408, retryable: false, failover: false },
	unauthorized: { status: 401, retryable: false, failover: false },
	forbidden: { status: 403, retryable: false, failover: false },
	not_found: { status: 404, retryable: false, failover: false },
	method_not_allowed: { status: 405, retryable: false, failover: false },
	unsupported_media_type: { status: 415, retryable: false, failover: false },
	model_not_found: { status: 404, retryable: false, failover: false },
	model_retired: { status: 404, retryable: false, failover: true },
	rate_limited: { status: 429, retryable: true, failover: true },
	budget_exceeded: { status: 402, retryable: false, failover: false },
	provider_auth: { status: 401, retryable: false, failover: true },
	provider_forbidden: { status: 403, retryable: false, failover: true },
	provider_rejected: { status: 400, retryable: false, failover: false },
	provider_not_found: { status: 404, retryable: false, failover: true },
	provider_conflict: { status: 409, retryable: true, failover: true },
	provider_request_too_large: { status: 413, retryable: false, failover: true },
	provider_quota: { status: 429, retryable: false, failover: true },
	context_overflow: { status: 400, retryable: false, failover: true },
	content_filtered: { status: 400, retryable: false, failover: false },
	provider_overloaded: { status: 529, retryable: true, failover: true },
	provider_unavailable: { status: 503, retryable: true, failover: true },
	provider_error: { status: 500, retryable: true, failover: true },
	provider_unreachable: { status: 502, retryable: true, failover: true },
	provider_protocol: { status: 502, retryable: true, failover: true },
	provider_timeout: { status: 504, retryable: true, failover: true },
	stream_interrupted: { status: 502, retryable: true, failover: true },
	no_provider: { status: 503, retryable: false, failover: false },
	client_closed: { status: 499, retryable: false, failover: false },
	shutting_down: { status: 503, retryable: true, failover: false },
	config_invalid: { status: 500, retryable: false, failover: false },
	internal: { status: 500, retryable: false, failover: false },
} as const satisfies { [code: string]: { status: number; retryable: boolean; failover: boolean } };

export type ErrorCode = keyof typeof ERROR_CODES;

/** What may be said about a failure besides its code and message. */
export interface ErrorDetails {
	/** HTTP status to answer with, where the provider's own differs from the code's. */
	status?: number;
	/** Milliseconds the provider asks to wait. */
	retryAfterMs?: number;
	/** Name of the configured provider that failed. */
	provider?: string;
	/** Path of the offending request field, e.g. `messages[0].content`. */
	param?: string;
	/** The provider's own error code or type. */
	providerCode?: string;
	/** The provider's error body, for logs and for a client of the same dialect. Never holds credentials Relais sent. */
	providerBody?: JsonValue;
	cause?: unknown;
	retryable?: boolean;
	failover?: boolean;
}

const BRAND = Symbol.for('relais.error');

/** The one error class. Recognise it with `isRelaisError`, which also holds across two copies of the package. */
export class RelaisError extends Error {
	override readonly name = 'RelaisError';
	readonly [BRAND] = true;
	readonly code: ErrorCode;
	readonly status: number;
	readonly retryable: boolean;
	readonly failover: boolean;
	readonly retryAfterMs: number | undefined;
	readonly provider: string | undefined;
	readonly param: string | undefined;
	readonly providerCode: string | undefined;
	readonly providerBody: JsonValue | undefined;

	constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
		super(message, details.cause === undefined ? undefined : { cause: details.cause });
		const facts = ERROR_CODES[code];
		this.code = code;
		this.status = details.status ?? facts.status;
		this.retryable = details.retryable ?? facts.retryable;
		this.failover = details.failover ?? facts.failover;
		this.retryAfterMs = details.retryAfterMs;
		this.provider = details.provider;
		this.param = details.param;
		this.providerCode = details.providerCode;
		this.providerBody = details.providerBody;
	}
}

/** Whether a caught value is a `RelaisError`. */
export function isRelaisError(value: unknown): value is RelaisError {
	return typeof value === 'object' && value !== null && BRAND in value;
}
