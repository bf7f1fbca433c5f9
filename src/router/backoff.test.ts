import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RelaisError } from '../spec/index.ts';
import { retryDelay } from './backoff.ts';

const policy = { retries: 2, backoff: { baseMs: 500, maxMs: 8000 }, maxRetryAfterMs: 10_000 };
const unavailable = new RelaisError('provider_unavailable', 'down');

describe('a failed try', () => {
	it('is repeated with doubling waits, shortened by at most half', () => {
		expect(retryDelay(unavailable, 1, false, policy, 0)).toBe(500);
		expect(retryDelay(unavailable, 2, false, policy, 0)).toBe(1000);
		expect(retryDelay(unavailable, 2, false, policy, 1)).toBe(500);
	});

	it('is not repeated more often than the policy says', () => {
		expect(retryDelay(unavailable, 3, false, policy, 0)).toBeUndefined();
	});

	it('is not repeated when the same request cannot succeed', () => {
		expect(retryDelay(new RelaisError('provider_rejected', 'no'), 1, false, policy, 0)).toBeUndefined();
		expect(retryDelay(new RelaisError('provider_auth', 'no'), 1, false, policy, 0)).toBeUndefined();
	});

	it('waits as long as the provider asks, within the limit', () => {
		const busy = (retryAfterMs: number): RelaisError => new RelaisError('rate_limited', 'busy', { retryAfterMs });
		expect(retryDelay(busy(3000), 1, false, policy, 0.9)).toBe(3000);
		expect(retryDelay(busy(60_000), 1, false, policy, 0)).toBeUndefined();
		expect(retryDelay(busy(3000), 1, true, policy, 0)).toBeUndefined();
		expect(retryDelay(busy(200), 1, true, policy, 0)).toBe(200);
	});

	it('that cost a whole time limit goes elsewhere where it can', () => {
		const slow = new RelaisError('provider_timeout', 'slow');
		expect(retryDelay(slow, 1, true, policy, 0)).toBeUndefined();
		expect(retryDelay(slow, 1, false, policy, 0)).toBe(500);
	});

	it('never waits longer than the maximum', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, random) => {
				const delay = retryDelay(unavailable, tries, false, { ...policy, retries: 100 }, random);
				expect(delay).toBeGreaterThanOrEqual(250);
				expect(delay).toBeLessThanOrEqual(8000);
			}),
		);
	});
});
