import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { fileSchema } from '../../src/config/schema.ts';

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'examples');
const env = { OPENAI_API_KEY: 'k-1', ANTHROPIC_API_KEY: 'k-2', RELAIS_CI_KEY: '0123456789abcdef' };

describe('the example configs', () => {
	const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

	it('are there', () => expect(files).toEqual(expect.arrayContaining(['minimal.yaml', 'relais.yaml'])));

	it.each(files)('%s loads', async (file) => {
		const { config } = await loadConfig({ path: join(FOLDER, file), cwd: FOLDER, env, overrides: {}, discover: false });
		expect(config.providers[0]).toMatchObject({ type: 'openai', apiKey: 'k-1' });
	});

	it('relais.yaml shows every setting and states the true defaults', async () => {
		const text = readFileSync(join(FOLDER, 'relais.yaml'), 'utf8');
		for (const key of Object.keys(fileSchema.shape))
			if (key !== '$schema') expect(text, key).toMatch(new RegExp(`^(# )?${key}:`, 'm'));
		const load = (path: string) => loadConfig({ path: join(FOLDER, path), cwd: FOLDER, env, overrides: {}, discover: false });
		const [full, minimal] = [await load('relais.yaml'), await load('minimal.yaml')];
		expect(full.config.server).toEqual(minimal.config.server);
		expect(full.config.routing).toEqual(minimal.config.routing);
		expect(full.config.providers[0]?.timeouts).toEqual(minimal.config.providers[0]?.timeouts);
		expect(full.config.simulate).toBe(minimal.config.simulate);
		expect(full.config.retiredModels).toBe(minimal.config.retiredModels);
	});
});
