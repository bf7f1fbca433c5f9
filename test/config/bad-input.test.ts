import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, type LoadedConfig, loadConfig } from '../../src/config/index.ts';
import { isRelaisError } from '../../src/spec/index.ts';
import { complaints, loadYaml, temporaryFolder } from './loading.ts';

const at = (folder: string, path = 'relais.yaml'): Promise<LoadedConfig> =>
	loadConfig({ path, cwd: folder, env: {}, overrides: {}, discover: false });

const isRoot = process.getuid?.() === 0;

describe('a config file that cannot be read', () => {
	it('does not exist', async () => {
		expect(await complaints(at(temporaryFolder(), 'gone.yaml'))).toEqual([
			'gone.yaml: does not exist. Give the path of the config with --config or RELAIS_CONFIG.',
		]);
	});

	it('is a directory', async () => {
		const folder = temporaryFolder();
		mkdirSync(join(folder, 'relais.yaml'));
		expect(await complaints(at(folder))).toEqual([
			expect.stringMatching(/^relais.yaml: is a directory, not a file\. Name the file in it/),
		]);
	});

	it.skipIf(isRoot)('may not be read (not tested as root, who may read everything)', async () => {
		const folder = temporaryFolder({ 'relais.yaml': '' });
		chmodSync(join(folder, 'relais.yaml'), 0o000);
		expect(await complaints(at(folder))).toEqual([expect.stringMatching(/^relais.yaml: cannot be read: permission denied/)]);
	});

	it('is a link to itself', async () => {
		const folder = temporaryFolder();
		symlinkSync('relais.yaml', join(folder, 'relais.yaml'));
		expect(await complaints(at(folder))).toEqual([
			expect.stringMatching(/^relais.yaml: cannot be read: its links go in a circle/),
		]);
	});

	it('is no file at all', async () => {
		expect(await complaints(at('/', '/dev/null'))).toEqual([expect.stringMatching(/^dev\/null: is not a file/)]);
	});

	it.each([
		['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3])],
		['not UTF-8', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe])],
		['UTF-16', Buffer.from('\ufeffserver: {}', 'utf16le')],
	])('is %s', async (_, bytes) => {
		const folder = temporaryFolder();
		writeFileSync(join(folder, 'relais.yaml'), bytes);
		expect(await complaints(at(folder))).toEqual(['relais.yaml: is not a text file in UTF-8. Save it as UTF-8 YAML or JSON.']);
	});

	it('is 5 MB large: refused before it is parsed', async () => {
		const folder = temporaryFolder({ 'relais.yaml': '- a\n'.repeat(1_250_000) });
		expect(await complaints(at(folder))).toEqual(['relais.yaml: is larger than 1 MB, which no config is. Is it the right file?']);
	});

	it('begins with a byte-order mark, which is no fault', async () => {
		await expect(loadYaml('\ufeffserver: { port: 1 }')).resolves.toMatchObject({ config: { server: { port: 1 } } });
	});

	it('names itself by code, as every error of Relais does', async () => {
		const error = await at(temporaryFolder(), 'gone.yaml').catch((caught: unknown) => caught);
		expect(isRelaisError(error) && error.code).toBe('config_invalid');
		expect(error).toBeInstanceOf(ConfigError);
	});
});

