import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './loading.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const SHARED = join(ROOT, '..', 'shared', 'catalog');

interface Result {
	code: number;
	out: string;
	err: string;
}

function importCatalog(folder: string, target: string): Promise<Result> {
	return new Promise((resolve) => {
		execFile(process.execPath, [join(ROOT, 'scripts', 'import-catalog.ts'), folder, target], (error, out, err) => {
			resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
		});
	});
}

const capabilities = {
	chat: true,
	stream: true,
	tools: true,
	json_schema: true,
	vision: false,
	embeddings: false,
	rerank: false,
	images: false,
	audio: false,
	data_sources: false,
};
const provider = {
	id: 'acme',
	name: 'Acme',
	tier: 'cost',
	kind: 'public-cloud',
	dialect: 'openai',
	base_url: 'https://api.acme.example/v1',
	env: ['ACME_API_KEY'],
	auth: 'bearer',
	endpoints: {},
	capabilities,
	models_endpoint: '/models',
	docs_url: 'https://acme.example/docs',
	quirks: [],
};
const model = {
	id: 'one',
	provider: 'acme',
	name: 'One',
	mode: 'chat',
	context_window: 1000,
	max_output: null,
	price: { input: 1, output: 2, cache_read: null, cache_write: null },
	modalities: { input: ['text'], output: ['text'] },
	capabilities: { tools: true, json_schema: null, reasoning: false, vision: false, streaming: true },
	knowledge_cutoff: null,
	released: '2026-01',
	source: 'list a; list b',
};
const alias = { name: 'uno', provider: 'acme', id: 'one', state: 'current', closest_current: 'one' };
const README =
	'State of knowledge: 2026-02-03. Figures.\n\n## Sources\n\n| source | used for | licence | version |\n| --- | --- | --- | --- |\n| `list a` | prices | MIT | 1 |\n';

function source(providers: object[], models: object[], names: object[]): string {
	return temporaryFolder({
		'README.md': README,
		'providers.json': JSON.stringify(providers),
		'models.json': JSON.stringify(models),
		'aliases.json': JSON.stringify({ names }),
	});
}

describe('importing a catalog', () => {
	it('writes what the catalog reads, tells what changed, and changes nothing the second time', async () => {
		const target = temporaryFolder();
		const folder = source([provider], [model], [alias]);
		const first = await importCatalog(folder, target);
		expect(first).toMatchObject({ code: 0, err: '' });
		expect(first.out).toContain('state of knowledge 2026-02-03, 1 sources');
		expect(first.out).toContain('models.json: 1 rows, added 1 (acme/one)');
		expect(JSON.parse(readFileSync(join(target, 'models.json'), 'utf8'))).toEqual({
			asOf: '2026-02-03',
			sources: ['list a', 'list b'],
			models: {
				acme: [
					{
						id: 'one',
						name: 'One',
						context: 1000,
						price: { input: 1, output: 2 },
						in: ['text'],
						tools: true,
						reasoning: false,
						vision: false,
						streaming: true,
						released: '2026-01',
						from: [0, 1],
					},
				],
			},
		});
		expect((await importCatalog(folder, target)).out).toContain('models.json: 1 rows, unchanged');
		writeFileSync(join(folder, 'models.json'), JSON.stringify([{ ...model, price: { ...model.price, input: 3 } }]));
		expect((await importCatalog(folder, target)).out).toContain('models.json: 1 rows, changed 1 (acme/one)');
	});

	it.each([
		[
			'a field it does not know',
			[provider],
			[{ ...model, colour: 'red' }],
			[alias],
			/models\.json row 0 \(acme\/one\): .*colour/,
		],
		[
			'a kind of provider it does not know',
			[{ ...provider, auth: 'magic' }],
			[model],
			[alias],
			/providers\.json row 0 \(acme\): auth/,
		],
		['a mode it does not know', [provider], [{ ...model, mode: 'telepathy' }], [alias], /models\.acme\.0\.mode/],
		[
			'a negative price',
			[provider],
			[{ ...model, price: { ...model.price, input: -1 } }],
			[alias],
			/models\.acme\.0\.price\.input/,
		],
		['a model of nobody', [provider], [{ ...model, provider: 'ghost' }], [], /model ghost\/one: no such provider/],
		['a model given twice', [provider], [model, model], [alias], /model acme\/one: given twice/],
		['an alias of nothing', [provider], [model], [{ ...alias, id: 'two' }], /alias uno: no model acme\/two/],
		['a variable that is none', [{ ...provider, env: ['acme key'] }], [model], [alias], /providers\.0\.env\.0/],
	])('refuses %s by name, and writes nothing', async (_, providers, models, names, expected) => {
		const target = temporaryFolder();
		const result = await importCatalog(source(providers, models, names), target);
		expect(result.code).toBe(1);
		expect(result.err).toMatch(expected);
		expect(result.err).toContain('nothing was written');
		expect(readdirSync(target)).toEqual([]);
	});

	it.skipIf(!existsSync(SHARED))('gives what is committed (skipped where ../shared/catalog is absent)', async () => {
		const target = temporaryFolder();
		expect((await importCatalog(SHARED, target)).code).toBe(0);
		for (const file of ['providers.json', 'models.json', 'aliases.json']) {
			expect(
				readFileSync(join(target, file), 'utf8') === readFileSync(join(ROOT, 'src', 'catalog', 'data', file), 'utf8'),
				file,
			).toBe(true);
		}
	});
});
