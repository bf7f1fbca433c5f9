import type { BilledRequest, BilledUsage } from './types.ts';

/** Sums that outlive the rows. */
export interface BillTotals extends BilledUsage {
	requests: number;
	/** Rows dropped because there were too many. */
	dropped: number;
}

const ZERO: BilledUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };

/** Usage of an answer without any prompt cache, in tokens. */
export function uncached(inputTokens: number, outputTokens = 0, reasoningTokens = 0): BilledUsage {
	return { ...ZERO, inputTokens, outputTokens, reasoningTokens };
}

/** Everything the simulators served, newest last. Keeps at most `most` rows: the oldest give way. */
export class Bill {
	readonly #most: number;
	#rows: BilledRequest[] = [];
	#dropped = 0;
	#requests = 0;

	/** @param most greatest number of rows kept */
	constructor(most: number) {
		this.#most = most;
	}

	/** Opens a row; it is filled in while the request is served. */
	add(row: BilledRequest): BilledRequest {
		this.#requests++;
		this.#rows.push(row);
		if (this.#rows.length >= this.#most * 2) {
			this.#dropped += this.#rows.length - this.#most;
			this.#rows = this.#rows.slice(-this.#most);
		}
		return row;
	}

	/** Copies of the rows. */
	rows(): BilledRequest[] {
		return this.#rows.slice(-this.#most).map((row) => ({ ...row, usage: row.usage === null ? null : { ...row.usage } }));
	}

	/** Sums over the rows that are kept. */
	totals(): BillTotals {
		const sums = { ...ZERO };
		for (const row of this.#rows) {
			if (row.usage === null) continue;
			for (const key of Object.keys(ZERO) as (keyof BilledUsage)[]) sums[key] += row.usage[key];
		}
		return { ...sums, requests: this.#requests, dropped: this.#dropped };
	}

	/** Starts over. */
	clear(): void {
		this.#rows = [];
		this.#dropped = 0;
		this.#requests = 0;
	}
}
