// @ts-check
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MS = 1_000;
/** A holder silent for this long is gone, even where another process has its pid by now (containers reuse low ones). */
const SILENT_MS = 15_000;
const POLL_MS = 100;
const LEFTOVER_MS = 60 * 60_000;

/** @param {number} pid */
function alive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return error instanceof Error && 'code' in error && error.code === 'EPERM';
	}
}

/**
 * Who holds the lock: the content of its owner file, `pid-nonce`; `stale` when that process is gone.
 * @param {string} directory
 */
function holder(directory) {
	const file = join(directory, 'owner');
	try {
		const token = readFileSync(file, 'utf8');
		const silent = Date.now() - statSync(file).mtimeMs > SILENT_MS;
		return { token, stale: silent || !alive(Number.parseInt(token, 10)) };
	} catch {
		return undefined;
	}
}

/**
 * Moves a dead holder's lock aside. The target bears the holder's token and stays for a while, so that a second process that
 * saw the same dead holder cannot move away the lock the first one has taken meanwhile: its rename finds the place occupied.
 * @param {string} directory
 * @param {string} token
 */
function setAside(directory, token) {
	try {
		renameSync(directory, `${directory}.stale-${token}`);
	} catch {
		// Another process was quicker.
	}
}

/** @param {string} directory */
function removeLeftovers(directory) {
	const parent = dirname(directory);
	for (const name of readdirSync(parent)) {
		const path = join(parent, name);
		if (!name.startsWith(`${basename(directory)}.stale-`)) continue;
		if (Date.now() - statSync(path).mtimeMs > LEFTOVER_MS) rmSync(path, { recursive: true, force: true });
	}
}

/**
 * @param {string} directory
 * @param {string} token
 */
function tryTake(directory, token) {
	try {
		mkdirSync(directory);
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
		throw error;
	}
	writeFileSync(join(directory, 'owner'), token);
	return true;
}

/** A lock directory whose owner file has not appeared: its maker died between two steps, or is about to write it.
 * @param {string} directory */
function orphaned(directory) {
	try {
		return Date.now() - statSync(directory).mtimeMs > SILENT_MS;
	} catch {
		return false;
	}
}

/**
 * Runs `work` while no other process holds the lock `directory`. Waits for as long as the holder lives.
 * @template T
 * @param {string} directory
 * @param {() => void} onWait called once when there is somebody to wait for
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(directory, onWait, work) {
	mkdirSync(dirname(directory), { recursive: true });
	const token = `${process.pid}-${Math.random().toString(36).slice(2)}`;
	let waited = false;
	while (!tryTake(directory, token)) {
		const other = holder(directory);
		if (other?.stale || (!other && orphaned(directory))) {
			setAside(directory, other?.token ?? 'unowned');
		} else if (!waited) {
			waited = true;
			onWait();
		}
		await sleep(POLL_MS);
	}
	removeLeftovers(directory);
	const beat = setInterval(() => touch(join(directory, 'owner')), HEARTBEAT_MS);
	const release = () => {
		clearInterval(beat);
		if (holder(directory)?.token === token) rmSync(directory, { recursive: true, force: true });
	};
	process.once('exit', release);
	try {
		return await work();
	} finally {
		process.off('exit', release);
		release();
	}
}

/** @param {string} file */
function touch(file) {
	const now = new Date();
	try {
		utimesSync(file, now, now);
	} catch {
		// The folder was removed by hand; the work goes on.
	}
}
