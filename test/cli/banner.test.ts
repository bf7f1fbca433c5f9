import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { performance } from 'node:perf_hooks';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, freePort, Program, serve } from './program.ts';
import { localServer, upstreamFor } from './upstream.ts';

beforeAll(buildProgram, 60_000);

const curlLines = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('curl '));
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe('the banner of a first start', () => {
	it('says where Relais listens, with what key, and what was found', async () => {
		const { out, url, key } = await serve();
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
		expect(key).toBe('rk-demo-simulated-answers-only');
		expect(out).toContain('no provider: three simulated ones are running (sim-openai, sim-anthropic, sim-local)');
		expect(out).toContain('simulated answers only');
		expect(out).toMatch(/[A-Z]+_API_KEY=\.\.\. npm start/);
	});

	it.skipIf(!hasCurl)('holds one line to paste, which streams an answer (skipped where there is no curl)', async () => {
		const { out } = await serve();
		const lines = curlLines(out);
		expect(lines).toHaveLength(1);
		const pasted = spawnSync('sh', ['-c', lines[0] ?? ''], { encoding: 'utf8' });
		expect(pasted.status).toBe(0);
		expect(pasted.stdout.match(/^data: /gm)?.length).toBeGreaterThan(3);
		expect(pasted.stdout).toMatch(/data: \[DONE\]\s*$/);
	});

	it.each([
		['/v1/embeddings', { model: 'text-embedding-3-small', input: 'hello' }],
		['/v1/completions', { model: 'gpt-3.5-turbo-instruct', prompt: 'hello' }],
		['/v1/moderations', { input: 'hello' }],
	])('is of a Relais whose simulated vendors answer %s too', async (path, body) => {
		const { url, key } = await serve();
		const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
		const reply = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
		expect(reply.status, await reply.text()).toBe(200);
		expect(reply.headers.get('x-relais-simulated')).toBe('sim-openai');
		expect(reply.headers.get('x-relais-upstream-request-id')).toMatch(/^req_/);
	});

	it('is of a Relais that says what a real provider needs where one is asked for', async () => {
		const { ask } = await serve();
		expect(await ask('openai/gpt-5')).toMatch(/^404 .*OpenAI is not configured: set OPENAI_API_KEY.*Did you mean .*sim-openai/);
	});

	it('is there within a few seconds', async ({ annotate }) => {
		const begin = performance.now();
		await serve();
		const took = Math.round(performance.now() - begin);
		await annotate(`${took} ms from the process's start to its banner`);
		expect(took).toBeLessThan(5000);
	});

	it('is not printed with --quiet', async () => {
		const port = await freePort();
		const program = new Program(['serve', '--quiet', '--port', String(port)]);
		const answers = (): Promise<boolean> =>
			fetch(`http://127.0.0.1:${port}/healthz`).then(
				(reply) => reply.ok,
				() => false,
			);
		while (!(await answers())) expect(program.child.exitCode).toBeNull();
		program.child.kill('SIGTERM');
		await program.exit;
		expect(program.out).toBe('');
	});
});

describe('what was found', () => {
	it('is a provider whose key is in the environment, at the address given there; nothing is simulated then', async () => {
		const upstream = await upstreamFor();
		const gateway = await serve({ env: { OPENAI_API_KEY: '  sk-from-the-environment\n', OPENAI_BASE_URL: upstream.origin } });
		expect(gateway.out).toMatch(/providers +openai +environment \(OPENAI_API_KEY\)\n/);
		expect(gateway.out).not.toContain('sim-');
		expect(gateway.out).not.toContain('sk-from');
		expect(gateway.key).toMatch(/^rk-local-/);
		expect(await gateway.ask('openai/any-model')).toBe('fine');
		expect(upstream.requests[0]?.url).toBe('/v1/chat/completions');
		expect(upstream.requests[0]?.headers.authorization).toBe('Bearer sk-from-the-environment');
		expect(await gateway.ask('sim-openai/gpt-6-luna')).toMatch(/^404 /);
	});

	it('is a local server at an address its own variable gives', async () => {
		const upstream = await upstreamFor('from the local server');
		const { host } = new URL(upstream.origin);
		const gateway = await serve({ env: { OLLAMA_HOST: host } });
		expect(gateway.out).toMatch(/ollama +environment \(OLLAMA_HOST\)/);
		expect(await gateway.ask('listed')).toBe('from the local server');
	});

	it('is a local server that answers on its usual port', async ({ skip }) => {
		const port = await localServer('llama-found-here', 'from the local server');
		if (port === undefined) return skip('the usual ports of local servers are all taken on this machine');
		const gateway = await serve({ env: { RELAIS_DISCOVER: 'on' } });
		expect(gateway.out).toContain(`found on 127.0.0.1:${port}`);
		expect(gateway.out).not.toContain('sim-');
		expect(await gateway.ask('llama-found-here')).toBe('from the local server');
	});

	it('is a config file in the folder, with its notes', async () => {
		const { out } = await serve({
			files: {
				'relais.yaml': [
					'providers: [{ name: up, type: openai-compatible, base_url: "http://127.0.0.1:9/v1", models: [m], limits: { rpm: 5 } }]',
					'keys: [{ name: ci, key: rk-0123456789abcdef }]',
				].join('\n'),
			},
		});
		expect(out).toMatch(/config +\S+\/relais\.yaml\n/);
		expect(out).toMatch(/providers +up +relais\.yaml:1\n/);
		expect(out).toMatch(/key +1 from the config \(ci\)\n/);
		expect(out).toMatch(/note +relais\.yaml:1 providers\[0\]\.limits: accepted, not enforced yet/);
		expect(curlLines(out).join()).toContain('"authorization: Bearer $RELAIS_KEY"');
		expect(out).not.toContain('rk-0123456789abcdef');
	});

	it('cannot smuggle a command into the line to paste', async () => {
		const { out } = await serve({
			files: {
				'relais.json': JSON.stringify({
					providers: [
						{ name: 'up', type: 'openai-compatible', base_url: 'http://127.0.0.1:9/v1', models: ["m'; echo hacked; '\u009b31m"] },
					],
					auth: { mode: 'open' },
				}),
			},
		});
		const [line = ''] = curlLines(out);
		expect(line).not.toContain('authorization');
		expect(line).not.toContain('\u009b');
		const shown = spawnSync('sh', ['-c', line.replace('curl ', 'printf "%s\\n" ')], { encoding: 'utf8' });
		expect(shown.stdout).toContain("m'; echo hacked; '");
		expect(shown.stdout).not.toMatch(/^hacked/m);
	});

	it('shows an address that can be called where Relais listens on all of them', async () => {
		const { out } = await serve({ env: { RELAIS_API_KEYS: 'rk-0123456789abcdef0' } }, ['--host', '0.0.0.0']);
		expect(out).toMatch(/running at http:\/\/0\.0\.0\.0:\d+ \(every address of this machine\)/);
		expect(curlLines(out).join()).toContain('http://127.0.0.1:');
	});

	it('quotes an address with brackets, which some shells would take apart', async ({ skip }) => {
		if (!Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1')))
			return skip('there is no IPv6 on this machine');
		const { out } = await serve({}, ['--host', '::1']);
		expect(curlLines(out).join()).toMatch(/^curl -N 'http:\/\/\[::1\]:\d+\/v1\/chat\/completions' /);
	});
});
