import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Which cores a process gets: the measured one alone, or those shared by load and upstream. */
export type Place = 'subject' | 'others';

/** With two cores or more the measured process has the first one to itself; all else runs on the others. */
const PROGRAM = 'taskset';
const cores = availableParallelism();
export const pinning = cores >= 2 && spawnSync(PROGRAM, ['-c', '0', 'true']).status === 0;

/** The command line that runs a command on the cores of its place. */
export function pinned(place: Place, command: string[]): string[] {
	if (!pinning) return command;
	return [PROGRAM, '-c', place === 'subject' ? '0' : `1-${cores - 1}`, ...command];
}
