import { join } from 'node:path';
import { usageOf } from '../harness/cpu.ts';
import { median } from '../harness/stats.ts';
import type { Findings } from '../report/findings.ts';
import { type Stage, startSubject } from '../stage.ts';

const pause = (ms: number): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(resolve, ms);
	});

/** From the start of the program to its first answer, and the memory it holds when nothing happens. */
export async function measureStart(stage: Stage, findings: Findings): Promise<void> {
	const { starts, idleMs } = stage.options.effort;
	const seconds: number[] = [];
	const megabytes: number[] = [];
	for (let i = 0; i < starts; i++) {
		const begin = performance.now();
		const service = await startSubject(stage.subjectType, join(stage.folder, `start-${i}`), stage.upstream.port);
		seconds.push((performance.now() - begin) / 1000);
		if (i === 0) {
			await pause(idleMs);
			megabytes.push(usageOf(service.child.pid).residentBytes / 1e6);
		}
		await service.child.stop();
	}
	findings.figure('start', median(seconds));
	findings.figure('memory', median(megabytes));
}
