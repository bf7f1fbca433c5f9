import { isObject } from '../../lib/json.ts';
import type { EncodedError, ErrorCode, HeaderMap, JsonObject, JsonValue } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { codeOfStatus, refusalDetails, textMessage, wordless } from '../shared/index.ts';

/** What a message tells beyond the status. */
const MEANINGS: readonly { says: RegExp; code: ErrorCode }[] = [
	{
		says: /exceeds? (?:the )?(?:available |maximum )?context|context (?:length|size|window)|input length exceeds/i,
		code: 'context_overflow',
	},
	{ says: /model .* not found|try pulling it/i, code: 'provider_not_found' },
];

/** Codes a message may refine. */
const GENERAL: ReadonlySet<ErrorCode> = new Set(['provider_rejected', 'provider_error', 'provider_unavailable']);

/** Makes a `RelaisError` of an answer outside 200-299. `body`: parsed JSON, or the text where it was none. */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	const message = messageOf(body) ?? textMessage(body);
	const stated = codeOfStatus(status);
	const code = meaningOf(message ?? '', stated);
	const said = message ?? wordless(status, body);
	const words = code === 'provider_auth' ? `The provider refused its API key: ${said}` : said;
	return new RelaisError(code, words, refusalDetails(status, headers, body, code === stated));
}

/** Makes a `RelaisError` of an error that came under status 200 or inside a stream. */
export function decodeErrorBody(body: JsonObject): RelaisError {
	const message = messageOf(body);
	const code = meaningOf(message ?? '', 'provider_error');
	return new RelaisError(code, message ?? 'The provider reported an error without a message.', { providerBody: body });
}

function meaningOf(message: string, stated: ErrorCode): ErrorCode {
	if (!GENERAL.has(stated)) return stated;
	return MEANINGS.find(({ says }) => says.test(message))?.code ?? stated;
}

/** The message: a text in `error`, or the forms hosts and proxies before the server use. */
function messageOf(body: JsonValue): string | undefined {
	if (!isObject(body)) return undefined;
	const inner = isObject(body.error) ? body.error.message : body.error;
	return [inner, body.message, body.detail].find((each): each is string => typeof each === 'string' && each !== '');
}

/** An error as the API words it. */
export function encodeError(error: RelaisError, requestId: string): EncodedError {
	const headers: { [name: string]: string } = { 'x-request-id': requestId };
	if (error.retryAfterMs !== undefined) headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
	return { status: error.status, headers, body: errorBody(error) };
}

/** The same inside a stream that has begun. */
export function encodeStreamError(error: RelaisError): string {
	return `${JSON.stringify(errorBody(error))}\n`;
}

/** Clients read a text; the provider's own words where it speaks this dialect, never about the key Relais sent. */
function errorBody(error: RelaisError): JsonObject {
	const { providerBody: body, message, param } = error;
	if (error.code !== 'provider_auth' && isObject(body) && typeof body.error === 'string') return { ...body };
	const named = param === undefined || param === '' || message.includes(param);
	return { error: named ? message : `${param}: ${message}` };
}
