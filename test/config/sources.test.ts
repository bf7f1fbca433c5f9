import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { complaints, load, loadYaml, temporaryFolder } from './loading.ts';

const KEY = '0123456789abcdef';

describe('where the config comes from', () => {
	it('is relais.yaml, then .yml, then .json of the folder; the others are named', async () => {
		const files = {
			'relais.json': '{"server":{"port":3}}',
			'relais.yml': 'server: { port: 2 }',
			'relais.yaml': 'server: { port: 1 }',
		};
		const { config, notices } = await load({ files });
		expect(config.server.port).toBe(1);
		expect(notices).toEqual([
			'relais.yml is ignored: relais.yaml comes first',
			'relais.json is ignored: relais.yaml comes first',
		]);
	});

	it('is RELAIS_CONFIG, and before it the path given', async () => {
		const files = { 'a.yaml': 'server: { port: 1 }', 'b.yaml': 'server: { port: 2 }', 'relais.yaml': 'server: { port: 3 }' };
		expect((await load({ files, env: { RELAIS_CONFIG: 'a.yaml' } })).config.server.port).toBe(1);
		expect((await load({ files, env: { RELAIS_CONFIG: 'a.yaml' }, options: { path: 'b.yaml' } })).config.server.port).toBe(2);
	});

	it('may be nothing: then a file that appears is watched for', async () => {
		const { config, files, path } = await load({});
		expect(config.providers).toEqual([]);
		expect(path).toBeUndefined();
		expect(files.map((file) => file.split('/').pop())).toEqual(['relais.yaml', 'relais.yml', 'relais.json', '.env']);
	});

	it('is overridden by the environment, and that by the command line', async () => {
		const files = { 'relais.yaml': 'server: { port: 1, host: 127.0.0.2 }\ndata_dir: there' };
		const env = { RELAIS_PORT: '2', RELAIS_HOST: '127.0.0.3', RELAIS_DATA_DIR: '/data', RELAIS_ADMIN_TOKEN: KEY };
		expect((await load({ files })).config).toMatchObject({ server: { port: 1, host: '127.0.0.2' } });
		expect((await load({ files, env })).config).toMatchObject({
			server: { port: 2, host: '127.0.0.3' },
			dataDir: '/data',
			adminToken: KEY,
		});
		const overrides = { port: 3, host: '127.0.0.4', dataDir: '/other' };
		expect((await load({ files, env, options: { overrides } })).config).toMatchObject({
			server: { port: 3, host: '127.0.0.4' },
			dataDir: '/other',
		});
	});

	it.each([
		[{ RELAIS_PORT: 'http' }, /^RELAIS_PORT: must be a whole number from 0 to 65535/],
		[{ RELAIS_PORT: '65536' }, /^RELAIS_PORT: must be/],
		[{ RELAIS_HOST: 'http://x' }, /^RELAIS_HOST: is not a host/],
		[{ RELAIS_ADMIN_TOKEN: 'short-secret' }, /^RELAIS_ADMIN_TOKEN: is shorter than 16/],
		[{ RELAIS_API_KEYS: `${KEY},short-secret` }, /^RELAIS_API_KEYS: key 2 is shorter than 16/],
	])('refuses %o', async (env, expected) => {
		const found = await complaints(load({ env: env as { [name: string]: string } }));
		expect(found).toContainEqual(expect.stringMatching(expected));
		expect(found.join()).not.toContain('short-secret');
	});

	it('takes clients’ keys from RELAIS_API_KEYS', async () => {
		const { config } = await load({ env: { RELAIS_API_KEYS: ` ${KEY} , fedcba9876543210,` } });
		expect(config.keys).toMatchObject([
			{ name: 'environment-1', key: KEY, models: ['*'], origin: 'environment (RELAIS_API_KEYS)' },
			{ name: 'environment-2', key: 'fedcba9876543210' },
		]);
	});

	it('is completed from .env, over which the real environment wins', async () => {
		const files = {
			'.env': '# keys\nexport OPENAI_API_KEY="from-file"\nRELAIS_PORT=7\nGROQ_API_KEY=g1 # fast\n',
			'relais.yaml': `data_dir: \${WHERE:-x}`,
		};
		const { config } = await load({ files, env: { RELAIS_PORT: '8' } });
		expect(config.server.port).toBe(8);
		expect(config.providers.map(({ name, apiKey }) => [name, apiKey])).toEqual([
			['openai', 'from-file'],
			['groq', 'g1'],
		]);
	});
});

