import type { Clock } from '../lib/clock.ts';
import type { Timed } from '../lib/ticker.ts';
import type { Timeouts } from '../spec/index.ts';
import type { Limit } from './failures.ts';
import type { Link } from './link.ts';

/** `queued`: waits for a free connection; `waiting`: sent, no status line yet; `first-token`: streamed, no content yet. */
export type Phase = 'queued' | 'connecting' | 'waiting' | 'first-token' | 'body' | 'over';

interface LimitEntry {
	limit: Limit;
	ms: keyof Timeouts;
}

const LIMITS: { [phase in Phase]?: LimitEntry } = {
	connecting: { limit: 'connect', ms: 'connect' },
	waiting: { limit: 'headers', ms: 'headers' },
	'first-token': { limit: 'first_token', ms: 'firstToken' },
	body: { limit: 'idle', ms: 'idle' },
};

/** In place of `headers` for an answer that comes in one piece: its status line comes only when all of it is ready. */
const WHOLE_ANSWER: LimitEntry = { limit: 'answer', ms: 'answer' };

/** How often a body still being sent is looked at once the limit on the status line has passed, in ms. */
const UPLOAD_CHECK_MS = 250;
/** Slowest upload that is waited for, in bytes per ms. */
const SLOWEST_UPLOAD = 16;

/** The time limits of a call: which one runs in which phase. One number, `deadline`, is all that the ticker looks at. */
export abstract class TimedCall implements Timed {
	deadline: number;
	protected phase: Phase = 'queued';
	/** The reader has stopped the body: only the total limit runs. */
	protected paused = false;
	protected link: Link | undefined;
	/** When the request was written. */
	protected sentAt = 0;
	protected readonly clock: Clock;
	protected readonly streamed: boolean;
	readonly #timeouts: Timeouts;
	readonly #bodyBytes: number;
	readonly #totalDeadline: number;
	#uploadWasSlow = false;

	constructor(clock: Clock, timeouts: Timeouts, streamed: boolean, bodyBytes: number) {
		this.clock = clock;
		this.streamed = streamed;
		this.#timeouts = timeouts;
		this.#bodyBytes = bodyBytes;
		this.#totalDeadline = timeouts.total > 0 ? clock.monotonic() + timeouts.total : Number.POSITIVE_INFINITY;
		this.deadline = this.#totalDeadline;
	}

	/** A limit has passed. @param ms its value */
	protected abstract timedOut(limit: Limit, ms: number): void;

	expired(now: number): void {
		if (now >= this.#totalDeadline) {
			this.timedOut('total', this.#timeouts.total);
			return;
		}
		const entry = this.#limit();
		if (entry === undefined) return;
		const ms = this.#timeouts[entry.ms];
		if (this.phase !== 'waiting' || !this.#stillSending(now, ms)) this.timedOut(entry.limit, ms);
	}

	/** Goes over to a phase; its limit begins. */
	protected enter(phase: Phase): void {
		this.phase = phase;
		if (!this.paused) this.arm();
	}

	/** Begins the limit of the present phase anew. */
	protected arm(): void {
		const entry = this.#limit();
		const ms = entry === undefined ? 0 : this.#timeouts[entry.ms];
		this.deadline = ms > 0 ? Math.min(this.clock.monotonic() + ms, this.#totalDeadline) : this.#totalDeadline;
	}

	protected pauseLimits(): void {
		this.paused = true;
		this.deadline = this.#totalDeadline;
	}

	#limit(): LimitEntry | undefined {
		return this.phase === 'waiting' && !this.streamed ? WHOLE_ANSWER : LIMITS[this.phase];
	}

	/** The limit on the status line counts from the moment the request has left this process, which takes large ones a while. */
	#stillSending(now: number, limitMs: number): boolean {
		const sending = this.link?.sending === true;
		if (sending && now < this.sentAt + limitMs + this.#bodyBytes / SLOWEST_UPLOAD) {
			this.#uploadWasSlow = true;
			this.deadline = Math.min(now + UPLOAD_CHECK_MS, this.#totalDeadline);
			return true;
		}
		if (sending || !this.#uploadWasSlow) return false;
		this.#uploadWasSlow = false;
		this.arm();
		return true;
	}
}
