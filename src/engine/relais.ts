import { join } from 'node:path';
import { inspect } from 'node:util';
import { type Catalog, loadCatalog } from '../catalog/index.ts';
import type { RelaisConfig } from '../config/index.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { reasonOf } from '../lib/reason.ts';
import { TICK_MS, Ticker } from '../lib/ticker.ts';
import type { Principal } from '../policy/auth/index.ts';
import {
	Execution,
	type ExecutionHost,
	NativePassage,
	type NativeRequestRun,
	type RequestRecord,
	type RoutedRequest,
} from '../router/index.ts';
import { fileResponseStore, type ResponseStore } from '../storage/responses/index.ts';
import type { Logger } from '../telemetry/log/index.ts';
import { createTransport, type Transport } from '../transport/index.ts';
import { type CapabilityTable, configuredProviders, reachableTypes } from './capabilities.ts';
import { Lease } from './lease.ts';
import { type Discovered, ModelLists } from './model-lists.ts';
import { buildState, buildTable, type EngineState, followed, providerHost, stillKnown } from './state.ts';

/** Requests by how they ended, since the start. */
export interface EngineCounters {
	started: number;
	completed: number;
	failed: number;
	interrupted: number;
	cancelled: number;
}

export interface EngineOptions {
	config: RelaisConfig;
	logger: Logger;
	clock?: Clock;
	/** From 0 to 1, for jitter. */
	random?: () => number;
	transport?: Transport;
	catalog?: Catalog;
	/** Where answers of the Responses API are kept; default: files in the data folder. */
	responses?: ResponseStore;
	/** Told of every request once, when it is over. What it throws is logged. */
	onFinished?: (record: RequestRecord) => void;
}

/** The composition root: knows every part, and is the only one that does. */
export class Relais {
	readonly transport: Transport;
	/** Answers that clients of the Responses API refer to later. */
	readonly responses: ResponseStore;
	readonly counters: EngineCounters = { started: 0, completed: 0, failed: 0, interrupted: 0, cancelled: 0 };
	readonly #catalog: Catalog;
	readonly #logger: Logger;
	readonly #host: ExecutionHost;
	readonly #onFinished: ((record: RequestRecord) => void) | undefined;
	readonly #lists: ModelLists;
	#state: EngineState;
	#lease: Lease;
	#closed: Promise<void> | undefined;

