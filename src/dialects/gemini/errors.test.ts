import { describe, expect, test } from 'vitest';
import { type JsonObject, type JsonValue, RelaisError } from '../../spec/index.ts';
import { gemini } from './index.ts';

const failed = (code: number, status: string, message = 'no', details: JsonObject[] = []): JsonObject => ({
	error: { code, message, status, details },
});
const decode = (status: number, body: JsonValue, headers = {}) => gemini.decodeError(status, headers, body);

describe('A failure of the Gemini API', () => {
	test.each<[number, JsonObject, string]>([
		[400, failed(400, 'INVALID_ARGUMENT'), 'provider_rejected'],
		[400, failed(400, 'INVALID_ARGUMENT', 'API key not valid.', [{ reason: 'API_KEY_INVALID' }]), 'provider_auth'],
		[
			400,
			failed(400, 'INVALID_ARGUMENT', 'The input token count (9) exceeds the maximum number of tokens allowed (8).'),
			'context_overflow',
		],
		[400, failed(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'), 'provider_forbidden'],
		[401, failed(401, 'UNAUTHENTICATED', 'no', [{ reason: 'CREDENTIALS_MISSING' }]), 'provider_auth'],
		[403, failed(403, 'PERMISSION_DENIED'), 'provider_forbidden'],
		[403, failed(403, 'PERMISSION_DENIED', 'Your API key was reported as leaked.'), 'provider_auth'],
		[404, failed(404, 'NOT_FOUND'), 'provider_not_found'],
		[429, failed(429, 'RESOURCE_EXHAUSTED'), 'rate_limited'],
		[
			429,
			failed(429, 'RESOURCE_EXHAUSTED', 'no', [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProject' }] }]),
			'provider_quota',
		],
		[429, failed(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded, limit: 0'), 'provider_quota'],
		[500, failed(500, 'INTERNAL'), 'provider_error'],
		[503, failed(503, 'UNAVAILABLE', 'The model is overloaded.'), 'provider_overloaded'],
		[503, failed(503, 'UNAVAILABLE'), 'provider_unavailable'],
		[504, failed(504, 'DEADLINE_EXCEEDED'), 'provider_timeout'],
	])('with status %i and %j', (status, body, code) => {
		expect(decode(status, body).code).toBe(code);
		expect(decode(status, [body]).code).toBe(code);
	});

	test('says how long to wait', () => {
		const body = failed(429, 'RESOURCE_EXHAUSTED', 'no', [
			{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
		]);
		expect(decode(429, body)).toMatchObject({ retryAfterMs: 34_400, retryable: true });
		expect(decode(503, failed(503, 'UNAVAILABLE'), { 'retry-after': '2' }).retryAfterMs).toBe(2000);
	});

	test('inside a stream ends it', () => {
		const decoder = gemini.streamDecoder();
		const parts = decoder.push({ event: '', data: JSON.stringify(failed(503, 'UNAVAILABLE', 'The model is overloaded.')) });
		expect(parts).toMatchObject([{ type: 'error', error: { code: 'provider_overloaded' } }]);
		expect(decoder.end()).toEqual([]);
	});

	test('under status 200 is no answer', () => {
		expect(() => gemini.decodeResponse(failed(500, 'INTERNAL', 'broken'))).toThrowError(
			expect.objectContaining({ code: 'provider_error' }),
		);
	});
});

describe('A failure told to a Gemini client', () => {
	test('is worded as the API words it', () => {
		const error = new RelaisError('rate_limited', 'Too many.', { retryAfterMs: 1500 });
		expect(gemini.encodeError(error, 'req-1')).toMatchObject({
			status: 429,
			headers: { 'retry-after': '2' },
			body: { error: { code: 429, message: 'Too many.', status: 'RESOURCE_EXHAUSTED' } },
		});
		const { body } = gemini.encodeError(
			new RelaisError('invalid_request', 'Must be a number.', { param: 'generationConfig.topK' }),
			'r',
		);
		expect(body.error).toMatchObject({ message: 'generationConfig.topK: Must be a number.' });
	});

	test("repeats the provider's own words, but never about the key that is not the client's", () => {
		const own = failed(400, 'INVALID_ARGUMENT', 'contents is empty');
		expect(gemini.encodeError(decode(400, own), 'r').body).toEqual(own);
		const key = failed(400, 'INVALID_ARGUMENT', 'API key not valid.', [{ reason: 'API_KEY_INVALID' }]);
		expect(gemini.encodeError(decode(400, key), 'r').body.error).toMatchObject({ status: 'UNAUTHENTICATED', code: 401 });
	});
});
