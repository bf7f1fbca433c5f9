import { afterEach, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { checkProvider, createTestHost } from '../../src/testing/index.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { callContext, shipped } from '../support/providers.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const messages = [{ role: 'user', content: 'hi' }];
const CHAT = '/v1/chat/completions';
const MESSAGES = '/v1/messages';

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;
let simulators: Simulators | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
	await simulators?.close();
	gateway = upstream = simulators = undefined;
});

const ANSWER = {
	model: 'llama3.2',
	created_at: '2026-01-02T03:04:05Z',
	message: { role: 'assistant', content: 'Hello' },
	done: true,
	done_reason: 'stop',
	prompt_eval_count: 3,
	eval_count: 2,
};
const COMPLETION = {
	id: 'c',
	object: 'chat.completion',
	created: 1,
	model: 'llama3.2',
	choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
	usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
};

/** A server that says what both its APIs say; with `reply` it says that instead. */
async function server(reply?: [status: number, body: object]): Promise<string> {
	upstream = await startUpstream((request, response) => {
		const [status, body] = reply ?? [200, request.url === '/api/chat' ? ANSWER : COMPLETION];
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	});
	return new URL(upstream.baseUrl).origin;
}

async function start(origin: string, options: object = {}, entry: object = {}): Promise<Gateway> {
	const provider = { name: 'local', type: 'ollama', base_url: origin, models: ['llama3.2', 'nope', 'qwen3'], options, ...entry };
	gateway = await startGateway({ config: { providers: [provider], routing: { retries: 0 } } });
	return gateway;
}

const sent = (): unknown => JSON.parse(upstream?.bodies[0] ?? 'null');
const asked = (): string | undefined => upstream?.requests[0]?.url;

describe('a chat that Ollama answers', () => {
	it('goes through its own API, with what only that can say', async () => {
		const given = await start(await server());
		const answer = await post(given, MESSAGES, {
			model: 'qwen3',
			messages,
			max_tokens: 2000,
			thinking: { type: 'enabled', budget_tokens: 1024 },
		});
		expect(await answer.json()).toMatchObject({
			content: [{ type: 'text', text: 'Hello' }],
			usage: { input_tokens: 3, output_tokens: 2 },
		});
		expect(asked()).toBe('/api/chat');
		expect(sent()).toMatchObject({ model: 'qwen3', stream: false, think: true, options: { num_predict: 2000 } });
	});

	it('of OpenAI’s clients bears the reasoning of other vendors as text, without its proofs', async () => {
		const given = await start(await server());
		const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };
		const earlier = {
			role: 'assistant',
			content: null,
			reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: 'c2lnbmVk' }],
			tool_calls: [{ ...call, extra_content: { google: { thought_signature: 'c2lnbmVk' } } }],
		};
		const turns = [...messages, earlier, { role: 'tool', tool_call_id: 'c', content: 'done' }];
		await post(given, CHAT, { model: 'llama3.2', messages: turns });
		expect(sent()).toMatchObject({ messages: [{}, { reasoning: 'Hm.', tool_calls: [call] }, {}] });
		expect(JSON.stringify(sent())).not.toContain('c2lnbmVk');
	});

	it('of OpenAI’s clients goes through its OpenAI-compatible API, byte by byte', async () => {
		const given = await start(await server());
		const answer = await post(given, CHAT, { model: 'llama3.2', messages, unknown_field: 1.0 });
		expect(await answer.json()).toEqual(COMPLETION);
		expect(asked()).toBe('/v1/chat/completions');
		expect(upstream?.bodies[0]).toContain('"unknown_field":1');
	});

	it('goes through its own API whoever asks where the config says what only that can', async () => {
		const given = await start(await server(), { num_ctx: 16_384, keep_alive: '10m', options: { min_p: 0.1, temperature: 0 } });
		const answer = await post(given, CHAT, { model: 'llama3.2', messages, temperature: 0.5, max_tokens: 9 });
		expect(await answer.json()).toMatchObject({ choices: [{ message: { content: 'Hello' } }] });
		expect(asked()).toBe('/api/chat');
		expect(sent()).toMatchObject({
			keep_alive: '10m',
			options: { num_ctx: 16_384, min_p: 0.1, temperature: 0.5, num_predict: 9 },
		});
	});

	it('does not ask a model to reason that cannot', async () => {
		const given = await start(await server());
		const answer = await post(given, MESSAGES, {
			model: 'llama3.2',
			messages,
			max_tokens: 2000,
			thinking: { type: 'enabled', budget_tokens: 1024 },
		});
		expect(sent()).not.toHaveProperty('think');
		expect(answer.headers.get('x-relais-warnings')).toContain('reason');
	});

	it.each([
		[MESSAGES, { error: 'model "nope" not found, try pulling it first' }],
		[CHAT, { error: { message: "model 'nope' not found", type: 'not_found_error', param: null, code: null } }],
	])('of a model that is not there is told what to fetch (%s)', async (path, body) => {
		const given = await start(await server([404, body]));
		const answer = await post(given, path, { model: 'nope', messages, max_tokens: 9 });
		expect(answer.status).toBe(404);
		expect(await answer.text()).toMatch(/(found|first)\. Fetch it first: ollama pull nope\./);
	});

	it.each<[object, RegExp]>([
		[{ num_ctx: 'many' }, /options\.num_ctx must be a whole number above 0/],
		[{ keep_alive: 'long' }, /options\.keep_alive must be a time/],
		[{ options: 3 }, /options\.options must hold settings/],
	])('does not start with %j', async (options, message) => {
		await expect(start('http://127.0.0.1:9', options)).rejects.toThrow(message);
	});
});