	private constructor(options: EngineOptions, transport: Transport, catalog: Catalog, state: EngineState) {
		this.transport = transport;
		this.#catalog = catalog;
		this.#logger = options.logger;
		this.#onFinished = options.onFinished;
		this.#state = state;
		this.#lease = this.#leaseOf(state);
		const clock = options.clock ?? systemClock;
		const random = options.random ?? Math.random;
		this.responses = options.responses ?? keptResponses(options, clock);
		this.#host = { transport, clock, random, ticker: new Ticker(clock, TICK_MS) };
		this.#lists = new ModelLists({
			...this.#host,
			logger: options.logger,
			redact: (text) => this.#state.terms.redact(text),
			changed: (discovered) => this.#adopt(discovered),
		});
		this.#lists.follow(followed(state, catalog));
	}

	/** Builds the engine. Contacts nobody. Throws `config_invalid`. */
	static async create(options: EngineOptions): Promise<Relais> {
		const transport = options.transport ?? createTransport();
		const catalog = options.catalog ?? loadCatalog(options.config.dataDir);
		const state = await buildState(options.config, catalog, transport);
		return new Relais(options, transport, catalog, state);
	}

	get state(): EngineState {
		return this.#state;
	}

	/** Unix time in ms, by the engine's clock. */
	get now(): number {
		return this.#host.clock.now();
	}

	/** Requests that have begun and not ended. */
	get running(): number {
		const { started, completed, failed, interrupted, cancelled } = this.counters;
		return started - completed - failed - interrupted - cancelled;
	}

	/**
	 * Takes over a new config. Requests under way end under the one they began with; its providers are closed after the last of them.
	 * Throws `config_invalid`, and then nothing has changed.
	 */
	async reload(config: RelaisConfig): Promise<void> {
		const previous = this.#state;
		// Names clients use now must not vanish until their provider has been asked again.
		this.#state = await buildState(config, this.#catalog, this.transport, stillKnown(previous, config));
		this.#lists.follow(followed(this.#state, this.#catalog));
		// A list may have come while the new state was being built.
		const known = this.#lists.lists();
		if (known.size > this.#state.discovered.size) this.#adopt(known);
		this.#lease.retire();
		this.#lease = this.#leaseOf(this.#state);
	}

	/**
	 * What the providers of the config can do, model by model; `all`: every type of the catalog this version can reach besides. From
	 * what is known: contacts nobody.
	 */
	capabilities(which: 'configured' | 'all'): CapabilityTable {
		const { asOf } = this.#catalog;
		const configured = configuredProviders(this.#state, this.#catalog);
		if (which === 'configured') return { asOf, providers: configured };
		const host = providerHost(this.#catalog, this.transport, () => undefined);
		return { asOf, providers: [...configured, ...reachableTypes(this.#catalog, host)] };
	}

	/** Begins to answer a request. The returned execution can be cancelled when the client leaves. */
	start(request: RoutedRequest, principal: Principal): Execution {
		return this.#launch(new Execution(request, this.#host, this.#state.terms, principal.name));
	}

	/** Passes a client's own call to a vendor on. */
	startNative(request: NativeRequestRun, principal: Principal): NativePassage {
		return this.#launch(new NativePassage(request, this.#host, this.#state.terms, principal.name));
	}

	#launch<T extends { run(): Promise<RequestRecord> }>(work: T): T {
		this.counters.started++;
		const lease = this.#lease;
		lease.take();
		void work.run().then((record) => {
			lease.release();
			this.#finished(record);
		});
		return work;
	}

	/** Logs what only a fault of Relais itself, or of a module, can have caused. */
	reportFault(error: unknown, requestId?: string): void {
		const fault = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
		this.#logger.error({ requestId, fault: this.#state.terms.redact(fault) }, 'something failed inside Relais');
	}

	/** Takes over changed model lists. A route that names a model nobody lists any more keeps the names as they were. */
	#adopt(discovered: Discovered): void {
		try {
			const table = buildTable(this.#state.config, this.#state.providers, this.#catalog, discovered);
			this.#state = { ...this.#state, table, discovered };
		} catch (error) {
			this.#logger.warn({ reason: reasonOf(error) }, 'a changed model list does not fit the routes; names stay as they were');
		}
	}

	/**
	 * Asks providers for their model lists now and adds what they answer: those whose models nobody has named, or all. Failures are
	 * logged, not thrown.
	 */
	discoverModels(which: 'unknown' | 'all' = 'unknown'): Promise<void> {
		return this.#lists.refresh(which);
	}

	/** Keeps the model lists of all providers fresh in the background, until `close`. */
	keepModelsFresh(): void {
		this.#lists.keepFresh();
	}

	/** Cuts what is under way, which ends with `shutting_down`, and frees everything. */
	close(): Promise<void> {
		this.#lists.close();
		this.#closed ??= this.transport
			.close()
			.then(() => this.#lease.close())
			.then(() => this.responses.close());
		return this.#closed;
	}

	#leaseOf({ providers, terms }: EngineState): Lease {
		return new Lease(providers, ({ name }, error) => {
			const reason = terms.redact(reasonOf(error));
			this.#logger.warn({ provider: name, reason }, 'a provider could not be closed');
		});
	}

	#finished(record: RequestRecord): void {
		this.counters[record.outcome]++;
		if (record.outcome === 'failed' || record.outcome === 'interrupted') {
			this.#logger.warn(summary(record), 'request failed');
		} else if (this.#logger.isLevelEnabled('debug')) {
			this.#logger.debug(summary(record), 'request done');
		}
		if (record.error?.code === 'internal') this.reportFault(record.error.cause, record.id);
		try {
			this.#onFinished?.(record);
		} catch (error) {
			this.reportFault(error, record.id);
		}
	}
}

function keptResponses({ config, logger }: EngineOptions, clock: Clock): ResponseStore {
	const folder = join(config.dataDir, 'responses');
	return fileResponseStore({ folder, clock, warn: (facts, message) => logger.warn(facts, message) });
}

function summary(record: RequestRecord): object {
	const { id, surface, requested, stream, key, outcome, status, usage, finish, error } = record;
	const attempts = record.attempts.map(
		(attempt) => `${attempt.target} ${attempt.lane} ${attempt.outcome} ${Math.round(attempt.durationMs)}ms`,
	);
	return {
		id,
		surface,
		requested,
		stream,
		key,
		outcome,
		status,
		attempts,
		usage,
		finish,
		error: error?.message,
		ms: Math.round(record.durationMs),
	};
}
