import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it, onTestFinished } from 'vitest';
import { registerConfig } from './config-check.ts';

interface Run {
	out: string;
	err: string;
	code: number;
}

/** Runs `relais <words>` in a folder with these files. */
async function run(words: string[], files: { [name: string]: string } = {}, env: { [name: string]: string } = {}): Promise<Run> {
	const cwd = mkdtempSync(join(tmpdir(), 'relais-check-'));
	onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text, { mode: 0o600 });
	const result: Run = { out: '', err: '', code: 0 };
	const program = new Command().exitOverride();
	registerConfig(program, {
		cwd,
		env,
		out: (text) => {
			result.out += text;
		},
		err: (text) => {
			result.err += text;
		},
		exit: (code) => {
			result.code = code;
		},
		probe: () => Promise.reject(new Error('nothing runs here')),
	});
	await program.parseAsync(['node', 'relais', ...words]);
	return result;
}

const GOOD = `
auth: { admin_token: \${ADMIN} }
providers:
  - { name: main, type: openai, api_key: \${KEY}, headers: { x-extra: secret-header-value }, models: [gpt-5.6-sol] }
  - { name: local, type: openai-compatible, base_url: "http://127.0.0.1:8000/v1" }
routes: [{ name: smart, targets: [main/gpt-5.6-sol, local/llama], fallbacks: [local/tiny] }]
keys: [{ name: ci, key: \${CI}, models: [smart] }]
`;
const SECRETS = { KEY: 'secret-provider-key', ADMIN: 'secret-admin-token', CI: 'secret-client-key-1' };
const ALL_SECRETS = [...Object.values(SECRETS), 'secret-header-value', 'secret-environment-key'];

function expectNoSecret({ out, err }: Run): void {
	for (const secret of ALL_SECRETS) expect(out + err).not.toContain(secret);
}

