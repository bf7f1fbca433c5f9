import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { watch } from 'chokidar';
import { linksOf } from './links.ts';
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
	/** Resolves when changes are seen from then on. */
	readonly ready: Promise<void>;
	/** Loads again at once; SIGHUP calls it. Resolves when `onChange` or `onError` has been called, or nothing had changed. */
	reload(): Promise<void>;
	/** Stops watching; nothing is called after it. */
	close(): Promise<void>;
}

/** Editors and deployment tools write in several steps: a reload waits until the files have been still for this long, in ms. */
const SETTLE_MS = 150;

/** Reloads when a file of the configuration changes, appears, or is replaced. */
export function watchConfig(
	loaded: LoadedConfig,
	options: LoadConfigOptions,
	handlers: ConfigHandlers,
	{ settleMs = SETTLE_MS }: { settleMs?: number } = {},
): ConfigWatcher {
	// A file that was found must not, once deleted, count as "no file": that would silently drop all of it.
	const again: LoadConfigOptions = loaded.path === undefined ? options : { ...options, path: loaded.path };
	let current = loaded;
	let closed = false;
	let timer: NodeJS.Timeout | undefined;
	let running: Promise<void> | undefined;
	let next: Promise<void> | undefined;
	const watcher = watch([], { ignoreInitial: true });
	const links = new Set<string>();
	const linkWatcher = watch([], {
		ignoreInitial: true,
		followSymlinks: false,
		depth: 0,
		ignored: (path) => isOther(path, links),
	});
	const follow = (files: readonly string[]): void => {
		watcher.add([...files]);
		const fresh = files.flatMap((file) => linksOf(file)).filter((link) => !links.has(link));
		for (const link of fresh) links.add(link);
		linkWatcher.add(fresh.map((link) => dirname(link)));
	};
	follow(loaded.files);

	const load = async (): Promise<void> => {
		try {
			const fresh = await loadConfig(again);
			if (closed) return;
			follow(fresh.files);
			const changed = !sameEffect(current.config, fresh.config);
			current = fresh;
			if (changed) handlers.onChange(fresh);
		} catch (error) {
			if (closed) return;
			if (error instanceof ConfigError) follow(error.files);
			handlers.onError(asError(error));
		}
	};
	/** One at a time; whoever asks during a run gets the run after it, which sees what they saw. */
	const reload = (): Promise<void> => {
		clearTimeout(timer);
		if (closed) return Promise.resolve();
		if (running === undefined) {
			running = load().finally(() => {
				running = undefined;
			});
			return running;
		}
		next ??= running.then(() => {
			next = undefined;
			return reload();
		});
		return next;
	};
	for (const each of [watcher, linkWatcher]) {
		each.on('all', (_, path) => {
			if (closed || (each === linkWatcher && !links.has(path))) return;
			clearTimeout(timer);
			timer = setTimeout(() => void reload(), settleMs);
		});
		each.on('error', (error) => {
			if (!closed) handlers.onError(asError(error));
		});
	}
	const isReady = (each: typeof watcher): Promise<void> => new Promise((resolve) => each.once('ready', () => resolve()));
	const ready = Promise.all([isReady(watcher), isReady(linkWatcher)]).then(() => undefined);
	return {
		ready,
		reload,
		async close() {
			closed = true;
			clearTimeout(timer);
			await Promise.all([watcher.close(), linkWatcher.close()]);
		},
	};
}

function asError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}

/** Whether a path is neither one of the links nor a folder that holds one. */
function isOther(path: string, links: ReadonlySet<string>): boolean {
	return !links.has(path) && ![...links].some((link) => dirname(link) === path);
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
		['plugins', before.plugins, after.plugins],
	];
	return pairs.filter(([, old, fresh]) => !isDeepStrictEqual(old, fresh)).map(([name]) => name);
}
