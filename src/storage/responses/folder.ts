import { hash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../lib/clock.ts';

/** Longest id that is looked for, in characters. */
const LONGEST_ID = 512;

function digest(value: string): string {
	return hash('sha256', value, 'hex');
}

/** How the names of all files begin that have to do with an id; undefined for an id that cannot be one. */
export function stemOf(id: string): string | undefined {
	return id === '' || id.length > LONGEST_ID ? undefined : `${digest(id)}-`;
}

/**
 * The name an owner's answer is filed under. Made of digests, so that whatever the id holds it can neither leave the folder nor clash
 * with another owner's. Undefined for an id that cannot be one.
 */
export function nameOf(id: string, owner: string | undefined): string | undefined {
	const stem = stemOf(id);
	return stem === undefined ? undefined : stem + digest(JSON.stringify(owner ?? null)).slice(0, 32);
}

/** Up to this size, in bytes, a file is written at once. */
const SMALL = 256 * 1024;
/** A disk that takes longer than this, in ms, for so many writes in a row is slow, and counts as such for so long. */
const SLOW_MS = 100;
const SLOW_WRITES = 3;
const SLOW_FOR_MS = 10_000;

const NEW = { mode: 0o600, flag: 'wx' } as const;

/** Ends the names of files that are being written. */
export const TEMPORARY = '.tmp';

/** Ends the names of files that say that there was one. */
const REMOVED = '.gone';

/** Whether a failure of the file system means that there is no such file. */
export function isMissing(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Files by name, in as many folders as there are pairs of hex digits. Times are Unix times in ms. Methods reject with what the file
 * system says.
 */
export class Folder {
	readonly root: string;
	readonly #clock: Pick<Clock, 'monotonic'>;
	#written = 0;
	/** Slow writes in a row. */
	#slowWrites = 0;
	/** Until when the disk counts as slow. */
	#slowUntil = Number.NEGATIVE_INFINITY;

	constructor(root: string, clock: Pick<Clock, 'monotonic'>) {
		this.root = root;
		this.#clock = clock;
	}

	pathOf(name: string): string {
		return join(this.root, name.slice(0, 2), `${name}.json`);
	}

	/** When a file was last used; undefined where there is none. */
	async usedAt(name: string): Promise<number | undefined> {
		try {
			return (await stat(this.pathOf(name))).mtimeMs;
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	}

	async read(name: string): Promise<Buffer | undefined> {
		try {
			return await readFile(this.pathOf(name));
		} catch (error) {
			if (isMissing(error)) return undefined;
			throw error;
		}
	}

	/** Writes a file as a whole or not at all, whoever else writes it at the same time. */
	async write(name: string, bytes: Uint8Array): Promise<void> {
		const path = this.pathOf(name);
		const temporary = `${path}.${process.pid}-${this.#written++}${TEMPORARY}`;
		try {
			if (bytes.length > SMALL || this.#clock.monotonic() < this.#slowUntil) await this.#writeLater(temporary, path, bytes);
			else this.#writeNow(temporary, path, bytes);
		} catch (error) {
			await rm(temporary, { force: true }).catch(() => undefined);
			throw error;
		}
	}

	/** Counts a file as used at a time. */
	async touch(name: string, at: number): Promise<void> {
		await utimes(this.pathOf(name), at / 1000, at / 1000);
	}

	/** Whether any file's name begins like this. */
	async has(stem: string): Promise<boolean> {
		try {
			return (await readdir(dirname(this.pathOf(stem)))).some((name) => name.startsWith(stem));
		} catch (error) {
			if (isMissing(error)) return false;
			throw error;
		}
	}

	/** Whether there was such a file. An empty one is left in its place, which says that the name is taken. */
	async remove(name: string): Promise<boolean> {
		const path = this.pathOf(name);
		try {
			await rm(path);
		} catch (error) {
			if (isMissing(error)) return false;
			throw error;
		}
		await writeFile(`${path}${REMOVED}`, '', { mode: 0o600 });
		return true;
	}

	/**
	 * Small files are written at once: handing four calls to other threads costs several times as much as making them. A disk that
	 * takes its time for one is not waited for again so soon.
	 */
	#writeNow(temporary: string, path: string, bytes: Uint8Array): void {
		const began = this.#clock.monotonic();
		try {
			writeFileSync(temporary, bytes, NEW);
		} catch (error) {
			if (!isMissing(error)) throw error;
			this.#make(dirname(path));
			writeFileSync(temporary, bytes, NEW);
		}
		renameSync(temporary, path);
		const now = this.#clock.monotonic();
		this.#slowWrites = now - began > SLOW_MS ? this.#slowWrites + 1 : 0;
		if (this.#slowWrites >= SLOW_WRITES) this.#slowUntil = now + SLOW_FOR_MS;
	}

	async #writeLater(temporary: string, path: string, bytes: Uint8Array): Promise<void> {
		try {
			await writeFile(temporary, bytes, NEW);
		} catch (error) {
			if (!isMissing(error)) throw error;
			this.#make(dirname(path));
			await writeFile(temporary, bytes, NEW);
		}
		await rename(temporary, path);
	}

	/** Makes a folder; what lies in it is nobody's business but its user's, and no part of a project it may lie in. */
	#make(path: string): void {
		const made = mkdirSync(path, { recursive: true, mode: 0o700 });
		if (made !== undefined && made !== path) writeFileSync(join(this.root, '.gitignore'), '*\n');
	}
}
