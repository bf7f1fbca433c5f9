import { afterEach, describe, expect, it } from 'vitest';
import { callContext, shipped } from '../../../test/support/providers.ts';
import { startUpstream, type Upstream } from '../../../test/support/upstream.ts';
import { dialectByName } from '../../dialects/index.ts';
import type { JsonObject, ProviderSettings, WireEndpoint } from '../../spec/index.ts';
import { createTestHost, testSettings } from '../../testing/index.ts';
import { placeOf } from './address.ts';

const host = createTestHost();
const KEY = 'ya29.token';

function wireOf(model: string, settings: Partial<ProviderSettings> = {}, dialect = 'gemini'): WireEndpoint {
	const provider = shipped({ type: 'vertex-ai', apiKey: KEY, options: { project: 'p' }, ...settings }, host);
	const wire = provider.wireFor?.(model, dialect);
	if (wire === undefined) throw new Error('no wire');
	return wire;
}

async function url(model: string, settings: Partial<ProviderSettings> = {}, stream = false): Promise<string> {
	const call = await wireOf(model, settings).call('chat', model, {}, stream);
	return call.origin + call.path;
}

const GEMINI = 'gemini-3.5-flash';
const PLACE = '/v1/projects/p/locations';

describe('an address', () => {
	it.each<[string, string, Partial<ProviderSettings>, string]>([
		['global', GEMINI, {}, `https://aiplatform.googleapis.com${PLACE}/global/publishers/google/models/${GEMINI}:generateContent`],
		[
			'of a region',
			GEMINI,
			{ options: { project: 'p', location: 'europe-west4' } },
			`https://europe-west4-aiplatform.googleapis.com${PLACE}/europe-west4/publishers/google/models/${GEMINI}:generateContent`,
		],
		[
			'of several regions',
			GEMINI,
			{ options: { project: 'p', location: 'eu', api_version: 'v1beta1' } },
			`https://aiplatform.eu.rep.googleapis.com/v1beta1/projects/p/locations/eu/publishers/google/models/${GEMINI}:generateContent`,
		],
		[
			'of Claude, version and all',
			'claude-sonnet-4-5@20250929',
			{},
			`https://aiplatform.googleapis.com${PLACE}/global/publishers/anthropic/models/claude-sonnet-4-5@20250929:rawPredict`,
		],
		[
			'of another maker',
			'meta/llama-3.3-70b-instruct-maas',
			{},
			`https://aiplatform.googleapis.com${PLACE}/global/endpoints/openapi/chat/completions`,
		],
		[
			'of express mode',
			GEMINI,
			{ apiKey: 'AQ.key', options: {} },
			`https://aiplatform.googleapis.com/v1/publishers/google/models/${GEMINI}:generateContent`,
		],
		[
			'of one’s own',
			GEMINI,
			{ baseUrl: 'https://proxy.example/vertex' },
			`https://proxy.example/vertex${PLACE}/global/publishers/google/models/${GEMINI}:generateContent`,
		],
		[
			'with its version',
			GEMINI,
			{ baseUrl: 'https://proxy.example/v1beta1/' },
			`https://proxy.example/v1beta1/projects/p/locations/global/publishers/google/models/${GEMINI}:generateContent`,
		],
		[
			'given whole',
			GEMINI,
			{ baseUrl: 'https://proxy.example/v1/projects/q/locations/us' },
			`https://proxy.example/v1/projects/q/locations/us/publishers/google/models/${GEMINI}:generateContent`,
		],
	])('%s', async (_, model, settings, wanted) => expect(await url(model, settings)).toBe(wanted));

	it('of streams is another', async () => {
		expect(await url(GEMINI, {}, true)).toMatch(/:streamGenerateContent\?alt=sse$/);
		expect(await url('claude-opus-5', {}, true)).toMatch(/models\/claude-opus-5:streamRawPredict$/);
		expect(await url('meta/llama-3.3-70b-instruct-maas', {}, true)).toMatch(/\/endpoints\/openapi\/chat\/completions$/);
	});

	it('cannot be made of what is no name', () => {
		for (const options of [{ project: 'p/../q' }, { project: 'p', location: 'evil.example/' }, { project: 1 }])
			expect(() => wireOf(GEMINI, { options })).toThrow(/provider "mine": options\.(project|location) must be a name/);
	});

	it.each([
		['https://aiplatform.googleapis.com', true],
		['https://europe-west4-aiplatform.googleapis.com/v1', true],
		['https://aiplatform.eu.rep.googleapis.com', true],
		['https://us-central1-aiplatform-team.p.googleapis.com', true],
		['http://aiplatform.googleapis.com', false],
		['https://aiplatform.googleapis.com.evil.example', false],
		['https://aiplatform.storage.googleapis.com', false],
		['https://proxy.example/aiplatform.googleapis.com', false],
	])('%s is the vendor’s own: %s', (baseUrl, own) => {
		expect(placeOf(testSettings({ type: 'vertex-ai', baseUrl }), false).ownHost).toBe(own);
	});

	it('shows tokens as a bearer, keys of express mode as they are', async () => {
		const headers = async (apiKey: string) => (await wireOf(GEMINI, { apiKey }).call('chat', GEMINI, {})).headers.join(' ');
		expect(await headers(KEY)).toContain(`authorization Bearer ${KEY}`);
		expect(await headers('AQ.key')).toContain('x-goog-api-key AQ.key');
	});
});

