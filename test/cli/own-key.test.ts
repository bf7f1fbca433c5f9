import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, run, serve, temporaryFolder } from './program.ts';
import { upstreamFor } from './upstream.ts';

beforeAll(buildProgram, 60_000);

describe('the key of a program that has a real provider and no keys', () => {
	const withProvider = async (): Promise<{ [name: string]: string }> => {
		const { origin } = await upstreamFor();
		return { OPENAI_API_KEY: 'sk-0123456789', OPENAI_BASE_URL: origin };
	};

	it('is made at the first start for its owner alone, and used again at the next', async () => {
		const folder = temporaryFolder();
		const env = await withProvider();
		const first = await serve({ folder, env });
		const file = join(folder, '.relais/local.key');
		expect(first.key).toMatch(/^rk-local-[\w-]{32}$/);
		expect(readFileSync(file, 'utf8')).toBe(`${first.key}\n`);
		expect(first.out).toContain(file);
		if (process.platform !== 'win32') {
			expect(statSync(file).mode & 0o777).toBe(0o600);
			expect(statSync(join(folder, '.relais')).mode & 0o777).toBe(0o700);
		}
		expect(readFileSync(join(folder, '.relais/.gitignore'), 'utf8')).toBe('*\n');
		first.child.kill('SIGTERM');
		await first.exit;
		expect((await serve({ folder, env })).key).toBe(first.key);
	});

	it('is one and the same for programs that start at once on one folder', async () => {
		const folder = temporaryFolder();
		const env = await withProvider();
		const gateways = await Promise.all([1, 2, 3].map(() => serve({ folder, env })));
		const keys = new Set(gateways.map((gateway) => gateway.key));
		expect(keys.size).toBe(1);
		for (const gateway of gateways) expect(await gateway.ask('openai/m')).toBe('fine');
	});

	it('is kept where --data-dir or RELAIS_DATA_DIR says', async () => {
		const env = await withProvider();
		const byFlag = await serve({ env }, ['--data-dir', 'kept/here']);
		expect(readFileSync(join(byFlag.folder, 'kept/here/local.key'), 'utf8').trim()).toBe(byFlag.key);
		const byVariable = await serve({ env: { ...env, RELAIS_DATA_DIR: 'or-here' } });
		expect(readFileSync(join(byVariable.folder, 'or-here/local.key'), 'utf8').trim()).toBe(byVariable.key);
	});

	it('that cannot be read or kept stops the start with one line', async () => {
		const env = await withProvider();
		const broken = await run(['serve'], { env, files: { '.relais/local.key': 'something else\n' } });
		expect(broken.code).toBe(1);
		expect(broken.err).toMatch(/^relais: .*local\.key does not hold a Relais key\. Delete it and a new one is made.*\n$/);
		const blocked = await run(['serve', '--data-dir', 'file/inside'], { env, files: { file: '' } });
		expect(blocked.code).toBe(1);
		expect(blocked.err).toMatch(/^relais: the local key cannot be kept in .* Set data_dir to a folder that can be written\.\n$/);
	});
});

it('the demo key opens nothing once a provider is real', async () => {
	const { origin } = await upstreamFor();
	const gateway = await serve({ env: { OPENAI_API_KEY: 'sk-0123456789', OPENAI_BASE_URL: origin } });
	const reply = await gateway.post('/v1/chat/completions', {}, { authorization: 'Bearer rk-demo-simulated-answers-only' });
	expect(reply.status).toBe(401);
});

it('the variables RELAIS_HOST, RELAIS_API_KEYS and RELAIS_CONFIG are followed', async () => {
	const gateway = await serve({
		files: { 'elsewhere/my.yaml': 'simulate: always\n' },
		env: { RELAIS_HOST: 'localhost', RELAIS_API_KEYS: 'rk-of-the-environment-1', RELAIS_CONFIG: 'elsewhere/my.yaml' },
	});
	expect(gateway.out).toMatch(/config +\S+my\.yaml/);
	const list = (key: string): Promise<Response> =>
		fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
	expect((await list('rk-of-the-environment-1')).status).toBe(200);
	expect((await list('rk-demo-simulated-answers-only')).status).toBe(401);
});
