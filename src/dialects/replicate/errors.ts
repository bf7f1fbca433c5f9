import { isObject } from '../../lib/json.ts';
import { type ErrorCode, type HeaderMap, type JsonObject, type JsonValue, RelaisError } from '../../spec/index.ts';
import { codeOfStatus, refusalDetails, textMessage, wordless } from '../shared/index.ts';

/** Makes a `RelaisError` of an answer outside 200-299. `body`: parsed JSON, or the text where it was none. */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	const message = messageOf(body) ?? textMessage(body);
	const code = codeOfStatus(status);
	const details = refusalDetails(status, headers, body, true);
	const wait = isObject(body) ? body.retry_after : undefined;
	if (typeof wait === 'number' && wait >= 0) details.retryAfterMs ??= wait * 1000;
	const said = message ?? wordless(status, body);
	return new RelaisError(code, code === 'provider_auth' ? `The provider refused its API key: ${said}` : said, details);
}

function messageOf(body: JsonValue): string | undefined {
	if (!isObject(body)) return undefined;
	const found = [body.detail, body.title, body.error].find((each) => typeof each === 'string' && each !== '');
	return typeof found === 'string' ? found.trim() : undefined;
}

/** What a failed prediction's words tell. */
const MEANINGS: readonly { says: RegExp; code: ErrorCode }[] = [
	{ says: /E005|flagged|sensitive|nsfw|content policy|moderation/i, code: 'content_filtered' },
	{
		says: /context (length|window)|maximum (context|sequence)|too many tokens|prompt (is )?too long|exceeds? .*tokens/i,
		code: 'context_overflow',
	},
	{ says: /E003|high demand|capacity|overloaded|try again later/i, code: 'provider_overloaded' },
	{ says: /rate limit/i, code: 'rate_limited' },
	{ says: /must be|invalid|expected|not (a )?valid|validation/i, code: 'provider_rejected' },
];

/** The error of a prediction that did not succeed. */
export function failureOf(prediction: JsonObject): RelaisError {
	const { status, error } = prediction;
	if (status === 'canceled' || status === 'aborted')
		return new RelaisError('provider_error', 'The prediction was cancelled at the provider.', { providerCode: String(status) });
	const said = typeof error === 'string' && error !== '' ? error : undefined;
	return failureSaying(said ?? 'The prediction failed without a word.');
}

/** The error a failed prediction or its stream words so. */
export function failureSaying(said: string): RelaisError {
	const code = MEANINGS.find(({ says }) => says.test(said))?.code ?? 'provider_error';
	return new RelaisError(code, said, { providerCode: 'failed' });
}
