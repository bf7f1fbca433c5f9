import { describe, expect, it } from 'vitest';
import { loadCatalog, SPOKEN_DIALECTS } from '../catalog/index.ts';
import { type EnvironmentInput, environmentProviders } from './environment.ts';

function find(env: { [name: string]: string }, more: Partial<EnvironmentInput> = {}) {
	return environmentProviders({
		env,
		catalog: loadCatalog(),
		dialects: new Set(['openai', 'anthropic']),
		takenTypes: new Set(),
		takenNames: new Set(),
		takenVariables: new Set(),
		own: { host: '127.0.0.1', port: 4242 },
		firstPriority: 1,
		...more,
	});
}

const names = (result: ReturnType<typeof find>): string[] => result.providers.map((provider) => provider.name);

describe('providers from the environment alone', () => {
	it('enables every provider whose variable is set, the better tiers first', () => {
		const found = find(
			{ GROQ_API_KEY: 'g1', DEEPSEEK_API_KEY: 'd1', ANTHROPIC_API_KEY: 'a1', OPENAI_API_KEY: 'o1' },
			{ firstPriority: 5 },
		);
		expect(
			found.providers.map(({ name, priority, origin, apiKey, enabled }) => ({ name, priority, origin, apiKey, enabled })),
		).toEqual([
			{ name: 'openai', priority: 5, origin: 'environment (OPENAI_API_KEY)', apiKey: 'o1', enabled: true },
			{ name: 'anthropic', priority: 6, origin: 'environment (ANTHROPIC_API_KEY)', apiKey: 'a1', enabled: true },
			{ name: 'deepseek', priority: 7, origin: 'environment (DEEPSEEK_API_KEY)', apiKey: 'd1', enabled: true },
			{ name: 'groq', priority: 8, origin: 'environment (GROQ_API_KEY)', apiKey: 'g1', enabled: true },
		]);
		expect(found.notices).toEqual([]);
	});

	it('passes over values that cannot be keys, saying what is wrong and never the value', () => {
		const found = find({ OPENAI_API_KEY: 'sk with spaces', ANTHROPIC_API_KEY: '“sk-typographic”', GROQ_API_KEY: '  ' });
		expect(found.providers).toEqual([]);
		expect(found.notices).toEqual([
			'OPENAI_API_KEY is ignored: it holds spaces or characters that no key has',
			'ANTHROPIC_API_KEY is ignored: it holds spaces or characters that no key has',
			'GROQ_API_KEY is ignored: it is empty',
		]);
	});

	it('finds nothing in an empty environment, and says nothing', () => {
		expect(find({ PATH: '/bin', HOME: '/root' })).toEqual({ providers: [], notices: [], localKeys: {} });
	});

	it('works for every catalog provider this version speaks, by each of its variables and by <TYPE>_API_KEY', () => {
		for (const row of loadCatalog().providers()) {
			const speaks = ['openai', 'anthropic'].includes(row.dialect) && row.status !== 'retired' && row.kind !== 'local';
			const settings = Object.fromEntries(
				Object.values(row.envExtra).map(([variable]) => [variable ?? '', 'https://extra.example/v1']),
			);
			const generic = `${row.id.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_API_KEY`;
			for (const variable of [...row.env, generic]) {
				const found = find({ ...settings, [variable]: 'real-key-1' });
				// A variable several providers share goes to the first of them.
				const owner =
					loadCatalog()
						.providers()
						.find((other) => other.env.includes(variable)) ?? row;
				if (speaks && owner.id === row.id) expect(names(found), `${variable} for ${row.id}`).toContain(row.id);
				else if (!speaks)
					expect(
						names(found).filter((name) => name === row.id && row.kind !== 'local'),
						variable,
					).toEqual([]);
			}
		}
	});

	it('takes the address, the default model and further settings from their variables', () => {
		const { providers } = find({
			OPENAI_API_KEY: 'o1',
			OPENAI_BASE_URL: 'https://proxy.example/openai/v1/',
			OPENAI_MODEL: 'm',
			OPENAI_ORG_ID: 'org-1',
		});
		expect(providers[0]).toMatchObject({
			baseUrl: 'https://proxy.example/openai/v1',
			defaultModel: 'm',
			options: { organization: 'org-1' },
		});
	});

	it('sends a token of ANTHROPIC_AUTH_TOKEN as bearer', () => {
		expect(find({ ANTHROPIC_AUTH_TOKEN: 't1' }).providers[0]).toMatchObject({ apiKey: 't1', options: { auth: 'bearer' } });
		expect(find({ ANTHROPIC_API_KEY: 'k1' }).providers[0]?.options).toEqual({});
	});

	it.each([
		[{ OLLAMA_HOST: 'gpu-box' }, 'ollama', 'http://gpu-box:11434'],
		[{ OLLAMA_HOST: ':9999' }, 'ollama', 'http://127.0.0.1:9999'],
		[{ OLLAMA_BASE_URL: 'http://gpu:11434' }, 'ollama', 'http://gpu:11434'],
		[{ VLLM_BASE_URL: 'http://gpu:8000/v1' }, 'vllm', 'http://gpu:8000/v1'],
		[{ VLLM_BASE_URL: 'gpu:8000', VLLM_API_KEY: 'k' }, 'vllm', 'http://gpu:8000/v1'],
		[{ OPENAI_COMPATIBLE_BASE_URL: 'http://gpu:9000/v1' }, 'openai-compatible', 'http://gpu:9000/v1'],
		[{ OPENAI_RESPONSES_COMPATIBLE_BASE_URL: 'http://gpu:9000/v1' }, 'openai-responses-compatible', 'http://gpu:9000/v1'],
	])('needs no key for a server of your own: %o', (env, name, baseUrl) => {
		expect(find(env as { [name: string]: string }, { dialects: SPOKEN_DIALECTS }).providers).toMatchObject([{ name, baseUrl }]);
	});

	it.each(['0.0.0.0', '0.0.0.0:11434', 'http://0.0.0.0:11434/', '[::]:11434'])(
		'does not take %s for a server: it says where one would listen, not that it runs',
		(OLLAMA_HOST) => {
			const found = find({ OLLAMA_HOST });
			expect(found.providers).toEqual([]);
			expect(found.localKeys).toEqual({ ollama: 'OLLAMA_HOST' });
		},
	);

	it('does not take a key alone for a local server: nobody said it runs', () => {
		const found = find({ VLLM_API_KEY: 'k1' });
		expect(found.providers).toEqual([]);
		expect(found.localKeys).toEqual({ vllm: 'VLLM_API_KEY' });
	});

	it('fills the placeholders of an address, or names the variable that is missing', () => {
		expect(find({ DATABRICKS_TOKEN: 't', DATABRICKS_HOST: 'https://adb.example/' }).providers[0]?.options).toMatchObject({
			host: 'adb.example',
		});
		const lacking = find({ CLOUDFLARE_API_TOKEN: 't' });
		expect(lacking.providers).toEqual([]);
		expect(lacking.notices).toEqual([expect.stringContaining('also needs CLOUDFLARE_ACCOUNT_ID')]);
	});

	it.each([
		'',
		'  ',
		'changeme',
		'your-key-here',
		'sk-...',
		'sk-your-key',
		'<your key>',
		'sk-xxxxxxxx',
		'REPLACE_ME',
		`\${OPENAI_API_KEY}`,
		'TODO',
	])('ignores %j, which is no key, and says so', (value) => {
		const found = find({ OPENAI_API_KEY: value });
		expect(found.providers).toEqual([]);
		expect(found.notices).toEqual([expect.stringMatching(/^OPENAI_API_KEY is ignored/)]);
	});

	it.each(['sk-proj-Ab3xxx9', 'gsk_1234567890', 'a1b2c3', 'yourself-1', 'xoxo-key-77'])('takes %j for a key', (value) => {
		expect(find({ OPENAI_API_KEY: value }).providers[0]?.apiKey).toBe(value);
	});

	it('names a provider it cannot speak to yet', () => {
		const found = find({ GEMINI_API_KEY: 'g1' });
		expect(found.providers).toEqual([]);
		expect(found.notices).toEqual([
			expect.stringMatching(/^GEMINI_API_KEY is set, but this version does not speak the dialect "gemini" of Google Gemini/),
		]);
		expect(names(find({ GEMINI_API_KEY: 'g1' }, { dialects: new Set(['gemini']) }))).toEqual(['gemini']);
	});

	it('says of a variable two providers share which one has it', () => {
		const found = find({ DASHSCOPE_API_KEY: 'd1' });
		expect(names(found)).toEqual(['qwen']);
		expect(found.notices).toEqual([
			expect.stringMatching(/DASHSCOPE_API_KEY is used for qwen; it may also be meant for qwen-cn/),
		]);
	});

	it('lets the file win: by type, by name and by the variables it uses', () => {
		expect(names(find({ OPENAI_API_KEY: 'k1' }, { takenTypes: new Set(['openai']) }))).toEqual([]);
		expect(names(find({ OPENAI_API_KEY: 'k1' }, { takenVariables: new Set(['OPENAI_API_KEY']) }))).toEqual([]);
		const clash = find({ OPENAI_API_KEY: 'k1' }, { takenNames: new Set(['openai']) });
		expect(clash).toMatchObject({ providers: [], notices: [expect.stringContaining('another provider named "openai"')] });
	});

	it('does not call itself: an address that leads back to Relais is left out', () => {
		for (const url of ['http://localhost:4242/v1', 'http://127.0.0.1:4242', 'http://0.0.0.0:4242/v1', 'http://[::1]:4242/v1']) {
			expect(find({ OPENAI_API_KEY: 'k1', OPENAI_BASE_URL: url })).toMatchObject({
				providers: [],
				notices: [expect.stringContaining("Relais's own address")],
			});
		}
		expect(names(find({ OPENAI_API_KEY: 'k1', OPENAI_BASE_URL: 'http://127.0.0.1:4243/v1' }))).toEqual(['openai']);
	});

	it('does not send a key to the vendor when the address given is none', () => {
		for (const url of ['http://', 'not a url', 'ftp://x/v1', 'https://user:pass@h/v1', 'https://h/v1?a=1']) {
			expect(find({ OPENAI_API_KEY: 'k1', OPENAI_BASE_URL: url }), url).toMatchObject({
				providers: [],
				notices: [expect.stringContaining('OPENAI_BASE_URL')],
			});
		}
	});

	it('stays silent about tokens that serve other purposes, but names a retired provider asked for by name', () => {
		expect(find({ GITHUB_TOKEN: 't1' })).toMatchObject({ providers: [], notices: [] });
		expect(find({ AI21_API_KEY: 't1' }).notices).toEqual([expect.stringContaining('retired')]);
	});

	it('never says a key in a notice', () => {
		const secret = 'very-secret-value';
		const all = Object.fromEntries(
			loadCatalog()
				.providers()
				.flatMap((row) => row.env.map((variable) => [variable, secret])),
		);
		const found = find(all);
		expect(found.notices.length).toBeGreaterThan(5);
		expect(found.notices.join()).not.toContain(secret);
		expect(new Set(names(found)).size).toBe(found.providers.length);
	});
});