describe('providers of several sources', () => {
	it('stand in order: the file, the environment, this machine', async () => {
		const { config } = await load({
			files: { 'relais.yaml': 'providers: [{ name: mine, type: deepseek, api_key: k-1, priority: 5 }]' },
			env: { OPENAI_API_KEY: 'o1', DEEPSEEK_API_KEY: 'd1' },
			options: {
				discover: true,
				probe: async (url) => {
					if (!url.includes(':11434/')) throw new Error('refused');
					return { status: 200, headers: { get: () => null }, text: async () => '{"data":[{"id":"m","owned_by":"library"}]}' };
				},
			},
		});
		expect(config.providers.map(({ name, priority, origin }) => [name, priority, origin])).toEqual([
			['mine', 5, 'relais.yaml:1'],
			['openai', 6, 'environment (OPENAI_API_KEY)'],
			['ollama', 7, 'found on 127.0.0.1:11434'],
		]);
	});

	it('asks no address that is configured already, nor its own', async () => {
		const asked: string[] = [];
		await load({
			files: {
				'relais.yaml':
					'server: { port: 8080 }\nproviders: [{ name: a, type: openai-compatible, base_url: "http://localhost:8000/v1" }, { name: o, type: ollama }]',
			},
			options: {
				discover: true,
				probe: (url) => {
					asked.push(new URL(url).port);
					return Promise.reject(new Error('refused'));
				},
			},
		});
		expect(asked).toEqual(['1234']);
	});

	it('does not enable a vendor beside the file’s own entry that uses its variable', async () => {
		const yaml = `providers: [{ name: proxy, type: openai-compatible, base_url: "https://proxy.example/v1", api_key: \${OPENAI_API_KEY} }]`;
		const { config } = await loadYaml(yaml, { OPENAI_API_KEY: 'o1' });
		expect(config.providers.map((provider) => provider.name)).toEqual(['proxy']);
	});

	it('does not enable again what the file has disabled', async () => {
		const { config } = await loadYaml('providers: [{ name: a, type: openai, enabled: false }]', { OPENAI_API_KEY: 'o1' });
		expect(config.providers).toMatchObject([{ name: 'a', enabled: false }]);
	});

	it('takes an entry’s key from the vendor’s variable, but never sends it elsewhere', async () => {
		const entry = (more: string) => loadYaml(`providers: [{ name: a, type: openai${more} }]`, { OPENAI_API_KEY: 'o1' });
		const own = await entry('');
		expect(own.config.providers).toMatchObject([{ name: 'a', apiKey: 'o1' }]);
		expect(own.notices).toContainEqual(expect.stringMatching(/providers\[0\]: takes its key from the variable OPENAI_API_KEY/));
		expect((await entry(', base_url: "https://eu.api.openai.com/v1"')).config.providers[0]?.apiKey).toBe('o1');
		expect((await entry(', base_url: "https://elsewhere.example/v1"')).config.providers[0]).not.toHaveProperty('apiKey');
		expect((await entry(', headers: { Authorization: Bearer x }')).config.providers[0]).not.toHaveProperty('apiKey');
	});

	it('says when an entry has no key at all', async () => {
		const { notices } = await loadYaml('providers: [{ name: a, type: openai }]');
		expect(notices).toContainEqual(
			expect.stringMatching(/providers\[0\]: has no key: set api_key, or the variable OPENAI_API_KEY/),
		);
		expect((await loadYaml('providers: [{ name: a, type: ollama }]')).notices).toEqual([]);
	});
});

