import { runAutocannon } from './autocannon.ts';
import type { LoadReport, LoadTask } from './types.ts';
import { hasWrk, runWrk } from './wrk.ts';

export type { LoadReport, LoadTask } from './types.ts';

export const loadGenerator = hasWrk ? 'wrk' : 'autocannon';

/** Sends as many requests as the service takes. Throws when any fails: figures with errors in them mean nothing. */
export async function runLoad(task: LoadTask, folder: string): Promise<LoadReport> {
	const report = hasWrk ? await runWrk(task, folder) : await runAutocannon(task, folder);
	if (report.errors > 0 || report.requests === 0) {
		throw new Error(`${report.errors} of ${report.requests} requests to port ${task.port} failed`);
	}
	return report;
}
