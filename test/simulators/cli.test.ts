import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { curlLine, KINDS, startSimulators } from '../../src/simulators/index.ts';

const PROGRAM = `
	import { Command } from 'commander';
	import { registerSimulate } from './src/cli/simulate.ts';
	const program = new Command('relais');
	registerSimulate(program);
	await program.parseAsync(process.argv.slice(1), { from: 'user' });
`;

interface Run {
	child: ChildProcess;
	output: () => string;
	errors: () => string;
	/** Resolves with the exit code. */
	exit: Promise<number | null>;
}

const open: { stop: () => void }[] = [];

afterEach(() => {
	for (const { stop } of open.splice(0)) stop();
});

function run(...args: string[]): Run {
	const cwd = fileURLToPath(new URL('../..', import.meta.url));
	const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', PROGRAM, '--', 'simulate', ...args], {
		cwd,
	});
	const text = { out: '', error: '' };
	child.stdout.on('data', (chunk) => (text.out += String(chunk)));
	child.stderr.on('data', (chunk) => (text.error += String(chunk)));
	open.push({ stop: () => child.kill('SIGKILL') });
	const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
	return { child, output: () => text.out, errors: () => text.error, exit };
}

/** Waits for the last line of the welcome. */
function ready({ child, output, errors }: Run): Promise<string> {
	return new Promise((resolve, reject) => {
		const look = (): void => {
			if (output().includes('/_sim/requests')) resolve(output());
		};
		child.stdout?.on('data', look);
		child.once('close', () => reject(new Error(errors())));
	});
}

describe('relais simulate', () => {
	it('says where its vendors are, with what keys, and how to try them; its curl line works', async () => {
		const running = run('--port', '0');
		const welcome = await ready(running);
		expect(welcome).toMatch(/sim-openai\s+http:\/\/127\.0\.0\.1:\d+\/sim-openai\/v1 {2}key sk-sim-openai/);
		expect(welcome).toMatch(/sim-local\s+\S+ {2}key \(any\)/);
		expect(welcome).toContain('x-sim-fault');
		const [, address = '', key = '', body = ''] = /curl -N (\S+) -H 'authorization: (.+?)' .* -d '(.*)'/.exec(welcome) ?? [];
		const headers = { authorization: key, 'content-type': 'application/json', 'x-sim-tokens-per-second': '10000' };
		const answer = await fetch(address, { method: 'POST', headers, body });
		expect(answer.status).toBe(200);
		expect(await answer.text()).toContain('data: [DONE]');
		running.child.kill('SIGTERM');
		expect(await running.exit).toBe(0);
	});

	it('simulates the vendors it is told to, under the names it is told to', async () => {
		const running = run('--port', '0', '--vendor', 'sim-anthropic', '--vendor', 'mine=local', '--vendor', 'groq');
		const welcome = await ready(running);
		expect(welcome).toContain('/sim-anthropic/v1');
		expect(welcome).toContain('/mine/v1');
		expect(welcome).toContain('/sim-groq/openai/v1');
		expect(welcome).not.toContain('/sim-openai/v1');
		running.child.kill('SIGINT');
		expect(await running.exit).toBe(0);
	});

	it('simulates Gemini, and its curl line works', async () => {
		const running = run('--port', '0', '--vendor', 'google=gemini');
		const welcome = await ready(running);
		expect(welcome).toMatch(/google\s+\S+\/google\/v1beta {2}key sk-google {2}\(gemini protocol\)/);
		const [, address = '', key = '', body = ''] = /curl -N '(\S+)' -H 'x-goog-api-key: (.+?)' .* -d '(.*)'/.exec(welcome) ?? [];
		const headers = { 'x-goog-api-key': key, 'x-sim-tokens-per-second': '10000' };
		const answer = await fetch(address, { method: 'POST', headers, body });
		expect(await answer.text()).toContain('"finishReason": "STOP"');
	});

	it('simulates every kind, and each has a curl line that works', async () => {
		const kinds = Object.keys(KINDS);
		const { vendors, close } = await startSimulators({
			vendors: kinds.map((kind) => ({ ...(KINDS[kind] ?? { kind: 'openai' }), name: `my-${kind}` })),
		});
		try {
			for (const vendor of vendors) {
				const [, address = ''] = /curl -N '?([^\s']+)/.exec(curlLine(vendor)) ?? [];
				const headers = [...curlLine(vendor).matchAll(/-H '([^:]+): ([^']+)'/g)].map(
					([, name = '', value = '']) => [name, value] as [string, string],
				);
				const [, body = ''] = / -d '(.*)'$/.exec(curlLine(vendor)) ?? [];
				const answer = await fetch(address, { method: 'POST', headers, body });
				expect([vendor.name, answer.ok, (await answer.text()).length > 20]).toEqual([vendor.name, true, true]);
			}
		} finally {
			await close();
		}
	});

	it('says in one line that the port is in use', async () => {
		const holder: Server = createServer();
		await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
		open.push({ stop: () => holder.close() });
		const { port } = holder.address() as AddressInfo;
		const running = run('--port', String(port));
		expect(await running.exit).toBe(1);
		expect(running.errors()).toBe(`relais simulate: port ${port} on 127.0.0.1 is in use; choose another with --port\n`);
		expect(running.output()).toBe('');
	});

	it.each([
		[['--port', 'many'], 'a port is a number from 0 to 65535.'],
		[['--vendor', 'nobody'], 'give a kind or name=kind, with a kind of openai'],
		[['--vendor', 'mine=constructor'], 'with a kind of openai'],
		[['--vendor', 'mine=other'], `a kind of ${Object.keys(KINDS).join(', ')}.`],
	])('refuses %j', async (args, message) => {
		const running = run(...args);
		expect(await running.exit).toBe(1);
		expect(running.errors()).toContain(message);
	});
});
