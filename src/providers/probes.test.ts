import { afterAll, expect, it } from 'vitest';
import { callContext, shipped } from '../../test/support/providers.ts';
import type { ProviderHost, WireCall } from '../spec/index.ts';
import { createTestHost } from '../testing/index.ts';

const base = createTestHost();
afterAll(() => base.close());

/** A host whose vendor answers everything with this body. */
function answering(body: unknown): { host: ProviderHost; calls: WireCall[] } {
	const calls: WireCall[] = [];
	const request: ProviderHost['request'] = async (call) => {
		calls.push(call);
		return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(body)) };
	};
	return { host: { ...base, request }, calls };
}

const options = { account_id: 'acc', host: 'adb.example' };

it.each([
	[
		'cloudflare-workers-ai',
		{ result: [{ name: '@cf/a/b' }, { name: '@cf/a/b' }] },
		'https://api.cloudflare.com/client/v4/accounts/acc/ai/models/search',
		'@cf/a/b',
	],
	[
		'databricks',
		{ endpoints: [{ name: 'my-endpoint' }, { other: 1 }] },
		'https://adb.example/api/2.0/serving-endpoints',
		'my-endpoint',
	],
])('%s lists its models at an address beside its API', async (type, body, address, id) => {
	const { host, calls } = answering(body);
	const provider = shipped({ type, apiKey: 'k', options }, host);
	expect(provider.hasList).toBe(true);
	expect((await provider.listModels(callContext())).map((model) => model.id)).toEqual([id]);
	expect(calls.map(({ method, origin, path }) => [method, origin + path])).toEqual([['GET', address]]);
	expect(await provider.isHealthy(callContext())).toMatchObject({ healthy: true });
});

it('what is no list is an error that names the provider', async () => {
	const { host } = answering({ hello: 1 });
	await expect(shipped({ type: 'databricks', options }, host).listModels(callContext())).rejects.toMatchObject({
		code: 'provider_protocol',
		message: expect.stringContaining('mine'),
	});
});

it('keys go to no other host where the address is the user’s own: the catalog’s rows serve', async () => {
	const { host, calls } = answering({});
	const provider = shipped({ type: 'databricks', baseUrl: 'http://127.0.0.1:9/serving-endpoints', options }, host);
	expect(provider.hasList).toBe(false);
	expect((await provider.listModels(callContext())).length).toBeGreaterThan(5);
	expect(calls).toEqual([]);
});
