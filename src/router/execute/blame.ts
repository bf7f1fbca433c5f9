import { ERROR_CODES, type ErrorCode, type ErrorDetails, type JsonValue, RelaisError } from '../../spec/index.ts';
import type { AttemptRecord, Target } from '../types.ts';

/** The facts of an error as the details of a new one. */
function detailsOf(error: RelaisError): ErrorDetails {
	const details: ErrorDetails = {
		status: error.status,
		retryable: error.retryable,
		failover: error.failover,
		cause: error.cause,
	};
	if (error.retryAfterMs !== undefined) details.retryAfterMs = error.retryAfterMs;
	if (error.provider !== undefined) details.provider = error.provider;
	if (error.param !== undefined) details.param = error.param;
	if (error.providerCode !== undefined) details.providerCode = error.providerCode;
	if (error.providerBody !== undefined) details.providerBody = error.providerBody;
	return details;
}

/** The same error about another field. */
export function withParam(error: RelaisError, param: string): RelaisError {
	return param === error.param ? error : new RelaisError(error.code, error.message, { ...detailsOf(error), param });
}

/** What a user can do about a provider's error, by code. */
function cure(error: RelaisError, target: Target): string {
	if (error.code !== 'provider_auth') return sentence(knownCure(error, target));
	return ` The key Relais holds for it is missing or wrong; ${target.provider.credentialHint ?? `check the config of "${target.provider.name}"`}.`;
}

/** What the provider knows to do about it; a module that fails to say knows nothing. */
function knownCure(error: RelaisError, { provider, model }: Target): string | undefined {
	try {
		const text: unknown = provider.cure?.(error, model);
		return typeof text === 'string' ? text : undefined;
	} catch {
		return undefined;
	}
}

function sentence(text: string | undefined): string {
	return text === undefined || text === '' ? '' : ` ${closed(text)}`;
}

/** A text that another sentence may follow: vendors end theirs with a full stop, or not. */
function closed(text: string): string {
	return /[.!?…:]\s*$/.test(text) ? text.trimEnd() : `${text}.`;
}

/**
 * The same error as clients can be shown it: vendors answer with statuses that are none, and modules throw what only resembles an
 * error of Relais's.
 */
function presentable(error: RelaisError): RelaisError {
	const { code, status, message, retryAfterMs: wait } = error;
	const known = Object.hasOwn(ERROR_CODES, code);
	const isStatus = Number.isInteger(status) && status >= 400 && status <= 599;
	const isWait = wait === undefined || (wait >= 0 && wait <= Number.MAX_SAFE_INTEGER);
	if (known && isStatus && isWait && typeof message === 'string') return error;
	const { status: _, retryAfterMs: __, ...details } = detailsOf(error);
	return new RelaisError(known ? code : 'provider_error', typeof message === 'string' ? message : 'failed without a message', {
		...details,
		...(isStatus ? { status } : {}),
		...(isWait && wait !== undefined ? { retryAfterMs: wait } : {}),
	});
}

/** Codes of failures that are no provider's. */
const OWN: ReadonlySet<string> = new Set<ErrorCode>(['invalid_request', 'internal', 'shutting_down']);

/**
 * The same error with the provider's name on it. What a provider says of the credentials Relais sent is not repeated: such messages
 * often quote a part of the key.
 */
export function attribute(raised: RelaisError, target: Target): RelaisError {
	const error = presentable(raised);
	if (error.provider !== undefined || OWN.has(error.code)) return error;
	const details = { ...detailsOf(error), provider: target.provider.name };
	if (error.code === 'provider_auth') {
		delete details.providerBody;
		return new RelaisError('provider_auth', `${target.label} refused Relais's credentials.${cure(error, target)}`, details);
	}
	const help = cure(error, target);
	// A client of the vendor's dialect is shown the vendor's own body, in which there is no place for what helps.
	if (help !== '') delete details.providerBody;
	const said = `${target.label}: ${error.message}`;
	return new RelaisError(error.code, help === '' ? said : `${closed(said)}${help}`, details);
}

/**
 * The same error without the credentials Relais sent, which a rude server quotes in its messages.
 * @param redact hides every secret in a text
 */
export function scrub(error: RelaisError, redact: (text: string) => string): RelaisError {
	const message = redact(error.message);
	const { providerBody, ...rest } = detailsOf(error);
	const details: ErrorDetails = rest;
	const body = JSON.stringify(providerBody);
	const cleanBody = body === undefined ? undefined : redact(body);
	if (message === error.message && cleanBody === body) return error;
	if (cleanBody !== undefined) details.providerBody = JSON.parse(cleanBody) as JsonValue;
	return new RelaisError(error.code, message, details);
}

/** The error to show when every target failed: the last one's, with a line on each other target that was tried. */
export function summarise(last: RelaisError, attempts: readonly AttemptRecord[]): RelaisError {
	const targets = new Map<string, RelaisError>();
	for (const attempt of attempts) if (attempt.error !== undefined) targets.set(attempt.target, attempt.error);
	if (targets.size < 2) return last;
	const others = [...targets.values()].filter((error) => error !== last).map((error) => error.message.slice(0, 300));
	const { providerBody: _, ...details } = detailsOf(last);
	return new RelaisError(last.code, `${closed(last.message)} Before that: ${others.join(' | ')}`, details);
}
