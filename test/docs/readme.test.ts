import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { buildProgram, Program, run, serve } from '../cli/program.ts';
import { Project, repository } from '../tooling/project.ts';
import { blocksOf, deadLinks, pageText } from './pages.ts';

beforeAll(buildProgram, 60_000);

const README = pageText('README.md');
const BLOCKS = blocksOf(README);

const blocks = (language: string): string[] => BLOCKS.flatMap((block) => (block.language === language ? [block.text] : []));

/** The one block of a language. */
function block(language: string): string {
	const [text, ...more] = blocks(language);
	expect(more).toEqual([]);
	expect(text).toBeDefined();
	return text ?? '';
}

const commands = blocks('sh').map((text) => text.trim());
const pasted = commands.filter((command) => command.startsWith('curl '));
const found = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** A block as it would run against the demo at this address. */
const against = (url: string, text: string): string => text.replaceAll('http://127.0.0.1:4242', url);

it('the README holds no block that no test knows', () => {
	expect([...new Set(BLOCKS.map((block) => block.language))].sort()).toEqual(['python', 'sh', 'ts', 'yaml']);
	expect(pasted).toHaveLength(1);
	const others = commands.filter((command) => !command.startsWith('curl '));
	expect(others).toEqual(['npm start', 'npm test', 'npm start -- config check', 'npm start -- simulate', 'npm run bench']);
});

it('the demo listens where the README says, with the key it says', async () => {
	const { out, key, folder } = await serve();
	expect(README).toContain(key);
	expect(out).toContain('three simulated ones are running');
	const { config } = await loadConfig({ cwd: folder, env: {}, overrides: {}, discover: false });
	expect(README).toContain(`http://${config.server.host}:${config.server.port}`);
});

describe('the first request', () => {
	it.skipIf(!found('curl', '--version'))('in curl streams an answer (skipped where there is no curl)', async () => {
		const { url } = await serve();
		const { stdout, status } = spawnSync('sh', ['-c', against(url, pasted[0] ?? '')], { encoding: 'utf8' });
		expect(status).toBe(0);
		expect(stdout.match(/^data: /gm)?.length).toBeGreaterThan(3);
		expect(stdout).toMatch(/data: \[DONE\]\s*$/);
	});

	it.each([
		["Anthropic's SDK", 0, /^Simulated answer from sim-openai/],
		["Google's and Ollama's", 1, /^Simulated answer from sim-anthropic.*\nSimulated answer from sim-anthropic/],
	])('in TypeScript prints one (%s)', async (_name, at, answer) => {
		const { url } = await serve();
		expect(blocks('ts')).toHaveLength(2);
		const project = new Project({ 'package.json': '{"type":"module"}', 'first.ts': against(url, blocks('ts')[at] ?? '') });
		project.lendDependencies();
		const { code, stdout, stderr } = await project.run(['first.ts']);
		expect(stderr).toBe('');
		expect(stdout).toMatch(answer);
		expect(code).toBe(0);
	});

	it.skipIf(!found('python3', '--version'))('in Python is well formed (skipped where there is no python3)', () => {
		const compile = 'import ast, sys; ast.parse(sys.stdin.read())';
		const { status, stderr } = spawnSync('python3', ['-c', compile], { input: block('python'), encoding: 'utf8' });
		expect(stderr).toBe('');
		expect(status).toBe(0);
	});

	it.skipIf(!found('python3', '-c', 'import openai'))(
		'in Python prints an answer (skipped where openai is not installed)',
		async () => {
			const { url } = await serve();
			const { stdout, stderr } = spawnSync('python3', ['-c', against(url, block('python'))], { encoding: 'utf8' });
			expect(stderr).toBe('');
			expect(stdout).toContain('Simulated answer from sim-anthropic');
		},
	);
});

describe('the config', () => {
	const env = { OPENAI_API_KEY: 'sk-0123456789', RELAIS_CI_KEY: '0123456789abcdef0123' };

	it('loads once its variables are set', async () => {
		const project = new Project({ 'relais.yaml': block('yaml') });
		const loaded = await loadConfig({ cwd: project.root, env, overrides: {}, discover: false });
		expect(loaded.notices).toEqual([]);
		expect(loaded.config.providers.map((provider) => provider.name)).toEqual(['openai-primary', 'local']);
		expect(loaded.config.keys[0]).toMatchObject({ name: 'ci', key: env.RELAIS_CI_KEY });
	});

	it('passes the check the README names, and runs', async () => {
		const files = { 'relais.yaml': block('yaml') };
		const check = await run(['config', 'check'], { files, env });
		expect(check.out).toContain('relais.yaml: sound');
		expect(check.code).toBe(0);
		const gateway = await serve({ files, env });
		const list = await fetch(`${gateway.url}/v1/models`, { headers: { authorization: `Bearer ${env.RELAIS_CI_KEY}` } });
		expect(await list.text()).toContain('"safe"');
	});

	it('can come from every variable the README names', async () => {
		for (const [, variable = ''] of README.matchAll(/`(\w+_API_KEY)(?:=\.\.\. npm start)?`/g)) {
			const { out } = await serve({ env: { [variable]: 'a-key-0123456789' } });
			expect(out, variable).toContain(`environment (${variable})`);
		}
	});
});

describe('the commands', () => {
	it('exist', async () => {
		const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: object };
		for (const name of ['start', 'test', 'bench']) expect(scripts).toHaveProperty(name);
		const simulate = new Program(['simulate', '--port', '0']);
		await simulate.prints('out', /Simulated vendors are listening/);
	});

	it.skipIf(!found('npm', '--version'))('take their arguments through npm (skipped where there is no npm)', () => {
		const args = ['--prefix', repository, 'start', '--', 'config', 'check', '--no-discover'];
		const { stdout, status } = spawnSync('npm', args, { encoding: 'utf8' });
		expect(stdout).toContain('listens on');
		expect(status).toBe(0);
	});
});

it('every link leads to a file', () => {
	expect(README.match(/\]\(/g)?.length).toBeGreaterThan(5);
	expect(deadLinks('README.md')).toEqual([]);
});

it('the table of commands names every command there is, and none besides', async () => {
	const { out } = await run(['--help']);
	const there = Array.from(out.matchAll(/^ {2}(\w+)(?: |$)/gm), ([, name]) => name).filter(
		(name) => !['help', 'serve'].includes(name ?? ''),
	);
	const told = Array.from(README.matchAll(/^\| `npm start -- (\w+)/gm), ([, name]) => name);
	expect(told.toSorted()).toEqual(there.toSorted());
	for (const name of told) expect((await run([name ?? '', '--help'])).code, name).toBe(0);
});
