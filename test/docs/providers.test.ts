import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import { createTestHost } from '../../src/testing/index.ts';
import { loadYaml } from '../config/loading.ts';
import { blocksOf, deadLinks, pageText } from './pages.ts';

const catalog = loadCatalog();

/** Pages on vendors, and the catalog rows they tell of. */
const PAGES: { readonly [page: string]: readonly string[] } = {
	ollama: ['ollama', 'ollama-cloud'],
	bedrock: ['aws-bedrock'],
	watsonx: ['watsonx'],
	replicate: ['replicate'],
	cohere: ['cohere'],
};
const path = (language: string, page: string): string => `docs/${language}/providers/${page}.md`;

/** The variables a config takes values from, set. */
function variablesOf(yaml: string): { [name: string]: string } {
	return Object.fromEntries(Array.from(yaml.matchAll(/\$\{(\w+)\}/g), ([, name = '']) => [name, 'key-0123456789']));
}

describe.each(Object.entries(PAGES))('the page on %s', (page, rows) => {
	const blocks = blocksOf(pageText(path('en', page)));

	it('shows configs that load without a remark, and make providers', async () => {
		expect(blocks.length).toBeGreaterThan(0);
		const host = createTestHost();
		for (const { language, text } of blocks) {
			expect(language).toBe('yaml');
			const { config, notices } = await loadYaml(text, variablesOf(text));
			expect(notices).toEqual([]);
			const named = config.providers.filter(({ origin }) => origin.startsWith('relais.yaml'));
			expect(named).toHaveLength(1);
			for (const entry of named) {
				expect(rows).toContain(entry.type);
				expect(new ProviderRegistry(catalog).create(entry, host).name).toBe(entry.name);
			}
		}
		await host.close();
	});

	it('names every variable a key or an address may be in', () => {
		const text = pageText(path('en', page));
		for (const id of rows) {
			const row = catalog.provider(id);
			const { base_url: addresses = [], url = [], project_id: projects = [] } = row?.envExtra ?? {};
			for (const variable of [...(row?.env ?? []), ...addresses, ...url, ...projects]) expect(text).toContain(`\`${variable}\``);
		}
	});

	it('says it in French with the same code, and links to files', () => {
		expect(blocksOf(pageText(path('fr', page)))).toEqual(blocks);
		for (const language of ['en', 'fr']) expect(deadLinks(path(language, page))).toEqual([]);
	});
});
