import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelsFile } from './data-format.ts';
import { loadCatalog } from './index.ts';
import { aliasesFileSchema, modelsFileSchema, providersFileSchema } from './schema.ts';

const catalog = loadCatalog();

function file(name: string): unknown {
	return JSON.parse(readFileSync(new URL(`./data/${name}`, import.meta.url), 'utf8'));
}

describe('the files of the catalog', () => {
	it.each([
		['providers.json', providersFileSchema],
		['models.json', modelsFileSchema],
		['aliases.json', aliasesFileSchema],
	])('%s satisfies its schema in every row', (name, schema) => {
		expect(schema.safeParse(file(name)).error?.issues ?? []).toEqual([]);
	});

	it('gives every provider once, and every model once a provider', () => {
		const providers = catalog.providers().map((row) => row.id);
		expect(new Set(providers).size).toBe(providers.length);
		for (const [provider, rows] of Object.entries((file('models.json') as ModelsFile).models)) {
			const ids = rows.map((row) => row.id);
			expect(new Set(ids).size, provider).toBe(ids.length);
			expect(catalog.provider(provider)?.id, `provider of ${ids[0]}`).toBe(provider);
		}
	});

	it('refers only to sources that are there', () => {
		const { models, sources } = file('models.json') as ModelsFile;
		for (const row of Object.values(models).flat())
			for (const index of row.from) expect(sources[index], row.id).toBeTypeOf('string');
	});

	it('knows a date, its sources, and tells where each figure comes from', () => {
		expect(catalog.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
		expect(catalog.sources.length).toBeGreaterThan(5);
		for (const provider of catalog.providers())
			for (const row of catalog.models(provider.id)) expect(row.sources.join(), row.id).not.toBe('');
	});

	it('has no negative price, no output limit beyond the window, and tiers in rising order', () => {
		for (const model of catalog.providers().flatMap((provider) => catalog.models(provider.id))) {
			const where = `${model.provider}/${model.id}`;
			for (const price of [model.price, ...(model.priceTiers ?? [])]) {
				for (const figure of [price.input, price.output, price.cacheRead, price.cacheWrite])
					expect(figure ?? 0, where).toBeGreaterThanOrEqual(0);
			}
			const tiers = (model.priceTiers ?? []).map((tier) => tier.aboveInputTokens);
			expect(tiers, where).toEqual(tiers.toSorted((a, b) => a - b));
			if (model.maxInput !== undefined && model.contextWindow !== null)
				expect(model.maxInput, where).toBeLessThanOrEqual(model.contextWindow);
		}
	});

	it('names a placeholder of an address only where a setting or an option can fill it', () => {
		for (const provider of catalog.providers()) {
			for (const [, placeholder] of provider.baseUrl.matchAll(/\{(\w+)\}/g))
				expect(placeholder, provider.id).toMatch(/^[a-z_]+$/);
			expect(provider.env.length, provider.id).toBeGreaterThan(0);
		}
	});

	it('resolves every alias to a row and to one that still answers', () => {
		const { aliases } = aliasesFileSchema.parse(file('aliases.json'));
		expect(aliases.length).toBeGreaterThan(40);
		for (const { name, closest } of aliases) {
			const resolved = catalog.alias(name);
			expect(resolved?.model?.id, name).toBe(resolved?.id);
			const current = resolved?.replacement ?? resolved?.model;
			expect(current?.id, name).toBe(closest);
			expect((current?.shutdownDate ?? '9999') > catalog.asOf, `${name} -> ${closest}`).toBe(true);
		}
	});
});

describe('asking the catalog', () => {
	it('fills the provider with the name the config gives it', () => {
		const [provider] = catalog.providers();
		const id = provider?.id ?? '';
		const models = catalog.models(id, 'primary');
		expect(models.length).toBeGreaterThan(3);
		expect(new Set(models.map((model) => model.provider))).toEqual(new Set(['primary']));
		expect(catalog.models(id)[0]?.provider).toBe(id);
	});

	it('hands out copies: one caller cannot change what another sees', () => {
		const first = catalog.models('anthropic')[0];
		if (first === undefined) throw new Error('no models');
		const before = { ...first.price };
		first.price.input = 1e9;
		first.capabilities.tools = null;
		expect(catalog.models('anthropic')[0]?.price).toEqual(before);
	});

	it('gives null for what is not known, and the provider’s answer where a model row is silent on JSON schema', () => {
		const models = catalog.providers().flatMap((provider) => catalog.models(provider.id));
		expect(models.some((model) => model.price.input === null)).toBe(true);
		expect(models.some((model) => model.maxOutput === null)).toBe(true);
		expect(models.filter((model) => model.mode === 'chat' && model.capabilities.jsonSchema === null)).toEqual([]);
	});

	it('says that a retired name is retired, since when, and what is closest', () => {
		const alias = catalog.alias('gpt-4-turbo');
		expect(alias?.state).toBe('retired');
		expect(alias?.model?.shutdownDate).toBe('2026-10-23');
		expect(alias?.replacement?.id).toBe(alias?.closest);
	});

	it('answers undefined or nothing for names it does not know, also those every object has', () => {
		for (const name of ['nowhere', '__proto__', 'constructor', 'toString', '']) {
			expect(catalog.provider(name)).toBeUndefined();
			expect(catalog.models(name)).toEqual([]);
			expect(catalog.model(name, 'm')).toBeUndefined();
			expect(catalog.alias(name)).toBeUndefined();
		}
	});

	it('is one instance, parsed once', () => {
		expect(loadCatalog()).toBe(catalog);
		expect(loadCatalog().providers()).toBe(catalog.providers());
	});
});