describe('an Ollama server', () => {
	async function simulated(): Promise<string> {
		simulators = await startSimulators({ vendors: [{ name: 'sim-ollama', kind: 'ollama' }] });
		return simulators.vendors[0]?.baseUrl ?? '';
	}

	it('lists its models under its own names, each with what it can do', async () => {
		const host = createTestHost();
		const provider = shipped({ type: 'ollama', baseUrl: await simulated() }, host);
		expect(provider.capabilities('gemma3:latest').vision).toBe(true);
		const listed = new Map((await provider.listModels(callContext())).map((model) => [model.id, model]));
		expect([...listed.keys()]).toContain('llama3.2:latest');
		expect(listed.get('qwen3:latest')).toMatchObject({
			contextWindow: 40_960,
			capabilities: { tools: true, reasoning: true, vision: false },
		});
		expect(listed.get('nomic-embed-text:latest')).toMatchObject({
			mode: 'embedding',
			capabilities: { chat: false, embeddings: true },
		});
		// Of a model the catalog does not know, the server's word is all there is.
		expect(listed.get('sim-small:latest')).toMatchObject({ provider: 'mine', capabilities: { tools: true, reasoning: false } });
		expect(provider.wire?.traits('sim-small:latest')).toEqual({ reasoning: 'none' });
		expect(await provider.isHealthy(callContext())).toMatchObject({ healthy: true });
		await host.close();
	});

	it('whose models cannot be looked into is listed all the same', async () => {
		upstream = await startUpstream((request, response) => {
			response.writeHead(request.url === '/api/tags' ? 200 : 500, { 'content-type': 'application/json' });
			response.end(
				request.url === '/api/tags' ? '{"models":[{"name":"a:1"},{"model":"b:1"},{"x":1},{"name":"a:1"}]}' : '{"error":"no"}',
			);
		});
		const host = createTestHost();
		const provider = shipped({ type: 'ollama', baseUrl: new URL(upstream.baseUrl).origin }, host);
		expect((await provider.listModels(callContext())).map(({ id }) => id)).toEqual(['a:1', 'b:1']);
		await host.close();
	});

	it('holds to what every provider must', async () => {
		const host = createTestHost();
		const results = await checkProvider(shipped({ type: 'ollama', baseUrl: await simulated() }, host), {
			model: 'llama3.2',
			deterministic: true,
			broken: () => shipped({ type: 'ollama', baseUrl: 'http://127.0.0.1:9' }, host),
		});
		await host.close();
		expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
	}, 30_000);

	it('found by its variable answers clients of any API', async () => {
		const origin = await simulated();
		gateway = await startGateway({ config: {}, env: { OLLAMA_HOST: origin } });
		for (const path of [CHAT, MESSAGES])
			for (const stream of [false, true]) {
				const answer = await post(gateway, path, { model: 'ollama/llama3.2', messages, max_tokens: 50, stream });
				expect([path, stream, answer.status]).toEqual([path, stream, 200]);
				expect(await answer.text()).toContain(' said');
			}
	});
});

describe('the cloud of Ollama', () => {
	it('is found by its key and sent it', async () => {
		gateway = await startGateway({ config: {}, env: { OLLAMA_API_KEY: 'the-key' } });
		const provider = gateway.relais.state.providers.find(({ name }) => name === 'ollama-cloud');
		const call = await provider?.wire?.call('chat', 'gpt-oss:120b', {});
		expect(call).toMatchObject({ origin: 'https://ollama.com', path: '/api/chat' });
		expect(call?.headers.join(' ')).toContain('authorization Bearer the-key');
	});
});
