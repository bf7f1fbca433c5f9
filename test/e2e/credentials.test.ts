import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog, neededSettings } from '../../src/catalog/index.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

/** A vendor that refuses every key, and quotes it; and one that has nothing where it is asked. */
let upstream: Upstream;
let gateway: Gateway;

const KEY = 'sk-wrong-0123456789';
const catalog = loadCatalog();
const types = new Set(new ProviderRegistry(catalog).types());
/** Rows that one key opens; the others' credentials are several settings, with tests of their own. */
const rows = catalog
	.providers()
	.filter((row) => types.has(row.id) && row.capabilities.chat && !/sigv4|oauth2|iam/.test(row.auth));

beforeAll(async () => {
	upstream = await startUpstream((request, response) => {
		const found = request.url !== '/chat/completions';
		const error = { message: `Incorrect API key provided: ${KEY}`, type: 'invalid_request_error', code: 'invalid_api_key' };
		response
			.writeHead(found ? 401 : 404, { 'content-type': 'application/json' })
			.end(JSON.stringify(found ? { error } : { error: { message: 'Not Found' } }));
	});
	const settings = { api_key: KEY, base_url: upstream.baseUrl };
	const providers: object[] = rows.map((row) => {
		const options = Object.fromEntries(neededSettings(row, row.baseUrl).map((name) => [name, 'x']));
		return { name: `my-${row.id}`, type: row.id, ...settings, options };
	});
	providers.push({ name: 'bare', type: 'openai-compatible', base_url: new URL(upstream.baseUrl).origin });
	gateway = await startGateway({ config: { providers, routing: { retries: 0 } } });
});
afterAll(async () => {
	await gateway.close();
	await upstream.close();
});

async function message(model: string): Promise<{ status: number; message: string }> {
	const response = await post(gateway, '/v1/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] });
	const body = (await response.json()) as { error: { message: string } };
	return { status: response.status, message: body.error.message };
}

describe('a refused key', () => {
	it.each(rows.map((row) => [row.id, row] as const))('of %s is told with its variable and where to get one', async (_, row) => {
		const told = await message(`my-${row.id}/owner/some-model`);
		expect(told.status).toBe(401);
		expect(told.message).toContain(`my-${row.id}/owner/some-model refused Relais's credentials`);
		expect(told.message).toContain(`set ${row.env[0]} or api_key of provider "my-${row.id}"`);
		expect(told.message).toMatch(/\(.*https:\/\/\S+\)/);
		expect(told.message).not.toContain(KEY);
	});

	it('is looked at for most of the catalog', () => expect(rows.length).toBeGreaterThan(50));
});

describe('an address without a path where nothing is found', () => {
	it('is told with the one to try', async () => {
		const told = await message('bare/m');
		expect(told.status).toBe(404);
		const { origin } = new URL(upstream.baseUrl);
		expect(told.message).toMatch(new RegExp(`try ${origin}/v1 as base_url of "bare"`));
	});
});
