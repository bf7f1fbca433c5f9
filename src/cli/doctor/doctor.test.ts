import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Run, type RunOptions, runCommand } from '../../../test/support/command.ts';
import { keyPage, loadCatalog } from '../../catalog/index.ts';
import { type Simulators, startSimulators } from '../../simulators/index.ts';
import { registerDoctor } from './index.ts';

let simulators: Simulators;
beforeAll(async () => {
	simulators = await startSimulators();
});
afterEach(() => simulators.reset());
afterAll(() => simulators.close());

const KEY = 'sk-sim-openai';

const entry = (more: object = {}) => ({
	name: 'one',
	type: 'openai',
	base_url: `${simulators.url}/sim-openai/v1`,
	api_key: KEY,
	...more,
});

function doctor(providers: readonly object[], words: readonly string[] = [], options: RunOptions = {}): Promise<Run> {
	const files = { 'relais.json': { simulate: 'never', providers } };
	return runCommand(registerDoctor, ['doctor', ...words], { files, ...options });
}

/** A server that answers everything in the same way; undefined: never. */
async function answering(body?: string, type = 'text/html'): Promise<string> {
	return await listening(
		createServer((_, response) => {
			if (body !== undefined) response.writeHead(200, { 'content-type': type }).end(body);
		}),
	);
}

