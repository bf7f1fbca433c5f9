import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../lib/manual-clock.ts';
import { renewed } from './renewed.ts';

const HOUR_MS = 3_600_000;

function counting(clock: ManualClock) {
	let fetches = 0;
	const tokens = renewed(() => Promise.resolve({ token: ++fetches, expiresAt: clock.now() + HOUR_MS }), clock);
	return { tokens, next: async () => (await tokens()).token };
}

describe('what is given out for a time', () => {
	test('is kept, and shared by those who ask meanwhile', async () => {
		const { next } = counting(new ManualClock());
		expect(await Promise.all([next(), next()])).toEqual([1, 1]);
		expect(await next()).toBe(1);
	});

	test('is fetched anew before its end', async () => {
		const clock = new ManualClock();
		const { next } = counting(clock);
		await next();
		await clock.advance(HOUR_MS - 5 * 60_000);
		expect(await next()).toBe(2);
	});

	test('is fetched anew when it is refused before its end', async () => {
		const clock = new ManualClock();
		const { tokens, next } = counting(clock);
		await next();
		await clock.advance(60_000);
		expect(tokens.refused()).toBe(true);
		expect(await next()).toBe(2);
	});

	test('is not fetched again and again where no other is better', async () => {
		const clock = new ManualClock();
		const { tokens, next } = counting(clock);
		await next();
		await clock.advance(9_000);
		expect(tokens.refused()).toBe(false);
		expect(await next()).toBe(1);
	});
});
