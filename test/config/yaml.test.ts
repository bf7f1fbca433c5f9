import { describe, expect, it } from 'vitest';
import { complaints, load, loadYaml, problemsOf } from './loading.ts';

const KEY = '0123456789abcdef';

describe('a config in YAML', () => {
	it('fills in what it does not say', async () => {
		const { config } = await loadYaml('providers: [{ name: a, type: openai, api_key: k-1 }]');
		expect(config.server).toMatchObject({ host: '127.0.0.1', port: 4242, bodyLimit: 32 * 1024 * 1024 });
		expect(config.auth.mode).toBe('keys');
		expect(config.simulate).toBe('auto');
		expect(config.providers[0]).toMatchObject({
			priority: 1,
			enabled: true,
			timeouts: { connect: 5000, headers: 30_000, answer: 300_000, firstToken: 30_000, idle: 30_000, total: 600_000 },
			origin: 'relais.yaml:1',
		});
	});

	it('takes durations and sizes as people write them', async () => {
		const { config } = await loadYaml(`
server: { body_limit: 512kb, drain_timeout: 1.5m, request_timeout: 0 }
providers:
  - { name: a, type: openai, api_key: k-1, timeouts: { first_token: 250ms, total: 2h } }
routing: { backoff: { base: 10ms, max: 1s }, max_retry_after: 20s, retries: 0 }
`);
		expect(config.server).toMatchObject({ bodyLimit: 524_288, drainTimeoutMs: 90_000, requestTimeoutMs: 0 });
		expect(config.providers[0]?.timeouts).toMatchObject({ firstToken: 250, total: 7_200_000, idle: 30_000 });
		expect(config.routing).toMatchObject({ backoff: { baseMs: 10, maxMs: 1000 }, maxRetryAfterMs: 20_000, retries: 0 });
	});

	it('ranks providers without a priority by their place', async () => {
		const { config } = await loadYaml(
			'providers: [{ name: a, type: xai }, { name: b, type: groq, priority: 9 }, { name: c, type: openai }]',
		);
		expect(config.providers.map((provider) => provider.priority)).toEqual([1, 9, 3]);
	});

	it('puts variables into texts, numbers and switches, also unquoted inside braces', async () => {
		const yaml = `
server: { port: \${PORT}, workers: \${WORKERS:-1} }
providers:
  - { name: a, type: openai, api_key: \${A_KEY}, enabled: \${ON:-true}, base_url: "https://\${HOST:-h, [x] # y}/v1" }
keys: [{ name: ci, key: pre-\${CI}-$$post }]
`;
		const { config } = await loadYaml(yaml, { PORT: '9', A_KEY: 'sk:{a},#b', HOST: 'h.example', CI: KEY });
		expect(config.server.port).toBe(9);
		expect(config.keys[0]?.key).toBe(`pre-${KEY}-$post`);
		expect(config.providers[0]).toMatchObject({ enabled: true, baseUrl: 'https://h.example/v1' });
		expect(await complaints(loadYaml(yaml, { CI: KEY }))).toEqual([
			expect.stringMatching(/^relais.yaml:2:17 server.port: the variable PORT is not set. Set it .*\.env/),
			expect.stringMatching(/^relais.yaml:4:39 providers\[0\].api_key: the variable A_KEY is not set/),
			expect.stringMatching(/^relais.yaml:4:81 providers\[0\].base_url: is not an http or https URL/),
		]);
	});

	it('treats an empty variable as a setting that is not given', async () => {
		const { config } = await loadYaml(`providers: [{ name: a, type: ollama, api_key: "\${NO:-}", default_model: \${NO:-} }]`);
		expect(config.providers[0]).not.toHaveProperty('apiKey');
		expect(config.providers[0]).not.toHaveProperty('defaultModel');
	});

	it('understands anchors and merged keys', async () => {
		const { config } = await loadYaml(`
providers:
  - &base { name: a, type: openai, api_key: k-1, timeouts: { total: 1m } }
  - { <<: *base, name: b }
`);
		expect(config.providers.map(({ name, timeouts }) => [name, timeouts.total])).toEqual([
			['a', 60_000],
			['b', 60_000],
		]);
	});

	it('is empty: the environment alone configures, and says so', async () => {
		for (const text of ['', '# nothing yet\n', 'providers:\n']) {
			const { config, notices } = await loadYaml(text, { OPENAI_API_KEY: 'k-1' });
			expect(config.providers.map((provider) => provider.name)).toEqual(['openai']);
			if (text === '') expect(notices).toContainEqual(expect.stringContaining('empty'));
		}
	});
});