describe('models', () => {
	it('with a version are what the catalog has without one', () => {
		const provider = shipped({ type: 'vertex-ai', apiKey: KEY, options: { project: 'p' } }, host);
		expect(provider.capabilities('claude-sonnet-4-5@20250929')).toEqual(provider.capabilities('claude-sonnet-4-5'));
		expect(wireOf('claude-sonnet-4-5@20250929').traits('claude-sonnet-4-5@20250929')).toMatchObject({ reasoning: 'budget' });
		expect(wireOf('claude-opus-5').traits('claude-opus-5')).toMatchObject({ reasoning: 'adaptive', sampling: false });
		expect(wireOf(GEMINI).traits(GEMINI)).toMatchObject({ reasoning: 'effort' });
	});

	it.each([
		[GEMINI, 'gemini'],
		['claude-opus-5', 'anthropic-messages'],
		['openai/gpt-oss-120b-maas', 'openai-chat'],
		['google/gemini-3.5-flash', 'openai-chat'],
	])('%s speaks %s, whatever the client', (model, dialect) => {
		for (const client of ['gemini', 'anthropic-messages', 'openai-chat', 'ollama'])
			expect(wireOf(model, {}, client).dialect.name).toBe(dialect);
	});
});

describe('a body', () => {
	function changed(model: string, body: JsonObject) {
		const paths: string[] = [];
		const changes = wireOf(model).bodyChanges(body, model, ({ path }) => paths.push(path));
		return { changes, paths };
	}
	const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];

	it('of Claude has its version, and its model in the path', () => {
		const { changes, paths } = changed('claude-opus-4-5', { model: 'x', max_tokens: 9, messages: [] });
		expect(changes).toEqual({ model: undefined, anthropic_version: 'vertex-2023-10-16' });
		expect(Object.keys(changes ?? {})).toContain('model');
		expect(paths).toEqual([]);
	});

	it('of Claude whose tokens are counted keeps its model', async () => {
		expect(changed('claude-opus-4-5', { model: 'x', messages: [] }).changes).toEqual({ anthropic_version: 'vertex-2023-10-16' });
		const call = await wireOf('claude-opus-5').call('count_tokens', 'claude-opus-5', {
			'anthropic-beta': 'b',
			'anthropic-version': 'v',
		});
		expect(call.path).toMatch(/\/publishers\/anthropic\/models\/count-tokens:rawPredict$/);
		expect(call.headers.join(' ')).toContain('anthropic-beta b');
		expect(call.headers).not.toContain('anthropic-version');
	});

	it('of a count of Gemini’s tokens has its members beside one another', () => {
		const { counting } = dialectByName('gemini');
		const request = dialectByName('openai-chat').decodeRequest({
			model: GEMINI,
			messages: [
				{ role: 'system', content: 'Be brief.' },
				{ role: 'user', content: 'hi' },
			],
		}).value;
		const body = counting?.encodeRequest(request, { model: GEMINI, traits: {} }).value ?? {};
		expect(Object.keys(body)).toEqual(['generateContentRequest']);
		expect(changed(GEMINI, body).changes).toMatchObject({
			generateContentRequest: undefined,
			systemInstruction: { parts: [{ text: 'Be brief.' }] },
			contents: [{ role: 'user' }],
		});
	});

	it('of Gemini says whose turn it is, and leaves out what only the other API has', () => {
		const given = {
			contents: [{ parts: [{ text: 'hi' }] }, ...contents],
			store: true,
			toolConfig: { includeServerSideToolInvocations: true, functionCallingConfig: { mode: 'ANY' } },
			tools: [{ fileSearch: {} }, { googleSearch: {} }],
		};
		const { changes, paths } = changed(GEMINI, given);
		expect(changes).toEqual({
			contents: [{ role: 'user', parts: [{ text: 'hi' }] }, ...contents],
			store: undefined,
			toolConfig: { functionCallingConfig: { mode: 'ANY' } },
			tools: [{ googleSearch: {} }],
		});
		expect(paths).toEqual(['toolConfig.includeServerSideToolInvocations', 'tools', 'store']);
	});

	it('that is right goes out as it is', () => {
		expect(changed(GEMINI, { contents, tools: [{ googleSearch: {} }], generationConfig: { temperature: 1 } }).changes).toBeNull();
	});
});

