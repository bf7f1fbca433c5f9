import { afterAll, describe, expect, it } from 'vitest';
import { keyPage, loadCatalog, type ProviderRow, placeholders } from '../../src/catalog/index.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import type { JsonObject, Provider } from '../../src/spec/index.ts';
import { createTestHost, testSettings } from '../../src/testing/index.ts';

const catalog = loadCatalog();
const registry = new ProviderRegistry(catalog);
const host = createTestHost();
afterAll(() => host.close());

const known: JsonObject = { region: 'us-east-1' };

function made(row: ProviderRow): Provider {
	const needed = [...placeholders(row.baseUrl), ...Object.keys(row.envExtra)].filter((setting) => setting !== 'base_url');
	const options: JsonObject = Object.fromEntries(needed.map((setting) => [setting, known[setting] ?? 'example']));
	return registry.create(testSettings({ type: row.id, options }), host);
}

const rows = catalog.providers().filter((row) => registry.types().includes(row.id));

describe('a provider whose key is missing or wrong', () => {
	it.each(rows.map((row) => [row.id, row] as const))('of type %s names the variable to set and where to get a key', (_, row) => {
		const { credentialHint = '' } = made(row);
		expect(credentialHint).toContain(row.env[0]);
		expect(credentialHint).toContain('or api_key of provider "mine"');
		expect(credentialHint).toContain(keyPage(row.id) ?? row.docsUrl);
		expect(URL.canParse(/keys: (\S+)\)/.exec(credentialHint)?.[1] ?? '')).toBe(true);
	});
});

it('pages for keys are those of providers there are', () => {
	const named = catalog.providers().filter(({ id }) => keyPage(id) !== undefined);
	expect(named.length).toBeGreaterThan(15);
	for (const { id } of named) expect(keyPage(id), id).toMatch(/^https:\/\//);
	expect(keyPage('constructor')).toBeUndefined();
});
