import { describe, expect, it } from 'vitest';
import type { ProviderConfig } from '../../src/config/index.ts';
import { load } from './loading.ts';

const AZURE = { AZURE_OPENAI_ENDPOINT: 'https://res.openai.azure.com', AZURE_OPENAI_API_KEY: 'azure-key-1' };
const IDENTITY = { AZURE_TENANT_ID: 't', AZURE_CLIENT_ID: 'c', AZURE_CLIENT_SECRET: 'client-secret-1' };

async function loaded(entry: object, env: { [name: string]: string }): Promise<{ provider: ProviderConfig; notices: string }> {
	const files = { 'relais.json': JSON.stringify({ providers: [{ name: 'cloud', ...entry }] }) };
	const { config, notices } = await load({ files, env });
	const provider = config.providers.find(({ name }) => name === 'cloud');
	if (provider === undefined) throw new Error('no provider');
	return { provider, notices: notices.join('\n') };
}

describe('an entry for a vendor with an address for each customer', () => {
	it('takes address, key, version and deployment from the conventional variables', async () => {
		const env = { ...AZURE, OPENAI_API_VERSION: '2024-10-21', AZURE_OPENAI_DEPLOYMENT: 'dep' };
		const { provider, notices } = await loaded({ type: 'azure-openai' }, env);
		expect(provider).toMatchObject({
			baseUrl: 'https://res.openai.azure.com/openai/v1',
			apiKey: 'azure-key-1',
			defaultModel: 'dep',
			options: { api_version: '2024-10-21', deployment: 'dep' },
		});
		expect(notices).toMatch(/takes its address from the variable AZURE_OPENAI_ENDPOINT/);
		expect(notices).not.toContain('azure-key-1');
	});

	it('takes the key for any address of the vendor’s own, and for no other', async () => {
		const key = async (base_url: string) => (await loaded({ type: 'azure-openai', base_url }, AZURE)).provider.apiKey;
		expect(await key('https://other.openai.azure.com')).toBe('azure-key-1');
		expect(await key('https://proxy.example')).toBeUndefined();
		expect(await key('https://openai.azure.com.evil.example')).toBeUndefined();
	});

	it('may give its resource, or its endpoint among the options', async () => {
		expect((await loaded({ type: 'azure-openai', options: { resource: 'mine' } }, AZURE)).provider.baseUrl).toBeUndefined();
		const { provider } = await loaded({ type: 'azure-openai', options: { endpoint: 'https://e.example' } }, {});
		expect(provider.options).toEqual({ endpoint: 'https://e.example' });
	});

	it('is told the variable when nothing says where it is', async () => {
		await expect(loaded({ type: 'azure-openai', api_key: 'k-1' }, {})).rejects.toThrow(
			/options\.resource: is missing.*AZURE_OPENAI_ENDPOINT.* base_url/,
		);
	});

	it('that names an identity gets no key beside it, and needs none', async () => {
		const entry = { type: 'azure-openai', base_url: AZURE.AZURE_OPENAI_ENDPOINT, options: { auth: 'entra' } };
		const { provider, notices } = await loaded(entry, { ...AZURE, ...IDENTITY });
		expect(provider.apiKey).toBeUndefined();
		expect(provider.options).toEqual({ auth: 'entra', tenant_id: 't', client_id: 'c', client_secret: 'client-secret-1' });
		expect(notices).not.toMatch(/has no key|client-secret-1/);
	});

	it('uses the identity of the environment where there is no key', async () => {
		const { provider, notices } = await loaded({ type: 'azure-openai', base_url: AZURE.AZURE_OPENAI_ENDPOINT }, IDENTITY);
		expect(provider.options).toMatchObject({ client_id: 'c' });
		expect(notices).not.toContain('has no key');
	});
});

describe('an entry for Google’s cloud', () => {
	it('needs no setting at all', async () => {
		const { provider, notices } = await loaded({ type: 'vertex-ai' }, { GOOGLE_CLOUD_PROJECT: 'p' });
		expect(provider.options).toEqual({ project: 'p' });
		expect(notices).not.toContain('has no key');
	});

	it('keeps to its own credentials, whatever the environment names', async () => {
		const env = { GOOGLE_APPLICATION_CREDENTIALS: '/other.json' };
		expect((await loaded({ type: 'vertex-ai', options: { credentials: '/own.json' } }, env)).provider.apiKey).toBeUndefined();
		expect((await loaded({ type: 'vertex-ai' }, env)).provider.apiKey).toBe('/other.json');
	});
});
