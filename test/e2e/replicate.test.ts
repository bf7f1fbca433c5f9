import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { checkProvider, createTestHost } from '../../src/testing/index.ts';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { callContext, shipped } from '../support/providers.ts';
import { LLAMA, REPLICATE_KEY, type ReplicateVendor, startReplicate, type VendorOptions } from '../support/replicate/vendor.ts';

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'Count to three.' }];
const MODEL = 'meta/llama';

let gateway: Gateway | undefined;
let vendor: ReplicateVendor | undefined;

afterEach(async () => {
	await gateway?.close();
	await vendor?.close();
	gateway = vendor = undefined;
});

async function start(options: VendorOptions = {}, entry: object = {}): Promise<{ gateway: Gateway; vendor: ReplicateVendor }> {
	vendor = await startReplicate(options);
	const provider = {
		name: 'rep',
		type: 'replicate',
		base_url: vendor.api,
		api_key: REPLICATE_KEY,
		models: [MODEL, 'slow/llama', 'no/body'],
	};
	gateway = await startGateway({ config: { providers: [{ ...provider, ...entry }], routing: { retries: 0 } } });
	return { gateway, vendor };
}

describe('a chat that Replicate answers', () => {
	it('is one prediction, waited for in the call that makes it', async () => {
		const given = await start();
		const answer = await post(given.gateway, CHAT, { model: MODEL, messages, max_tokens: 50 });
		expect(await answer.json()).toMatchObject({
			choices: [{ message: { content: 'One, two, three.' }, finish_reason: 'stop' }],
			usage: { prompt_tokens: 7, completion_tokens: 5 },
		});
		expect(given.vendor.calls).toEqual(['GET /v1/models/meta/llama', 'POST /v1/models/meta/llama/predictions']);
		expect(given.vendor.inputs).toEqual([{ prompt: 'Count to three.', max_tokens: 50 }]);
		expect(given.vendor.requests[1]?.headers.prefer).toMatch(/^wait=\d+$/);
		await post(given.gateway, CHAT, { model: MODEL, messages });
		// What the model takes is asked once.
		expect(given.vendor.calls.filter((call) => call.startsWith('GET')).length).toBe(1);
	});

	it.each(['meta/..', '../llama', './.', 'deployments/../x'])(
		'is asked of no model by the name of %s, which would be a way through the API',
		async (model) => {
			const given = await start();
			const answer = await post(given.gateway, CHAT, { model: `rep/${model}`, messages });
			expect([answer.status, await answer.text()]).toMatchObject([404, expect.stringContaining('is no model here')]);
			expect(given.vendor.calls).toEqual([]);
		},
	);

	it('does not fail with a client that leaves while the model is looked up for both', async () => {
		const given = await start({ describesAfterMs: 150 });
		const leaving = new AbortController();
		const body = JSON.stringify({ model: MODEL, messages });
		const headers = { 'content-type': 'application/json', authorization: `Bearer ${TEST_KEY}` };
		const first = fetch(`${given.gateway.url}${CHAT}`, { method: 'POST', headers, body, signal: leaving.signal }).catch(
			() => 'gone',
		);
		await expect.poll(() => given.vendor.calls.length).toBe(1);
		const second = post(given.gateway, CHAT, { model: MODEL, messages });
		await sleep(50);
		leaving.abort();
		expect(await first).toBe('gone');
		expect((await second).status).toBe(200);
	});

	it('is looked after until it is done where the call does not hold as long', async () => {
		const given = await start({ looks: 2 });
		expect((await post(given.gateway, CHAT, { model: MODEL, messages })).status).toBe(200);
		expect(given.vendor.calls.filter((call) => call === 'GET /v1/predictions/p1').length).toBe(2);
	});

	it('streams from the stream’s own address, with counts at its end', async () => {
		const given = await start();
		const answer = await post(given.gateway, '/v1/messages', { model: MODEL, messages, max_tokens: 50, stream: true });
		const text = await answer.text();
		for (const piece of ['One, ', 'two, ', 'three.']) expect(text).toContain(`"text":"${piece}"`);
		expect(text).toContain('"output_tokens":5');
		expect(text).toContain('{"type":"message_stop"}');
		const record = await given.gateway.record(answer.headers.get('x-relais-request-id') ?? '');
		expect(record).toMatchObject({ usage: { inputTokens: 7, outputTokens: 5 }, attempts: [{ lane: 'module' }] });
	});

	it.each<[string, VendorOptions]>([
		['has no stream', { streamless: true }],
		['cuts its stream', { cutStream: true }],
	])('comes whole from a model that %s', async (_, options) => {
		const given = await start(options);
		const text = await (
			await post(given.gateway, '/v1/messages', { model: MODEL, messages, max_tokens: 50, stream: true })
		).text();
		const said = [...text.matchAll(/"text_delta","text":"([^"]*)"/g)].map(([, piece]) => piece).join('');
		expect(said).toBe('One, two, three.');
		expect(text).toContain('{"type":"message_stop"}');
	});

	it('is told with estimated counts where the model tells none', async () => {
		const given = await start({ silent: true });
		const answer = await post(given.gateway, CHAT, { model: MODEL, messages });
		const record = await given.gateway.record(answer.headers.get('x-relais-request-id') ?? '');
		expect(record.usage).toMatchObject({ estimated: true });
	});

	it.each([false, true])('that fails is an error in the vendor’s words (stream: %s)', async (stream) => {
		const given = await start({ fails: 'The input was flagged as sensitive. (E005)' });
		const answer = await post(given.gateway, CHAT, { model: MODEL, messages, stream });
		const text = await answer.text();
		expect(text).toContain('flagged as sensitive');
		if (!stream) expect(answer.status).toBe(400);
		expect(text).not.toContain('[DONE]');
	});

	it.each([false, true])('is given up when the client leaves (stream: %s)', async (stream) => {
		const given = await start();
		const leaving = fetch(`${given.gateway.url}${CHAT}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${TEST_KEY}` },
			body: JSON.stringify({ model: 'slow/llama', messages, stream }),
			signal: AbortSignal.timeout(300),
		});
		await leaving.then((answer) => answer.text()).catch(() => undefined);
		for (const end = performance.now() + 3000; given.vendor.cancelled.length === 0 && performance.now() < end; ) await sleep(10);
		expect(given.vendor.cancelled).toEqual(['slow1']);
	});

	it('with tools goes to nobody here, and says why', async () => {
		const given = await start();
		const tools = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
		const answer = await post(given.gateway, CHAT, { model: MODEL, messages, tools });
		expect(answer.status).toBe(400);
		expect(await answer.text()).toContain('no tools');
		expect(given.vendor.inputs).toEqual([]);
	});

	it('with what the model has no input for warns of it', async () => {
		const given = await start();
		const answer = await post(given.gateway, CHAT, { model: MODEL, messages, seed: 1 });
		expect(answer.headers.get('x-relais-warnings')).toContain('"path":"seed"');
	});

	it('for a model that is not there says how models are named', async () => {
		const given = await start();
		const answer = await post(given.gateway, CHAT, { model: 'no/body', messages });
		expect(answer.status).toBe(404);
		expect(await answer.text()).toContain('owner/name');
	});

	it('of a version or a deployment is made where those are', async () => {
		const given = await start(
			{ models: { 'own/model': LLAMA, 'team/live': LLAMA } },
			{ models: ['own/model:abc123', 'deployments/team/live'] },
		);
		await post(given.gateway, CHAT, { model: 'own/model:abc123', messages });
		expect(given.vendor.calls).toEqual(['GET /v1/models/own/model/versions/abc123', 'POST /v1/predictions']);
		expect(JSON.parse(given.vendor.bodies[1] ?? '')).toMatchObject({ version: 'abc123' });
	});

	it('is found from the environment alone', async () => {
		vendor = await startReplicate();
		gateway = await startGateway({ config: {}, env: { REPLICATE_API_TOKEN: REPLICATE_KEY, REPLICATE_BASE_URL: vendor.api } });
		expect((await post(gateway, CHAT, { model: `replicate/${MODEL}`, messages })).status).toBe(200);
	});

	it('with a wrong key says which variable to set', async () => {
		const given = await start({}, { api_key: 'r8_wrong' });
		const answer = await post(given.gateway, CHAT, { model: MODEL, messages });
		const text = await answer.text();
		expect(answer.status).toBe(401);
		expect(text).toContain('REPLICATE_API_TOKEN');
		expect(text).not.toContain('r8_wrong');
	});
});

describe('Replicate as a provider', () => {
	it('lists the vendor’s language models with what the catalog knows', async () => {
		const given = await start();
		const [provider] = given.gateway.relais.state.providers;
		const listed = await provider?.listModels(callContext());
		expect(listed?.find(({ id }) => id === 'openai/gpt-5')).toMatchObject({
			price: { input: 1.25 },
			capabilities: { tools: false, vision: true },
		});
		expect(listed?.some(({ id }) => id === MODEL)).toBe(true);
		expect(await provider?.isHealthy(callContext())).toMatchObject({ healthy: true });
	});

	it('holds to what every provider must', async () => {
		vendor = await startReplicate();
		const host = createTestHost();
		const settings = { type: 'replicate', baseUrl: vendor.api, apiKey: REPLICATE_KEY };
		const results = await checkProvider(shipped(settings, host), {
			model: MODEL,
			slowModel: 'slow/llama',
			unknownModel: 'no/body',
			tools: false,
			deterministic: true,
			secrets: [REPLICATE_KEY, 'r8_wrong'],
			broken: () => shipped({ ...settings, apiKey: 'r8_wrong' }, host),
		});
		await host.close();
		expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
		expect(results.length).toBeGreaterThan(15);
	}, 30_000);
});
