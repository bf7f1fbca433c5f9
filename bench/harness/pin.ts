import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Which cores a process gets: the measured one alone, or those shared by load and upstream. */
export type Place = 'subject' | 'others';

const PROGRAM = 'taskset';
const cores = availableParallelism();

/** With two cores or more the measured process has the first one to itself; all else runs on the others. */
export const pinning = cores >= 2 && spawnSync(PROGRAM, ['-c', '0', 'true']).status === 0;

function coresOf(place: Place): string {
	return place === 'subject' ? '0' : `1-${cores - 1}`;
}

/** The command line that runs a command on the cores of its place. */
export function pinned(place: Place, command: string[]): string[] {
	return pinning ? [PROGRAM, '-c', coresOf(place), ...command] : command;
}

/**
 * Moves the helper threads of a process (compiler, garbage collector) to other cores than its main thread, or back. On the one
 * core of a pinned process they take turns with the main thread, several milliseconds each, which no deployment does.
 */
export function placeHelpers(pid: number, place: Place): void {
	if (!pinning || process.platform !== 'linux') return;
	for (const thread of readdirSync(`/proc/${pid}/task`)) {
		if (Number(thread) !== pid) spawnSync(PROGRAM, ['-cp', coresOf(place), thread]);
	}
}
