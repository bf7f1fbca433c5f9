import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../catalog/index.ts';
import { DEFAULT_TIMEOUTS, type ProviderConfig } from '../config/index.ts';
import type { ModelInfo } from '../spec/index.ts';
import { mergedModels } from './models.ts';

const catalog = loadCatalog();

const entry = (more: Partial<ProviderConfig>): ProviderConfig => ({
	...{ name: 'mine', type: 'openai', enabled: true, priority: 1, models: [], timeouts: DEFAULT_TIMEOUTS },
	...{ limits: {}, headers: {}, options: {}, origin: 'test' },
	...more,
});

const live = (...ids: string[]): ModelInfo[] =>
	ids.map((id) => ({
		...{ id, provider: 'mine', mode: 'chat', contextWindow: null, maxOutput: null },
		price: { input: null, output: null, cacheRead: null, cacheWrite: null },
		capabilities: {
			...{ chat: true, streaming: null, tools: null, jsonSchema: null },
			...{ vision: null, reasoning: null, embeddings: null, dataSources: null },
		},
		...{ inputModalities: [], outputModalities: [] },
	}));

const names = (config: ProviderConfig, listed?: ModelInfo[]) =>
	mergedModels(config, catalog, listed).models.map(({ alias }) => alias);

describe('the models of a provider', () => {
	it('are the catalog’s until the provider has answered, embeddings included', () => {
		const { models, info } = mergedModels(entry({}), catalog, undefined);
		const modes = new Set(models.map(({ id }) => info(id)?.mode));
		expect([...modes].sort()).toEqual(['chat', 'embedding', 'moderation', 'responses']);
		expect(info('gpt-4o')?.listed).toBeUndefined();
	});

	it('are the catalog’s and its own then, those it lists no longer marked and not dropped', () => {
		const { models, info } = mergedModels(entry({}), catalog, live('gpt-4o', 'gpt-brand-new', 'whisper-1'));
		const ids = models.map(({ id }) => id);
		expect(ids).toEqual(expect.arrayContaining(['gpt-4o', 'gpt-4o-mini', 'gpt-brand-new']));
		expect(ids).not.toContain('whisper-1');
		expect(new Set(ids.filter((id) => id === 'gpt-4o')).size).toBe(1);
		expect([info('gpt-4o')?.listed, info('gpt-4o-mini')?.listed, info('gpt-brand-new')?.listed]).toEqual([true, false, true]);
	});

	it('are those the user names, and no others', () => {
		const config = entry({ models: [{ alias: 'fast', id: 'gpt-4o-mini' }] });
		expect(names(config, live('gpt-4o', 'gpt-brand-new'))).toEqual(['fast']);
		expect(mergedModels(config, catalog, live('gpt-4o')).info('gpt-4o-mini')).toMatchObject({ provider: 'mine', listed: false });
	});

	it('of a server that was found are what it had then and what it has got since', () => {
		const found = entry({
			type: 'ollama',
			baseUrl: 'http://127.0.0.1:11434',
			models: [{ alias: 'a', id: 'a' }],
			modelsFound: true,
		});
		expect(names(found)).toEqual(['a']);
		expect(names(found, live('a', 'b'))).toEqual(['a', 'b']);
	});

	it('count as listed also by another name or the usual tag', () => {
		const { info } = mergedModels(entry({ type: 'ollama' }), catalog, live('all-minilm:latest'));
		expect(info('all-minilm')?.listed).toBe(true);
		expect(info('bge-m3')?.listed).toBe(false);
	});
});
