import type { Clock } from '../lib/clock.ts';
import { reasonOf } from '../lib/reason.ts';
import { type Ticker, within } from '../lib/ticker.ts';
import { isRelaisError, type ModelInfo, type Provider, RelaisError } from '../spec/index.ts';
import type { Logger } from '../telemetry/log/index.ts';

/** Live model lists by provider name. */
export type Discovered = ReadonlyMap<string, readonly ModelInfo[]>;

/** How long a list holds, in ms. */
export const LIST_TTL_MS = 10 * 60_000;

/** Time a provider has to send its list, in ms. */
const PATIENCE_MS = 5000;

/** Wait after a first failure, in ms; it doubles up to `LIST_TTL_MS`. */
const RETRY_MS = 30_000;

/** Wait before providers whose models are known anyway are asked for the first time, in ms: a start is for other things. */
const FIRST_WAIT_MS = 2000;

/** How often to look which lists are due, in ms. */
const ROUND_MS = 1000;

/** Providers asked at the same time. */
const AT_ONCE = 8;

/** Longer lists are cut, and longer ids left out: they come from elsewhere and are kept. */
const LONGEST_LIST = 5000;
const LONGEST_ID = 500;

/** A provider whose list is kept. */
export interface Followed {
	provider: Provider;
	/** What its list depends on: another place is another list. */
	place: string;
	/** True when its models cannot be known without asking. */
	unknown: boolean;
}

interface Entry extends Followed {
	models: readonly ModelInfo[] | undefined;
	/** When it is due, in the clock's monotonic ms. */
	dueAt: number;
	failures: number;
	/** Kind of the last failure; undefined: the last list came. */
	trouble: string | undefined;
	asking: Promise<void> | undefined;
}

/** What the lists are kept with. */
export interface ModelListsHost {
	clock: Clock;
	ticker: Ticker;
	/** From 0 to 1, so that providers are not all asked at once. */
	random(): number;
	logger: Logger;
	/** Hides credentials in a text. */
	redact(text: string): string;
	/** Told when a list has changed. */
	changed(lists: Discovered): void;
}

/**
 * The providers' own model lists: asked in the background, kept for some minutes, asked again later where a provider did not answer.
 * Nothing on the way of a request waits for them, and nothing that costs money is called.
 */
export class ModelLists {
	readonly #host: ModelListsHost;
	#entries = new Map<string, Entry>();
	readonly #stop = new AbortController();
	#running = false;

	constructor(host: ModelListsHost) {
		this.#host = host;
	}

	/** Keeps the lists of these providers from now on. What is known of those that are where they were stays. */
	follow(providers: readonly Followed[]): void {
		const now = this.#host.clock.monotonic();
		const before = this.#entries;
		this.#entries = new Map(
			providers.map((followed) => {
				const { name } = followed.provider;
				const known = before.get(name);
				const same = known !== undefined && known.place === followed.place;
				const wait = followed.unknown ? 0 : FIRST_WAIT_MS * (0.5 + this.#host.random());
				const fresh = { models: undefined, dueAt: now + wait, failures: 0, trouble: undefined };
				const { models, dueAt, failures, trouble } = same ? known : fresh;
				return [name, { ...followed, models, dueAt, failures, trouble, asking: undefined }];
			}),
		);
	}

