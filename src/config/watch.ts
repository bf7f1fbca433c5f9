import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { watch } from 'chokidar';
import { type LoadedConfig, loadConfig } from './load.ts';
import type { LoadConfigOptions } from './options.ts';
import { ConfigError } from './problems.ts';
import type { RelaisConfig } from './types.ts';

/** Told of what a changed file means. */
export interface ConfigHandlers {
	/** The configuration has changed and is sound. Not called when a change alters nothing that matters (comments, order of keys). */
	onChange(loaded: LoadedConfig): void;
	/** The new configuration cannot be used: the old one stays. */
	onError(error: Error): void;
}

export interface ConfigWatcher {
	/** Loads again at once; SIGHUP calls it. Resolves when `onChange` or `onError` has been called, or nothing had changed. */
	reload(): Promise<void>;
	/** Stops watching; nothing is called after it. */
	close(): Promise<void>;
}

/** How patient a watcher is, in ms. */
export interface WatchTimes {
	/** Editors and deployment tools write in several steps: a reload waits until the files have been still for this long. */
	settleMs: number;
	/**
	 * How often the files are looked at besides: no event comes from network file systems, from a link turned elsewhere in the middle
	 * of a path (as mounted volumes do), or in the moment before the watch of a new file stands.
	 */
	lookMs: number;
}

const TIMES: WatchTimes = { settleMs: 150, lookMs: 2000 };

/** Reloads when a file of the configuration changes, appears, or is replaced. */
export function watchConfig(
	loaded: LoadedConfig,
	options: LoadConfigOptions,
	handlers: ConfigHandlers,
	times: Partial<WatchTimes> = {},
): ConfigWatcher {
	return new Watcher(loaded, options, handlers, { ...TIMES, ...times });
}

class Watcher implements ConfigWatcher {
	readonly #options: LoadConfigOptions;
	readonly #handlers: ConfigHandlers;
	readonly #settleMs: number;
	readonly #events = watch([], { ignoreInitial: true });
	readonly #look: NodeJS.Timeout;
	/** What each file looked like when it was last read. */
	readonly #stamps = new Map<string, string>();
	#current: LoadedConfig;
	#closed = false;
	#settling: NodeJS.Timeout | undefined;
	#running: Promise<void> | undefined;
	#next: Promise<void> | undefined;

	constructor(loaded: LoadedConfig, options: LoadConfigOptions, handlers: ConfigHandlers, times: WatchTimes) {
		// A file that was found must not, once deleted, count as "no file": that would silently drop all of it.
		this.#options = loaded.path === undefined ? options : { ...options, path: loaded.path };
		this.#handlers = handlers;
		this.#settleMs = times.settleMs;
		this.#current = loaded;
		this.#follow(loaded.files);
		this.#events.on('all', () => this.#settle());
		this.#events.on('error', (error) => {
			if (!this.#closed) handlers.onError(asError(error));
		});
		this.#look = setInterval(() => this.#compare(), times.lookMs).unref();
	}

	reload(): Promise<void> {
		clearTimeout(this.#settling);
		if (this.#closed) return Promise.resolve();
		if (this.#running === undefined) {
			this.#running = this.#load().finally(() => {
				this.#running = undefined;
			});
			return this.#running;
		}
		// One at a time; whoever asks during a run gets the run after it, which sees what they saw.
		this.#next ??= this.#running.then(() => {
			this.#next = undefined;
			return this.reload();
		});
		return this.#next;
	}

	async close(): Promise<void> {
		this.#closed = true;
		clearTimeout(this.#settling);
		clearInterval(this.#look);
		await this.#events.close();
	}

	async #load(): Promise<void> {
		for (const file of this.#stamps.keys()) this.#stamps.set(file, stamp(file));
		try {
			const fresh = await loadConfig(this.#options);
			if (this.#closed) return;
			this.#follow(fresh.files);
			const changed = !sameEffect(this.#current.config, fresh.config);
			this.#current = fresh;
			if (changed) this.#handlers.onChange(fresh);
		} catch (error) {
			if (this.#closed) return;
			if (error instanceof ConfigError) this.#follow(error.files);
			this.#handlers.onError(asError(error));
		}
	}

	#follow(files: readonly string[]): void {
		for (const file of files) if (!this.#stamps.has(file)) this.#stamps.set(file, stamp(file));
		this.#events.add([...files]);
	}

	#settle(): void {
		if (this.#closed) return;
		clearTimeout(this.#settling);
		this.#settling = setTimeout(() => void this.reload(), this.#settleMs);
	}

	#compare(): void {
		for (const [file, seen] of this.#stamps) {
			if (stamp(file) === seen) continue;
			this.#settle();
			return;
		}
	}
}

/** Tells a changed file from an unchanged one without reading it. */
function stamp(file: string): string {
	try {
		const { dev, ino, size, mtimeMs } = statSync(file);
		return `${dev} ${ino} ${size} ${mtimeMs}`;
	} catch {
		return 'absent';
	}
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}

/** Whether two configurations do the same: where an entry stands in the file does not count. */
export function sameEffect(a: RelaisConfig, b: RelaisConfig): boolean {
	return isDeepStrictEqual(withoutOrigins(a), withoutOrigins(b));
}

function withoutOrigins(config: RelaisConfig): object {
	const strip = <T extends { origin: string }>(entry: T): Omit<T, 'origin'> => {
		const { origin: _, ...rest } = entry;
		return rest;
	};
	return { ...config, providers: config.providers.map(strip), routes: config.routes.map(strip), keys: config.keys.map(strip) };
}

/** Settings that take effect only at the next start, of those that differ; dotted names as in the file. */
export function needsRestart(before: RelaisConfig, after: RelaisConfig): string[] {
	const pairs: [string, unknown, unknown][] = [
		['server.host', before.server.host, after.server.host],
		['server.port', before.server.port, after.server.port],
		['server.workers', before.server.workers, after.server.workers],
		['server.body_limit', before.server.bodyLimit, after.server.bodyLimit],
		['server.request_timeout', before.server.requestTimeoutMs, after.server.requestTimeoutMs],
		['data_dir', before.dataDir, after.dataDir],
	];
	return pairs.filter(([, old, fresh]) => !isDeepStrictEqual(old, fresh)).map(([name]) => name);
}