describe('a config in JSON', () => {
	it('is read alike, tabs, escapes and variables included', async () => {
		const text = JSON.stringify(
			{ $schema: './x.json', providers: [{ name: 'a', type: 'openai', api_key: `\${K}`, headers: { 'x-a': 'é/"😀' } }] },
			null,
			'\t',
		);
		await expect(load({ files: { 'relais.json': text }, env: { K: 'k-1' } })).rejects.toThrow(/headers\.x-a.*Latin/);
		const { config, path } = await load({ files: { 'relais.json': text.replace('😀', '') }, env: { K: 'k-1' } });
		expect(config.providers[0]).toMatchObject({ apiKey: 'k-1', headers: { 'x-a': 'é/"' } });
		expect(path).toMatch(/relais\.json$/);
	});

	it('has its problems placed by line, too', async () => {
		expect(
			await complaints(load({ files: { 'relais.json': '{\n\t"providers": [\n\t\t{ "name": "a", "tpye": "openai" }\n\t]\n}' } })),
		).toContain('relais.json:3:18 providers[0].tpye: unknown key. Did you mean "type"?');
	});
});

describe('problems', () => {
	it('are all told at once, in the order of the file, with line, path and cure', async () => {
		expect(
			await complaints(
				loadYaml(`server: { port: 70000, prot: 1 }
simulate: sometimes
providers:
  - { name: a b, type: openai }
  - { name: two, type: opnai, base_url: "ftp://x", timeouts: { conect: 1s, idle: 3 weeks } }
  - { name: two, type: mistral, api_key: 5 }
  - { name: three, type: openai-compatible, models: [{ nam: x }, 3] }
  -
keys: [{ name: k, key: short }]
provider: []
`),
			),
		).toEqual([
			'relais.yaml:1:17 server.port: must be a whole number from 0 to 65535',
			'relais.yaml:1:24 server.prot: unknown key. Did you mean "port"?',
			'relais.yaml:2:11 simulate: must be "auto" or "always" or "never"',
			expect.stringMatching(/^relais.yaml:4:13 providers\[0\]\.name: must be a name: letters, digits/),
			'relais.yaml:5:24 providers[1].type: no provider type "opnai". Did you mean "openai"?',
			expect.stringMatching(/^relais.yaml:5:41 providers\[1\]\.base_url: is not an http or https URL\. Write it like/),
			'relais.yaml:5:64 providers[1].timeouts.conect: unknown key. Did you mean "connect"?',
			expect.stringMatching(/^relais.yaml:5:82 providers\[1\]\.timeouts\.idle: must be a duration such as/),
			'relais.yaml:6:13 providers[2].name: there is another provider named "two", at relais.yaml:5. Give each its own name.',
			'relais.yaml:6:42 providers[2].api_key: must be a text, or { file: path }; it is a number. Put it in quotes.',
			expect.stringMatching(/^relais.yaml:7:5 providers\[3\]\.base_url: is missing\. openai-compatible needs one/),
			'relais.yaml:7:54 providers[3].models[0].name: is missing. It must be a text.',
			'relais.yaml:7:54 providers[3].models[0].id: is missing. It must be a text.',
			'relais.yaml:7:56 providers[3].models[0].nam: unknown key. Did you mean "name"?',
			expect.stringMatching(/^relais.yaml:7:66 providers\[3\]\.models\[1\]: must be a model id, or \{ name, id \}/),
			'relais.yaml:8:4 providers[4]: must be a mapping; it is empty',
			expect.stringMatching(/^relais.yaml:9:24 keys\[0\]\.key: is shorter than 16 characters: it could be guessed\. Make one/),
			'relais.yaml:10:1 provider: unknown key. Did you mean "providers"?',
		]);
	});

	it.each([
		['a list at the root', '- a\n- b', /must be a mapping of settings/],
		['a text at the root', 'api_key:sk-1', /must be a mapping of settings/],
		['a number where a list belongs', 'providers: 5', /providers: must be a list/],
		['a mapping where a list belongs', 'keys: { a: b }', /keys: must be a list/],
		['a list where a mapping belongs', 'server: [1]', /server: must be a mapping; it is a list/],
		[
			'a text where a switch belongs',
			'providers: [{ name: a, type: openai, enabled: yes please }]',
			/enabled: must be true or false/,
		],
		['a switch where a text belongs', 'data_dir: true', /data_dir: must be a text.*true or false\. Put it in quotes/],
		['a list where a text belongs', 'data_dir: [a]', /data_dir: must be a text; it is a list/],
		['a negative number', 'routing: { retries: -1 }', /retries: must be a whole number from 0 to 20/],
		['a broken number', 'server: { port: 1.5 }', /port: must be a whole number/],
		['not a number', 'server: { port: .nan }', /port: must be a whole number/],
		['a key given twice', 'server: { port: 1 }\nserver: { port: 2 }', /^relais.yaml:2:1: this key is given twice\. Keep one/],
		['an unknown key without a value', 'server:\n  prot:\n', /server\.prot: unknown key/],
		['an unknown key that every object has', 'constructor: 1', /constructor: unknown key/],
		['a key that would change the prototype', '__proto__: { a: 1 }', /__proto__: unknown key/],
		[
			'no space after a colon',
			'keys: [{ name: a, key:sk-secret-value }]',
			/keys\[0\]\.key: unknown key\. YAML needs a space after the colon/,
		],
		['a duplicate model', 'providers: [{ name: a, type: openai, models: [m, m] }]', /models\[1\]: the model "m" is given twice/],
		[
			'an address with a password',
			'providers: [{ name: a, type: openai, base_url: "https://u:p@h/v1" }]',
			/base_url: holds a user or a password/,
		],
		[
			'an address with a query',
			'providers: [{ name: a, type: openai, base_url: "https://h/v1?key=1" }]',
			/base_url: holds a query/,
		],
		[
			'its own address',
			'providers: [{ name: a, type: openai, base_url: "http://localhost:4242/v1" }]',
			/base_url: is Relais's own address/,
		],
		['a header that is none', 'providers: [{ name: a, type: openai, headers: { "a b": c } }]', /is not the name of a header/],
		[
			'a key with a space in it',
			'providers: [{ name: a, type: openai, api_key: "a b" }]',
			/api_key: holds characters a key cannot have/,
		],
		[
			'a key and a file',
			'providers: [{ name: a, type: openai, api_key: a, api_key_file: b }]',
			/api_key_file: the secret is given twice/,
		],
		[
			'a missing option of the address',
			'providers: [{ name: a, type: databricks, api_key: k }]',
			/options\.host: is missing.*DATABRICKS_HOST/,
		],
		['another strategy', 'routing: { strategy: weighted }', /this version has only the strategy "priority"\. Use/],
		['another strategy of a route', 'routes: [{ name: r, targets: [a/b], strategy: weighted }]', /only the strategy "priority"/],
		['backoff upside down', 'routing: { backoff: { base: 9s, max: 1s } }', /routing\.backoff: base is longer than max/],
		['a malformed reference', `data_dir: "a\${1}"`, /data_dir: a "\$\{" that is not followed by the name of a variable\. Write/],
	])('%s', async (_, yaml, expected) => {
		const found = await complaints(loadYaml(yaml));
		expect(found).toContainEqual(expect.stringMatching(expected));
		expect(found.join()).not.toContain('secret-value');
	});

	it('suggest the conventional way to another vendor’s type only by name, and leave types to plug-ins where there are any', async () => {
		expect(await complaints(loadYaml('providers: [{ name: a, type: my-own-thing-xyz }]'))).toContainEqual(
			expect.stringContaining('openai-compatible'),
		);
		const { config } = await loadYaml('plugins: [./p.js]\nproviders: [{ name: a, type: my-own }]');
		expect(config.providers[0]?.type).toBe('my-own');
		expect(config.plugins[0]).toMatch(/^\/.*\/p\.js$/);
	});

	it('does not call a provider missing whose own entry is faulty', async () => {
		const found = await complaints(loadYaml('providers: [{ name: a, tpye: openai }]\nroutes: [{ name: r, targets: [a/m] }]'));
		expect(found.join('\n')).not.toContain('no provider named');
	});

	it('carries machine-readable places', async () => {
		const [problem] = await problemsOf(loadYaml('server:\n  prot: 1\n'));
		expect(problem).toEqual({
			path: 'server.prot',
			file: 'relais.yaml',
			line: 2,
			column: 3,
			message: 'unknown key',
			cure: 'Did you mean "port"?',
		});
	});
});

describe('what is accepted without effect', () => {
	it('is said, place by place', async () => {
		const { notices, config } = await loadYaml(`
server: { workers: 4 }
providers: [{ name: a, type: ollama, limits: { rpm: 5 } }]
routing: { health_check_interval: 10s, failover_threshold: 2 }
routes: [{ name: r, targets: [{ model: a/b, weight: 2 }] }]
keys: [{ name: k, key: ${KEY}, limits: { concurrency: 2 }, budget: { limit_usd: 5, period: day } }]
`);
		for (const path of [
			'server.workers',
			'providers[0].limits',
			'routing.health_check_interval',
			'routing.failover_threshold',
			'weight',
			'keys[0].limits',
			'keys[0].budget',
		]) {
			expect(notices).toContainEqual(
				expect.stringMatching(
					new RegExp(`^relais.yaml:\\d .*${path.replace(/[[\]]/g, '\\$&')}: accepted, not enforced yet by this version$`),
				),
			);
		}
		expect(config.keys[0]).toMatchObject({ limits: { concurrency: 2 }, budget: { limitUsd: 5, period: 'day', hard: false } });
		expect((await loadYaml('server: { workers: 1 }')).notices).toEqual([]);
	});
});
