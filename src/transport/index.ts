/** Calls to vendors: pooled connections, time limits, back-pressure, aborts, and errors that say what went wrong. */

import { type Clock, systemClock } from '../lib/clock.ts';
import { TICK_MS, Ticker } from '../lib/ticker.ts';
import type { Timeouts, WireCall, WireReply } from '../spec/index.ts';
import { RelaisError } from '../spec/index.ts';
import { Call, type CallHost } from './call.ts';
import { hostOf } from './failures.ts';
import { Gatherer } from './gather.ts';
import { Pools } from './pools.ts';
import type { Exchange, ExchangeHandler, OriginStats, StartOptions, Transport } from './types.ts';

export { type Limit, limitPassed } from './failures.ts';
export { isNoStream, type StreamFramesOptions, streamFrames } from './frames.ts';
export type { Exchange, ExchangeHandler, OriginStats, StartOptions, Transport } from './types.ts';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

export interface TransportOptions {
	/** Greatest number of connections to one origin; further calls wait. Default: no limit (the limits of a provider say how many calls run). */
	connections?: number;
	clock?: Clock;
}

/**
 * Calls over undici, one pool per origin, HTTP/1.1. No `accept-encoding` is sent: answers are small and come faster unpacked;
 * what comes compressed nevertheless is unpacked.
 */
export function createTransport(options: TransportOptions = {}): Transport {
	return new UndiciTransport(options);
}

class UndiciTransport implements Transport {
	readonly #host: CallHost;

	constructor(options: TransportOptions) {
		const clock = options.clock ?? systemClock;
		this.#host = { pools: new Pools(options.connections ?? null), ticker: new Ticker(clock, TICK_MS), clock };
	}

	start(wire: WireCall, timeouts: Timeouts, handler: ExchangeHandler, options?: StartOptions): Exchange {
		const call = new Call(this.#host, wire, timeouts, handler, options?.streamed === true);
		call.start();
		return call;
	}

	request(wire: WireCall, timeouts: Timeouts, signal?: AbortSignal, maxBytes = DEFAULT_MAX_BYTES): Promise<WireReply> {
		const gatherer = new Gatherer(maxBytes, hostOf(wire.origin), signal);
		gatherer.attach(this.start(wire, timeouts, gatherer));
		return gatherer.reply;
	}

	stats(origin: string): OriginStats {
		return this.#host.pools.stats(origin);
	}

	close(): Promise<void> {
		return this.#host.pools.destroy(new RelaisError('shutting_down', 'Relais is shutting down'));
	}
}
