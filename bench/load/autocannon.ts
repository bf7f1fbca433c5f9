import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Result } from 'autocannon';
import { Child } from '../harness/children.ts';
import type { LoadReport, LoadTask } from './types.ts';

/** As many requests as the service takes, by autocannon, where there is no wrk. */
export async function runAutocannon(task: LoadTask, folder: string): Promise<LoadReport> {
	const body = join(folder, 'body.json');
	writeFileSync(body, task.body);
	const program = fileURLToPath(import.meta.resolve('autocannon'));
	const headers = Object.entries({ 'content-type': 'application/json', ...task.headers }).flatMap(([name, value]) => [
		'-H',
		`${name}=${value}`,
	]);
	const load = ['-c', String(task.connections), '-d', String(task.seconds), '-m', 'POST', '-i', body, ...headers];
	const args = [program, '--json', '--no-progress', ...load, `http://127.0.0.1:${task.port}${task.path}`];
	const output = await Child.start(process.execPath, args, 'others').output((task.seconds + 20) * 1000);
	const report: Result = JSON.parse(output);
	return { requests: report['2xx'], seconds: report.duration, errors: report.errors + report.timeouts + report.non2xx };
}
