import type { Clock } from './clock.ts';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** A clock for tests: time passes only in `advance`. */
export class ManualClock implements Clock {
	#now: number;
	readonly #start: number;
	readonly #sleepers = new Set<Sleeper>();

	/** @param start Unix time in ms */
	constructor(start = 1_700_000_000_000) {
		this.#now = start;
		this.#start = start;
	}

	now(): number {
		return this.#now;
	}

	monotonic(): number {
		return this.#now - this.#start;
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve, reject) => {
			if (signal?.aborted) {
				reject(signal.reason);
				return;
			}
			const onAbort = (): void => {
				this.#sleepers.delete(sleeper);
				reject(signal?.reason);
			};
			const wake = (): void => {
				signal?.removeEventListener('abort', onAbort);
				resolve();
			};
			const sleeper = { at: this.#now + ms, wake };
			this.#sleepers.add(sleeper);
			signal?.addEventListener('abort', onAbort, { once: true });
		});
	}

	/** Number of sleeps under way. */
	get sleeping(): number {
		return this.#sleepers.size;
	}

	/** Lets `ms` pass, waking sleepers in order; after each one, what it set in motion may run (and sleep again). */
	async advance(ms: number): Promise<void> {
		const target = this.#now + ms;
		await settle();
		for (let next = this.#nextBefore(target); next !== undefined; next = this.#nextBefore(target)) {
			this.#sleepers.delete(next);
			this.#now = Math.max(this.#now, next.at);
			next.wake();
			await settle();
		}
		this.#now = target;
		await settle();
	}

	#nextBefore(target: number): Sleeper | undefined {
		let next: Sleeper | undefined;
		for (const sleeper of this.#sleepers)
			if (sleeper.at <= target && (next === undefined || sleeper.at < next.at)) next = sleeper;
		return next;
	}
}

/** One turn of the event loop, all microtasks included. */
function settle(): Promise<void> {
	return new Promise((resolve) => {
		setImmediate(resolve);
	});
}
