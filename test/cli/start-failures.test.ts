import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram, run, type Setting, temporaryFolder } from './program.ts';

beforeAll(buildProgram, 60_000);

/** Starts what cannot start: exit code 1, nothing on standard output, no stack. Gives back the lines of standard error. */
async function refusal(args: string[], setting?: Setting): Promise<string[]> {
	const { code, out, err } = await run(args, setting);
	expect(err).not.toMatch(/^\s+at |node:internal/m);
	expect(out).toBe('');
	expect(code).toBe(1);
	return err.trimEnd().split('\n');
}

describe('relais serve gives up with one line', () => {
	it('where the port is in use, naming it and the cure', async () => {
		const holder = createServer();
		await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
		onTestFinished(() => void holder.close());
		const { port } = holder.address() as AddressInfo;
		expect(await refusal(['serve', '--port', String(port)])).toEqual([
			`relais: port ${port} on 127.0.0.1 is in use. Stop what uses it, or choose another with --port`,
		]);
	});

	it.each(['abc', '70000', '', '0x10'])('for the port %j', async (port) => {
		expect(await refusal(['serve', `--port=${port}`])).toEqual(['relais: --port: must be a whole number from 0 to 65535']);
	});

	it('for a RELAIS_PORT that is none', async () => {
		expect(await refusal([], { env: { RELAIS_PORT: 'abc' } })).toEqual([
			'relais: RELAIS_PORT: must be a whole number from 0 to 65535',
		]);
	});

	it('for a log level there is not', async () => {
		expect(await refusal([], { env: { RELAIS_LOG_LEVEL: 'loud' } })).toEqual([
			'relais: RELAIS_LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
		]);
	});

	it('for an address that is not of this machine', async () => {
		const [line, ...more] = await refusal(['serve', '--host', '192.0.2.1'], { env: { RELAIS_API_KEYS: 'rk-0123456789abcdef' } });
		expect(line).toMatch(/^relais: 192\.0\.2\.1 is not an address of this machine\. Use --host /);
		expect(more).toEqual([]);
	});

	it('for an address others can reach, when there is no key', async () => {
		const [line, ...more] = await refusal(['serve', '--host', '0.0.0.0']);
		expect(line).toMatch(/^relais: --host: 0\.0\.0\.0 can be reached by other machines, and there is no key\. Add one/);
		expect(more).toEqual([]);
	});

	it('for a config that is not there, by flag and by variable', async () => {
		const line = 'relais: nowhere.yaml: does not exist. Give the path of the config with --config or RELAIS_CONFIG.';
		expect(await refusal(['serve', '--config', 'nowhere.yaml'])).toEqual([line]);
		expect(await refusal(['serve'], { env: { RELAIS_CONFIG: 'nowhere.yaml' } })).toEqual([line]);
	});

	it('for a config that is a folder', async () => {
		expect(await refusal(['-c', '.'])).toEqual([expect.stringMatching(/is a directory, not a file\. Name the file in it/)]);
	});

	it.skipIf(process.getuid?.() === 0)('for a config it may not read (skipped for root, who may read everything)', async () => {
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'relais.yaml'), 'simulate: always\n', { mode: 0o000 });
		expect(await refusal([], { folder })).toEqual([
			expect.stringMatching(/^relais: relais\.yaml: cannot be read: permission denied/),
		]);
	});

	it('for a config that is no YAML, by its line', async () => {
		expect(await refusal([], { files: { 'relais.yaml': 'keys: []\nproviders: [\n' } })).toEqual([
			expect.stringMatching(/^relais: relais\.yaml:\d:\d+: not valid YAML: .+bracket/),
		]);
	});

	it('for a variable that is not set', async () => {
		const files = { 'relais.yaml': `providers:\n  - { name: a, type: openai, api_key: "\${NOT_THERE}" }\n` };
		expect(await refusal([], { files })).toEqual([
			`relais: relais.yaml:2:39 providers[0].api_key: the variable NOT_THERE is not set. Set it in the environment or in .env, or write \${NOT_THERE:-default}.`,
		]);
		expect((await run(['config', 'check'], { files, env: { NOT_THERE: 'sk-it-is' } })).code).toBe(0);
	});
});

it('every problem of a config is named at once, with path, line and cure', async () => {
	const files = {
		'relais.yaml': `
providers:
  - name: one
    tpye: openai
    api_key: \${NOT_THERE}
  - { name: two, type: opnai }
routing: { retries: many }
`,
	};
	const [head, ...problems] = await refusal([], { files });
	expect(head).toBe('relais: the configuration has 5 problems:');
	expect(problems.map((line) => line.trim())).toEqual([
		'relais.yaml:3:5 providers[0].type: is missing. It must be a text.',
		'relais.yaml:4:5 providers[0].tpye: unknown key. Did you mean "type"?',
		expect.stringContaining('relais.yaml:5:14 providers[0].api_key: the variable NOT_THERE is not set.'),
		'relais.yaml:6:24 providers[1].type: no provider type "opnai". Did you mean "openai"?',
		expect.stringContaining('relais.yaml:7:21 routing.retries: must be a whole number'),
	]);
});

describe('relais', () => {
	it('shows its commands with --help and its version with --version', async () => {
		const help = await run(['--help']);
		expect(help.code).toBe(0);
		for (const command of ['serve', 'simulate', 'config']) expect(help.out).toMatch(new RegExp(`^  ${command} `, 'm'));
		expect(await run(['--version'])).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
		expect((await run(['serve', '--help'])).out).toContain('--port <port>');
	});

	it('refuses a command and an option it does not know, with the nearest it does', async () => {
		expect(await refusal(['simulat'])).toEqual([
			"error: unknown command 'simulat'",
			'(Did you mean simulate?)',
			'(relais --help shows the commands)',
		]);
		expect(await refusal(['--prot', '1'])).toEqual([
			"error: unknown option '--prot'",
			'(Did you mean --port?)',
			'(relais --help shows the commands)',
		]);
		expect((await refusal(['serve', 'extra']))[0]).toMatch(/too many arguments for 'serve'/);
	});
});