describe('secret files', () => {
	const yaml = `
auth: { admin_token_file: ./token }
providers:
  - { name: a, type: openai, api_key: { file: key }, headers: { x-auth: { file: header } } }
  - { name: b, type: groq, api_key_file: sub/key }
keys: [{ name: k, key_file: client }]
`;

	it('are read beside the config, trimmed, and watched', async () => {
		const folder = temporaryFolder({
			'relais.yaml': yaml,
			token: `${KEY}-token\n`,
			key: ' sk-1\r\n',
			header: 'h-1\n',
			client: KEY,
		});
		mkdirSync(join(folder, 'sub'));
		writeFileSync(join(folder, 'sub', 'key'), 'gsk-1', { mode: 0o600 });
		const { config, files, notices } = await loadConfig({
			path: join(folder, 'relais.yaml'),
			cwd: '/',
			env: {},
			overrides: {},
			discover: false,
		});
		expect(config.adminToken).toBe(`${KEY}-token`);
		expect(config.providers).toMatchObject([{ apiKey: 'sk-1', headers: { 'x-auth': 'h-1' } }, { apiKey: 'gsk-1' }]);
		expect(config.keys[0]?.key).toBe(KEY);
		expect(files).toEqual(
			expect.arrayContaining(['token', 'key', 'header', 'sub/key', 'client'].map((name) => join(folder, name))),
		);
		expect(notices).toEqual([]);
	});

	it('that everybody can read are mentioned', async () => {
		const folder = temporaryFolder({ 'relais.yaml': 'providers: [{ name: a, type: openai, api_key_file: key }]', key: 'sk-1' });
		chmodSync(join(folder, 'key'), 0o644);
		const { notices } = await loadConfig({ cwd: folder, env: {}, overrides: {}, discover: false });
		expect(notices).toEqual([expect.stringMatching(/"key" can be read by every user of this machine: chmod 600/)]);
	});

	it('that are missing, empty, too large or no files are problems, each with its line', async () => {
		const folder = temporaryFolder({ 'relais.yaml': yaml, key: '\n', header: 'x'.repeat(70_000) });
		mkdirSync(join(folder, 'client'));
		expect(await complaints(loadConfig({ cwd: folder, env: {}, overrides: {}, discover: false }))).toEqual([
			expect.stringMatching(
				/^relais.yaml:2:27 auth\.admin_token_file: the secret file "\.\/token" does not exist\. Paths are relative/,
			),
			expect.stringMatching(/^relais.yaml:4:47 providers\[0\]\.api_key\.file: the secret file "key" is empty/),
			expect.stringMatching(/^relais.yaml:4:81 providers\[0\]\.headers\.x-auth\.file: "header" is too large/),
			expect.stringMatching(/^relais.yaml:5:42 providers\[1\]\.api_key_file: the secret file "sub\/key" does not exist/),
			expect.stringMatching(/^relais.yaml:6:29 keys\[0\]\.key_file: "client" is not a file/),
		]);
	});
});

describe('keys and exposure', () => {
	const providers = 'providers: [{ name: a, type: ollama }]\n';

	it.each([
		[
			'open on another address',
			'auth: { mode: open }\nserver: { host: 0.0.0.0 }',
			/server\.host: 0\.0\.0\.0 can be reached by other machines, and auth\.mode "open"/,
		],
		[
			'no key on another address',
			'server: { host: "::" }',
			/server\.host: :: can be reached by other machines, and there is no key\. Add one under keys/,
		],
		['no key on a name', 'server: { host: example.com }', /there is no key/],
		[
			'the same key twice',
			`keys: [{ name: a, key: ${KEY} }, { name: b, key: ${KEY} }]`,
			/keys\[1\]\.key: is the same as that of "a"/,
		],
		[
			'the same name twice',
			`keys: [{ name: a, key: ${KEY} }, { name: a, key: ${KEY}1 }]`,
			/keys\[1\]\.name: there is another key named "a", at relais.yaml:2/,
		],
		['no key in an entry', 'keys: [{ name: a }]', /keys\[0\]\.key: is missing/],
		['an empty list of models', `keys: [{ name: a, key: ${KEY}, models: [] }]`, /models: must be a list of at least one pattern/],
		[
			'a budget without its period',
			`keys: [{ name: a, key: ${KEY}, budget: { limit_usd: 1 } }]`,
			/budget\.period: is missing\. It must be "day" or "week"/,
		],
		[
			'a budget of nothing',
			`keys: [{ name: a, key: ${KEY}, budget: { limit_usd: 0, period: day } }]`,
			/limit_usd: must be a number above 0/,
		],
	])('refuses %s', async (_, yaml, expected) => {
		expect(await complaints(loadYaml(providers + yaml))).toContainEqual(expect.stringMatching(expected));
	});

	it.each(['127.0.0.1', 'localhost', '::1'])('listens on %s without keys', async (host) => {
		await expect(loadYaml(`server: { host: "${host}" }\nauth: { mode: open }`)).resolves.toBeDefined();
		await expect(loadYaml(`server: { host: "${host}" }`)).resolves.toBeDefined();
	});

	it('listens anywhere with a key', async () => {
		await expect(loadYaml(`server: { host: 0.0.0.0 }\nkeys: [{ name: a, key: ${KEY} }]`)).resolves.toBeDefined();
		await expect(load({ env: { RELAIS_HOST: '0.0.0.0', RELAIS_API_KEYS: KEY } })).resolves.toBeDefined();
		expect(await complaints(load({ env: { RELAIS_HOST: '0.0.0.0' } }))).toEqual([
			expect.stringMatching(/^RELAIS_HOST: 0\.0\.0\.0 can be reached/),
		]);
		expect(await complaints(load({ options: { overrides: { host: '0.0.0.0' } } }))).toEqual([
			expect.stringMatching(/^--host: 0\.0\.0\.0 can be/),
		]);
	});
});

