import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { ManualClock } from './manual-clock.ts';

describe('systemClock', () => {
	it('tells Unix time and a time that never goes back', () => {
		expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
		const first = systemClock.monotonic();
		expect(systemClock.monotonic()).toBeGreaterThanOrEqual(first);
	});

	it('sleeps for about as long as asked', async () => {
		const start = performance.now();
		await systemClock.sleep(20);
		expect(performance.now() - start).toBeGreaterThan(15);
	});
});

describe.each([
	['systemClock', () => systemClock],
	['ManualClock', () => new ManualClock()],
])('%s.sleep', (_name, create) => {
	it('rejects with the reason of its signal, before and during', async () => {
		const clock = create();
		const reason = new Error('enough');
		await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
		const controller = new AbortController();
		const sleeping = clock.sleep(60_000, controller.signal);
		controller.abort(reason);
		await expect(sleeping).rejects.toBe(reason);
	});

	it('leaves nothing on its signal', async () => {
		const clock = create();
		const { signal } = new AbortController();
		const sleeping = clock.sleep(5, signal);
		if (clock instanceof ManualClock) await clock.advance(5);
		await sleeping;
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});
});

describe('ManualClock', () => {
	it('wakes sleepers in order, each at its time, also those that fall asleep on the way', async () => {
		const clock = new ManualClock(1000);
		const woken: string[] = [];
		const sleeper = async (name: string, ...pauses: number[]): Promise<void> => {
			for (const pause of pauses) {
				await clock.sleep(pause);
				woken.push(`${name}@${clock.now()}`);
			}
		};
		void sleeper('b', 20, 5);
		void sleeper('a', 10, 20, 100);
		await clock.advance(40);
		expect(woken).toEqual(['a@1010', 'b@1020', 'b@1025', 'a@1030']);
		expect([clock.now(), clock.monotonic(), clock.sleeping]).toEqual([1040, 40, 1]);
	});
});
