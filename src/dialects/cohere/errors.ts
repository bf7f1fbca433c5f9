import { isObject } from '../../lib/json.ts';
import { sseEvent } from '../../lib/sse.ts';
import type { EncodedError, ErrorCode, HeaderMap, JsonObject, JsonValue } from '../../spec/index.ts';
import { RelaisError } from '../../spec/index.ts';
import { codeOfStatus, refusalDetails, textMessage, wordless } from '../shared/index.ts';

/** What a message tells beyond the status. */
const MEANINGS: readonly { says: RegExp; code: ErrorCode; from: ErrorCode }[] = [
	{ says: /too many tokens|size limit exceeded|context (?:length|window)/i, code: 'context_overflow', from: 'provider_rejected' },
	{ says: /model .* was removed|has been (?:removed|retired)/i, code: 'model_retired', from: 'provider_not_found' },
	{ says: /\bmonth|billing|payment|credits?\b/i, code: 'provider_quota', from: 'rate_limited' },
];

/** Statuses the API uses in its own way: 498 is blocked content, 499 a call the client gave up. */
const STATUSES: { readonly [status: number]: ErrorCode } = { 498: 'content_filtered' };

/** Makes a `RelaisError` of an answer outside 200-299. `body`: parsed JSON, or the text where it was none. */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	const message = messageOf(body) ?? textMessage(body);
	const stated = STATUSES[status] ?? codeOfStatus(status);
	const code = meaningOf(message ?? '', stated);
	const details = refusalDetails(status, headers, body, code === stated);
	const type = isObject(body) ? body.error_type : undefined;
	if (typeof type === 'string') details.providerCode = type;
	const said = message ?? wordless(status, body);
	return new RelaisError(code, code === 'provider_auth' ? `The provider refused its API key: ${said}` : said, details);
}

/** Makes a `RelaisError` of an error that came under status 200 or inside a stream. */
export function decodeErrorBody(body: JsonObject): RelaisError {
	const message = messageOf(body);
	const code = meaningOf(message ?? '', 'provider_error');
	return new RelaisError(code, message ?? 'The provider reported an error without a message.', { providerBody: body });
}

function meaningOf(message: string, stated: ErrorCode): ErrorCode {
	return MEANINGS.find(({ says, from }) => from === stated && says.test(message))?.code ?? stated;
}

/** The message: `message`, or the forms hosts and proxies before the API use. */
function messageOf(body: JsonValue): string | undefined {
	if (!isObject(body)) return undefined;
	const inner = isObject(body.error) ? body.error.message : body.error;
	return [body.message, inner, body.detail].find((each): each is string => typeof each === 'string' && each !== '');
}

/** An error as the API words it. */
export function encodeError(error: RelaisError, requestId: string): EncodedError {
	const headers: { [name: string]: string } = { 'x-request-id': requestId };
	if (error.retryAfterMs !== undefined) {
		headers['retry-after'] = String(Math.ceil(error.retryAfterMs / 1000));
		headers['retry-after-ms'] = String(Math.ceil(error.retryAfterMs));
	}
	return { status: error.status, headers, body: errorBody(error, requestId) };
}

/** The same inside a stream that has begun: an end that says what went wrong. */
export function encodeStreamError(error: RelaisError, requestId: string): string {
	const { message } = errorBody(error, requestId);
	const usage: JsonObject = {
		billed_units: { input_tokens: 0, output_tokens: 0 },
		tokens: { input_tokens: 0, output_tokens: 0 },
	};
	const event: JsonObject = { id: requestId, type: 'message-end', delta: { error: message, finish_reason: 'ERROR', usage } };
	return sseEvent(JSON.stringify(event), 'message-end');
}

/** The provider's own words where it speaks this dialect, never about the key Relais sent. */
function errorBody(error: RelaisError, requestId: string): JsonObject {
	const { providerBody: body, message, param } = error;
	if (error.code !== 'provider_auth' && isObject(body) && typeof body.message === 'string' && body.type === undefined)
		return { ...body };
	const named = param === undefined || param === '' || message.includes(param);
	return { id: requestId, message: named ? message : `${param}: ${message}` };
}
