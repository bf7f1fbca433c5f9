import { buildConnector, Pool } from 'undici';
import { LinkedClient } from './link.ts';
import type { OriginStats } from './types.ts';

/** How long an unused connection is kept, in ms, where the server does not say. Servers that close earlier are noticed. */
const KEEP_ALIVE_MS = 30_000;
const MAX_KEEP_ALIVE_MS = 600_000;
/** Room for a response's headers: some vendors send long policies and trace headers. */
const MAX_HEADER_BYTES = 64 * 1024;
const SWEEP_MS = 60_000;
/** Sweeps without a call after which a pool is closed. */
const IDLE_SWEEPS = 5;

interface Entry {
	pool: Pool;
	usedSinceSweep: boolean;
	idleSweeps: number;
}

/** One undici pool per origin, made when first needed and closed when long unused. */
export class Pools {
	readonly #connections: number | null;
	readonly #entries = new Map<string, Entry>();
	/** Shared, so that TLS sessions are resumed across pools. The connect limit is ours, so undici's is off. */
	readonly #connector = buildConnector({ allowH2: false, timeout: 0 });
	#sweeper: NodeJS.Timeout | undefined;
	#destroyed: Error | undefined;

	/** @param connections greatest number of connections to one origin; null: no limit */
	constructor(connections: number | null) {
		this.#connections = connections;
	}

	/** The pool of an origin. Throws undici's `InvalidArgumentError` for what is not an origin, and the reason after `destroy`. */
	for(origin: string): Pool {
		if (this.#destroyed !== undefined) throw this.#destroyed;
		let entry = this.#entries.get(origin);
		if (entry === undefined) {
			entry = { pool: this.#create(origin), usedSinceSweep: true, idleSweeps: 0 };
			this.#entries.set(origin, entry);
			this.#sweeper ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
		}
		entry.usedSinceSweep = true;
		return entry.pool;
	}

	stats(origin: string): OriginStats {
		const stats = this.#entries.get(origin)?.pool.stats;
		return { connected: stats?.connected ?? 0, running: stats?.running ?? 0, pending: stats?.pending ?? 0 };
	}

	/** Closes the pools that have not been used for several sweeps. */
	sweep(): void {
		for (const [origin, entry] of this.#entries) {
			if (entry.usedSinceSweep || entry.pool.stats.size > 0) entry.idleSweeps = 0;
			else if (++entry.idleSweeps >= IDLE_SWEEPS) {
				this.#entries.delete(origin);
				void entry.pool.close();
			}
			entry.usedSinceSweep = false;
		}
		if (this.#entries.size === 0) this.#stopSweeping();
	}

	/** Cuts all connections; calls on them fail with `reason`. */
	async destroy(reason: Error): Promise<void> {
		this.#destroyed = reason;
		this.#stopSweeping();
		const pools = [...this.#entries.values()];
		this.#entries.clear();
		await Promise.all(pools.map((entry) => entry.pool.destroy(reason)));
	}

	#stopSweeping(): void {
		clearInterval(this.#sweeper);
		this.#sweeper = undefined;
	}

	#create(origin: string): Pool {
		return new Pool(origin, {
			connections: this.#connections,
			pipelining: 1,
			allowH2: false,
			connect: this.#connector,
			factory: (url, options) => new LinkedClient(url, options, this.#connector),
			// Time limits are kept by Relais: undici's would be a second set with other meanings.
			headersTimeout: 0,
			bodyTimeout: 0,
			keepAliveTimeout: KEEP_ALIVE_MS,
			keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
			maxHeaderSize: MAX_HEADER_BYTES,
		});
	}
}