describe('routes', () => {
	const providers = `providers:
  - { name: main, type: openai, api_key: k-1, models: [{ name: fast, id: gpt-5.6-luna }] }
  - { name: off, type: groq, enabled: false }
`;

	it.each([
		[
			'a provider that is not there',
			'routes: [{ name: r, targets: [mian/m] }]',
			/targets\[0\]: no provider named "mian"\. Did you mean "main"\?/,
		],
		[
			'one that resembles none',
			'routes: [{ name: r, targets: [zzzzzzzzz/m] }]',
			/no provider named "zzzzzzzzz"\. There are: main, off/,
		],
		['a fallback likewise', 'routes: [{ name: r, targets: [main/m], fallbacks: [mian/m] }]', /fallbacks\[0\]: no provider named/],
		['no model after the slash', 'routes: [{ name: r, targets: [main/] }]', /names no model after the slash/],
		['a route to itself', 'routes: [{ name: r, targets: [r] }]', /targets\[0\]: the route leads back to itself: r -> r/],
		[
			'a circle',
			'routes: [{ name: a, targets: [main/m, b] }, { name: b, targets: [c] }, { name: c, targets: [main/m], fallbacks: [a] }]',
			/routes\[2\]\.fallbacks\[0\]: .*a -> b -> c -> a/,
		],
		[
			'a name given twice',
			'routes: [{ name: a, targets: [main/m] }, { name: a, targets: [main/m] }]',
			/routes\[1\]\.name: there is another route named "a"/,
		],
		['a reserved name', 'routes: [{ name: auto, targets: [main/m] }]', /"auto" is reserved/],
		['no targets', 'routes: [{ name: a, targets: [] }]', /targets: must be a list of at least one target; it is an empty list/],
		[
			'an unknown key of a target',
			'routes: [{ name: a, targets: [{ modle: x }] }]',
			/targets\[0\]\.modle: unknown key\. Did you mean "model"/,
		],
	])('refuses %s', async (_, yaml, expected) => {
		expect(await complaints(loadYaml(providers + yaml))).toContainEqual(expect.stringMatching(expected));
	});

	it('may name models with slashes, other routes, and models by their name alone', async () => {
		const { config, notices } = await loadYaml(
			`${providers}routes: [{ name: r, targets: [main/org/model, s, fast] }, { name: s, targets: [main/m] }]`,
		);
		expect(config.routes[0]?.targets).toEqual([{ model: 'main/org/model' }, { model: 's' }, { model: 'fast' }]);
		expect(notices).toEqual([]);
	});

	it('may lead to simulated providers where those will run', async () => {
		const routes = 'routes: [{ name: r, targets: [pretend/m] }]';
		for (const yaml of [routes, `${routes}\nsimulate: always`, `${providers}${routes}\nsimulate: always`]) {
			expect((await loadYaml(yaml)).notices).toContainEqual(
				expect.stringMatching(/no provider named "pretend", unless a simulated one is/),
			);
		}
		for (const yaml of [`${providers}${routes}`, `${routes}\nsimulate: never`]) {
			expect(await complaints(loadYaml(yaml))).toContainEqual(expect.stringContaining('no provider named "pretend"'));
		}
	});

	it('mention what may be a mistake', async () => {
		const { notices } = await loadYaml(`${providers}routes: [{ name: r, targets: [fst, off/m, wholly-unknown-model] }]`);
		expect(notices).toEqual([
			expect.stringMatching(/targets\[0\]: "fst" is neither a route nor a model known to be served: did you mean "fast"/),
			expect.stringMatching(/targets\[1\]: leads to "off", which is disabled/),
			expect.stringMatching(/targets\[2\]: "wholly-unknown-model" is neither/),
		]);
	});

	it('with many diamonds are checked in a moment', async () => {
		const layers = Array.from(
			{ length: 30 },
			(_, i) => `  - { name: r${i}, targets: [${i < 29 ? `r${i + 1}, r${i + 1}` : 'main/m'}] }`,
		);
		const started = performance.now();
		await loadYaml(`${providers}routes:\n${layers.join('\n')}\n`);
		expect(performance.now() - started).toBeLessThan(3000);
	});
});
