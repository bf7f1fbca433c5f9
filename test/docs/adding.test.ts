import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Catalog, loadCatalog, type ProviderRow } from '../../src/catalog/index.ts';
import { providerSchema } from '../../src/catalog/schema.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { checkProvider, createTestHost, testSettings } from '../../src/testing/index.ts';
import { buildProgram, run, serve, temporaryFolder } from '../cli/program.ts';
import { type Outcome, Project, repository } from '../tooling/project.ts';
import { blocksOf, deadLinks, pageText } from './pages.ts';

const PAGE = 'docs/en/providers/adding.md';
const BLOCKS = blocksOf(pageText(PAGE));
const texts = (language: string): string[] => BLOCKS.flatMap((block) => (block.language === language ? [block.text] : []));

/** The block that begins with the name of its file. */
function file(name: string): string {
	const found = texts('ts').find((text) => text.startsWith(`// ${name}\n`));
	if (found === undefined) throw new Error(`${PAGE} has no block for ${name}`);
	return found;
}

let simulators: Simulators;
beforeAll(async () => {
	await buildProgram();
	simulators = await startSimulators();
}, 60_000);
afterAll(() => simulators.close());

it('the page holds no block that no test here runs', () => {
	expect(BLOCKS.map(({ language }) => language)).toEqual(['sh', 'yaml', 'sh', 'json', 'ts', 'yaml', 'ts', 'ts']);
	expect(texts('sh')[0]?.trim()).toBe('npm start -- simulate');
});

it('the French page says it with the same code', () => {
	expect(blocksOf(pageText('docs/fr/providers/adding.md'))).toEqual(BLOCKS);
});

it.each(['en', 'fr'])('links of the pages in %s lead to files', (language) => {
	for (const page of ['providers/adding.md', 'capabilities.md']) expect(deadLinks(`docs/${language}/${page}`)).toEqual([]);
});

describe('a compatible provider by config', () => {
	const files = (): { [name: string]: string } => ({
		'relais.yaml': (texts('yaml')[0] ?? '').replace('http://127.0.0.1:4243', simulators.url),
	});

	it('passes the checks the page names', async () => {
		expect((await run(['simulate', '--help'])).out).toContain('4243');
		const commands = (texts('sh')[1] ?? '').trim().split('\n');
		expect(commands).toHaveLength(2);
		for (const command of commands) {
			const [, key = '', words = ''] = /^ACME_API_KEY=(\w+) npm start -- (.+)$/.exec(command) ?? [];
			const { code, out, err } = await run(words.split(' '), { files: files(), env: { ACME_API_KEY: key } });
			expect(out + err, command).toMatch(/acme +openai-compatible|sound/);
			expect(code, command).toBe(0);
		}
	});

	it('answers under its name', async () => {
		const gateway = await serve({ files: files(), env: { ACME_API_KEY: 'anything' } });
		expect(await gateway.ask('acme/gemma-3-27b')).toContain('Simulated answer from sim-local');
	});
});

it('a compatible provider by a row of the catalog is found by its variable, and meets the conformance suite', async () => {
	const row = providerSchema.parse(JSON.parse(texts('json')[0] ?? '')) as ProviderRow;
	const shipped = loadCatalog();
	const catalog = new Catalog({
		providers: () => ({ asOf: shipped.asOf, sources: [], providers: [...shipped.providers(), row] }),
		models: () => ({ asOf: shipped.asOf, sources: [], models: {} }),
		aliases: () => ({ asOf: shipped.asOf, aliases: [] }),
	});
	const host = createTestHost();
	const settings = testSettings({ type: row.id, baseUrl: `${simulators.url}/sim-local/v1`, apiKey: 'any' });
	const provider = new ProviderRegistry(catalog).create(settings, host);
	expect(provider.credentialHint).toContain(`${row.env[0]} or api_key`);
	expect(provider.credentialHint).toContain(row.docsUrl);
	const results = await checkProvider(provider, { model: 'gemma-3-27b', tools: true });
	await host.close();
	expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
}, 40_000);

/** The service the page's module is for. */
async function startHouse(): Promise<{ url: string; key: string }> {
	const key = 'house-key-0123456789';
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const isKnown = request.headers.authorization === `Bearer ${key}`;
			const { question = '' } =
				chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as { question?: string });
			const answer = `The house says: ${question}`;
			response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' });
			response.end(JSON.stringify(isKnown ? { answer, words: answer.split(' ').length } : {}));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => void server.close());
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, key };
}

/** Lets `relais/...` be imported in a folder, as where it is installed. */
function install(folder: string): void {
	mkdirSync(join(folder, 'node_modules'));
	symlinkSync(repository, join(folder, 'node_modules/relais'));
}

function program(files: { [name: string]: string }, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
	const project = new Project({ 'package.json': '{"type":"module"}', ...files });
	install(project.root);
	return project.run(args, env);
}

describe('a module of one’s own', () => {
	it('meets the conformance suite, run as the page says', async () => {
		const { url, key } = await startHouse();
		const files = { 'house.ts': file('house.ts'), 'check.ts': file('check.ts') };
		const sound = await program(files, ['check.ts'], { HOUSE_URL: url, HOUSE_KEY: key });
		expect(sound.stderr).toBe('');
		expect(sound.stdout).toMatch(/^passed answers a chat with content/m);
		expect(sound.stdout).toMatch(/^passed reports what is broken/m);
		expect(sound.stdout).not.toMatch(/^failed/m);
		expect(sound.code).toBe(0);
	}, 40_000);

	it('is found wanting by it where it is not sound', async () => {
		const { url, key } = await startHouse();
		const broken = file('house.ts').replace("yield { type: 'end' };", '');
		const { stdout, code } = await program({ 'house.ts': broken, 'check.ts': file('check.ts') }, ['check.ts'], {
			HOUSE_URL: url,
			HOUSE_KEY: key,
		});
		expect(stdout).toMatch(/^failed streams a chat by the grammar/m);
		expect(code).toBe(1);
	}, 40_000);

	it('answers clients once the config names it', async () => {
		const { url, key } = await startHouse();
		const folder = temporaryFolder();
		install(folder);
		writeFileSync(join(folder, 'house.ts'), file('house.ts'));
		const files = { 'relais.yaml': texts('yaml')[1] ?? '' };
		const gateway = await serve({ folder, files, env: { HOUSE_URL: url, HOUSE_KEY: key } });
		expect(await gateway.ask('house/house-1')).toBe('The house says: hi');
	});
});

it('a dialect is held to the checks as the page says', async () => {
	const acme = `export { openaiChat as acme } from '${join(repository, 'src/dialects/index.ts')}';\n`;
	const files = { 'check-dialect.ts': file('check-dialect.ts'), 'acme/index.ts': acme };
	const sound = await program(files, ['check-dialect.ts']);
	expect(sound.stderr).toBe('');
	expect(sound.stdout).toMatch(/^(\d+) of \1 checks passed$/m);
	expect(sound.code).toBe(0);
	const broken = `import { openaiChat } from '${join(repository, 'src/dialects/index.ts')}';\nexport const acme = { ...openaiChat, encodeError: () => ({}) };\n`;
	expect((await program({ ...files, 'acme/index.ts': broken }, ['check-dialect.ts'])).code).toBe(1);
}, 40_000);
