import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, run, serve, until } from './program.ts';
import { upstreamFor } from './upstream.ts';

beforeAll(buildProgram, 60_000);

const SECRETS = {
	OPENAI_API_KEY: 'sk-secret-of-the-environment',
	FILE_KEY: 'sk-secret-in-a-variable-of-the-file',
	RELAIS_API_KEYS: 'rk-secret-client-key-1',
	RELAIS_ADMIN_TOKEN: 'secret-admin-token-123',
};
const INLINE = ['sk-secret-written-inline', 'secret-header-value', 'rk-secret-client-key-2', 'sk-secret-in-its-own-file'];

function files(baseUrl: string): { [name: string]: string } {
	return {
		'own-key': 'sk-secret-in-its-own-file\n',
		'relais.yaml': `
providers:
  - { name: inline, type: openai-compatible, base_url: "${baseUrl}", api_key: sk-secret-written-inline, models: [m, fail] }
  - { name: variable, type: anthropic-compatible, base_url: "${baseUrl}", api_key: "\${FILE_KEY}", models: [c, fail] }
  - { name: file, type: openai-compatible, base_url: "${baseUrl}", api_key_file: own-key, models: [m], headers: { x-team: secret-header-value } }
  - { name: nobody, type: openai-compatible, base_url: "http://127.0.0.1:9/v1", api_key: sk-secret-written-inline, models: [n] }
routing: { retries: 0 }
keys: [{ name: two, key: rk-secret-client-key-2 }]
`,
	};
}

function expectNoSecret(output: string): void {
	for (const secret of [...Object.values(SECRETS), ...INLINE]) expect(output).not.toContain(secret);
	expect(output).not.toContain('secret-');
}

describe('no key is shown', () => {
	it.each(['trace', 'debug'])('at level %s, whatever is asked and goes wrong', async (level) => {
		const upstream = await upstreamFor();
		upstream.release();
		const gateway = await serve({
			files: files(upstream.baseUrl),
			env: { ...SECRETS, OPENAI_BASE_URL: upstream.origin, RELAIS_LOG_LEVEL: level },
		});
		const key = SECRETS.RELAIS_API_KEYS;
		const models = ['m', 'fail', 'file/m', 'nobody/n', 'openai/m', 'openai/fail', 'variable/c', 'variable/fail', 'unknown'];
		const answers: string[] = [];
		for (const model of models) {
			for (const stream of [false, true]) {
				const chat = { model, stream, max_tokens: 5, messages: [{ role: 'user', content: 'hi' }] };
				const asked = [
					gateway.post('/v1/chat/completions', chat, { authorization: `Bearer ${key}` }),
					gateway.post('/v1/messages', chat, { 'x-api-key': key }),
				];
				for (const reply of await Promise.all(asked)) answers.push(JSON.stringify([...reply.headers]), await reply.text());
			}
		}
		answers.push(await (await gateway.post('/v1/messages', {}, { 'x-api-key': 'secret-guess' })).text());
		// The upstream is rude and quotes the key it got: that it has is the proof that this test can fail.
		expect(upstream.requests.some((request) => request.headers.authorization?.includes('secret'))).toBe(true);
		expectNoSecret(answers.join('\n'));
		gateway.write('relais.yaml', `${files(upstream.baseUrl)['relais.yaml']}\nrouting: sk-secret-written-inline\n`);
		gateway.child.kill('SIGHUP');
		await until(() => (gateway.err.includes('broken') ? true : undefined), 'the complaint about the config');
		gateway.child.kill('SIGTERM');
		await gateway.exit;
		expect(gateway.log().some((entry) => entry.msg === 'request done')).toBe(true);
		expect(gateway.log().some((entry) => entry.msg === 'request failed')).toBe(true);
		expectNoSecret(gateway.out + gateway.err);
	});

	it('by a start that fails, or by the check of a config', async () => {
		const setting = { files: files('http://127.0.0.1:9/v1'), env: SECRETS };
		const check = await run(['config', 'check'], setting);
		expect(check.code).toBe(0);
		expectNoSecret(check.out + check.err);
		const json = await run(['config', 'check', '--json'], setting);
		expectNoSecret(json.out + json.err);
		const misplaced = setting.files['relais.yaml']?.replace('type: anthropic-compatible', `type: "\${FILE_KEY}"`) ?? '';
		const failed = await run(['serve'], { ...setting, files: { ...setting.files, 'relais.yaml': misplaced } });
		expect(failed.code).toBe(1);
		expectNoSecret(failed.out + failed.err);
	});
});
