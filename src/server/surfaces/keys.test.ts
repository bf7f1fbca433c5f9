import { describe, expect, it } from 'vitest';
import { keyInQuery, presentedKey } from './keys.ts';

describe('the key a client presents', () => {
	const signed = (credential: string): string =>
		`AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=abc`;

	it.each([
		['a bearer token', { authorization: 'Bearer  rk-1 ' }, 'rk-1'],
		['a bearer token, whatever the case', { authorization: 'bearer rk-1' }, 'rk-1'],
		['authorization without a scheme', { authorization: 'rk-1' }, 'rk-1'],
		['a header of its own beside it', { authorization: 'other', 'x-api-key': 'rk-1' }, 'rk-1'],
		['x-api-key', { 'x-api-key': 'rk-1' }, 'rk-1'],
		['api-key', { 'api-key': 'rk-1' }, 'rk-1'],
		['x-goog-api-key', { 'x-goog-api-key': 'rk-1' }, 'rk-1'],
		['a signer', { authorization: signed('rk-1/20261120/us-east-1/bedrock/aws4_request') }, 'rk-1'],
		['a signer with slashes in it', { authorization: signed('rk/1/20261120/us-east-1/bedrock/aws4_request') }, 'rk/1'],
		['a signer of something else', { authorization: signed('rk-1/20261120') }, undefined],
		['another kind of authorization', { authorization: 'Basic cms6MQ==' }, undefined],
		['another kind beside a key', { authorization: 'Basic cms6MQ==', 'x-api-key': 'rk-1' }, 'rk-1'],
		['an empty header', { authorization: '' }, undefined],
		['nothing', {}, undefined],
	])('is found in %s', (_where, headers, key) => {
		expect(presentedKey(headers)).toBe(key);
	});

	it('is found in the query, decoded', () => {
		expect(keyInQuery('/v1beta/models?pageSize=1&key=rk%2D1', 'key')).toBe('rk-1');
		expect(keyInQuery('/v1beta/models?monkey=rk-1', 'key')).toBeUndefined();
		expect(keyInQuery('/v1beta/models', 'key')).toBeUndefined();
	});

	it('costs no time where a client sends rubbish', () => {
		const rubbish = ['Credential=', 'Credential=/', 'Credential=a/20261120/a/a/', '/20261120/a/b '];
		const started = performance.now();
		for (let times = 0; times < 20; times++) {
			for (const part of rubbish) presentedKey({ authorization: `AWS4-HMAC-SHA256 ${part.repeat(15_000 / part.length)}` });
			presentedKey({ authorization: `AWS4-HMAC-SHA256 Credential=${'a/20261120/'.repeat(2000)}` });
		}
		expect(performance.now() - started).toBeLessThan(300);
	});
});
