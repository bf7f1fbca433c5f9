import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Run, type RunOptions, runCommand, temporaryFolder } from '../../../test/support/command.ts';
import { type CatalogBundle, loadCatalog } from '../../catalog/index.ts';
import { loadConfig } from '../../config/index.ts';
import { packageRoot } from '../../lib/package-root.ts';
import { registerBench } from '../bench/index.ts';
import { registerCatalog } from './index.ts';

const catalog = (words: readonly string[], options: RunOptions = {}): Promise<Run> =>
	runCommand(registerCatalog, ['catalog', ...words], options);

const DATA = join(packageRoot(), 'src', 'catalog', 'data');

/** The shipped catalog as a bundle of a later day, changed. */
function later(change: (bundle: CatalogBundle) => void = () => undefined): CatalogBundle {
	const read = (name: string) => JSON.parse(readFileSync(join(DATA, `${name}.json`), 'utf8'));
	const bundle: CatalogBundle = { providers: read('providers'), models: read('models'), aliases: read('aliases') };
	for (const file of [bundle.providers, bundle.models, bundle.aliases]) file.asOf = '2099-01-02';
	change(bundle);
	return bundle;
}

const withNewModel = later(({ models }) => {
	models.models.openai?.push({ id: 'gpt-99', name: 'GPT 99', price: { input: 1, output: 2 }, in: ['text'], from: [0] });
});

