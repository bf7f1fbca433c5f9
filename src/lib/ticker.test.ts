import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from './manual-clock.ts';
import { Ticker, type Timed, within } from './ticker.ts';

class Watched implements Timed {
	deadline: number;
	readonly expiredAt: number[] = [];

	constructor(deadline: number) {
		this.deadline = deadline;
	}

	expired(now: number): void {
		this.expiredAt.push(now);
		this.deadline = Number.POSITIVE_INFINITY;
	}
}

/** A clock whose next sleep takes longer than asked for, as when the process is busy. */
class BusyClock extends ManualClock {
	delayMs = 0;

	override sleep(ms: number): Promise<void> {
		const total = ms + this.delayMs;
		this.delayMs = 0;
		return super.sleep(total);
	}
}

describe('Ticker', () => {
	it('tells what is past its deadline, at most a tick late, and follows a deadline that moves', async () => {
		const clock = new ManualClock();
		const ticker = new Ticker(clock, 25);
		const early = new Watched(90);
		const moving = new Watched(50);
		ticker.watch(early);
		ticker.watch(moving);
		await clock.advance(40);
		moving.deadline = 200;
		await clock.advance(300);
		expect([early.expiredAt, moving.expiredAt]).toEqual([[100], [200]]);
	});

	it('gives a busy process one more tick to read what has come', async () => {
		const clock = new BusyClock();
		const ticker = new Ticker(clock, 25);
		const item = new Watched(100);
		clock.delayMs = 1000;
		ticker.watch(item);
		await clock.advance(1040);
		expect(item.expiredAt).toEqual([]);
		item.deadline = 1045;
		await clock.advance(10);
		expect(item.expiredAt).toEqual([1050]);
	});

	it('stops when nothing is watched and starts again', async () => {
		const clock = new ManualClock();
		const ticker = new Ticker(clock, 25);
		const item = new Watched(1000);
		ticker.watch(item);
		ticker.forget(item);
		await clock.advance(50);
		expect(clock.sleeping).toBe(0);
		ticker.watch(item);
		await clock.advance(1000);
		expect(item.expiredAt).toHaveLength(1);
	});

	it('goes on for the others when one of them throws', async () => {
		const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
		const clock = new ManualClock();
		const ticker = new Ticker(clock, 25);
		const faulty = new Watched(10);
		faulty.expired = () => {
			ticker.forget(faulty);
			throw new Error('a mistake');
		};
		const item = new Watched(60);
		ticker.watch(faulty);
		ticker.watch(item);
		await clock.advance(100);
		expect(item.expiredAt).toEqual([75]);
		expect(warn).toHaveBeenCalledOnce();
		warn.mockRestore();
	});
});

describe('a promise with a time limit', () => {
	const late = (): Error => new Error('too late');
	const keeper = () => {
		const clock = new ManualClock();
		return { clock, ticker: new Ticker(clock, 25) };
	};

	it('is as it was when it comes in time, and keeps no timer', async () => {
		const time = keeper();
		expect(await within(Promise.resolve(1), 100, time, late)).toBe(1);
		expect(await within(2, 100, time, late)).toBe(2);
		await expect(within(Promise.reject(new Error('no')), 100, time, late)).rejects.toThrow('no');
		await time.clock.advance(50);
		expect(time.clock.sleeping).toBe(0);
	});

	it('is given up when it does not, unless there is no limit', async () => {
		const time = keeper();
		const never = new Promise(() => {});
		const given = within(never, 100, time, late).catch((error: Error) => error.message);
		const patient = vi.fn();
		within(never, 0, time, late).catch(patient);
		await time.clock.advance(1000);
		expect(await given).toBe('too late');
		expect(patient).not.toHaveBeenCalled();
	});
});
