import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, type HeaderMap, type JsonValue, RelaisError } from '../../spec/index.ts';
import { decodeError, encodeError } from '../shared/openai-errors/index.ts';
import { encodeStreamError } from './errors.ts';

describe('a vendor’s refusal', () => {
	test.each<[number, ErrorCode]>([
		[400, 'provider_rejected'],
		[401, 'provider_auth'],
		[402, 'provider_quota'],
		[403, 'provider_forbidden'],
		[404, 'provider_not_found'],
		[408, 'provider_timeout'],
		[409, 'provider_conflict'],
		[413, 'provider_request_too_large'],
		[418, 'provider_rejected'],
		[422, 'provider_rejected'],
		[429, 'rate_limited'],
		[500, 'provider_error'],
		[502, 'provider_unavailable'],
		[503, 'provider_unavailable'],
		[504, 'provider_timeout'],
		[520, 'provider_error'],
		[529, 'provider_overloaded'],
	])('with status %i and no code means %s', (status, code) => {
		expect(decodeError(status, {}, { error: { message: 'no', type: 'some_error' } })).toMatchObject({ code, message: 'no' });
	});

	test.each<[number, JsonValue, ErrorCode]>([
		[
			429,
			{ error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' } },
			'provider_quota',
		],
		[
			400,
			{ error: { message: "This model's maximum context length is 8192 tokens.", code: 'context_length_exceeded' } },
			'context_overflow',
		],
		[
			400,
			{ object: 'error', message: "This model's maximum context length is 4096 tokens.", type: 'BadRequestError', code: 400 },
			'context_overflow',
		],
		[
			400,
			{
				error: {
					code: 400,
					message: 'the request exceeds the available context size. try increasing it',
					type: 'exceed_context_size_error',
				},
			},
			'context_overflow',
		],
		[400, { object: 'error', message: { detail: 'x' }, type: 'invalid_request_prompt' }, 'provider_rejected'],
		[
			400,
			{ message: 'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length' },
			'context_overflow',
		],
		[
			400,
			[
				{
					error: {
						code: 400,
						message: 'The input token count (1) exceeds the maximum number of tokens allowed (0).',
						status: 'INVALID_ARGUMENT',
					},
				},
			],
			'context_overflow',
		],
		[422, { error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096' }, 'context_overflow'],
		[400, { error: { message: 'Please reduce the length of the messages or completion.' } }, 'context_overflow'],
		[
			400,
			{
				code: 'Client specified an invalid argument',
				error: "This model's maximum prompt length is 131072 but the request contains 200000 tokens.",
			},
			'context_overflow',
		],
		[
			400,
			{
				error: {
					message: 'The response was filtered',
					code: 'content_filter',
					innererror: { code: 'ResponsibleAIPolicyViolation' },
				},
			},
			'content_filtered',
		],
		[
			403,
			{ error: { code: 403, message: 'Your chosen model requires moderation and your input was flagged for x' } },
			'content_filtered',
		],
		[400, { code: 'x', error: 'Incorrect API key provided: xa***' }, 'provider_auth'],
		[400, { error: { message: 'API key not valid. Please pass a valid API key.' } }, 'provider_auth'],
		[404, { error: { message: 'no', code: 'model_not_found' } }, 'provider_not_found'],
		[400, { error: { message: 'gone', code: 'model_decommissioned' } }, 'model_retired'],
		[400, { error: { message: 'x', code: 'constructor', type: 'toString' } }, 'provider_rejected'],
		[429, { error: { message: 'x', type: 'server_error', code: 'rate_limit_exceeded' } }, 'rate_limited'],
		[402, { error: { message: 'Insufficient Balance' } }, 'provider_quota'],
	])('with status %i and body %j means %s', (status, body, code) => {
		expect(decodeError(status, {}, body).code).toBe(code);
	});

	test.each<[JsonValue, string]>([
		[{ error: { message: ' Wrong. ' } }, 'Wrong.'],
		[{ error: 'Just words' }, 'Just words'],
		[{ message: 'Beside' }, 'Beside'],
		[{ detail: 'Detail' }, 'Detail'],
		[{ detail: [{ loc: ['body', 'messages', 0], msg: 'Field required' }] }, 'messages.0: Field required'],
		[{ error: { message: 'Provider returned error', metadata: { raw: 'too hot' } } }, 'Provider returned error: too hot'],
		['plain words', 'plain words'],
		['<!DOCTYPE html><html>...', 'The provider answered with an HTML page (status 400).'],
		['', 'The provider answered with an error (status 400) and no message.'],
		[null, 'The provider answered with an error (status 400) and no message.'],
	])('%j is told as "%s"', (body, message) => {
		expect(decodeError(400, {}, body).message).toBe(message);
	});

	test('keeps its message to a readable length', () => {
		expect(decodeError(400, {}, 'x'.repeat(1_000_000)).message.length).toBeLessThan(1100);
	});

	test('keeps its status, so that clients raise the class they know', () => {
		expect(decodeError(422, {}, 'x').status).toBe(422);
		expect(decodeError(520, {}, 'x').status).toBe(520);
		expect(decodeError(500, {}, { error: { code: 'content_filter', message: 'x' } }).status).toBe(400);
	});

	test.each<[HeaderMap, string, number | undefined]>([
		[{ 'retry-after-ms': '1500', 'retry-after': '9' }, '', 1500],
		[{ 'retry-after': '2.5' }, '', 2500],
		[{ 'retry-after': 'Fri, 20 Nov 2026 15:00:30 GMT', date: 'Fri, 20 Nov 2026 15:00:00 GMT' }, '', 30_000],
		[{ 'retry-after': 'Fri, 20 Nov 2026 15:00:30 GMT' }, '', undefined],
		[{}, 'Please try again in 1m2.5s.', 62_500],
		[{}, 'Please try again in 20ms', 20],
		[{ 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-remaining-requests': '0' }, '', 1000],
		[{ 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-reset-tokens': '6m0s' }, '', 360_000],
		[{ 'x-ratelimit-reset': String(Date.parse('2026-11-20T15:00:30Z')), date: 'Fri, 20 Nov 2026 15:00:00 GMT' }, '', 30_000],
		[{ 'x-ratelimit-reset-tokens': 'soon' }, '', undefined],
	])('with headers %j and message "%s" asks to wait %s ms', (headers, message, ms) => {
		const wait = decodeError(429, headers, { error: { message: message || 'no' } }).retryAfterMs;
		expect(wait).toBe(ms);
	});

	test('asks for no wait by its allowances when it is no refusal of rate', () => {
		expect(decodeError(500, { 'x-ratelimit-reset-requests': '1s' }, 'x').retryAfterMs).toBeUndefined();
		expect(decodeError(503, { 'retry-after': '1' }, 'x').retryAfterMs).toBe(1000);
	});
});

async function raised(error: RelaisError): Promise<unknown> {
	const { status, headers, body } = encodeError(error, 'req_1');
	const client = new OpenAI({
		apiKey: 'key',
		maxRetries: 0,
		fetch: async () => Response.json(body, { status, headers }),
	});
	return client.chat.completions
		.create({ model: 'm', messages: [{ role: 'user', content: 'x' }] })
		.catch((caught: unknown) => caught);
}

describe('an error for a client', () => {
	test.each<[ErrorCode, new (...parts: never[]) => Error]>([
		['invalid_request', OpenAI.BadRequestError],
		['invalid_json', OpenAI.BadRequestError],
		['unauthorized', OpenAI.AuthenticationError],
		['forbidden', OpenAI.PermissionDeniedError],
		['model_not_found', OpenAI.NotFoundError],
		['provider_conflict', OpenAI.ConflictError],
		['rate_limited', OpenAI.RateLimitError],
		['provider_quota', OpenAI.RateLimitError],
		['context_overflow', OpenAI.BadRequestError],
		['provider_overloaded', OpenAI.InternalServerError],
		['internal', OpenAI.InternalServerError],
		['no_provider', OpenAI.InternalServerError],
	])('%s raises the official client’s own class', async (code, type) => {
		expect(await raised(new RelaisError(code, 'why'))).toBeInstanceOf(type);
	});

	test('has all four members, whatever the code', () => {
		for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
			const { status, body } = encodeError(new RelaisError(code, 'why', { param: 'model' }), 'r');
			expect(status).toBe(ERROR_CODES[code].status);
			expect(body.error).toMatchObject({ message: 'why', type: expect.any(String), param: 'model' });
			expect(body.error).toHaveProperty('code');
		}
	});

	test.each<[ErrorCode, string, string]>([
		['context_overflow', 'invalid_request_error', 'context_length_exceeded'],
		['provider_quota', 'insufficient_quota', 'insufficient_quota'],
		['rate_limited', 'requests', 'rate_limit_exceeded'],
		['model_not_found', 'invalid_request_error', 'model_not_found'],
	])('%s is said in OpenAI’s words', (code, type, word) => {
		expect(encodeError(new RelaisError(code, 'x'), 'r').body.error).toMatchObject({ type, code: word });
	});

	test('tells how long to wait, and whether to try again at all', () => {
		const { headers } = encodeError(new RelaisError('rate_limited', 'x', { retryAfterMs: 1500.2 }), 'req_1');
		expect(headers).toEqual({ 'x-request-id': 'req_1', 'retry-after': '2', 'retry-after-ms': '1501' });
		expect(encodeError(new RelaisError('provider_quota', 'x'), 'r').headers['x-should-retry']).toBe('false');
	});

	test('keeps the vendor’s own words where it speaks this dialect', () => {
		const own = {
			message: 'Wrong tool',
			type: 'invalid_request_error',
			code: 'tool_use_failed',
			param: 'tools',
			failed_generation: 'x',
		};
		const { body } = encodeError(decodeError(400, {}, { error: own }), 'r');
		expect(body).toEqual({ error: own });
	});

	test('is told in words of this API where the vendor’s object has its status as the code', () => {
		const own = { code: 404, message: 'models/nope is not found', status: 'NOT_FOUND' };
		expect(encodeError(decodeError(404, {}, { error: own }), 'r').body.error).toEqual({
			message: own.message,
			type: 'invalid_request_error',
			param: null,
			code: 'model_not_found',
		});
	});

	test('never shows what a vendor said about Relais’s own credentials', () => {
		const error = decodeError(401, {}, { error: { message: 'Incorrect API key provided: sk-secret', code: 'invalid_api_key' } });
		const shown = new RelaisError(error.code, 'The provider refused its key.', { providerBody: error.providerBody ?? null });
		expect(JSON.stringify(encodeError(shown, 'r').body)).not.toContain('sk-secret');
	});

	test('tells errors of other dialects in this one’s words', () => {
		const error = new RelaisError('provider_overloaded', 'Overloaded', {
			providerBody: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
		});
		expect(encodeError(error, 'r').body).toEqual({
			error: { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded' },
		});
	});

	test('can come in the middle of a stream', () => {
		expect(encodeStreamError(new RelaisError('stream_interrupted', 'cut'), 'r')).toBe(
			'data: {"error":{"message":"cut","type":"server_error","param":null,"code":"stream_interrupted"}}\n\n',
		);
	});
});
