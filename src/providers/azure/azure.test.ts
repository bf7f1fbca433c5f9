import { afterEach, describe, expect, it } from 'vitest';
import { callContext, shipped } from '../../../test/support/providers.ts';
import { startUpstream, type Upstream } from '../../../test/support/upstream.ts';
import type { JsonObject, Provider, ProviderSettings, WireEndpoint } from '../../spec/index.ts';
import { createTestHost } from '../../testing/index.ts';
import { isAzureHost } from './address.ts';

const host = createTestHost();
const ROOT = 'https://res.openai.azure.com';
const FOUNDRY = 'https://res.services.ai.azure.com';

function create(settings: Partial<ProviderSettings>): Provider {
	return shipped({ type: 'azure-openai', apiKey: 'the-key', ...settings }, host);
}

function wireOf(provider: Provider, model: string, dialect = 'openai-chat'): WireEndpoint {
	const wire = provider.wireFor?.(model, dialect);
	if (wire === undefined) throw new Error('no wire');
	return wire;
}

async function urls(settings: Partial<ProviderSettings>, model = 'dep'): Promise<{ [operation: string]: string }> {
	const provider = create(settings);
	const chat = wireOf(provider, model);
	const responses = wireOf(provider, model, 'openai-responses');
	const url = async (wire: WireEndpoint, operation: 'chat' | 'embed' | 'models') => {
		const { origin, path } = await wire.call(operation, model, {});
		return origin + path;
	};
	return {
		chat: await url(chat, 'chat'),
		embed: await url(chat, 'embed'),
		models: chat.supports('models') ? await url(chat, 'models') : '',
		responses: await url(responses, 'chat'),
	};
}

describe('an address', () => {
	const v1 = {
		chat: `${ROOT}/openai/v1/chat/completions`,
		embed: `${ROOT}/openai/v1/embeddings`,
		models: `${ROOT}/openai/v1/models`,
		responses: `${ROOT}/openai/v1/responses`,
	};
	const classic = (deployment: string, version: string, responses = `${ROOT}/openai/v1/responses`) => ({
		chat: `${ROOT}/openai/deployments/${deployment}/chat/completions?api-version=${version}`,
		embed: `${ROOT}/openai/deployments/${deployment}/embeddings?api-version=${version}`,
		models: `${ROOT}/openai/models?api-version=${version}`,
		responses,
	});
	const dated = (version: string) => ({ options: { api_version: version } });

	it.each<[string, Partial<ProviderSettings>, object]>([
		['a resource', { options: { resource: 'res' } }, v1],
		['a host', { baseUrl: ROOT }, v1],
		['a host with its path', { baseUrl: `${ROOT}/openai/v1/` }, v1],
		['an endpoint among the options', { options: { endpoint: 'res.openai.azure.com/' } }, v1],
		['a version that is none', { baseUrl: ROOT, ...dated('v1') }, v1],
		['a project', { baseUrl: `${ROOT}/api/projects/p` }, v1],
		['a dated version', { baseUrl: ROOT, ...dated('2024-10-21') }, classic('dep', '2024-10-21')],
		[
			'a dated version over the path of v1',
			{ baseUrl: `${ROOT}/openai/v1`, ...dated('2024-10-21') },
			classic('dep', '2024-10-21'),
		],
		['the option api', { baseUrl: ROOT, options: { api: 'classic' } }, classic('dep', '2024-10-21')],
		[
			'a version that has responses',
			{ baseUrl: `${ROOT}/openai`, ...dated('2025-04-01-preview') },
			classic('dep', '2025-04-01-preview', `${ROOT}/openai/responses?api-version=2025-04-01-preview`),
		],
		[
			'the whole address of a deployment',
			{ baseUrl: `${ROOT}/openai/deployments/my%20dep/chat/completions?api-version=2024-02-01` },
			classic('my%20dep', '2024-02-01'),
		],
		['v1 in spite of a version', { baseUrl: ROOT, options: { api: 'v1', api_version: '2024-10-21' } }, v1],
	])('from %s', async (_, settings, wanted) => expect(await urls(settings)).toEqual(wanted));

	it('of a preview of v1 has its version', async () => {
		const { chat } = await urls({ baseUrl: ROOT, options: { api_version: 'preview' } });
		expect(chat).toBe(`${ROOT}/openai/v1/chat/completions?api-version=preview`);
	});

	it('behind a gateway keeps the gateway’s path', async () => {
		expect((await urls({ baseUrl: 'https://apim.example/team' })).chat).toBe(
			'https://apim.example/team/openai/v1/chat/completions',
		);
		expect((await urls({ baseUrl: 'http://127.0.0.1:9/v1' })).chat).toBe('http://127.0.0.1:9/v1/chat/completions');
	});

	it('encodes a deployment’s name', async () => {
		const { chat } = await urls({ baseUrl: ROOT, options: { api_version: '2024-10-21' } }, 'a b/c');
		expect(chat).toContain('/deployments/a%20b%2Fc/chat');
	});

	it('of Foundry is v1, the inference API for a dated version, and Anthropic’s for Claude', async () => {
		const chat = async (settings: Partial<ProviderSettings>, model = 'grok-4', dialect = 'openai-chat') => {
			const { origin, path } = await wireOf(create({ type: 'azure-ai-foundry', ...settings }), model, dialect).call(
				'chat',
				model,
				{},
			);
			return origin + path;
		};
		expect(await chat({ options: { resource: 'res' } })).toBe(`${FOUNDRY}/openai/v1/chat/completions`);
		const inference = `${FOUNDRY}/models/chat/completions?api-version=2024-05-01-preview`;
		expect(await chat({ baseUrl: `${FOUNDRY}/models` })).toBe(inference);
		expect(await chat({ baseUrl: inference })).toBe(inference);
		expect(await chat({ baseUrl: FOUNDRY, options: { api_version: '2025-05-01' } })).toContain(
			'/models/chat/completions?api-version=2025-05-01',
		);
		expect(await chat({ options: { resource: 'res' } }, 'claude-opus-5')).toBe(`${FOUNDRY}/anthropic/v1/messages`);
		expect(await chat({ baseUrl: `${FOUNDRY}/anthropic/` }, 'my-claude', 'anthropic-messages')).toBe(
			`${FOUNDRY}/anthropic/v1/messages`,
		);
	});

	it('that cannot be is refused with the provider’s name', () => {
		expect(() => create({})).toThrow(/provider "mine": .*needs the option "resource"/);
		expect(() => create({ baseUrl: ROOT, options: { api: 'v2' } })).toThrow(/options\.api must be one of v1, classic/);
		expect(() => create({ baseUrl: ROOT, options: { deployments: ['a'] } })).toThrow(/options\.deployments must map deployments/);
	});
});

