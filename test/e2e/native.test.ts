import { get } from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Simulators, startSimulators } from '../../src/simulators/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const NARROW = 'rk-narrow-0123456789';
const VENDOR_KEY = 'sk-vendor-secret-0123456789';

let simulators: Simulators;
let upstream: Upstream;
let gateway: Gateway;
let answer: Parameters<typeof startUpstream>[0];

beforeAll(async () => {
	simulators = await startSimulators({
		seed: 'native',
		vendors: [
			{ name: 'sim-openai', kind: 'openai' },
			{ name: 'sim-anthropic', kind: 'anthropic' },
			{ name: 'sim-gemini', kind: 'gemini' },
		],
	});
	upstream = await startUpstream((...call) => answer(...call));
	const providers = [
		{ name: 'openai', type: 'openai', base_url: `${simulators.url}/sim-openai/v1`, api_key: 'sk-sim-openai' },
		{ name: 'anthropic', type: 'anthropic', base_url: `${simulators.url}/sim-anthropic`, api_key: 'sk-sim-anthropic' },
		{ name: 'gemini', type: 'gemini', base_url: `${simulators.url}/sim-gemini/v1beta`, api_key: 'sk-sim-gemini' },
		{ name: 'locked', type: 'openai', base_url: `${simulators.url}/sim-openai/v1`, api_key: 'sk-wrong-0123456789' },
		{ name: 'raw', type: 'openai-compatible', base_url: `${upstream.baseUrl}`, api_key: VENDOR_KEY, models: ['m'] },
		{ name: 'dead', type: 'openai-compatible', base_url: 'http://127.0.0.1:9/v1', models: ['m'] },
	];
	const keys = [
		{ name: 'test', key: TEST_KEY },
		{ name: 'narrow', key: NARROW, models: ['openai/gpt-4o'] },
	];
	gateway = await startGateway({ config: { providers, keys } });
});
beforeEach(() => {
	simulators.reset();
	gateway.records.length = 0;
	upstream.bodies.length = 0;
	upstream.requests.length = 0;
});
afterAll(async () => {
	await gateway.close();
	await upstream.close();
	await simulators.close();
});

function at(path: string, init: RequestInit & { key?: string } = {}): Promise<Response> {
	const { key = TEST_KEY, ...rest } = init;
	return fetch(`${gateway.url}${path}`, { ...rest, headers: { authorization: `Bearer ${key}`, ...rest.headers } });
}

function chat(path: string, body: object, key?: string): Promise<Response> {
	const headers = { 'content-type': 'application/json' };
	return at(path, { method: 'POST', body: JSON.stringify(body), headers, ...(key === undefined ? {} : { key }) });
}

const HELLO = { messages: [{ role: 'user' as const, content: 'Hello' }] };

async function lastRecord() {
	await expect.poll(() => gateway.records.length).toBeGreaterThan(0);
	const record = gateway.records.at(-1);
	if (record === undefined) throw new Error('no record');
	return record;
}

