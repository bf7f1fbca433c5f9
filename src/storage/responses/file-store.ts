import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.ts';
import { reasonOf } from '../../lib/reason.ts';
import { Folder, nameOf, stemOf } from './folder.ts';
import { Holders } from './holders.ts';
import { DEFAULT_LIMITS, type ResponseStore, type StoredResponse, type StoreLimits } from './port.ts';
import { Recent } from './recent.ts';
import { readRecord, writeRecord } from './record.ts';
import { sweep } from './sweep.ts';

/** Time between two looks for what has expired, in ms. */
const SWEEP_MS = 60 * 60 * 1000;
/** A file is marked as used again only after this time, in ms. */
const TOUCH_MS = 24 * 60 * 60 * 1000;
/** Files written at the same time, where the disk is slow. */
const WRITERS = 4;
/** Time that writes may take before others have their turn, in ms. */
const TURN_MS = 2;
/** How long another process may take to write an answer that its client has already seen, in ms. */
const NEIGHBOUR_MS = 50;

export interface FileStoreOptions {
	/** Created when it is first needed. Several processes may share it. */
	folder: string;
	clock: Clock;
	/** Told of what failed, for the log. */
	warn(facts: object, message: string): void;
	limits?: Partial<StoreLimits>;
}

/** A write that is waiting or under way. */
interface Write {
	name: string;
	stored: StoredResponse;
	done: Promise<void>;
	resolve(): void;
}

/** Keeps each answer in a file of its own, and the ones used last in memory. */
class FileResponseStore implements ResponseStore {
	readonly #folder: Folder;
	readonly #options: FileStoreOptions;
	readonly #limits: StoreLimits;
	readonly #recent: Recent;
	readonly #holders = new Holders();
	/** By name, in the order they came. */
	readonly #writes = new Map<string, Write>();
	readonly #queue: Write[] = [];
	readonly #timer: NodeJS.Timeout;
	#writers = 0;
	#bytesSinceSweep = 0;
	#sweeping: Promise<void> | undefined;

