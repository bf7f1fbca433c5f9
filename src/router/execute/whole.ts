import { isObject, tryParse } from '../../lib/json.ts';
import { type HeaderMap, type JsonObject, type JsonValue, RelaisError, type WireEndpoint } from '../../spec/index.ts';

/** The content type without parameters, lower-case. */
export function mediaType(headers: HeaderMap): string {
	const value = headers['content-type'];
	const text = Array.isArray(value) ? value[0] : value;
	return text === undefined ? '' : (text.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** The error of an answer with a status beyond 299. Redirects are not followed: they would take the key along. */
export function refusal(wire: WireEndpoint, status: number, headers: HeaderMap, body: Buffer): RelaisError {
	if (status < 400) {
		const message = `answered with a redirect (status ${status}), which is not followed; check its base_url`;
		return new RelaisError('provider_protocol', message, { retryable: false });
	}
	const text = body.toString('utf8');
	return wire.dialect.decodeError(status, headers, tryParse(text) ?? text);
}

/**
 * The JSON object of a successful, whole answer. Throws `provider_protocol` for a body that is not one (an HTML page of some proxy,
 * an empty body, truncated JSON), and the vendor's own error for an error object under a success status.
 */
export function answerObject(wire: WireEndpoint, status: number, headers: HeaderMap, body: Buffer): JsonObject {
	const parsed = body.length === 0 ? undefined : tryParse(body.toString('utf8'));
	if (!isObject(parsed))
		throw new RelaisError('provider_protocol', `answered ${status} with ${describe(headers, body)} in place of a JSON object`);
	const error = parsed.error;
	if (error !== undefined && error !== null) throw wire.dialect.decodeError(errorStatus(error), headers, parsed);
	return parsed;
}

function errorStatus(error: JsonValue): number {
	const code = isObject(error) ? (error.status ?? error.code) : undefined;
	const status = Number(code);
	return Number.isInteger(status) && status >= 400 && status <= 599 ? status : 500;
}

function describe(headers: HeaderMap, body: Buffer): string {
	if (body.length === 0) return 'an empty body';
	const type = mediaType(headers);
	const start = body.toString('utf8', 0, 64).trimStart().toLowerCase();
	if (type === 'text/html' || start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page';
	return start.startsWith('{') ? 'broken JSON' : `${type === '' ? 'a body' : type}`;
}
