import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * CPU time and memory of a process and all its descendants: from /proc on Linux, in clock ticks of 10 ms; from `ps` elsewhere,
 * which counts in hundredths of a second at best.
 */
export const fromProc = process.platform === 'linux';

const TICKS_PER_SECOND = fromProc ? Number(spawnSync('getconf', ['CLK_TCK']).stdout?.toString().trim()) || 100 : 100;
const PAGE_BYTES = fromProc ? Number(spawnSync('getconf', ['PAGESIZE']).stdout?.toString().trim()) || 4096 : 4096;

interface ProcessFacts {
	pid: number;
	parent: number;
	/** User and system time in ms, that of its ended children included. */
	cpuMs: number;
	residentBytes: number;
}

function allFromProc(): ProcessFacts[] {
	const facts: ProcessFacts[] = [];
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		try {
			const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
			// The command may hold spaces and parentheses: fields are counted from after its last ")".
			const fields = stat
				.slice(stat.lastIndexOf(')') + 2)
				.split(' ')
				.map(Number);
			const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
			facts.push({
				pid: Number(name),
				parent: fields[1] ?? 0,
				cpuMs: (ticks * 1000) / TICKS_PER_SECOND,
				residentBytes: (fields[21] ?? 0) * PAGE_BYTES,
			});
		} catch {
			// It ended between the listing and the reading.
		}
	}
	return facts;
}

/** "[[dd-]hh:]mm:ss[.cc]" in ms. */
function parseTime(text: string): number {
	const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
	const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
	return (Number(days) * 86_400 + seconds) * 1000;
}

function allFromPs(): ProcessFacts[] {
	const lines = spawnSync('ps', ['-Ao', 'pid=,ppid=,rss=,time=']).stdout?.toString().trim().split('\n') ?? [];
	return lines.map((line) => {
		const [pid, parent, kilobytes, time] = line.trim().split(/\s+/);
		return { pid: Number(pid), parent: Number(parent), residentBytes: Number(kilobytes) * 1024, cpuMs: parseTime(time ?? '') };
	});
}

/** CPU time (ms) and resident memory (bytes) of a process tree so far. */
export function usageOf(root: number): { cpuMs: number; residentBytes: number } {
	const all = fromProc ? allFromProc() : allFromPs();
	const tree = new Set([root]);
	for (let size = 0; size !== tree.size; ) {
		size = tree.size;
		for (const { pid, parent } of all) if (tree.has(parent)) tree.add(pid);
	}
	const members = all.filter(({ pid }) => tree.has(pid));
	return {
		cpuMs: members.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
		residentBytes: members.reduce((sum, { residentBytes }) => sum + residentBytes, 0),
	};
}