describe('a host', () => {
	it.each([
		[undefined, true],
		[ROOT, true],
		[FOUNDRY, true],
		['https://res.openai.azure.us', true],
		['https://vm.eastus.cloudapp.azure.com', false],
		['https://res.azure-api.net', false],
		['https://res.openai.azure.com.evil.example', false],
		['http://res.openai.azure.com', false],
	])('%s is the vendor’s own: %s', (root, own) => expect(isAzureHost(root)).toBe(own));
});

describe('a key', () => {
	const headers = async (settings: Partial<ProviderSettings>, model = 'dep', dialect = 'openai-chat') => {
		const { headers: pairs } = await wireOf(create({ baseUrl: FOUNDRY, ...settings }), model, dialect).call('chat', model, {});
		return pairs.join(' ');
	};

	it('goes into api-key, also for Claude', async () => {
		expect(await headers({})).toContain('api-key the-key');
		expect(await headers({ type: 'azure-ai-foundry' }, 'claude-opus-5', 'anthropic-messages')).toMatch(
			/anthropic-version 2023-06-01.*api-key the-key/,
		);
	});

	it('that is a token goes as a bearer', async () => {
		expect(await headers({ options: { auth: 'bearer' } })).toContain('authorization Bearer the-key');
	});
});

describe('the model behind a deployment', () => {
	const traits = (settings: Partial<ProviderSettings>, deployment: string) =>
		wireOf(create({ baseUrl: ROOT, ...settings }), deployment).traits(deployment);

	it.each<[string, Partial<ProviderSettings>, string]>([
		['is what the config says', { options: { deployments: { chat: 'gpt-5' } } }, 'chat'],
		['is what the deployment’s name says', {}, 'prod-gpt-5-mini-eu'],
		['is what a carelessly written name says', {}, 'My_GPT5'],
		['is what its name under models says', { models: [{ alias: 'o3', id: 'chat' }] }, 'chat'],
		[
			'is that of the one deployment of the address',
			{ baseUrl: `${ROOT}/openai/deployments/o4-mini?api-version=2025-01-01` },
			'any',
		],
	])('%s', (_, settings, deployment) => {
		expect(traits(settings, deployment)).toMatchObject({
			reasoning: 'effort',
			sampling: false,
			maxTokensField: 'max_completion_tokens',
		});
	});

	it('of another maker has rules of its own, and of an unknown one nothing is claimed', () => {
		expect(traits({}, 'gpt-4o-mini')).toMatchObject({ reasoning: 'none' });
		expect(traits({}, 'gpt-35-turbo-16k')).toMatchObject({ reasoning: 'none' });
		expect(traits({}, 'chat')).toEqual({});
		expect(traits({}, 'turbo3')).toEqual({});
		expect(traits({}, 'deepseek-r1-0528').reasoning).toBeUndefined();
		const claude = wireOf(
			create({ type: 'azure-ai-foundry', baseUrl: FOUNDRY, options: { deployments: { c: 'claude-opus-5' } } }),
			'c',
		);
		expect(claude.dialect.name).toBe('anthropic-messages');
		expect(claude.traits('c')).toMatchObject({ reasoning: 'adaptive', sampling: false });
	});

	it('tells what the deployment can do', () => {
		const provider = create({ baseUrl: ROOT, options: { deployments: { chat: 'gpt-4o' } } });
		expect(provider.capabilities('chat')).toMatchObject({ vision: true, tools: true });
	});

	it('of the catalog’s rows, also under the name of Copilot', () => {
		const provider = create({ type: 'microsoft-copilot', baseUrl: ROOT });
		expect(provider.capabilities('gpt-4o')).toEqual(create({ baseUrl: ROOT }).capabilities('gpt-4o'));
	});

	it.each([
		['azure-openai', 'dep', ['openai-chat', 'openai-responses', 'openai-chat']],
		['azure-openai', 'gpt-5-pro', ['openai-responses', 'openai-responses', 'openai-responses']],
		['azure-ai-foundry', 'dep', ['openai-chat', 'openai-chat', 'openai-chat']],
		['azure-ai-foundry', 'gpt-5', ['openai-chat', 'openai-responses', 'openai-chat']],
		['azure-ai-foundry', 'claude-opus-5', ['anthropic-messages', 'anthropic-messages', 'anthropic-messages']],
	])('decides on the dialect: %s, %s', (type, model, wanted) => {
		const provider = create({ type, baseUrl: FOUNDRY });
		const clients = ['openai-chat', 'openai-responses', 'anthropic-messages'];
		expect(clients.map((client) => wireOf(provider, model, client).dialect.name)).toEqual(wanted);
	});
});

