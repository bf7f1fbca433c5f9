import { hash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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
	#written = 0;

	constructor(root: string) {
		this.root = root;
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
			await this.#writeNew(temporary, bytes);
			await rename(temporary, path);
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

	async #writeNew(path: string, bytes: Uint8Array): Promise<void> {
		try {
			await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
		} catch (error) {
			if (!isMissing(error)) throw error;
			await this.#make(dirname(path));
			await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
		}
	}

	/** Makes a folder; what lies in it is nobody's business but its user's, and no part of a project it may lie in. */
	async #make(path: string): Promise<void> {
		const made = await mkdir(path, { recursive: true, mode: 0o700 });
		if (made === undefined || made === path) return;
		await writeFile(join(this.root, '.gitignore'), '*\n');
	}
}