describe('relais config check', () => {
	it('prints what was understood and exits with 0', async () => {
		const result = await run(
			['config', 'check'],
			{ 'relais.yaml': GOOD },
			{ ...SECRETS, GROQ_API_KEY: 'secret-environment-key' },
		);
		expect(result).toMatchObject({ err: '', code: 0 });
		expect(result.out).toMatch(/^relais.yaml: sound\nlistens on 127.0.0.1:4242, auth keys, data in \.relais\n/);
		expect(result.out).toMatch(/ {2}main +openai +priority 1 +key set +1 models +relais.yaml:4\n/);
		expect(result.out).toMatch(/ {2}local +openai-compatible +priority 2 +no key +all models +relais.yaml:5\n/);
		expect(result.out).toMatch(/ {2}groq +groq +priority 3 +key set +all models +environment \(GROQ_API_KEY\)\n/);
		expect(result.out).toMatch(/ {2}smart {2}main\/gpt-5.6-sol, then local\/llama, then local\/tiny\n/);
		expect(result.out).toMatch(/ {2}ci {2}smart {2}relais.yaml:7/);
		expectNoSecret(result);
	});

	it('works without a file', async () => {
		const result = await run(['config', 'check'], {}, {});
		expect(result.out).toMatch(/^no config file: .*sound/);
		expect(result.out).toContain('providers: none of your own: simulated ones will run');
	});

	it('prints each problem with line, path and cure, and exits with 1', async () => {
		const result = await run(['config', 'check', '--config', 'mine.yaml'], {
			'mine.yaml': `providers:\n  - name: a\n    tpye: openai\n  - { name: b, type: openai, api_key: \${NOPE} }\n`,
		});
		expect(result).toEqual({
			out: '',
			err: [
				'mine.yaml:2:5 providers[0].type: is missing. It must be a text.',
				'mine.yaml:3:5 providers[0].tpye: unknown key. Did you mean "type"?',
				`mine.yaml:4:39 providers[1].api_key: the variable NOPE is not set. Set it in the environment or in .env, or write \${NOPE:-default}.`,
				'3 problems\n',
			].join('\n'),
			code: 1,
		});
	});

	it('prints both as JSON for programs', async () => {
		const good = await run(['config', 'check', '--json'], { 'relais.yaml': GOOD }, SECRETS);
		expect(JSON.parse(good.out)).toMatchObject({
			ok: true,
			file: 'relais.yaml',
			listen: { host: '127.0.0.1', port: 4242 },
			adminToken: true,
			providers: [
				{ name: 'main', key: true, origin: 'relais.yaml:4' },
				{ name: 'local', key: false },
			],
			routes: [{ name: 'smart', targets: ['main/gpt-5.6-sol', 'local/llama'] }],
			keys: [{ name: 'ci', models: ['smart'] }],
		});
		expectNoSecret(good);
		const bad = await run(['config', 'check', '--json'], { 'relais.yaml': 'server: { prot: 1 }' });
		expect(JSON.parse(bad.out)).toEqual({
			ok: false,
			problems: [
				{ path: 'server.prot', file: 'relais.yaml', line: 1, column: 11, message: 'unknown key', cure: 'Did you mean "port"?' },
			],
		});
		expect(bad.code).toBe(1);
	});

	it('never prints a secret, wherever it was put by mistake', async () => {
		const env = {
			S: 'secret-provider-key',
			GROQ_API_KEY: 'secret-environment-key',
			OPENAI_BASE_URL: 'https://u:secret-environment-key@h/v1',
		};
		const s = `\${S}`;
		const misplaced = [
			`providers: [{ name: a, type: ${s} }]`,
			`providers: [{ name: "${s} x", type: openai }]`,
			`providers: [{ name: a, type: openai, base_url: ${s} }]`,
			`providers: [{ name: a, type: openai, base_url: "https://h/v1?${s}" }]`,
			`providers: [{ name: a, type: openai, api_key_file: ${s} }]`,
			`providers: [{ name: a, type: openai, models: [${s}, ${s}] }]`,
			`providers: [{ name: a, type: openai, priority: ${s} }]`,
			`providers: [{ name: a, type: openai, api_key: "${s} ${s}" }]`,
			`providers: [{ name: a, type: openai, headers: { x-a: "${s}\\n" }, timeouts: { idle: ${s} } }]`,
			`providers: [{ name: ${s}, type: openai }, { name: ${s}, type: openai }]`,
			`routes: [{ name: r, targets: ["${s}/m"] }]`,
			`routes: [{ name: r, targets: [${s}] }]`,
			`routes: [{ name: ${s}, targets: [${s}] }]`,
			`routes: [{ name: r, targets: ["r/${s}"], strategy: ${s} }]`,
			`server: { host: ${s} }`,
			`server: { port: ${s}, host: "${s} x" }`,
			`auth: { mode: ${s} }`,
			`keys: [{ name: k, key: ${s} }, { name: l, key: ${s} }]`,
			`simulate: ${s}`,
			`LLMProviders: { Providers: [{ Type: ${s}, Name: a, Configuration: { Endpoint: ${s} } }] }`,
			'providers: [{ name: a, type: openai, api_key:secret-provider-key }]',
			'providers: [{ name: a, type: openai, api_key: secret-provider-key, base_url: "https://secret-provider-key@h/v1" }]',
			'providers: [{ name: a, type: openai, api_key: "secret-provider-key }]',
			'providers: [{ name: a, type: openai, api_key: *secret-provider-key }]',
			'api_key: !secret-provider-key x',
			'keys: [{ name: k, key: secret-provider-key }, { name: k2, key: secret-provider-key }]',
		];
		for (const yaml of misplaced) {
			for (const flags of [[], ['--json']]) {
				const result = await run(['config', 'check', ...flags], { 'relais.yaml': yaml }, env);
				// A name is a name: what was accepted as one may be shown.
				const shownAsName = result.code === 0;
				if (!shownAsName) expect(result.out + result.err, yaml).not.toContain('secret-provider-key');
				expect(result.out + result.err, yaml).not.toContain('secret-environment-key');
			}
		}
	});
});

describe('relais config schema', () => {
	it('prints a JSON Schema that knows every setting, for editors', async () => {
		const { out, code } = await run(['config', 'schema']);
		const schema = JSON.parse(out) as { properties: { [key: string]: object }; additionalProperties: boolean };
		expect(code).toBe(0);
		expect(schema.additionalProperties).toBe(false);
		expect(Object.keys(schema.properties)).toEqual([
			'$schema',
			'server',
			'auth',
			'data_dir',
			'providers',
			'routing',
			'routes',
			'keys',
			'plugins',
			'simulate',
			'retired_models',
		]);
		expect(schema.properties.providers).toMatchObject({ items: { required: ['name', 'type'], additionalProperties: false } });
	});
});