/** The address of a server, which ends with the test. */
async function listening(server: Server): Promise<string> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('relais doctor', () => {
	it('shows every provider in a table and exits with 0 when all are healthy', async () => {
		const local = { name: 'local', type: 'openai-compatible', base_url: `${simulators.url}/sim-local/v1` };
		const off = { name: 'off', type: 'anthropic', api_key: 'sk-not-used-at-all', enabled: false };
		const { out, err, code } = await doctor([entry(), local, off]);
		expect(code).toBe(0);
		expect(out).toMatch(/^provider +type +origin +reachable +key +models +ms\n/);
		expect(out).toMatch(/\none +openai +relais\.json:\d+ +yes +accepted +\d+ +\d+\n/);
		expect(out).toMatch(/\nlocal +openai-compatible +relais\.json:\d+ +yes +not needed +\d+ +\d+\n/);
		expect(out).toMatch(/\noff +anthropic +relais\.json:\d+ +disabled +- +- +-\n/);
		expect(out).toMatch(/\nall 2 providers are healthy\n$/);
		expect(err).toMatch(/\[1\/2\] (one|local): healthy\n\[2\/2\] (one|local): healthy\n/);
	});

	it('names the cure of a wrong and of a missing key, and prints neither key', async () => {
		const wrong = entry({ api_key: 'sk-wrong-key-0123456789' });
		const { api_key: _, ...none } = entry({ name: 'none' });
		const run = await doctor([wrong, none]);
		expect(run.code).toBe(1);
		expect(run.out).toMatch(/\none .* yes +refused +- +\d+\n/);
		expect(run.out).toMatch(/one: the key is refused\n {2}cure: set OPENAI_API_KEY or api_key of provider "one" \(keys: https:/);
		expect(run.out).toMatch(/\nnone .* yes +missing +- +\d+\n/);
		expect(run.out).toMatch(/none: no key is set\n {2}cure: set OPENAI_API_KEY/);
		expect(run.out).toContain('2 of 2 providers failed');
		expect(run.out + run.err).not.toContain('sk-wrong');
	});

	it('names the cure of a wrong key also where the vendor has no list, and calls none accepted that was not looked at', async () => {
		const asked: string[] = [];
		const answer = (status: number): Server =>
			createServer((request, response) => {
				asked.push(`${request.method} ${request.url}`);
				response.writeHead(status, { 'content-type': 'application/json' }).end('{"detail":"no"}');
			});
		const of = async (name: string, status: number) => {
			return { name, type: 'voyage', base_url: `${await listening(answer(status))}/v1`, api_key: 'pa-0123456789' };
		};
		const { out, code } = await doctor([await of('wrong', 401), await of('open', 400)]);
		expect(code).toBe(1);
		expect(out).toMatch(/\nwrong .* yes +refused +- +\d+\n/);
		expect(out).toMatch(/wrong: the key is refused\n {2}cure: set VOYAGE_API_KEY or api_key of provider "wrong" \(keys: https:/);
		expect(out).toMatch(/\nopen .*\n/);
		expect(out).toMatch(/open: it answers; .* only use proves its key/);
		expect(new Set(asked)).toEqual(new Set(['POST /v1/embeddings']));
	});

	it('names the variable and the page for the key of every type there is, where the key is refused', async () => {
		const url = await listening(
			createServer((_, response) => {
				response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"no","code":"401"}}');
			}),
		);
		const catalog = loadCatalog();
		// A key of these is changed for a token elsewhere first.
		const exchanged = new Set(['iam bearer']);
		const rows = catalog
			.providers()
			.filter(({ status, kind, auth }) => status === undefined && kind !== 'local' && !exchanged.has(auth));
		const options = { region: 'us-east-1', location: 'us-central1', project: 'p', account_id: 'a', gateway_id: 'g', host: 'h' };
		const providers = rows.map(({ id }) => ({
			...{ name: `my-${id}`, type: id, base_url: `${url}/v1`, api_key: 'wrong-0123456789' },
			options: { ...options, account: 'a', resource: 'r' },
		}));
		const { out } = await doctor(providers);
		for (const { id, env, docsUrl } of rows) {
			const [, cure = ''] = new RegExp(`\\nmy-${id}: the key is refused\\n {2}cure: (.*)`).exec(out) ?? [];
			expect(cure, id).toContain(`set ${env[0]} or api_key of provider "my-${id}"`);
			expect(cure, id).toContain(keyPage(id) ?? docsUrl);
		}
		expect(rows.length).toBeGreaterThan(50);
		expect(out).not.toContain('wrong-0123456789');
	}, 30_000);

	it('tells what is wrong with an address: nobody there, no such name, no TLS, a path without /v1, a web page', async () => {
		const page = await answering('<html>hello</html>');
		const compatible = (name: string, base_url: string) => ({ name, type: 'openai-compatible', base_url });
		const { out, code } = await doctor([
			compatible('shut', 'http://127.0.0.1:9/v1'),
			compatible('nowhere', 'http://relais-test.invalid/v1'),
			compatible('plain', `${page.replace('http:', 'https:')}/v1`),
			compatible('path', `${simulators.url}/sim-openai`),
			compatible('page', page),
		]);
		expect(code).toBe(1);
		expect(out).toMatch(/\nshut .* no +- +- +-\n/);
		expect(out).toMatch(
			/shut: 127\.0\.0\.1:9 refused the connection .*\n {2}cure: start the server, or check base_url of provider "shut"/,
		);
		expect(out).toMatch(/nowhere: the name of relais-test\.invalid does not resolve.*\n {2}cure: check/);
		expect(out).toMatch(/plain: .*TLS.*\n {2}cure: .*http:\/\/ in place of https:\/\//);
		expect(out).toMatch(/path: .*\n {2}cure: .*most servers want http:\/\/127\.0\.0\.1:\d+\/sim-openai\/v1/);
		expect(out).toMatch(/page: what answers is no such API.*\n {2}cure: .*\/v1/);
	});

	it('tells an identity that cannot be had because of the network from trouble of the vendor', async () => {
		const options = { project_id: 'p', iam_url: 'http://127.0.0.1:9/identity/token' };
		const base_url = `${simulators.url}/sim-local`;
		const { out } = await doctor([{ name: 'ibm', type: 'watsonx', api_key: 'wrong-0123456789', base_url, options }]);
		expect(out).toMatch(
			/\nibm: .*cannot be reached.*refused.*\n {2}cure: check this machine's DNS and network, and the address tokens/,
		);
	});

	it('tells trouble of the vendor from trouble with the key', async () => {
		simulators.addFault({ vendor: 'sim-openai', endpoint: 'models', controls: { fault: '503' } });
		simulators.addFault({ vendor: 'sim-anthropic', endpoint: 'models', controls: { fault: '429' } });
		const other = {
			name: 'two',
			type: 'anthropic',
			base_url: `${simulators.url}/sim-anthropic`,
			api_key: 'sk-sim-anthropic',
		};
		const { out, code } = await doctor([entry(), other]);
		expect(code).toBe(1);
		expect(out).toMatch(/\none .* yes +- +- +\d+\n/);
		expect(out).toMatch(/one: .*\n {2}cure: the vendor .*(overloaded|trouble)/);
		expect(out).toMatch(/\ntwo .* yes +accepted +- +\d+\n/);
		expect(out).toMatch(/two: .*\n {2}cure: the key works; wait/);
	});

	it('hides a key that a rude server quotes', async () => {
		const server = createServer((request, response) => {
			const message = `no use for ${request.headers.authorization} here`;
			response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
		});
		const base_url = `${await listening(server)}/v1`;
		const run = await doctor([entry({ base_url, api_key: 'sk-quoted-0123456789' })]);
		expect(run.out).toMatch(/one: .*no use for/);
		expect(run.out + run.err).not.toContain('sk-quoted');
	});

	it('waits no longer than --timeout, for all at once', async () => {
		const silent = await answering();
		const slow = (name: string) => ({ name, type: 'openai-compatible', base_url: `${silent}/v1` });
		const started = performance.now();
		const { out, code } = await doctor([slow('a'), slow('b'), slow('c'), entry()], ['--timeout', '300ms']);
		expect(performance.now() - started).toBeLessThan(3000);
		expect(code).toBe(1);
		expect(out).toMatch(/a: no answer within 300 ms\n {2}cure: try again/);
		expect(out).toContain('3 of 4 providers failed');
	});

	it('does not call a key accepted where the vendor does not look at it', async () => {
		const local = {
			name: 'local',
			type: 'openai-compatible',
			base_url: `${simulators.url}/sim-local/v1`,
			api_key: 'sk-whatever-it-is',
		};
		const { out, code } = await doctor([local]);
		expect(out).toMatch(/\nlocal .* yes +not tested +\d+ +\d+\n/);
		expect(out).toContain('local: it lists its models without a key too: the key is not tested');
		expect(code).toBe(0);
	});

	it('notes a model the vendor does not list', async () => {
		const { out, code } = await doctor([entry({ models: ['gpt-4o', 'gtp-4o-mini'] })]);
		expect(out).toContain('one: its list does not name gtp-4o-mini\n');
		expect(code).toBe(0);
	});

	it('prints findings as JSON, with no progress beside them', async () => {
		const { out, err, code } = await doctor([entry({ api_key: 'sk-wrong-key-0123456789' })], ['--json']);
		expect(JSON.parse(out)).toMatchObject({
			healthy: false,
			providers: [{ provider: 'one', healthy: false, reachable: true, keyAccepted: false, models: null }],
		});
		expect(err).toBe('');
		expect(out).not.toContain('sk-wrong');
		expect(code).toBe(1);
	});

	it('overwrites one line on a terminal', async () => {
		const { err } = await doctor([entry()], [], { live: true, color: true });
		expect(err).toContain('\r\u001b[K[0/1] waiting for one');
		expect(err).not.toContain('\n');
	});

	it('says what to set when there is no provider', async () => {
		const { out, code } = await doctor([]);
		expect(out).toMatch(/^No provider is configured, and none was found\.\n.*OPENAI_API_KEY/);
		expect(code).toBe(1);
	});

	it('finds providers in the environment', async () => {
		const env = { OPENAI_API_KEY: KEY, OPENAI_BASE_URL: `${simulators.url}/sim-openai/v1` };
		const { out, code } = await runCommand(registerDoctor, ['doctor'], { env });
		expect(out).toMatch(/\nopenai +openai +environment \(OPENAI_API_KEY\) +yes +accepted/);
		expect(code).toBe(0);
	});

	it('reports a broken config, and flags that make no sense', async () => {
		const broken = await runCommand(registerDoctor, ['doctor'], { files: { 'relais.json': '{ "provders": [] }' } });
		expect(broken).toMatchObject({ code: 1, out: '' });
		expect(broken.err).toContain('unknown key. Did you mean "providers"?');
		for (const value of ['soon', '-1s', '0s', '5d']) {
			const run = await doctor([], ['--timeout', value]);
			expect(run.code).toBe(1);
			expect(run.err).toContain('give a time');
		}
	});
});
