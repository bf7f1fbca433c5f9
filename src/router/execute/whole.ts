import { isObject, tryParse } from '../../lib/json.ts';
import { refusalUnderSuccess } from '../../lib/refusal.ts';
import {
	type ChatResponse,
	type HeaderMap,
	type JsonObject,
	RelaisError,
	type Translated,
	type Usage,
	type Warning,
	type WireEndpoint,
} from '../../spec/index.ts';
import type { RoutedRequest } from '../types.ts';
import type { Encoding } from './attempt.ts';
import { counting } from './encode.ts';
import { answerFor, isEventStream, RECAST, toldAs, wholeOf } from './recast.ts';

/** An answer that came to its end before the client saw any of it. */
export interface WholeAnswer {
	contentType: string;
	payload: Buffer;
	usage: Usage | undefined;
	finish: string | undefined;
	warnings: Warning[];
	/** The answer's object; absent where it is none (a count of tokens). */
	answer?: JsonObject | undefined;
}

/** What a vendor answered, and what it was asked. */
export interface WholeExchange {
	request: RoutedRequest;
	wire: WireEndpoint;
	passThrough: boolean;
	status: number;
	headers: HeaderMap;
	body: Buffer;
	/** How to put an answer into the client's words. */
	encoding: Encoding;
}

/** The answer as the client gets it. Throws the vendor's error, and `provider_protocol` for what is no answer. */
export function wholeAnswer(exchange: WholeExchange): WholeAnswer {
	const { request, wire, passThrough, status, headers, body } = exchange;
	if (status > 299) throw refusal(wire, status, headers, body);
	const chat = request.operation === 'chat';
	if (chat && isEventStream(mediaType(headers), body))
		return converted(exchange, { value: wholeOf(wire.dialect, body), warnings: [] });
	const answer = answerObject(wire, status, headers, body);
	if (chat && request.sketch.stream) return converted(exchange, wire.dialect.decodeResponse(answer));
	const tapped = chat ? wire.dialect.tapResponse(answer) : { usage: undefined, finish: undefined };
	const facts = { contentType: JSON_TYPE, usage: tapped.usage, finish: tapped.finish };
	if (passThrough) return { ...facts, payload: body, warnings: [], ...(chat ? { answer } : {}) };
	return { ...facts, ...(chat ? encoded(exchange, wire.dialect.decodeResponse(answer)) : counted(exchange, answer)) };
}

const JSON_TYPE = 'application/json';

type Words = Pick<WholeAnswer, 'payload' | 'warnings' | 'answer'>;

function counted({ request, wire }: WholeExchange, answer: JsonObject): Words {
	const count = counting(request.surface).encodeAnswer(counting(wire.dialect).decodeAnswer(answer));
	return { payload: Buffer.from(JSON.stringify(count)), warnings: [] };
}

function encoded({ request, encoding }: WholeExchange, { value, warnings }: Translated<ChatResponse>): Words {
	const whole = answerFor(request.surface, value, encoding);
	const payload = Buffer.from(JSON.stringify(whole.value));
	return { payload, warnings: [...warnings, ...whole.warnings], answer: whole.value };
}

/** The vendor did not stream where it should have, or the other way round. */
function converted(exchange: WholeExchange, decoded: Translated<ChatResponse>): WholeAnswer {
	const { request, encoding } = exchange;
	const { usage, candidates } = decoded.value;
	const finish = candidates[0]?.stop?.raw ?? candidates[0]?.stop?.kind;
	if (!request.sketch.stream) {
		const { warnings, ...words } = encoded(exchange, decoded);
		return { contentType: JSON_TYPE, ...words, usage, finish, warnings: [RECAST, ...warnings] };
	}
	const told = toldAs(request.surface, decoded.value, encoding);
	const warnings = [RECAST, ...decoded.warnings, ...told.warnings];
	const payload = Buffer.from(told.text, request.surface.streamCharset);
	return { contentType: request.surface.streamContentType, payload, usage, finish, warnings, answer: told.answer };
}

/** The content type without parameters, lower-case. */
function mediaType(headers: HeaderMap): string {
	const value = headers['content-type'];
	const text = Array.isArray(value) ? value[0] : value;
	return text === undefined ? '' : (text.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** The error of an answer with a status beyond 299. Redirects are not followed: they would take the key along. */
function refusal(wire: WireEndpoint, status: number, headers: HeaderMap, body: Buffer): RelaisError {
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
function answerObject(wire: WireEndpoint, status: number, headers: HeaderMap, body: Buffer): JsonObject {
	const parsed = body.length === 0 ? undefined : tryParse(body.toString('utf8'));
	if (!isObject(parsed))
		throw new RelaisError('provider_protocol', `answered ${status} with ${describe(headers, body)} in place of a JSON object`);
	const refused = refusalUnderSuccess(wire, headers, parsed);
	if (refused !== undefined) throw refused;
	return parsed;
}

function describe(headers: HeaderMap, body: Buffer): string {
	if (body.length === 0) return 'an empty body';
	const type = mediaType(headers);
	const start = body.toString('utf8', 0, 64).trimStart().toLowerCase();
	if (type === 'text/html' || start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page';
	return start.startsWith('{') ? 'broken JSON' : `${type === '' ? 'a body' : type}`;
}
