import { isObject } from '../../../lib/json.ts';
import { type ErrorCode, type HeaderMap, type JsonObject, type JsonValue, RelaisError } from '../../../spec/index.ts';
import { retryAfterMs } from './retry-after.ts';
import { CODE_OF_STATUS, CODE_OF_WORD, PATTERNS } from './tables.ts';

/** Longest message kept, in characters. */
const LONGEST = 1000;

/** What an error body says, whatever its form. */
interface Said {
	message: string | undefined;
	/** Codes and types, most exact first. */
	words: string[];
	param: string | undefined;
	/** A status stated in the body. */
	status: number | undefined;
}

const NOTHING: Said = { message: undefined, words: [], param: undefined, status: undefined };

function text(value: JsonValue | undefined): string | undefined {
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** `detail` of FastAPI servers: a text, or a list of faults with the place of each. */
function fromDetail(detail: JsonValue | undefined): string | undefined {
	if (!Array.isArray(detail)) return isObject(detail) ? text(detail.message) : text(detail);
	const faults = detail.filter(isObject).map((fault) => {
		const place = Array.isArray(fault.loc) ? fault.loc.filter((step) => step !== 'body').join('.') : '';
		return place === '' ? text(fault.msg) : `${place}: ${text(fault.msg) ?? 'invalid'}`;
	});
	return text(faults.filter((fault) => fault !== undefined).join('; '));
}

function httpStatus(value: JsonValue | undefined): number | undefined {
	const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
	return typeof status === 'number' && status >= 400 && status <= 599 ? status : undefined;
}

function firstOf<T>(values: (T | undefined)[]): T | undefined {
	return values.find((value) => value !== undefined);
}

/** Azure says what its filter found in `innererror`; Google puts a word into `status`. */
function words(error: JsonObject): string[] {
	const inner = isObject(error.innererror) ? error.innererror.code : undefined;
	return [error.code, error.type, error.error_type, error.status, inner, error.reason].flatMap((word) => text(word) ?? []);
}

/** An aggregator passes on what its upstream said. */
function upstream(error: JsonObject): string | undefined {
	const metadata = error.metadata;
	return isObject(metadata) ? text(metadata.raw) : undefined;
}

function fromErrorObject(error: JsonObject, outer: JsonObject): Said {
	const own = firstOf([text(error.message), fromDetail(error.detail), fromDetail(outer.detail), text(outer.message)]);
	const raw = upstream(error);
	return {
		message: own !== undefined && raw !== undefined ? `${own}: ${raw}` : (own ?? raw),
		words: [...words(error), ...words(outer)],
		param: text(error.param),
		status: firstOf([error.status_code, error.code, error.status, outer.status].map(httpStatus)),
	};
}

/** Reads the error out of a body of any of the forms seen. */
function readBody(body: JsonValue): Said {
	if (typeof body === 'string') return { ...NOTHING, message: text(body) };
	if (Array.isArray(body)) return body.length > 0 && isObject(body[0]) ? readBody(body[0]) : NOTHING;
	if (!isObject(body)) return NOTHING;
	if (isObject(body.error)) return fromErrorObject(body.error, body);
	return {
		message: firstOf([text(body.error), text(body.message), fromDetail(body.detail), text(body.error_description)]),
		words: words(body),
		param: text(body.param),
		status: firstOf([body.status_code, body.code, body.status].map(httpStatus)),
	};
}

function isHtml(message: string): boolean {
	return /^\s*<(!doctype|html|head|body)/i.test(message);
}

function codeOf(status: number, said: Said): ErrorCode {
	for (const word of said.words) {
		const code = CODE_OF_WORD[word.toLowerCase()];
		if (code !== undefined) return code;
	}
	const message = (said.message ?? '').slice(0, LONGEST);
	const pattern = PATTERNS.find((each) => each.statuses.includes(status) && each.words.test(message));
	if (pattern !== undefined) return pattern.code;
	const known = CODE_OF_STATUS[status];
	if (known !== undefined) return known;
	if (status === 0) return 'provider_error';
	return status >= 500 ? 'provider_error' : 'provider_rejected';
}

function wording(status: number, said: Said): string {
	const { message } = said;
	const named = status === 0 ? '' : ` (status ${status})`;
	if (message === undefined) return `The provider answered with an error${named} and no message.`;
	if (isHtml(message)) return `The provider answered with an HTML page${named}.`;
	return message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
}

const KEEPS_5XX: ReadonlySet<ErrorCode> = new Set(['provider_error', 'provider_unavailable', 'provider_overloaded']);

/** The vendor's own status, where the code spans several: so a client raises the class its SDK has for it. */
function keptStatus(code: ErrorCode, status: number): { status?: number } {
	const refusal = code === 'provider_rejected' || code === 'content_filtered';
	if (refusal) return status >= 400 && status < 500 ? { status } : {};
	return KEEPS_5XX.has(code) && status >= 500 ? { status } : {};
}

function make(status: number, headers: HeaderMap, body: JsonValue, said: Said): RelaisError {
	const code = codeOf(status, said);
	const wait = retryAfterMs(code === 'rate_limited', headers, said.message ?? '');
	const [word] = said.words;
	return new RelaisError(code, wording(status, said), {
		...keptStatus(code, status),
		...(wait === undefined ? {} : { retryAfterMs: wait }),
		...(said.param === undefined ? {} : { param: said.param }),
		...(word === undefined ? {} : { providerCode: word }),
		providerBody: body,
	});
}

/** Turns a vendor's error answer into the one typed error. `body`: parsed JSON, or the text where it was not JSON. */
export function decodeError(status: number, headers: HeaderMap, body: JsonValue): RelaisError {
	return make(status, headers, body, readBody(body));
}

/** Whether a body or chunk without choices is an error: under `error`, or marked as one (vLLM: `object`, Mistral: `type`). */
function isError(body: JsonObject): boolean {
	if (body.error !== undefined && body.error !== null) return true;
	return body.object === 'error' || body.type === 'error' || body.detail !== undefined;
}

/** The error a vendor put into a body or chunk under a status of success; undefined when there is none. */
export function errorInBody(body: JsonValue): RelaisError | undefined {
	if (Array.isArray(body) && isObject(body[0])) return errorInBody(body[0]);
	if (!isObject(body) || !isError(body)) return undefined;
	const said = readBody(body);
	return make(said.status ?? 0, {}, body, said);
}
