import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../harness/children.ts';
import type { LoadReport, LoadTask } from './types.ts';

const PROGRAM = 'wrk';

/** Whether wrk is installed. */
export const hasWrk = spawnSync(PROGRAM, ['-v']).error === undefined;

/** A Lua string literal for any bytes. */
function literal(text: string): string {
	return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}

function scriptOf(task: LoadTask): string {
	const headers = Object.entries({ 'content-type': 'application/json', ...task.headers });
	return `
wrk.method = "POST"
wrk.body = ${literal(task.body)}
${headers.map(([name, value]) => `wrk.headers[${literal(name)}] = ${literal(value)}`).join('\n')}
done = function(summary, latency, requests)
	local e = summary.errors
	io.write(string.format('RESULT {"requests":%d,"microseconds":%d,"errors":%d}\\n',
		summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

/** As many requests as the service takes, by wrk. */
export async function runWrk(task: LoadTask, folder: string): Promise<LoadReport> {
	const script = join(folder, 'load.lua');
	writeFileSync(script, scriptOf(task));
	const args = [
		'-t1',
		`-c${task.connections}`,
		`-d${task.seconds}s`,
		'--timeout',
		'10s',
		'-s',
		script,
		`http://127.0.0.1:${task.port}${task.path}`,
	];
	const output = await Child.start(PROGRAM, args, 'others').output((task.seconds + 20) * 1000);
	const json = /^RESULT (.*)$/m.exec(output)?.[1];
	if (json === undefined) throw new Error(`wrk did not report: ${output.slice(-500)}`);
	const { requests, microseconds, errors } = JSON.parse(json);
	return { requests: Number(requests), seconds: Number(microseconds) / 1e6, errors: Number(errors) };
}