describe('a check', () => {
	let upstream: Upstream | undefined;
	afterEach(() => upstream?.close());

	it.each([
		[200, { totalTokens: 1 }, { healthy: true }],
		[
			404,
			{ error: { code: 404, message: 'no such model', status: 'NOT_FOUND' } },
			{ healthy: true, detail: expect.stringContaining('not offered there') },
		],
		[
			401,
			{ error: { code: 401, message: 'ya29.secret is wrong', status: 'UNAUTHENTICATED' } },
			{ healthy: false, detail: expect.stringMatching(/^its key is missing or wrong; set GOOGLE_APPLICATION_CREDENTIALS/) },
		],
		[
			403,
			{ error: { code: 403, message: 'API not enabled', status: 'PERMISSION_DENIED' } },
			{ healthy: false, detail: expect.stringContaining('API not enabled') },
		],
	])('counts tokens, which is free: %i', async (status, body, wanted) => {
		upstream = await startUpstream((_request, response) => response.writeHead(status).end(JSON.stringify(body)));
		const provider = shipped({ type: 'vertex-ai', apiKey: KEY, baseUrl: upstream.baseUrl, options: { project: 'p' } }, host);
		const report = await provider.isHealthy(callContext());
		expect(report).toMatchObject(wanted);
		expect(upstream.requests[0]?.url).toMatch(/\/publishers\/google\/models\/gemini-[^/]+:countTokens$/);
		expect(JSON.stringify(report.detail ?? '')).not.toContain('secret');
	});

	it('without credentials says whose are missing, and what to do', async () => {
		const missing = { type: 'vertex-ai', name: 'my-vertex', apiKey: '/nowhere/key.json' };
		const { healthy, detail } = await shipped(missing, host).isHealthy(callContext());
		expect(healthy).toBe(false);
		expect(detail).toMatch(
			/^provider "my-vertex" has no credentials: .*\/nowhere\/key\.json cannot be read.*set GOOGLE_APPLICATION_CREDENTIALS/,
		);
	});
});
