import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, type HeaderMap, type JsonValue, RelaisError } from '../../spec/index.ts';
import { anthropicMessages } from './index.ts';

const body = (type: string, message: string, details?: JsonValue): JsonValue => ({
	type: 'error',
	error: { type, message, ...(details === undefined ? {} : { details }) },
});
const decode = (status: number, answer: JsonValue, headers: HeaderMap = {}) =>
	anthropicMessages.decodeError(status, headers, answer);

describe('errors of the API', () => {
	test.each<[number, JsonValue, ErrorCode, boolean]>([
		[400, body('invalid_request_error', 'messages: required'), 'provider_rejected', false],
		[401, body('authentication_error', 'invalid x-api-key'), 'provider_auth', false],
		[402, body('billing_error', 'Payment needed'), 'provider_quota', false],
		[403, body('permission_error', 'Not yours'), 'provider_forbidden', false],
		[404, body('not_found_error', 'model: x'), 'provider_not_found', false],
		[409, body('conflict_error', 'Again'), 'provider_conflict', true],
		[413, body('request_too_large', 'Too large'), 'provider_request_too_large', false],
		[429, body('rate_limit_error', 'Slow down'), 'rate_limited', true],
		[500, body('api_error', 'Oh'), 'provider_error', true],
		[504, body('timeout_error', 'Late'), 'provider_timeout', true],
		[529, body('overloaded_error', 'Overloaded'), 'provider_overloaded', true],
		[400, body('invalid_request_error', 'Your credit balance is too low to access the API'), 'provider_quota', false],
		[400, body('invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum'), 'context_overflow', false],
		[
			400,
			body('invalid_request_error', 'input length and `max_tokens` exceed context limit: 1 + 2 > 2'),
			'context_overflow',
			false,
		],
		[400, body('invalid_request_error', 'Output blocked by content filtering policy'), 'content_filtered', false],
		[429, body('rate_limit_error', 'Spent', { error_code: 'contract_spend_limit_reached' }), 'provider_quota', false],
		[529, body('api_error', 'Overloaded'), 'provider_overloaded', true],
		[422, { detail: 'Unprocessable' }, 'provider_rejected', false],
		[502, '<html><head><title>502 Bad Gateway</title></head></html>', 'provider_unavailable', true],
		[500, '', 'provider_error', true],
		[403, { error: 'blocked' }, 'provider_forbidden', false],
	])('%i %j is %s', (status, answer, code, retryable) => {
		expect(decode(status, answer)).toMatchObject({ code, retryable });
	});

	test('keep their words, or get some where they have none', () => {
		expect(decode(500, body('api_error', 'Oh')).message).toBe('Oh');
		expect(decode(401, body('authentication_error', 'invalid x-api-key')).message).toBe(
			'The provider refused its API key: invalid x-api-key',
		);
		expect(decode(502, '<html><title>Bad Gateway</title></html>').message).toBe(
			"The provider answered with status 502 and a page titled 'Bad Gateway'.",
		);
		expect(decode(503, '').message).toBe('The provider answered with status 503 and no explanation.');
		expect(decode(503, 'upstream connect error').message).toBe('upstream connect error');
		expect(decode(400, { message: 'Malformed input' }).message).toBe('Malformed input');
	});

	test.each<[HeaderMap, number | undefined]>([
		[{ 'retry-after': '7' }, 7000],
		[{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
		[{ 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT', date: 'Fri, 20 Nov 2026 10:00:00 GMT' }, 30_000],
		[{ 'retry-after': 'Fri, 20 Nov 2026 10:00:30 GMT' }, undefined],
		[
			{
				date: 'Fri, 20 Nov 2026 10:00:00 GMT',
				'anthropic-ratelimit-requests-remaining': '3',
				'anthropic-ratelimit-requests-reset': '2026-11-20T10:09:00Z',
				'anthropic-ratelimit-input-tokens-remaining': '0',
				'anthropic-ratelimit-input-tokens-reset': '2026-11-20T10:00:12Z',
			},
			12_000,
		],
		[{}, undefined],
	])('say how long to wait: %j', (headers, wait) => {
		expect(decode(429, body('rate_limit_error', 'Slow down'), headers).retryAfterMs).toBe(wait);
	});

	test('may forbid or advise another try', () => {
		expect(decode(529, body('overloaded_error', 'No'), { 'x-should-retry': 'false' }).retryable).toBe(false);
		expect(decode(400, body('invalid_request_error', 'Odd'), { 'x-should-retry': 'true' }).retryable).toBe(true);
	});

	test('can come as an answer with status 200', () => {
		expect(() => anthropicMessages.decodeResponse(body('overloaded_error', 'Overloaded'))).toThrowError('Overloaded');
		expect(() => anthropicMessages.decodeResponse({ id: 'x' })).toThrowError("no 'content'");
		expect(() => anthropicMessages.decodeResponse({ content: [{ type: 'text' }] })).toThrowError('malformed');
	});
});

describe('errors for clients', () => {
	test.each(Object.keys(ERROR_CODES) as ErrorCode[])(
		'%s has a type the official client knows, and the class of its status',
		async (code) => {
			const encoded = anthropicMessages.encodeError(new RelaisError(code, 'Oh'), 'req_1');
			expect(encoded).toMatchObject({
				status: ERROR_CODES[code].status,
				body: { type: 'error', error: { message: 'Oh' }, request_id: 'req_1' },
			});
			const client = new Anthropic({
				apiKey: 'test',
				maxRetries: 0,
				fetch: async () =>
					new Response(JSON.stringify(encoded.body), {
						status: encoded.status,
						headers: { 'content-type': 'application/json', ...encoded.headers },
					}),
			});
			const error: unknown = await client.messages
				.create({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] })
				.catch((caught: unknown) => caught);
			expect(error).toBeInstanceOf(Anthropic.APIError);
			expect(error).toMatchObject({ status: encoded.status, requestID: 'req_1', apiMessage: 'Oh' });
		},
	);

	test('name the field, the wait, and whether trying again is of any use', () => {
		const refused = anthropicMessages.encodeError(
			new RelaisError('invalid_request', 'Must be a number.', { param: 'top_k' }),
			'r',
		);
		expect(refused.body.error).toEqual({ type: 'invalid_request_error', message: 'top_k: Must be a number.' });
		expect(refused.headers).toMatchObject({ 'x-should-retry': 'false' });
		const busy = anthropicMessages.encodeError(new RelaisError('rate_limited', 'Slow', { retryAfterMs: 1500 }), 'r');
		expect(busy.headers).toEqual({ 'request-id': 'r', 'retry-after': '2', 'retry-after-ms': '1500' });
	});

	test("repeat the provider's own words, but never about the key", () => {
		const spent = decode(429, body('rate_limit_error', 'Slow down', { error_code: 'ramp_limit_exceeded' }));
		expect(anthropicMessages.encodeError(spent, 'r').body.error).toEqual({
			type: 'rate_limit_error',
			message: 'Slow down',
			details: { error_code: 'ramp_limit_exceeded' },
		});
		const key = decode(401, body('authentication_error', 'invalid x-api-key', { key: 'sk-1' }));
		expect(JSON.stringify(anthropicMessages.encodeError(key, 'r').body)).not.toContain('sk-1');
	});

	test('inside a stream reach the official client', async () => {
		const event = anthropicMessages.encodeStreamError(new RelaisError('provider_overloaded', 'Overloaded'), 'r');
		expect(event).toBe(
			'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}\n\n',
		);
		const client = new Anthropic({
			apiKey: 'test',
			maxRetries: 0,
			fetch: async () => new Response(event, { headers: { 'content-type': 'text/event-stream' } }),
		});
		const stream = client.messages.stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'Hi' }] });
		await expect(stream.finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' });
	});
});
