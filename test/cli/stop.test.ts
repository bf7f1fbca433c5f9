import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { outcome, repository } from '../tooling/project.ts';
import { buildProgram, type Gateway, Program, serve, temporaryFolder, until } from './program.ts';
import { upstreamFor } from './upstream.ts';

beforeAll(buildProgram, 60_000);

const stream = { model: 'openai/m', stream: true, messages: [{ role: 'user', content: 'hi' }] };

async function withRunningStream(): Promise<{ gateway: Gateway; reply: Response; release: () => void }> {
	const upstream = await upstreamFor();
	const gateway = await serve({ env: { OPENAI_API_KEY: 'sk-0123456789', OPENAI_BASE_URL: upstream.origin } });
	const reply = await gateway.post('/v1/chat/completions', stream);
	return { gateway, reply, release: () => upstream.release() };
}

describe('SIGTERM', () => {
	it('lets a running stream finish, takes nothing new, and ends with 0', async () => {
		const { gateway, reply, release } = await withRunningStream();
		gateway.child.kill('SIGTERM');
		await gateway.prints('err', /requests under way may finish/);
		await refused(gateway);
		expect(gateway.child.exitCode).toBeNull();
		release();
		expect(await reply.text()).toMatch(/" done".*data: \[DONE\]\s*$/s);
		expect(await gateway.exit).toBe(0);
	});

	it.each([
		['/v1/chat/completions', /^HTTP\/1\.1 503 .*\{"error":\{"message":"Relais is shutting down/s],
		['/v1/messages', /^HTTP\/1\.1 503 .*\{"type":"error","error":\{"type":"\w+","message":"Relais is shutting down/s],
	])('answers what was still being sent to %s with 503 in its own format', async (path, format) => {
		const { gateway, reply, release } = await withRunningStream();
		const body = JSON.stringify(stream);
		const socket = createConnection(Number(new URL(gateway.url).port), '127.0.0.1');
		let answer = '';
		socket.on('data', (chunk) => {
			answer += chunk.toString();
		});
		onTestFinished(() => void socket.destroy());
		const head = `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\ncontent-length: ${body.length}\r\n\r\n`;
		await new Promise((resolve) => socket.write(head + body.slice(0, 5), resolve));
		// An answer on another connection shows that the first bytes have been read.
		await gateway.ask('openai/m');
		gateway.child.kill('SIGTERM');
		await gateway.prints('err', /requests under way may finish/);
		await refused(gateway);
		socket.write(body.slice(5));
		await until(() => (/\}\s*$/.test(answer) ? true : undefined), 'an answer');
		expect(answer).toMatch(format);
		release();
		expect(await reply.text()).toContain('[DONE]');
		expect(await gateway.exit).toBe(0);
	});

	it('given twice ends at once', async () => {
		const { gateway, reply } = await withRunningStream();
		gateway.child.kill('SIGTERM');
		await gateway.prints('err', /requests under way may finish/);
		gateway.child.kill('SIGTERM');
		expect(await gateway.exit).toBe(143);
		await expect(reply.text()).rejects.toThrow();
	});

	it('ends a program without requests at once, also by SIGINT', async () => {
		for (const signal of ['SIGTERM', 'SIGINT'] as const) {
			const gateway = await serve();
			gateway.child.kill(signal);
			expect(await gateway.exit).toBe(0);
		}
	});

	it('tells what has not finished after server.drain_timeout that it stops, and ends it', async () => {
		const upstream = await upstreamFor();
		const gateway = await serve({
			files: { 'relais.yaml': 'server: { drain_timeout: 200ms }\n' },
			env: { OPENAI_API_KEY: 'sk-0123456789', OPENAI_BASE_URL: upstream.origin },
		});
		const reply = await gateway.post('/v1/chat/completions', stream);
		gateway.child.kill('SIGTERM');
		expect(await gateway.exit).toBe(0);
		const text = await reply.text();
		expect(text).toContain('shutting_down');
		expect(text).not.toContain('[DONE]');
	});
});

/** A new connection is not taken any more. */
async function refused(gateway: Gateway): Promise<void> {
	const deadline = Date.now() + 10_000;
	const port = Number(new URL(gateway.url).port);
	const connects = (): Promise<boolean> =>
		new Promise((resolve) => {
			const socket = createConnection(port, '127.0.0.1', () => {
				socket.destroy();
				resolve(true);
			});
			socket.once('error', () => resolve(false));
		});
	while (await connects()) expect(Date.now(), 'connections are still taken').toBeLessThan(deadline);
}

const PYTHON = spawnSync('python3', ['--version']).status === 0;

describe('a closed terminal', () => {
	it.skipIf(!PYTHON)('stops the program that was started in it (skipped where there is no python3 to make one)', async () => {
		const script = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[1], sys.argv[1:])
seen = b''
while b'Ctrl-C' not in seen: seen += os.read(terminal, 4096)
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;
		const program = join(repository, 'bin/relais.js');
		const env = { PATH: process.env.PATH ?? '', RELAIS_DISCOVER: 'off', RELAIS_DATA_DIR: temporaryFolder() };
		const child = spawn('python3', ['-c', script, process.execPath, program, '--port', '0'], { env, cwd: env.RELAIS_DATA_DIR });
		expect(await outcome(child)).toEqual({ code: 0, stdout: '0\n', stderr: '' });
	});
});

describe('nobody listening', () => {
	it('to standard output, or to standard error, takes nothing down', async () => {
		const gateway = await serve();
		gateway.child.stderr?.destroy();
		gateway.child.stdout?.destroy();
		for (let nth = 0; nth < 3; nth++) {
			const reply = await gateway.post('/v1/chat/completions', { ...stream, model: 'sim-openai/gpt-6-luna#400', stream: false });
			expect(reply.status).toBe(400);
		}
		gateway.child.kill('SIGTERM');
		expect(await gateway.exit).toBe(0);
	});

	it('to the help leaves no stack behind', async () => {
		const program = new Program(['--help']);
		program.child.stdout?.destroy();
		await program.exit;
		expect(program.err).toBe('');
	});

	it.skipIf(!existsSync('/dev/full'))(
		'because the disk is full costs no request (skipped where there is no /dev/full)',
		async () => {
			const full = openSync('/dev/full', 'w');
			onTestFinished(() => closeSync(full));
			const gateway = await serve({ stdio: ['ignore', 'pipe', full] });
			for (let nth = 0; nth < 3; nth++) {
				const reply = await gateway.post('/v1/chat/completions', {
					...stream,
					model: 'sim-openai/gpt-6-luna#400',
					stream: false,
				});
				expect(reply.status).toBe(400);
			}
			gateway.child.kill('SIGTERM');
			expect(await gateway.exit).toBe(0);
		},
	);
});