describe("a vendor's own client behind /{provider}/native", () => {
	test("OpenAI's, whole and streamed, with what it cost on record", async () => {
		const client = new OpenAI({ baseURL: `${gateway.url}/openai/native/v1`, apiKey: TEST_KEY, maxRetries: 0 });
		const whole = await client.chat.completions.create({ model: 'gpt-4o', ...HELLO });
		expect(whole.choices[0]?.message.content).toContain('«Hello»');
		expect((await lastRecord()).usage).toMatchObject({
			inputTokens: whole.usage?.prompt_tokens,
			outputTokens: whole.usage?.completion_tokens,
		});
		gateway.records.length = 0;
		let text = '';
		const options = { stream: true as const, stream_options: { include_usage: true } };
		for await (const chunk of await client.chat.completions.create({ model: 'gpt-4o', ...HELLO, ...options }))
			text += chunk.choices[0]?.delta.content ?? '';
		expect(text).toContain('«Hello»');
		const record = await lastRecord();
		expect(record).toMatchObject({ outcome: 'completed', stream: true, key: 'test', requested: 'openai/gpt-4o', finish: 'stop' });
		expect(record.attempts).toMatchObject([{ lane: 'native', outcome: 'ok' }]);
		expect(record.usage?.outputTokens).toBeGreaterThan(0);
	});

	test('its Responses API too, and its other endpoints', async () => {
		const client = new OpenAI({ baseURL: `${gateway.url}/openai/native/v1`, apiKey: TEST_KEY, maxRetries: 0 });
		const made = await client.responses.create({ model: 'gpt-4o', input: 'Hello' });
		expect(made.output_text).toContain('«Hello»');
		expect((await lastRecord()).usage?.inputTokens).toBe(made.usage?.input_tokens);
		expect((await client.responses.retrieve(made.id)).id).toBe(made.id);
		await client.responses.delete(made.id);
		await expect(client.responses.retrieve(made.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
		const ids = (await client.models.list()).data.map(({ id }) => id);
		expect(ids).toContain('gpt-4o');
	});

	test("Anthropic's, by the base URL alone", async () => {
		const client = new Anthropic({ baseURL: `${gateway.url}/anthropic/native`, apiKey: TEST_KEY, maxRetries: 0 });
		const message = await client.messages.stream({ model: 'claude-haiku-4-5', max_tokens: 50, ...HELLO }).finalMessage();
		expect(JSON.stringify(message.content)).toContain('«Hello»');
		expect((await lastRecord()).usage?.inputTokens).toBe(message.usage.input_tokens);
		const counted = await client.messages.countTokens({ model: 'claude-haiku-4-5', ...HELLO });
		expect(counted.input_tokens).toBeGreaterThan(0);
	});

	test("Gemini's path and key in the query, streamed as an array", async () => {
		const path = `/gemini/native/v1beta/models/gemini-2.0-flash:streamGenerateContent?key=${TEST_KEY}`;
		const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] });
		const headers = { 'content-type': 'application/json' };
		const response = await fetch(`${gateway.url}${path}`, { method: 'POST', headers, body });
		expect(response.status).toBe(200);
		expect(JSON.stringify(await response.json())).toContain('«Hello»');
		const record = await lastRecord();
		expect(record.requested).toBe('gemini/gemini-2.0-flash');
		expect(record.usage?.outputTokens).toBeGreaterThan(0);
	});
});

describe('what goes through', () => {
	test("any method, path, query and body, with the provider's key in place of the client's", async () => {
		answer = (_request, response) => response.writeHead(207, { 'x-vendor': 'yes', 'set-cookie': 'a=b' }).end('\u0000raw');
		const response = await at('/raw/native/v1/files/f%2F1?purpose=x&key=leak', {
			method: 'PUT',
			headers: { 'content-type': 'multipart/form-data; boundary=b', 'x-beta': 'on', cookie: 'c=d', 'x-api-key': 'other' },
			body: Buffer.from([0, 255, 1]),
		});
		expect(response.status).toBe(207);
		expect(response.headers.get('x-vendor')).toBe('yes');
		expect(response.headers.get('set-cookie')).toBeNull();
		expect(response.headers.get('x-relais-provider')).toBe('raw');
		expect(response.headers.has('x-relais-model')).toBe(false);
		expect(await response.text()).toBe('\u0000raw');
		const [request] = upstream.requests;
		expect(request?.method).toBe('PUT');
		expect(request?.url).toBe('/v1/files/f%2F1?purpose=x');
		expect(request?.headers).toMatchObject({
			authorization: `Bearer ${VENDOR_KEY}`,
			'content-type': 'multipart/form-data; boundary=b',
			'content-length': '3',
			'x-beta': 'on',
		});
		for (const name of ['cookie', 'x-api-key']) expect(request?.headers[name]).toBeUndefined();
	});

	test('an endpoint that is known, also without the version', async () => {
		answer = (_request, response) => response.setHeader('content-type', 'application/json').end('{"ok":true}');
		await chat('/raw/native/chat/completions', { model: 'm', ...HELLO });
		expect(upstream.requests[0]?.url).toBe('/v1/chat/completions');
	});

	test("an error in the vendor's words, without the key it quotes", async () => {
		answer = (_request, response) =>
			response.writeHead(422, { 'content-type': 'application/json' }).end(`{"detail":"odd ${VENDOR_KEY}"}`);
		const response = await chat('/raw/native/v1/odd', { model: 'm' });
		expect(response.status).toBe(422);
		const text = await response.text();
		expect(text).toContain('"detail":"odd ');
		expect(text).not.toContain(VENDOR_KEY);
		expect((await lastRecord()).outcome).toBe('failed');
	});
});

