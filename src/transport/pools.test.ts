import { afterEach, describe, expect, it, vi } from 'vitest';
import { Pools } from './pools.ts';

const ORIGIN = 'http://127.0.0.1:9';

afterEach(() => {
	vi.useRealTimers();
});

describe('the pool of an origin', () => {
	it('is made when first needed and then kept', async () => {
		const pools = new Pools(null);
		expect(pools.for(ORIGIN)).toBe(pools.for(ORIGIN));
		expect(pools.for('http://127.0.0.1:10')).not.toBe(pools.for(ORIGIN));
		await pools.destroy(new Error('over'));
	});

	it('is closed when it has not been used for some minutes, and made anew after that', async () => {
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
		const pools = new Pools(null);
		const pool = pools.for(ORIGIN);
		vi.advanceTimersByTime(5 * 60_000);
		expect(pools.for(ORIGIN)).toBe(pool);
		vi.advanceTimersByTime(7 * 60_000);
		expect(pool.closed).toBe(true);
		expect(vi.getTimerCount()).toBe(0);
		expect(pools.for(ORIGIN)).not.toBe(pool);
		await pools.destroy(new Error('over'));
	});
});
