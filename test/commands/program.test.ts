import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, run, temporaryFolder } from '../cli/program.ts';
import { repository } from '../tooling/project.ts';

beforeAll(buildProgram, 120_000);

/** Runs the built program on this standard input; its output is read, or closed unread. */
async function piped(
	args: readonly string[],
	input: string,
	read: boolean,
): Promise<{ code: number | null; out: string; err: string }> {
	const folder = temporaryFolder();
	const child = spawn(process.execPath, [join(repository, 'bin/relais.js'), ...args], {
		cwd: folder,
		env: { PATH: process.env.PATH ?? '', HOME: folder, RELAIS_DISCOVER: 'off' },
	});
	let out = '';
	let err = '';
	child.stderr.on('data', (chunk: Buffer) => {
		err += chunk.toString();
	});
	if (read)
		child.stdout.on('data', (chunk: Buffer) => {
			out += chunk.toString();
		});
	else child.stdout.destroy();
	child.stdin.on('error', () => undefined);
	child.stdin.end(input);
	const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
	return { code, out, err };
}

describe('the built program', () => {
	it('chats from a pipe and ends with its input', async () => {
		const { code, out, err } = await piped(['chat'], 'Hello.\n', true);
		expect(out).toMatch(/^Simulated answer from .*Hello\..*\n$/);
		expect(err).toMatch(/-- \S+ \(simulated\) · \d+ in, \d+ out/);
		expect(code).toBe(0);
	});

	it('bears an output that nobody reads', async () => {
		for (const args of [['catalog', 'list'], ['chat']]) {
			const { err } = await piped(args, 'Hello.\nHello.\n', false);
			expect(err, args.join(' ')).not.toMatch(/Error|EPIPE/);
		}
	});

	it('tells by its exit code what the doctor found', async () => {
		const { code, out } = await run(['doctor']);
		expect(out).toContain('No provider is configured');
		expect(code).toBe(1);
	});
});