describe('a body', () => {
	function changed(model: string, body: JsonObject, settings: Partial<ProviderSettings> = {}) {
		const paths: string[] = [];
		const wire = wireOf(create({ baseUrl: ROOT, ...settings }), model);
		return { changes: wire.bodyChanges(body, model, ({ path }) => paths.push(path)), paths };
	}

	it('holds what the model behind the deployment takes', () => {
		expect(changed('prod-gpt-5', { max_tokens: 9, temperature: 0.5, messages: [] })).toEqual({
			changes: { max_tokens: undefined, max_completion_tokens: 9, temperature: undefined },
			paths: ['max_tokens', 'temperature'],
		});
	});

	it('holds documented members only, and data sources', () => {
		const data_sources = [{ type: 'azure_search', parameters: { endpoint: 'e' } }];
		const messages = [{ role: 'assistant', content: 'a', reasoning_content: 'r' }];
		const { changes, paths } = changed('gpt-4o', { messages, data_sources, vendor: 1 });
		expect(changes).toEqual({ messages: [{ role: 'assistant', content: 'a' }] });
		expect(paths).toEqual(['messages[0].reasoning_content']);
	});

	it('of a stream asks for usage, save where that is refused', () => {
		const stream: JsonObject = { stream: true, messages: [] };
		expect(changed('gpt-4o', stream).changes).toEqual({ stream_options: { include_usage: true } });
		expect(changed('gpt-4o', { ...stream, data_sources: [{}] }).changes).toBeNull();
		expect(changed('gpt-4o', stream, { options: { api_version: '2024-06-01' } }).changes).toBeNull();
		const asked = { ...stream, stream_options: { include_usage: true }, data_sources: [{}] };
		expect(changed('gpt-4o', asked)).toEqual({ changes: { stream_options: undefined }, paths: ['stream_options'] });
	});

	it('for Mistral limits the answer in Mistral’s words', () => {
		const settings = { type: 'azure-ai-foundry', baseUrl: FOUNDRY };
		expect(changed('mistral-small-2503', { max_completion_tokens: 9, messages: [] }, settings).changes).toEqual({
			max_completion_tokens: undefined,
			max_tokens: 9,
		});
	});
});

describe('a check', () => {
	let upstream: Upstream | undefined;
	afterEach(() => upstream?.close());

	it('asks for the models and lists the deployments the config names', async () => {
		upstream = await startUpstream((_request, response) => response.end(JSON.stringify({ data: [{ id: 'gpt-4o-2024-11-20' }] })));
		const models = [{ alias: 'gpt-4o', id: 'prod' }];
		const provider = create({
			baseUrl: upstream.baseUrl.replace('/v1', ''),
			models,
			options: { deployments: { other: 'gpt-5' } },
		});
		expect(await provider.isHealthy(callContext())).toMatchObject({ healthy: true });
		const listed = await provider.listModels(callContext());
		expect(listed.map(({ id }) => id)).toEqual(['prod', 'other']);
		expect(listed[0]?.capabilities).toEqual(provider.capabilities('gpt-4o'));
		expect(upstream.requests[0]?.url).toBe('/openai/v1/models');
	});

	it('that is refused names the variable', async () => {
		const refusal = { error: { code: '401', message: 'Access denied due to invalid subscription key the-key' } };
		upstream = await startUpstream((_request, response) => response.writeHead(401).end(JSON.stringify(refusal)));
		const { healthy, detail } = await create({ baseUrl: upstream.baseUrl }).isHealthy(callContext());
		expect(healthy).toBe(false);
		expect(detail).toMatch(/^its key is missing or wrong; set AZURE_OPENAI_API_KEY or api_key of provider "mine" \(keys: https:/);
	});
});