	/** What is known now. */
	lists(): Discovered {
		const known = new Map<string, readonly ModelInfo[]>();
		for (const [name, { models }] of this.#entries) if (models !== undefined) known.set(name, models);
		return known;
	}

	/** Asks at once, whatever is due: all providers, or those whose models cannot be known otherwise. Never rejects. */
	async refresh(which: 'unknown' | 'all'): Promise<void> {
		await this.#ask([...this.#entries.values()].filter((entry) => which === 'all' || entry.unknown));
	}

	/** Keeps the lists fresh until `close`. */
	keepFresh(): void {
		if (this.#running) return;
		this.#running = true;
		void this.#rounds();
	}

	close(): void {
		this.#stop.abort();
	}

	async #rounds(): Promise<void> {
		const { clock } = this.#host;
		const { signal } = this.#stop;
		while (!signal.aborted) {
			const now = clock.monotonic();
			await this.#ask([...this.#entries.values()].filter((entry) => entry.dueAt <= now));
			await clock.sleep(ROUND_MS, signal).catch(() => undefined);
		}
	}

	async #ask(entries: readonly Entry[]): Promise<void> {
		const waiting = [...entries];
		const work = async (): Promise<void> => {
			for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
				entry.asking ??= this.#askOne(entry);
				await entry.asking;
			}
		};
		await Promise.all(Array.from({ length: Math.min(AT_ONCE, entries.length) }, work));
	}

	async #askOne(entry: Entry): Promise<void> {
		const { provider } = entry;
		try {
			if (provider.hasList === false) entry.dueAt = Number.POSITIVE_INFINITY;
			else {
				const listed = soundModels(await this.#listed(provider));
				if (this.#isFollowed(entry)) this.#learn(entry, listed);
			}
		} catch (error) {
			if (this.#isFollowed(entry)) this.#note(entry, error);
		} finally {
			entry.asking = undefined;
		}
	}

	/** False for a provider that a new config has replaced meanwhile. */
	#isFollowed(entry: Entry): boolean {
		return !this.#stop.signal.aborted && this.#entries.get(entry.provider.name) === entry;
	}

	/** The provider's answer, in time also from a module that does not listen to its signal. */
	#listed(provider: Provider): Promise<readonly ModelInfo[]> {
		const limit = new AbortController();
		const signal = AbortSignal.any([limit.signal, this.#stop.signal]);
		const context = { signal, requestId: 'model-list', warn: () => undefined };
		const late = (): RelaisError => {
			const error = new RelaisError('provider_timeout', `no answer within ${PATIENCE_MS} ms`);
			limit.abort(error);
			return error;
		};
		return within(provider.listModels(context), PATIENCE_MS, this.#host, late);
	}

	#learn(entry: Entry, models: readonly ModelInfo[]): void {
		const { clock, logger, changed } = this.#host;
		const isNew = JSON.stringify(models) !== JSON.stringify(entry.models);
		if (entry.trouble !== undefined) logger.info({ provider: entry.provider.name }, 'a provider lists its models again');
		entry.models = models;
		entry.failures = 0;
		entry.trouble = undefined;
		entry.dueAt = clock.monotonic() + this.#jittered(LIST_TTL_MS);
		if (isNew) changed(this.lists());
	}

	/** A failure: the list there is stays. Said once, and again when it fails in another way. */
	#note(entry: Entry, error: unknown): void {
		const { clock, logger, redact } = this.#host;
		const reason = said(error, entry.provider);
		const trouble = isRelaisError(error) ? error.code : reason;
		if (trouble !== entry.trouble) {
			const consequence = entry.unknown ? 'provider/model still works' : 'what the catalog knows serves in its place';
			const message = `could not list the models of a provider; ${consequence}, and it is asked again later`;
			logger.warn({ provider: entry.provider.name, reason: redact(reason) }, message);
		}
		entry.trouble = trouble;
		entry.dueAt = clock.monotonic() + this.#jittered(Math.min(LIST_TTL_MS, RETRY_MS * 2 ** entry.failures));
		entry.failures++;
	}

	#jittered(ms: number): number {
		return ms * (0.9 + 0.2 * this.#host.random());
	}
}

/** What a provider lists, without what is no model: the list may come from a module of the user's. */
function soundModels(listed: readonly ModelInfo[]): ModelInfo[] {
	const sound = Array.from(listed).filter((model) => typeof model?.id === 'string' && model.id !== '');
	return sound.filter(({ id }) => id.length <= LONGEST_ID).slice(0, LONGEST_LIST);
}

/** Why a list could not be had. What vendors say of a key is not repeated: it often quotes a part of the key. */
function said(error: unknown, { credentialHint }: Provider): string {
	// With a name on it, it is Relais's own error about credentials it could not get.
	if (!isRelaisError(error) || error.code !== 'provider_auth' || error.provider !== undefined) return reasonOf(error);
	return `its key is missing or wrong${credentialHint === undefined ? '' : `; ${credentialHint}`}`;
}