describe('what does not', () => {
	test("a wrong key of Relais's own, whose error says what to set", async () => {
		const response = await chat('/locked/native/v1/chat/completions', { model: 'gpt-4o', ...HELLO });
		expect(response.status).toBe(401);
		const text = await response.text();
		expect(text).toContain('OPENAI_API_KEY');
		expect(text).not.toContain('sk-wrong');
	});

	test.each([
		['an unknown key', '/openai/native/v1/models', 'rk-unknown-0123456789', 401, /not known/],
		['an unknown provider', '/nobody/native/v1/models', TEST_KEY, 404, /no provider named \\"nobody/],
		['a key kept to some models, without a model', '/openai/native/v1/models', NARROW, 403, /name no model/],
		['a vendor nobody answers for', '/dead/native/v1/models', TEST_KEY, 502, /127\.0\.0\.1/],
	])('%s', async (_what, path, key, status, message) => {
		const response = await at(path, { key });
		expect(response.status).toBe(status);
		expect(await response.text()).toMatch(message);
	});

	test('a mistyped provider, with the nearest name', async () => {
		expect(await (await at('/opnai/native/v1/models')).text()).toContain('Did you mean \\"openai\\"?');
	});

	test.each(['..', '%2e%2e', '%2E.', '.'])('a path that climbs out by "%s"', async (part) => {
		// `fetch` would walk such a path itself.
		const url = new URL(gateway.url);
		const status = await new Promise((resolve, reject) => {
			const path = `/raw/native/v1/${part}/admin`;
			const headers = { authorization: `Bearer ${TEST_KEY}` };
			get({ host: url.hostname, port: url.port, path, headers }, (response) => {
				response.resume();
				resolve(response.statusCode);
			}).on('error', reject);
		});
		expect(status).toBe(400);
		expect(upstream.requests).toEqual([]);
	});

	test('a model that the key may not use', async () => {
		const refused = await chat('/openai/native/v1/chat/completions', { model: 'o3', ...HELLO }, NARROW);
		expect(refused.status).toBe(403);
		const allowed = await chat('/openai/native/v1/chat/completions', { model: 'gpt-4o', ...HELLO }, NARROW);
		expect(allowed.status).toBe(200);
	});

	test('an answer that breaks off, which does not look whole', async () => {
		answer = (_request, response) => {
			response.writeHead(200, { 'content-type': 'application/octet-stream' });
			response.write('half');
			setTimeout(() => response.destroy(), 30);
		};
		const response = await at('/raw/native/v1/files/f/content');
		await expect(response.text()).rejects.toThrow();
		expect((await lastRecord()).outcome).toBe('interrupted');
	});

	test('a call whose client leaves: the vendor sees it within 100 ms', async () => {
		let closedAt = 0;
		answer = (request, response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.write('data: {}\n\n');
			request.socket.once('close', () => {
				closedAt = performance.now();
			});
		};
		const leaving = new AbortController();
		const headers = { 'content-type': 'application/json' };
		const body = JSON.stringify({ model: 'm', stream: true, ...HELLO });
		const response = await at('/raw/native/v1/chat/completions', { method: 'POST', headers, body, signal: leaving.signal });
		await response.body?.getReader().read();
		const leftAt = performance.now();
		leaving.abort();
		await expect.poll(() => closedAt).toBeGreaterThan(0);
		expect(closedAt - leftAt).toBeLessThan(100);
		expect((await lastRecord()).outcome).toBe('cancelled');
	});
});
