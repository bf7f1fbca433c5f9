import { afterAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/index.ts';
import { ProviderRegistry } from '../providers/index.ts';
import { createTestHost } from '../testing/index.ts';
import { reachableTypes } from './capabilities.ts';
import { capabilityNamed, filterCapabilities } from './capability-filter.ts';

const catalog = loadCatalog();
const host = createTestHost();
afterAll(() => host.close());

const table = { asOf: catalog.asOf, providers: reachableTypes(catalog, host) };
const row = (type: string) => table.providers.find((provider) => provider.type === type);

describe('the table of types', () => {
	it('holds every type of the catalog this version can make a provider of', () => {
		const types = new Set(new ProviderRegistry(catalog).types());
		const expected = catalog.providers().flatMap(({ id }) => (types.has(id) ? [id] : []));
		expect(table.providers.map(({ type }) => type)).toEqual(expected);
	});

	it('contacts nobody and holds the facts of the catalog', () => {
		for (const { type, models, title, docsUrl } of table.providers) {
			expect(models.map(({ id }) => id)).toEqual(catalog.models(type).map(({ id }) => id));
			expect(title).toBe(catalog.provider(type)?.name);
			expect(docsUrl).toMatch(/^https:/);
			expect(models.every(({ listed }) => listed === null)).toBe(true);
		}
	});

	it('tells dialects of models that chat, and none of those that do not', () => {
		expect(row('openai')?.models.find(({ id }) => id === 'gpt-4o')?.dialects).toEqual(['openai-chat', 'openai-responses']);
		// A vendor without a wire is spoken to in no dialect.
		for (const { models } of table.providers.filter(({ dialects }) => dialects.length > 0))
			for (const { mode, dialects } of models) expect(dialects.length > 0).toBe(mode === 'chat' || mode === 'responses');
	});

	it('tells endpoints apart: a vendor of vectors chats in no dialect', () => {
		const endpoints = { chat: false, streaming: false, embed: true, rerank: true, moderate: false, models: false };
		expect(row('voyage')).toMatchObject({ dialects: [], endpoints });
		expect(row('openai')?.endpoints).toMatchObject({ chat: true, streaming: true, embed: true, moderate: true, models: true });
		expect(row('anthropic')?.endpoints).toMatchObject({ chat: true, embed: false, rerank: false });
	});
});

describe('its filter', () => {
	it('knows capabilities however they are written', () => {
		expect(['jsonSchema', 'json-schema', 'JSON_SCHEMA', 'data-sources'].map(capabilityNamed)).toEqual([
			...['jsonSchema', 'jsonSchema', 'jsonSchema', 'dataSources'],
		]);
	});

	it('finds kinds of models that are no capability', () => {
		const { providers } = filterCapabilities(table, { capabilities: ['rerank'] });
		expect(providers.map(({ type }) => type)).toContain('cohere');
		expect(new Set(providers.flatMap(({ models }) => models.map(({ mode }) => mode)))).toEqual(new Set(['rerank']));
	});

	it('takes a name with dots and stars for what it is, in time however many stars there are', () => {
		const found = (model: string) => filterCapabilities(table, { model }).providers.flatMap((provider) => provider.models);
		expect(found('gpt-4.1').every(({ id, aliases }) => [id, ...aliases].includes('gpt-4.1'))).toBe(true);
		expect(found('gpt-4x1')).toEqual([]);
		const started = performance.now();
		expect(found('*a'.repeat(250))).toEqual([]);
		expect(performance.now() - started).toBeLessThan(2000);
	});
});
