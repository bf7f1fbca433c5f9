import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import { createTestHost } from '../../src/testing/index.ts';
import { temporaryFolder } from '../support/command.ts';
import { blocksOf, deadLinks, pageText } from './pages.ts';

/** Values for what the pages leave out. */
const KEYS = { AZURE_OPENAI_API_KEY: 'azure-key-1', AZURE_AI_API_KEY: 'foundry-key-1' };

/** What a config or an environment makes Relais reach: provider names with the addresses of a chat. */
async function reached(files: { yaml?: string; env: { [name: string]: string } }, model: string): Promise<string[]> {
	const cwd = temporaryFolder();
	if (files.yaml !== undefined) writeFileSync(join(cwd, 'relais.yaml'), files.yaml);
	const { config } = await loadConfig({ cwd, env: files.env, overrides: {}, discover: false });
	const registry = new ProviderRegistry(loadCatalog());
	const calls = config.providers.map(async (entry) => {
		const wire = registry.create(entry, createTestHost()).wireFor?.(model, 'openai-chat');
		const { origin, path } = (await wire?.call('chat', model, {})) ?? { origin: '', path: '' };
		return `${entry.name} ${origin}${path}`;
	});
	return Promise.all(calls);
}

/** Variables that a page's shell block sets. */
function exported(text: string): { [name: string]: string } {
	return Object.fromEntries(Array.from(text.matchAll(/^export (\w+)=(\S+)/gm), ([, name = '', value = '']) => [name, value]));
}

describe.each(['azure', 'vertex'])('the page on %s', (name) => {
	it('says the same in French, and its links lead to files', () => {
		expect(blocksOf(pageText(`docs/fr/providers/${name}.md`))).toEqual(blocksOf(pageText(`docs/en/providers/${name}.md`)));
		for (const language of ['en', 'fr']) expect(deadLinks(`docs/${language}/providers/${name}.md`)).toEqual([]);
	});
});

describe('what the pages show', () => {
	const blocks = (name: string, language: string): string[] =>
		blocksOf(pageText(`docs/en/providers/${name}.md`)).flatMap((block) => (block.language === language ? [block.text] : []));

	it('of Azure leads where they say', async () => {
		const [variables = ''] = blocks('azure', 'sh');
		const [both = '', keyless = ''] = blocks('azure', 'yaml');
		expect(await reached({ env: { ...exported(variables), ...KEYS } }, 'gpt-4o')).toContain(
			'azure-openai https://my-resource.openai.azure.com/openai/v1/chat/completions',
		);
		expect(await reached({ yaml: both, env: KEYS }, 'claude-opus-5')).toEqual([
			'azure https://my-resource.openai.azure.com/anthropic/v1/messages',
			'foundry https://my-resource.services.ai.azure.com/anthropic/v1/messages',
		]);
		expect(await reached({ yaml: keyless, env: {} }, 'gpt-4o')).toHaveLength(1);
	});

	it('of Vertex AI leads where they say', async () => {
		const [variables = ''] = blocks('vertex', 'sh');
		const [yaml = ''] = blocks('vertex', 'yaml');
		const place = 'https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west4';
		const path = '/publishers/google/models/gemini-3.5-flash:generateContent';
		expect(await reached({ env: exported(variables) }, 'gemini-3.5-flash')).toEqual([`vertex-ai ${place}${path}`]);
		expect(await reached({ yaml, env: {} }, 'gemini-3.5-flash')).toEqual([`vertex ${place}${path}`]);
	});
});