describe('a text that is not YAML', () => {
	it.each([
		['an open bracket', 'server: { port: 1', /^relais.yaml:1:\d+: not valid YAML: /],
		['an open quote', 'data_dir: "abc', /^relais.yaml:1:\d+: not valid YAML: something is missing here: .* closing quote/],
		['tabs', 'server:\n\tport: 1', /^relais.yaml:2:1: not valid YAML: tabs cannot indent YAML: use spaces/],
		['wrong indentation', 'server:\n   port: 1\n  host: a', /^relais.yaml:3:\d+: not valid YAML: /],
		['a mapping on one line', 'a: b: c', /^relais.yaml:1:\d+: not valid YAML: a nested mapping on one line/],
		['a reserved beginning', 'data_dir: @home', /^relais.yaml:1:11: not valid YAML: .*reserved character must be in quotes/],
		[
			'an alias of nothing',
			'data_dir: *sk-secret',
			/^relais.yaml:1:11: not valid YAML: an alias .* without its anchor: put .* in quotes/,
		],
		['a tag', 'data_dir: !sk-secret x', /^relais.yaml:1:11: not valid YAML: tags .* have no meaning here/],
		['a binary tag', 'data_dir: !!binary aGVsbG8=', /not valid YAML: tags/],
		['two documents', 'a: 1\n---\nb: 2', /^relais.yaml:2:1: not valid YAML: a second document begins here/],
		['a list as key', '? [a]\n: b', /not valid YAML: keys must be plain texts/],
		['JSON cut short', '{"server": {"port": 1', /not valid YAML/],
		['a secret after a closed quote', 'data_dir: "a" sk-secret', /not valid YAML/],
		['prose', 'Dear Relais,\nplease: be so: kind', /not valid YAML|must be a mapping/],
	])('%s', async (_, text, expected) => {
		const found = await complaints(loadYaml(text));
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(expected);
		expect(found[0]).not.toContain('sk-secret');
	});

	it('has aliases that multiply without end', async () => {
		const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
		for (let i = 1; i < 12; i++) {
			const [name, before] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
			lines.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}]`);
		}
		const started = performance.now();
		expect(await complaints(loadYaml(lines.join('\n')))).toEqual([
			'relais.yaml:1:1: not valid YAML: its aliases repeat too much',
		]);
		expect(performance.now() - started).toBeLessThan(5000);
	});

	it('contains itself', async () => {
		expect(await complaints(loadYaml('providers: &a [*a]'))).toEqual([expect.stringMatching(/nests deeper than 32 levels/)]);
		expect(await complaints(loadYaml('providers: &a [[*a, *a], [*a, *a]]'))).toEqual([
			expect.stringMatching(/nests deeper than 32 levels/),
		]);
	});

	it.each([40, 2000, 100_000])('nests %d deep', async (depth) => {
		const found = await complaints(loadYaml(`server: ${'['.repeat(depth)}${']'.repeat(depth)}`));
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(/nests (deeper than 32 levels|too deeply)/);
	});

	it('has one very long line', async () => {
		expect((await complaints(loadYaml(`data_dir: [${'a'.repeat(900_000)}]`)))[0]).toMatch(
			/data_dir: must be a text; it is a list/,
		);
		expect((await complaints(loadYaml('k'.repeat(900_000)))).length).toBe(1);
	});

	it('PROPERTY: whatever it is, it is loaded or refused with problems, and nothing else happens', async () => {
		const word = fc.constantFrom(
			'providers',
			'name',
			'type',
			'openai',
			'routes',
			'keys',
			'server',
			'port',
			'1',
			'"',
			"'",
			'- ',
			': ',
			'\n',
			'  ',
			'{',
			'}',
			'[',
			']',
			', ',
			'#',
			'&a',
			'*a',
			'<<: ',
			`\${X}`,
			'$$',
			'!!map',
			'|',
			'>',
			'\t',
			'null',
			'__proto__',
			'---',
		);
		await fc.assert(
			fc.asyncProperty(fc.array(word, { maxLength: 25 }), async (words) => {
				try {
					await loadYaml(words.join(''));
				} catch (error) {
					if (!(error instanceof ConfigError)) throw error;
					expect(error.problems.length).toBeGreaterThan(0);
				}
			}),
			{ numRuns: 300 },
		);
	});

	it('PROPERTY: a value of any type anywhere is loaded or refused with problems', async () => {
		const paths = [
			...[
				'server',
				'auth',
				'data_dir',
				'providers',
				'routing',
				'routes',
				'keys',
				'plugins',
				'simulate',
				'LLMProviders',
				'Providers',
				'Routing',
			].map((key) => (value: unknown) => ({ [key]: value })),
			...['host', 'port', 'workers', 'body_limit', 'max_depth', 'request_timeout'].map((key) => (value: unknown) => ({
				server: { [key]: value },
			})),
			...[
				'name',
				'type',
				'enabled',
				'priority',
				'api_key',
				'api_key_file',
				'base_url',
				'default_model',
				'models',
				'timeouts',
				'limits',
				'headers',
				'options',
			].map((key) => (value: unknown) => ({ providers: [{ name: 'a', type: 'openai', [key]: value }] })),
			...['Type', 'Name', 'Enabled', 'Priority', 'Configuration'].map((key) => (value: unknown) => ({
				Providers: [{ Type: 'OpenAI', [key]: value }],
			})),
			...['name', 'strategy', 'targets', 'fallbacks'].map((key) => (value: unknown) => ({
				routes: [{ name: 'r', targets: ['a/b'], [key]: value }],
			})),
			...['name', 'key', 'key_file', 'models', 'limits', 'budget'].map((key) => (value: unknown) => ({
				keys: [{ name: 'k', key: '0123456789abcdef', [key]: value }],
			})),
		];
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 3 }), async (wrap, value) => {
				try {
					await loadYaml(JSON.stringify(wrap(value)));
				} catch (error) {
					if (!(error instanceof ConfigError)) throw error;
					for (const problem of error.problems) expect(problem.line, JSON.stringify(problem)).toBeGreaterThan(0);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