	constructor(options: FileStoreOptions) {
		this.#options = options;
		this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
		this.#folder = new Folder(options.folder, options.clock);
		this.#recent = new Recent(this.#limits.memoryBytes);
		this.#timer = setInterval(() => this.#sweep(), SWEEP_MS).unref();
		void setImmediate().then(() => this.#sweep());
	}

	put(stored: StoredResponse): void {
		const name = nameOf(stored.id, stored.owner);
		if (name === undefined) this.#warn(stored.id, 'its id is empty or too long');
		else if (this.#queue.length >= this.#limits.waiting) this.#warn(stored.id, 'too many others wait to be written');
		else this.#enqueue(name, stored);
	}

	async get(id: string, owner: string | undefined): Promise<StoredResponse | undefined> {
		const name = nameOf(id, owner);
		if (name === undefined) return undefined;
		const found = this.#writes.get(name)?.stored ?? (await this.#find(name, id, owner));
		if (found !== undefined) return found;
		await this.#options.clock.sleep(NEIGHBOUR_MS);
		return this.#find(name, id, owner);
	}

	holderOf(item: string, owner: string | undefined): string | undefined {
		return this.#holders.get(item, owner);
	}

	async isTaken(id: string): Promise<boolean> {
		const stem = stemOf(id);
		if (stem === undefined) return false;
		for (const name of this.#writes.keys()) if (name.startsWith(stem)) return true;
		try {
			return await this.#folder.has(stem);
		} catch (error) {
			this.#options.warn({ folder: this.#folder.root, reason: reasonOf(error) }, 'kept answers cannot be read');
			return true;
		}
	}

	async delete(id: string, owner: string | undefined): Promise<boolean> {
		const name = nameOf(id, owner);
		if (name === undefined || (await this.get(id, owner)) === undefined) return false;
		await this.#writes.get(name)?.done;
		const held = this.#recent.get(name) !== undefined;
		this.#recent.delete(name);
		return (await this.#folder.remove(name)) || held;
	}

	async close(): Promise<void> {
		clearInterval(this.#timer);
		while (this.#writes.size > 0) await Promise.all([...this.#writes.values()].map((write) => write.done));
		await this.#sweeping;
	}

	#enqueue(name: string, stored: StoredResponse): void {
		let resolve = (): void => undefined;
		const done = new Promise<void>((resolved) => {
			resolve = resolved;
		});
		const write: Write = { name, stored, done, resolve };
		this.#writes.set(name, write);
		this.#holders.add(stored);
		this.#queue.push(write);
		// After the answer's end has gone out, for which this must not be in the way.
		if (this.#writers < WRITERS) void setImmediate().then(() => this.#drain());
	}

	#warn(id: string, reason: string): void {
		this.#options.warn(
			{ response: id.slice(0, 100), reason },
			'an answer could not be kept: it cannot be retrieved or gone on from',
		);
	}

	async #drain(): Promise<void> {
		if (this.#writers >= WRITERS) return;
		this.#writers++;
		let since = this.#options.clock.monotonic();
		for (let write = this.#queue.shift(); write !== undefined; write = this.#queue.shift()) {
			await this.#write(write);
			if (this.#options.clock.monotonic() - since < TURN_MS) continue;
			await setImmediate();
			since = this.#options.clock.monotonic();
		}
		this.#writers--;
	}

	async #write(write: Write): Promise<void> {
		const { name, stored } = write;
		try {
			const bytes = Buffer.from(writeRecord(stored));
			if (bytes.length > this.#limits.recordBytes) this.#warn(stored.id, `it is larger than ${this.#limits.recordBytes} bytes`);
			else await this.#file(name, bytes);
		} catch (error) {
			this.#warn(stored.id, reasonOf(error));
		} finally {
			if (this.#writes.get(name) === write) this.#writes.delete(name);
			write.resolve();
		}
	}

	/** Memory keeps what the disk does not take. */
	async #file(name: string, bytes: Buffer): Promise<void> {
		this.#recent.set(name, { bytes, filed: false });
		await this.#folder.write(name, bytes);
		this.#recent.set(name, { bytes, filed: true });
		this.#bytesSinceSweep += bytes.length;
		if (this.#bytesSinceSweep > this.#limits.totalBytes / 16) this.#sweep();
	}

	/** What is kept under a name; undefined for what is not or no longer there, and for what cannot be read, which the log is told. */
	async #find(name: string, id: string, owner: string | undefined): Promise<StoredResponse | undefined> {
		const file = this.#folder.pathOf(name);
		try {
			const bytes = await this.#bytesOf(name);
			if (bytes === undefined) return undefined;
			const stored = readRecord(bytes.toString());
			if (stored?.id === id && stored.owner === owner) {
				this.#holders.add(stored);
				return stored;
			}
			this.#recent.delete(name);
			this.#options.warn({ file }, 'a kept answer cannot be read and is skipped; the file may be removed');
		} catch (error) {
			this.#options.warn({ file, reason: reasonOf(error) }, 'a kept answer cannot be read');
		}
		return undefined;
	}

	/** A record from memory or disk. Memory alone is not believed: another process may have removed the file. */
	async #bytesOf(name: string): Promise<Buffer | undefined> {
		const held = this.#recent.get(name);
		if (held?.filed === false) return held.bytes;
		if (!(await this.#isInDate(name))) {
			this.#recent.delete(name);
			return undefined;
		}
		const bytes = held?.bytes ?? (await this.#folder.read(name));
		if (bytes !== undefined) this.#recent.set(name, { bytes, filed: true });
		return bytes;
	}

	/** Whether there is a file that has not expired. It counts as used: a conversation that goes on is kept as a whole. */
	async #isInDate(name: string): Promise<boolean> {
		const usedAt = await this.#folder.usedAt(name);
		const now = this.#options.clock.now();
		if (usedAt === undefined || now - usedAt > this.#limits.retentionMs) return false;
		if (now - usedAt > TOUCH_MS) await this.#folder.touch(name, now).catch(() => undefined);
		return true;
	}

	#sweep(): void {
		this.#bytesSinceSweep = 0;
		this.#sweeping ??= sweep(this.#folder.root, this.#options.clock.now(), this.#limits)
			.then(
				() => undefined,
				(error: unknown) =>
					this.#options.warn({ folder: this.#folder.root, reason: reasonOf(error) }, 'kept answers could not be tidied up'),
			)
			.finally(() => {
				this.#sweeping = undefined;
			});
	}
}

/** A store of answers in files under a folder. Two processes may share it. */
export function fileResponseStore(options: FileStoreOptions): ResponseStore {
	return new FileResponseStore(options);
}
