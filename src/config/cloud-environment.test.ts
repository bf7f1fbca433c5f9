import { describe, expect, it } from 'vitest';
import { loadCatalog, SPOKEN_DIALECTS } from '../catalog/index.ts';
import { environmentProviders } from './environment.ts';

function find(env: { [name: string]: string }) {
	return environmentProviders({
		env,
		catalog: loadCatalog(),
		dialects: SPOKEN_DIALECTS,
		takenTypes: new Set(),
		takenNames: new Set(),
		takenVariables: new Set(),
		own: { host: '127.0.0.1', port: 4242 },
		firstPriority: 1,
	});
}

const ENDPOINT = 'https://res.openai.azure.com/';
const V1 = 'https://res.openai.azure.com/openai/v1';

describe('a vendor with an address for each customer', () => {
	it('is found by endpoint and key, once, whatever other names it has', () => {
		const { providers, notices } = find({ AZURE_OPENAI_ENDPOINT: ENDPOINT, AZURE_OPENAI_API_KEY: 'azure-key-1' });
		expect(providers).toMatchObject([{ name: 'azure-openai', apiKey: 'azure-key-1', baseUrl: V1 }]);
		expect(providers).toHaveLength(1);
		expect(notices).toEqual([expect.stringContaining('may also be meant for azure-ai-foundry')]);
	});

	it('is found by its resource alone', () => {
		const { providers } = find({ AZURE_API_KEY: 'azure-key-1', AZURE_RESOURCE_NAME: 'res' });
		expect(providers).toMatchObject([{ name: 'azure-openai', options: { resource: 'res' } }]);
		expect(providers[0]).not.toHaveProperty('baseUrl');
	});

	it('takes version, deployment and identity from their variables', () => {
		const { providers } = find({
			AZURE_OPENAI_ENDPOINT: ENDPOINT,
			OPENAI_API_VERSION: '2024-10-21',
			AZURE_OPENAI_DEPLOYMENT: 'dep',
			AZURE_TENANT_ID: 't',
			AZURE_CLIENT_ID: 'c',
			AZURE_CLIENT_SECRET: 's',
		});
		expect(providers).toMatchObject([
			{
				defaultModel: 'dep',
				options: { api_version: '2024-10-21', tenant_id: 't', client_id: 'c', client_secret: 's' },
			},
		]);
		expect(providers[0]).not.toHaveProperty('apiKey');
	});

	it('may have the whole address of a deployment as its endpoint, but no other query', () => {
		const whole = `${ENDPOINT}openai/deployments/dep/chat/completions?api-version=2024-10-21`;
		expect(find({ AZURE_OPENAI_ENDPOINT: whole, AZURE_API_KEY: 'azure-key-1' }).providers[0]?.baseUrl).toBe(whole);
		const { providers, notices } = find({ AZURE_OPENAI_ENDPOINT: `${ENDPOINT}?key=secret-1`, AZURE_API_KEY: 'azure-key-1' });
		expect(providers).toEqual([]);
		expect(notices.join()).toMatch(/AZURE_OPENAI_ENDPOINT holds a user, a password or a query/);
		expect(notices.join()).not.toContain('secret-1');
	});

	it('is left out with the variable to set when its address is missing, which is said once', () => {
		const { providers, notices } = find({ AZURE_OPENAI_API_KEY: 'azure-key-1' });
		expect(providers).toEqual([]);
		expect(notices).toEqual([
			expect.stringMatching(/AZURE_OPENAI_API_KEY is set, but Azure OpenAI also needs AZURE_OPENAI_ENDPOINT/),
		]);
	});

	it('leaves a key it shares to the one that has an address', () => {
		const { providers } = find({ AZURE_OPENAI_API_KEY: 'azure-key-1', AZURE_AI_API_BASE: 'https://res.services.ai.azure.com' });
		expect(providers).toMatchObject([{ name: 'azure-ai-foundry', apiKey: 'azure-key-1' }]);
		expect(providers).toHaveLength(1);
	});

	it('is found under another name only by a key of that name', () => {
		const { providers } = find({ MICROSOFT_COPILOT_API_KEY: 'copilot-key-1', AZURE_OPENAI_ENDPOINT: ENDPOINT });
		expect(providers.map(({ name }) => name)).toContain('microsoft-copilot');
	});
});

describe('Google’s cloud', () => {
	it('needs a file of credentials and nothing else', () => {
		const { providers, notices } = find({ GOOGLE_APPLICATION_CREDENTIALS: '/run/key.json', GOOGLE_CLOUD_LOCATION: 'eu' });
		expect(providers).toMatchObject([{ name: 'vertex-ai', apiKey: '/run/key.json', options: { location: 'eu' } }]);
		expect(notices).toEqual([]);
	});

	it('takes a key of express mode, and a project', () => {
		const { providers } = find({ GOOGLE_VERTEX_API_KEY: 'AQ.express-1', GOOGLE_CLOUD_PROJECT: 'p' });
		expect(providers).toMatchObject([{ name: 'vertex-ai', apiKey: 'AQ.express-1', options: { project: 'p' } }]);
	});

	it('is not taken for wanted where only a project is named, which other programs need too', () => {
		expect(find({ GOOGLE_CLOUD_PROJECT: 'p' })).toEqual({ providers: [], notices: [], localKeys: {} });
	});
});