/** Serves texts by path. */
async function serving(files: { [path: string]: string }): Promise<string> {
	const server = createServer((request, response) => {
		const text = files[request.url ?? ''];
		response.writeHead(text === undefined ? 404 : 200).end(text);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Listed {
	models: {
		id: string;
		provider: string;
		price: { input: number; output: number };
		capabilities: { [name: string]: boolean };
		deprecated?: boolean;
	}[];
}

async function listed(...words: string[]): Promise<Listed['models']> {
	const { out } = await catalog([...words, '--json']);
	return (JSON.parse(out) as Listed).models;
}

describe('relais catalog', () => {
	it('lists models in a table, without those whose end is near', async () => {
		for (const words of [[], ['list']]) {
			const { out, code } = await catalog(words);
			expect(code).toBe(0);
			expect(out).toMatch(/^model +mode +context +in \$\/M +out \$\/M +can\n/);
			expect(out).toMatch(/\nopenai\/\S+ +chat +[\d,]+ +\$/);
			expect(out).toMatch(/\n\d+ models, \d+ deprecated not shown \(--all\); state of \d{4}-\d\d-\d\d\n$/);
			expect(out).not.toContain('(deprecated)');
		}
		expect((await catalog(['list', '--all'])).out).toContain('(deprecated)');
	});

	it('filters by provider, abilities and price', async () => {
		const models = await listed('list', '--provider', 'openai', '--capability', 'tools,vision', '--max-price', '3');
		expect(models.length).toBeGreaterThan(0);
		for (const model of models) {
			expect(model).toMatchObject({ provider: 'openai', capabilities: { tools: true, vision: true } });
			expect(model.price.input).toBeLessThanOrEqual(3);
			expect(model.price.output).toBeLessThanOrEqual(3);
		}
		const embeddings = await listed('list', '--capability', 'embeddings');
		expect(embeddings.map(({ id }) => id)).toContain('text-embedding-3-small');
	});

	it('searches all words in ids, names and providers', async () => {
		const models = await listed('search', 'Claude', 'SONNET');
		expect(models.length).toBeGreaterThan(0);
		for (const { id } of models) expect(id).toMatch(/claude.*sonnet/i);
		const none = await catalog(['search', 'no such thing']);
		expect(none).toMatchObject({ out: expect.stringMatching(/^0 models;/), code: 1 });
	});

	it('shows one model by provider/model, by id and by a name in wide use', async () => {
		const { out } = await catalog(['show', 'openai/gpt-4o']);
		expect(out).toMatch(/^openai\/gpt-4o\n {2}name /);
		expect(out).toMatch(/\n {2}price +\$2\.5 in, \$10 out, per million tokens\n/);
		expect((await catalog(['show', 'gpt-4o'])).out).toMatch(/^openai\/gpt-4o\n/);
		expect((await catalog(['show', 'claude-sonnet'])).out).toMatch(/^anthropic\/claude-sonnet/);
		expect(JSON.parse((await catalog(['show', 'gpt-4o', '--json'])).out)).toMatchObject({ id: 'gpt-4o', mode: 'chat' });
	});

	it('lists providers with the variables for their keys', async () => {
		const { out } = await catalog(['providers']);
		expect(out).toMatch(/\nopenai +OpenAI +public-cloud +openai +yes +\d+ +OPENAI_API_KEY\n/);
		const { providers } = JSON.parse((await catalog(['providers', '--json'])).out) as { providers: object[] };
		expect(providers).toContainEqual(
			expect.objectContaining({ id: 'anthropic', usable: true, keyVariables: expect.arrayContaining(['ANTHROPIC_API_KEY']) }),
		);
	});

	it.each([
		[['show', 'gpt-4p'], 'the catalog knows no model "gpt-4p". Did you mean "gpt-4'],
		[['show', 'zzzzzzzzzzzzzzzzzzzz'], 'relais catalog search'],
		[['list', '--provider', 'opnai'], 'the catalog knows no provider "opnai". Did you mean "openai"'],
		[['list', '--capability', 'flying'], 'give one or more of tools, vision'],
		[['list', '--max-price', 'cheap'], 'give USD per million tokens'],
		[['list', '--max-price', ''], 'give USD per million tokens'],
		[['frobnicate'], 'too many arguments'],
		[['search'], "missing required argument 'text'"],
		[['refresh'], "missing required argument 'source'"],
	])('refuses %j in words', async (words, message) => {
		const { err, out, code } = await catalog(words);
		expect(err).toContain(message);
		expect({ out, code }).toEqual({ out: '', code: 1 });
	});
});

describe('relais catalog refresh and reset', () => {
	it('installs a newer catalog into the data folder, where everything finds it, and goes back', async () => {
		const folder = temporaryFolder();
		const here = { folder };
		const { out, err, code } = await catalog(['refresh', 'new.json'], { folder, files: { 'new.json': withNewModel } });
		expect({ err, code }).toEqual({ err: '', code: 0 });
		expect(out).toMatch(/^installed in .*catalog\.json: state of 2099-01-02, \d+ providers, \d+ models \(1 new, 0 gone\)\n/);
		expect(readFileSync(join(folder, '.relais/.gitignore'), 'utf8')).toBe('*\n');
		expect((await catalog(['show', 'openai/gpt-99'], here)).out).toContain('$1 in, $2 out');
		expect((await catalog(['list'], here)).out).toContain('state of 2099-01-02');
		const { config } = await loadConfig({ cwd: folder, env: {}, overrides: {}, discover: false });
		const providers = [{ name: 'mine', type: 'openai', api_key: 'sk-not-used-here' }];
		const files = { 'relais.json': { data_dir: join(folder, '.relais'), simulate: 'never', providers } };
		const bench = await runCommand(registerBench, ['bench', 'gpt-99x'], { files });
		expect(bench.err).toContain('Did you mean "gpt-99"');
		expect(loadCatalog(config.dataDir).model('openai', 'gpt-99')?.name).toBe('GPT 99');
		expect(loadCatalog().model('openai', 'gpt-99')).toBeUndefined();

		expect((await catalog(['reset'], here)).out).toMatch(
			/^the installed catalog is removed; the one that comes with Relais is of /,
		);
		expect((await catalog(['reset'], here)).out).toMatch(/^no catalog was installed; /);
		expect((await catalog(['show', 'openai/gpt-99'], here)).code).toBe(1);
	});

	it('lets the config use a provider type that only the installed catalog knows', async () => {
		const folder = temporaryFolder();
		const bundle = later(({ providers }) => {
			const [first] = providers.providers;
			if (first === undefined) throw new Error('no row');
			providers.providers.push({
				...first,
				id: 'brand-new',
				name: 'Brand New',
				env: ['BRAND_NEW_API_KEY'],
				envExtra: {},
				aliases: [],
			});
		});
		const config = { data_dir: 'kept', providers: [{ name: 'a', type: 'brand-new', api_key: 'sk-of-brand-new' }] };
		const files = { 'new.json': bundle, 'relais.json': config };
		expect(await catalog(['refresh', 'new.json'], { folder, files })).toMatchObject({ err: '', code: 0 });
		expect(existsSync(join(folder, 'kept/catalog/catalog.json'))).toBe(true);
		const loaded = await loadConfig({ cwd: folder, env: {}, overrides: {}, discover: false });
		expect(loaded.config.providers).toMatchObject([{ name: 'a', type: 'brand-new' }]);
	});

	it('takes a folder with the three files, and both over HTTP', async () => {
		const bundle = later();
		const folder = temporaryFolder();
		mkdirSync(join(folder, 'parts'));
		const parts = Object.entries(bundle).map(([name, part]) => [`/c/${name}.json`, JSON.stringify(part)] as const);
		for (const [path, text] of parts) writeFileSync(join(folder, 'parts', path.slice(3)), text);
		const url = await serving({ '/all.json': JSON.stringify(bundle), ...Object.fromEntries(parts) });
		for (const source of ['parts', `${url}/all.json`, `${url}/c/`]) {
			expect(await catalog(['refresh', source, '--data-dir', 'elsewhere'], { folder })).toMatchObject({ err: '', code: 0 });
			expect(existsSync(join(folder, 'elsewhere/catalog/catalog.json'))).toBe(true);
		}
	});

	it('installs nothing that is not a sound catalog', async () => {
		const url = await serving({});
		const bad: [string, object | string, string][] = [
			['text.json', 'providers: []', 'text.json is not JSON'],
			['other.json', { models: [] }, 'other.json is no catalog of this version:\n'],
			[
				'row.json',
				later(({ models }) => Object.assign(models.models.openai?.[0] ?? {}, { context: 'big' })),
				'models.models.openai.0.context',
			],
			['extra.json', later(({ providers }) => Object.assign(providers, { more: 1 })), 'Unrecognized key: "more"'],
			[
				'lost.json',
				later(({ models }) => Object.assign(models.models, { nobody: [] })),
				'models.nobody: there is no such provider',
			],
			[
				'old.json',
				later(({ providers }) => Object.assign(providers, { asOf: '2020-01-01' })),
				'older than the one that comes with Relais',
			],
			['absent.json', '', 'is not JSON'],
		];
		const folder = temporaryFolder();
		for (const [name, content, message] of bad) {
			const { out, err, code } = await catalog(['refresh', name], { folder, files: { [name]: content } });
			expect(err, name).toContain(message);
			expect({ out, code }).toEqual({ out: '', code: 1 });
		}
		for (const [source, message] of [
			['nowhere.json', 'there is no file'],
			[`${url}/none.json`, 'status 404'],
			['http://127.0.0.1:9/c.json', 'cannot be fetched'],
			['http://example.com/c.json', 'over https'],
			['ftp://127.0.0.1/c.json', 'over https'],
		] as const) {
			expect(await catalog(['refresh', source], { folder }), source).toMatchObject({
				err: expect.stringContaining(message),
				code: 1,
			});
		}
		expect(existsSync(join(folder, '.relais'))).toBe(false);
	});

	it('does not let a catalog send known keys to new hosts unasked', async () => {
		const moved = later(({ providers }) => {
			const row = providers.providers.find(({ id }) => id === 'openai');
			if (row !== undefined) row.baseUrl = 'https://elsewhere.example/v1';
		});
		const thief = later(({ providers }) => {
			const [first] = providers.providers;
			if (first === undefined) throw new Error('no row');
			providers.providers.unshift({
				...first,
				id: 'thief',
				baseUrl: 'https://thief.example/v1',
				env: ['ANTHROPIC_API_KEY'],
				envExtra: {},
			});
		});
		const folder = temporaryFolder();
		const files = { 'moved.json': moved, 'thief.json': thief };
		const first = await catalog(['refresh', 'moved.json'], { folder, files });
		expect(first.err).toContain('openai: https://elsewhere.example');
		const second = await catalog(['refresh', 'thief.json'], { folder });
		expect(second.err).toContain('ANTHROPIC_API_KEY: https://thief.example');
		expect(existsSync(join(folder, '.relais'))).toBe(false);
		expect(await catalog(['refresh', 'moved.json', '--allow-new-addresses'], { folder })).toMatchObject({ code: 0 });
	});

	it('prefers the catalog that ships over an older installed one', async () => {
		const folder = temporaryFolder();
		mkdirSync(join(folder, '.relais/catalog'), { recursive: true });
		const old = later(({ providers }) => {
			providers.asOf = '2020-01-01';
			providers.providers = providers.providers.map((row) => ({ ...row, name: 'Old' }));
		});
		writeFileSync(join(folder, '.relais/catalog/catalog.json'), JSON.stringify(old));
		expect((await catalog(['providers'], { folder })).out).not.toContain('Old');
	});

	it('names the cure of an installed catalog that has become unreadable, also where the config is loaded', async () => {
		const folder = temporaryFolder();
		await catalog(['refresh', 'new.json'], { folder, files: { 'new.json': withNewModel } });
		writeFileSync(join(folder, '.relais/catalog/catalog.json'), '{"providers":');
		const { err, code } = await catalog(['list'], { folder });
		expect(err).toContain('relais catalog reset');
		expect(code).toBe(1);
		await expect(loadConfig({ cwd: folder, env: {}, overrides: {}, discover: false })).rejects.toMatchObject({
			code: 'config_invalid',
			message: expect.stringContaining('relais catalog reset'),
		});
		expect(await catalog(['reset'], { folder })).toMatchObject({ code: 0 });
	});

	it('says why a data folder cannot be written to', async () => {
		const folder = temporaryFolder();
		const files = { 'new.json': withNewModel, taken: 'a file' };
		const { err, code } = await catalog(['refresh', 'new.json', '--data-dir', 'taken/in'], { folder, files });
		expect(err).toContain('cannot be kept in');
		expect(code).toBe(1);
	});
});
