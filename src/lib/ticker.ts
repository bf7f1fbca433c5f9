import type { Clock } from './clock.ts';

/** Usual precision of time limits, in ms. */
export const TICK_MS = 25;

/** From this many ticks on, a tick is late. */
const LATE_TICKS = 4;

/** Something with a time limit. `deadline` is in the clock's monotonic ms; moving it is an assignment. */
export interface Timed {
	deadline: number;
	/** Called when the deadline has passed, at most one tick late. May move the deadline. */
	expired(now: number): void;
}

/**
 * One coarse timer for all time limits: a timer per call costs more than the call's own bookkeeping. It ticks only while
 * something is being watched.
 */
export class Ticker {
	readonly #clock: Clock;
	readonly #tickMs: number;
	readonly #watched = new Set<Timed>();
	#ticking = false;

	constructor(clock: Clock, tickMs: number) {
		this.#clock = clock;
		this.#tickMs = tickMs;
	}

	watch(item: Timed): void {
		this.#watched.add(item);
		if (!this.#ticking) void this.#run();
	}

	forget(item: Timed): void {
		this.#watched.delete(item);
	}

	async #run(): Promise<void> {
		this.#ticking = true;
		let last = this.#clock.monotonic();
		while (this.#watched.size > 0) {
			await this.#clock.sleep(this.#tickMs);
			const now = this.#clock.monotonic();
			// Far too late: this process was busy, not those it waits for. What they sent meanwhile is read before they are blamed.
			const late = now - last > LATE_TICKS * this.#tickMs;
			last = now;
			if (late) continue;
			for (const item of this.#watched) if (item.deadline <= now) expire(item, now);
		}
		this.#ticking = false;
	}
}

/** One faulty watcher must not stop the clock of all others. */
function expire(item: Timed, now: number): void {
	try {
		item.expired(now);
	} catch (error) {
		process.emitWarning(error instanceof Error ? error : String(error));
	}
}

/** What time limits are kept with. */
export interface TimeKeeper {
	readonly clock: { monotonic(): number };
	readonly ticker: Ticker;
}

/**
 * Settles as `value` does, or rejects with what `late` makes when that takes more than `ms` (0: it may take for ever). What comes after
 * that is left alone.
 */
export function within<T>(value: T | PromiseLike<T>, ms: number, { clock, ticker }: TimeKeeper, late: () => Error): Promise<T> {
	const promise = Promise.resolve(value);
	if (ms <= 0) return promise;
	return new Promise((resolve, reject) => {
		const item: Timed = { deadline: clock.monotonic() + ms, expired: () => settle(() => reject(late())) };
		const settle = (how: () => void): void => {
			ticker.forget(item);
			how();
		};
		ticker.watch(item);
		promise.then(
			(result) => settle(() => resolve(result)),
			(error: unknown) => settle(() => reject(error)),
		);
	});
}
