import { hash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Longest id that is looked for, in characters. */
const LONGEST_ID = 512;

/**
 * The name an owner's answer is filed under. A digest, so that whatever the id holds it can neither leave the folder nor clash with
 * another owner's. Undefined for an id that cannot be one.
 */
export function nameOf(id: string, owner: string | undefined): string | undefined {
	if (id === '' || id.length > LONGEST_ID) return undefined;
	return hash('sha256', JSON.stringify([owner ?? null, id]), 'hex');
}

/** Ends the names of files that are being written. */
export const TEMPORARY = '.tmp';

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

	/** Whether there was such a file. */
	async remove(name: string): Promise<boolean> {
		try {
			await rm(this.pathOf(name));
			return true;
		} catch (error) {
			if (isMissing(error)) return false;
			throw error;
		}
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
