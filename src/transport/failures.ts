import { errors } from 'undici';
import { type ErrorCode, isRelaisError, RelaisError } from '../spec/index.ts';

/** How far a call had come when it failed. */
export type Progress = 'connecting' | 'sent' | 'body';

/** Host and port of an origin, for messages; without a user and password that somebody may have put there. */
export function hostOf(origin: string): string {
	return origin.replace(/^[\w+.-]+:\/\//, '').replace(/^.*@/, '');
}

/** Why a connection could not be made, by system error code; `%` stands for the host. */
const CONNECT_FAILURES: { [code: string]: string } = {
	ENOTFOUND: 'the name of % does not resolve',
	EAI_AGAIN: 'the name of % does not resolve at the moment',
	ECONNREFUSED: '% refused the connection',
	ECONNRESET: '% closed the connection while it was being set up',
	ETIMEDOUT: '% did not accept the connection',
	UND_ERR_CONNECT_TIMEOUT: '% did not accept the connection',
	EHOSTUNREACH: 'there is no route to %',
	ENETUNREACH: 'there is no route to %',
	EMFILE: 'no file descriptor is left for a connection to %',
	ERR_TLS_CERT_ALTNAME_INVALID: 'the TLS certificate of % is for another name',
	CERT_HAS_EXPIRED: 'the TLS certificate of % has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'the TLS certificate of % is self-signed',
	SELF_SIGNED_CERT_IN_CHAIN: 'the TLS certificate of % is signed by an authority this machine does not know',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the TLS certificate of % is signed by an authority this machine does not know',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the TLS certificate of % is signed by an authority this machine does not know',
	EPROTO: '% does not speak TLS on this port',
};

/** Errors that say nothing but that the connection is gone. */
const LOST = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

/** Errors of a request that the caller got wrong. */
const UNSENDABLE = new Set(['UND_ERR_INVALID_ARG', 'ERR_INVALID_URL']);

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether the error means that the connection was lost, with nothing wrong in what came over it. */
export function isLostConnection(error: unknown): boolean {
	return LOST.has(codeOf(error)) && !isBadResponse(error);
}

/** Whether a body ended before its announced end. The parser has nothing left to complain of (`data`) when it is the end itself. */
function isTruncated(error: unknown): boolean {
	if (error instanceof errors.HTTPParserError) return 'data' in error && error.data === '';
	return error instanceof errors.ResponseContentLengthMismatchError;
}

/** undici closes the socket itself, with the code of a lost one, on an answer that fits no request (100, 101 unasked). */
function isBadResponse(error: unknown): boolean {
	return error instanceof Error && (error.message === 'bad response' || error.message === 'bad upgrade');
}

/**
 * Turns what undici or the system raised into the error the rest of Relais knows. Messages name the host and the reason, never
 * what was sent: headers hold credentials.
 */
export function failureOf(error: unknown, origin: string, progress: Progress): RelaisError {
	if (isRelaisError(error)) return error;
	const code = codeOf(error);
	const host = hostOf(origin);
	const fail = (kind: ErrorCode, message: string): RelaisError => new RelaisError(kind, message, { cause: error });

	if (UNSENDABLE.has(code)) {
		return fail('config_invalid', `the request to ${host} cannot be sent: ${error instanceof Error ? error.message : ''}`);
	}
	if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') return fail('shutting_down', 'Relais is shutting down');
	if (progress === 'connecting') return fail('provider_unreachable', connectMessage(code, host));
	if (code === 'UND_ERR_HEADERS_OVERFLOW') return fail('provider_protocol', `${host} sent response headers that are too large`);
	if (progress === 'body' && (isTruncated(error) || isLostConnection(error))) {
		return fail('stream_interrupted', `${host} closed the connection before the answer was complete`);
	}
	if (isLostConnection(error)) return fail('provider_unreachable', `${host} closed the connection before it answered`);
	if (isBadResponse(error) || isTruncated(error) || error instanceof errors.HTTPParserError) {
		return fail('provider_protocol', `${host} sent something that is not a valid HTTP/1.1 response`);
	}
	return fail('internal', `the call to ${host} failed inside Relais`);
}

function connectMessage(code: string, host: string): string {
	const known = CONNECT_FAILURES[code];
	if (known !== undefined) return `${known.replace('%', host)} (${code})`;
	if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) return `no TLS connection could be made with ${host} (${code})`;
	return `no connection could be made to ${host}${code === '' ? '' : ` (${code})`}`;
}

/** The time limits of a call, by the name users know them under. */
export type Limit = 'connect' | 'headers' | 'answer' | 'first_token' | 'idle' | 'total';

const LIMIT_MESSAGES: { [limit in Limit]: string } = {
	connect: 'did not accept a connection within',
	headers: 'did not begin to answer within',
	answer: 'did not answer within',
	first_token: 'sent no content within',
	idle: 'fell silent in the middle of its answer for',
	total: 'did not finish its answer within',
};

/** A time limit has passed. @param ms the limit's value  @param who kept Relais waiting */
export function limitPassed(limit: Limit, ms: number, who: string): RelaisError {
	return new RelaisError('provider_timeout', `${who} ${LIMIT_MESSAGES[limit]} ${ms} ms (limit: ${limit})`);
}
