import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { checkProvider, createTestHost } from '../../src/testing/index.ts';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { callContext, shipped } from '../support/providers.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const CHAT = '/v1/chat/completions';
const MODEL = 'command-a-03-2025';
const messages = [{ role: 'user', content: 'hi' }];
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ type: 'function', function: { name: 'weather', description: 'Weather', strict: true, parameters: schema } }];

let simulators: Simulators;
let base = '';
let key = '';
let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

beforeAll(async () => {
	simulators = await startSimulators({ vendors: [{ name: 'sim-cohere', kind: 'cohere' }] });
	base = simulators.vendors[0]?.baseUrl ?? '';
	key = simulators.vendors[0]?.apiKey ?? '';
});
afterAll(() => simulators.close());
afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
	gateway = upstream = undefined;
});

async function start(options: object = {}, entry: object = {}): Promise<Gateway> {
	const provider = { name: 'co', type: 'cohere', base_url: base, api_key: key, options, ...entry };
	gateway = await startGateway({ config: { providers: [provider], routing: { retries: 0 } } });
	return gateway;
}

describe('a chat that Cohere answers', () => {
	it.each([false, true])('is taken by the strict vendor with tools, a schema and settings (stream: %s)', async (stream) => {
		const given = await start();
		for (const more of [
			{ tools, tool_choice: 'required', temperature: 0.5, seed: 1, stop: ['x'] },
			{ response_format: { type: 'json_schema', json_schema: { name: 'city', schema } } },
			{ tools, response_format: { type: 'json_object' } },
			{ reasoning_effort: 'high' },
			{ model: 'command-a-reasoning-08-2025', reasoning_effort: 'high' },
		]) {
			const answer = await post(given, CHAT, { model: MODEL, messages, stream, max_tokens: 100, ...more });
			const text = await answer.text();
			expect({ more, status: answer.status, text: answer.status === 200 ? '' : text }).toEqual({ more, status: 200, text: '' });
		}
	});

	it('tells what it could not take: a form beside tools, reasoning of a model that does not', async () => {
		const given = await start();
		const form = await post(given, CHAT, { model: MODEL, messages, tools, response_format: { type: 'json_object' } });
		expect(form.headers.get('x-relais-warnings')).toContain('response_format');
		const thought = await post(given, CHAT, { model: MODEL, messages, reasoning_effort: 'high' });
		expect(thought.headers.get('x-relais-warnings')).toContain('reason');
	});

	it.each([
		[{}, undefined],
		[{ tools }, undefined],
		[{}, 'STRICT'],
	])('has the config’s safety mode where the API takes one (%j, own: %s)', async (more, own) => {
		upstream = await startUpstream((_request, response) =>
			response.setHeader('content-type', 'application/json').end(
				JSON.stringify({
					id: 'x',
					finish_reason: 'COMPLETE',
					message: { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] },
					usage: { tokens: { input_tokens: 1, output_tokens: 1 } },
				}),
			),
		);
		const given = await start({ safety_mode: 'off' }, { base_url: upstream.baseUrl, models: [MODEL] });
		await post(given, CHAT, { model: MODEL, messages, ...more, ...(own === undefined ? {} : { safety_mode: own }) });
		const body = JSON.parse(upstream.bodies[0] ?? '') as { safety_mode?: string };
		expect(upstream.requests[0]?.url).toBe('/v2/chat');
		expect(body.safety_mode).toBe('tools' in more ? undefined : 'OFF');
	});

	it('does not start with a safety mode there is not', async () => {
		await expect(start({ safety_mode: 'wild' })).rejects.toThrow(/safety_mode must be one of CONTEXTUAL, STRICT, OFF/);
	});

	it.each([
		['command', 404, 'removed'],
		['no-such-model', 404, 'no-such-model'],
	])('of the model %s says why it is not there', async (model, status, word) => {
		const given = await start();
		const answer = await post(given, CHAT, { model: `co/${model}`, messages });
		expect(answer.status).toBe(status);
		expect(await answer.text()).toContain(word);
	});

	it('with a wrong key names the variable to set', async () => {
		const given = await start({}, { api_key: 'wrong-key-of-cohere' });
		const answer = await post(given, CHAT, { model: MODEL, messages });
		const text = await answer.text();
		expect(answer.status).toBe(401);
		expect(text).toContain('COHERE_API_KEY');
		expect(text).not.toContain('wrong-key-of-cohere');
	});

	it('is found from the environment alone', async () => {
		gateway = await startGateway({ config: {}, env: { CO_API_KEY: key, CO_API_URL: base } });
		expect((await post(gateway, CHAT, { model: `cohere/${MODEL}`, messages })).status).toBe(200);
	});
});

describe('Cohere as a provider', () => {
	it('lists models of every kind with what they can do', async () => {
		const host = createTestHost();
		const provider = shipped({ type: 'cohere', baseUrl: base, apiKey: key }, host);
		const listed = new Map((await provider.listModels(callContext())).map((model) => [model.id, model]));
		expect(listed.get(MODEL)).toMatchObject({ mode: 'chat', price: { input: 2.5 }, capabilities: { tools: true } });
		expect(listed.get('embed-v4.0')?.mode).toBe('embedding');
		expect(listed.get('rerank-v3.5')?.mode).toBe('rerank');
		expect(await provider.isHealthy(callContext())).toMatchObject({ healthy: true });
		await host.close();
	});

	it('holds to what every provider must', async () => {
		const host = createTestHost();
		const settings = { type: 'cohere', baseUrl: base, apiKey: key };
		const results = await checkProvider(shipped(settings, host), {
			model: MODEL,
			deterministic: true,
			secrets: [key],
			broken: () => shipped({ ...settings, apiKey: 'wrong' }, host),
		});
		await host.close();
		expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
	}, 30_000);
});

interface Recording {
	id: string;
	api: string;
	request: { path: string; body: { messages?: unknown; stream?: boolean; model: string } } | null;
	response: { status: number; headers: { [name: string]: string }; body?: unknown; body_text?: string; framing?: string };
}
/** Recordings are found beside the repository. */
const WIRE = join(import.meta.dirname, '../../../shared/wire/cohere');
const recorded = (existsSync(WIRE) ? readdirSync(WIRE) : [])
	.map((file) => JSON.parse(readFileSync(join(WIRE, file), 'utf8')) as Recording)
	.filter(
		({ api, request, response }) => api === 'cohere-chat' && request?.path === '/v2/chat' && response.framing === undefined,
	);

describe.skipIf(recorded.length === 0)('recorded answers (skipped where ../shared/wire is absent)', () => {
	it.each(recorded.map((recording) => [recording.id, recording] as const))(
		'%s reaches a client of OpenAI',
		async (_, { request, response }) => {
			const { body, body_text: text, status, headers } = response;
			upstream = await startUpstream((_request, reply) => {
				reply.writeHead(status, { 'content-type': headers['content-type'] ?? 'application/json' });
				reply.end(text ?? JSON.stringify(body));
			});
			const given = await start({}, { base_url: upstream.baseUrl, models: ['m'] });
			const stream = request?.body.stream === true;
			const answer = await post(given, CHAT, { model: 'm', messages, stream });
			const got = await answer.text();
			if (status !== 200) expect([answer.status, got]).toEqual([status, expect.stringContaining('"error"')]);
			else expect(got).toMatch(stream ? /\[DONE\]/ : /"finish_reason":"(stop|tool_calls|length)"/);
		},
	);
});
