import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, TEMPORARY } from './folder.ts';
import type { StoreLimits } from './port.ts';

/** A file that is still being written after this time, in ms, was left behind. */
const ABANDONED_MS = 60 * 60 * 1000;

interface Found {
	path: string;
	bytes: number;
	usedAt: number;
}

async function lookAt(path: string): Promise<Found | undefined> {
	try {
		const { size, mtimeMs } = await stat(path);
		return { path, bytes: size, usedAt: mtimeMs };
	} catch (error) {
		if (isMissing(error)) return undefined;
		throw error;
	}
}

/** All files in the folders under `root`, one folder after the other. */
async function* filesIn(root: string): AsyncGenerator<Found> {
	const folders = await readdir(root, { withFileTypes: true }).catch((error: unknown) => {
		if (isMissing(error)) return [];
		throw error;
	});
	for (const folder of folders) {
		if (!folder.isDirectory()) continue;
		const at = join(root, folder.name);
		for (const name of await readdir(at)) {
			const found = await lookAt(join(at, name));
			if (found !== undefined) yield found;
		}
	}
}

function isOver({ path, usedAt }: Found, now: number, retentionMs: number): boolean {
	return now - usedAt > (path.endsWith(TEMPORARY) ? ABANDONED_MS : retentionMs);
}

/**
 * Removes what has expired and, where there is still too much, what has been unused for longest. Other processes may do the same at
 * the same time. Gives back the bytes that are left.
 */
export async function sweep(root: string, now: number, limits: Pick<StoreLimits, 'retentionMs' | 'totalBytes'>): Promise<number> {
	const kept: Found[] = [];
	let total = 0;
	for await (const found of filesIn(root)) {
		if (isOver(found, now, limits.retentionMs)) await rm(found.path, { force: true });
		else {
			kept.push(found);
			total += found.bytes;
		}
	}
	kept.sort((one, other) => one.usedAt - other.usedAt);
	for (const found of kept) {
		if (total <= limits.totalBytes) break;
		await rm(found.path, { force: true });
		total -= found.bytes;
	}
	return total;
}
