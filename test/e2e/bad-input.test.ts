import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

let upstream: Upstream;
let gateway: Gateway;

const messages = [{ role: 'user', content: 'hi' }];
const SURFACES = [
	['/v1/chat/completions', (body: { [key: string]: unknown }) => body],
	['/v1/messages', (body: { [key: string]: unknown }) => ({ max_tokens: 10, ...body })],
] as const;

beforeAll(async () => {
	upstream = await startUpstream((_request, response, body) => {
		if (body.includes('ten-megabytes')) {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			const events = completionEvents(['x'.repeat(10 * 1024 * 1024)]);
			response.end(events.join(''));
			return;
		}
		if (body.includes('endless-line')) {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.write('data: {"choices":[{"delta":{"content":"');
			const more = 'x'.repeat(1024 * 1024);
			const timer = setInterval(() => response.write(more), 1);
			response.on('close', () => clearInterval(timer));
			return;
		}
		response.end(completion('fine'));
	});
	gateway = await startGateway({
		config: {
			server: { body_limit: '1mb', request_timeout: '1s' },
			routing: { retries: 0 },
			keys: [
				{ name: 'test', key: TEST_KEY },
				{ name: 'narrow', key: 'rk-narrow-0123456789abc', models: ['other'] },
			],
			providers: [{ name: 'up', type: 'openai-compatible', base_url: upstream.baseUrl, models: ['model-one', 'other'] }],
			routes: [{ name: 'safe', targets: [{ model: 'up/model-one' }] }],
		},
	});
});

afterAll(async () => {
	await gateway.close();
	await upstream.close();
});

interface WireError {
	type?: string;
	error: { message: string; type: string; param?: string | null; code?: string | null };
}

/** The message of an error in the format of the surface; fails when it is of another. */
async function errorOf(reply: Response, path: string): Promise<WireError['error']> {
	const body = (await reply.json()) as WireError;
	expect(reply.headers.get('content-type')).toBe('application/json');
	expect(reply.headers.get('x-relais-request-id')).toMatch(/^[0-9a-f-]{36}$/);
	expect(typeof body.error.message).toBe('string');
	if (path === '/v1/messages') expect(body.type).toBe('error');
	else expect(body.error).toHaveProperty('param');
	return body.error;
}

describe.each(SURFACES)('%s', (path, valid) => {
	const cases: [string, unknown, number, RegExp][] = [
		['malformed JSON', '{"model": "model-one", oops', 400, /JSON/],
		['an empty body', '', 400, /empty/],
		['an array', '[]', 400, /object/],
		['no model', valid({ messages }), 400, /model/],
		['a model of the wrong type', valid({ model: 7, messages }), 400, /model/],
		['no messages', valid({ model: 'model-one' }), 400, /messages/],
		['messages of the wrong type', valid({ model: 'model-one', messages: 'hi' }), 400, /messages/],
		['a stream flag of the wrong type', valid({ model: 'model-one', messages, stream: 'yes' }), 400, /stream/],
		['an unknown model', valid({ model: 'modelone', messages }), 404, /"model-one"/],
		['an unknown route', valid({ model: 'saef', messages }), 404, /"safe"/],
		['an unknown provider', valid({ model: 'upp/model-one', messages }), 404, /model-one/],
		['too deep a nesting', `{"model":"model-one","messages":${'['.repeat(500)}${']'.repeat(500)}}`, 400, /nested/],
	];

	it.each(cases)('refuses %s', async (_name, body, status, message) => {
		const reply = await post(gateway, path, body);
		expect(reply.status).toBe(status);
		expect((await errorOf(reply, path)).message).toMatch(message);
	});

	it('refuses invalid UTF-8', async () => {
		const reply = await fetch(`${gateway.url}${path}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${TEST_KEY}` },
			body: Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
		});
		expect(reply.status).toBe(400);
		expect((await errorOf(reply, path)).message).toContain('UTF-8');
	});

	it('refuses a request without a key and with a wrong one', async () => {
		const none = await post(gateway, path, valid({ model: 'model-one', messages }), { authorization: '' });
		expect(none.status).toBe(401);
		expect((await errorOf(none, path)).message).toContain('No API key');
		const wrong = await post(gateway, path, valid({ model: 'model-one', messages }), {
			authorization: 'Bearer sk-somebody-elses',
		});
		expect(wrong.status).toBe(401);
		expect((await errorOf(wrong, path)).message).not.toContain('sk-somebody');
	});

	it('refuses a model the key may not use, and takes one it may', async () => {
		const narrow = { authorization: 'Bearer rk-narrow-0123456789abc' };
		expect((await post(gateway, path, valid({ model: 'model-one', messages }), narrow)).status).toBe(403);
		expect((await post(gateway, path, valid({ model: 'other', messages }), narrow)).status).toBe(200);
	});

	it('refuses a body over the limit with 413', async () => {
		const reply = await post(
			gateway,
			path,
			valid({ model: 'model-one', messages: [{ role: 'user', content: 'x'.repeat(1_100_000) }] }),
		);
		expect(reply.status).toBe(413);
		expect((await errorOf(reply, path)).message).toContain('body_limit');
	});

	it('refuses a compressed body', async () => {
		const reply = await post(gateway, path, valid({ model: 'model-one', messages }), { 'content-encoding': 'gzip' });
		expect(reply.status).toBe(415);
		await errorOf(reply, path);
	});

	it('refuses what is no content type, and takes JSON under any other', async () => {
		const body = valid({ model: 'model-one', messages });
		const refused = await post(gateway, path, body, { 'content-type': 'json' });
		expect(refused.status).toBe(415);
		expect((await errorOf(refused, path)).message).toContain('Send content-type: application/json');
		const taken = await post(gateway, path, body, { 'content-type': 'text/plain' });
		expect(taken.status).toBe(200);
		await taken.text();
	});

	it('refuses another method with 405', async () => {
		const reply = await fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
		expect(reply.status).toBe(405);
		expect(reply.headers.get('allow')).toBe('POST');
		await errorOf(reply, path);
	});

	it('passes on a line of 10 MB', async () => {
		const reply = await post(
			gateway,
			path,
			valid({ model: 'model-one', stream: true, messages: [{ role: 'user', content: 'ten-megabytes' }] }),
		);
		expect((await reply.text()).length).toBeGreaterThan(10 * 1024 * 1024);
	});

	it('gives up on a line that never ends', async () => {
		const reply = await post(
			gateway,
			path,
			valid({ model: 'model-one', stream: true, messages: [{ role: 'user', content: 'endless-line' }] }),
		);
		expect(reply.status).toBe(502);
		expect((await errorOf(reply, path)).message).toMatch(/larger than/);
	});

	it('works as before after all this', async () => {
		expect((await post(gateway, path, valid({ model: 'model-one', messages }))).status).toBe(200);
	});
});

it('a wrong type deep inside a translated request is refused by its path', async () => {
	const reply = await post(gateway, '/v1/messages', {
		model: 'model-one',
		max_tokens: 10,
		messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }],
	});
	expect(reply.status).toBe(400);
	expect((await errorOf(reply, '/v1/messages')).message).toMatch(/messages.*content.*text/);
	const bad = await post(gateway, '/v1/messages', { model: 'model-one', messages });
	expect(bad.status).toBe(400);
	expect((await errorOf(bad, '/v1/messages')).message).toContain('max_tokens');
});

it('an unknown path says what there is', async () => {
	const reply = await post(gateway, '/v1/nothing', {});
	expect(reply.status).toBe(404);
	expect((await errorOf(reply, '/v1/nothing')).message).toContain('/v1/chat/completions');
});

it.each([
	['/v1/v1/chat/completions', '/v1/chat/completions'],
	['//v1/messages', '/v1/messages'],
	['/V1/Embeddings', '/v1/embeddings'],
	['/v1/chat/completion', '/v1/chat/completions'],
	['/openai/v1/responses', '/v1/responses'],
	['/api/cat', '/api/chat'],
])('%s is told to mean %s', async (path, meant) => {
	const reply = await post(gateway, path, {});
	expect(reply.status).toBe(404);
	expect(await reply.text()).toContain(`Did you mean ${meant}?`);
});

it('an unknown path takes no large body in from a stranger', async () => {
	const head = 'POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 900000\r\n\r\na piece';
	expect(await raw(head)).toMatch(/^HTTP\/1.1 401 /);
});

it('the root says that it is Relais, to browsers and to those who only ask whether it is there', async () => {
	const page = await fetch(`${gateway.url}/`);
	expect(page.status).toBe(200);
	expect(page.headers.get('content-type')).toContain('text/plain');
	expect(await page.text()).toMatch(/^Relais is running/);
	expect((await fetch(`${gateway.url}/`, { method: 'HEAD' })).status).toBe(200);
	expect((await post(gateway, '/', {})).status).toBe(404);
});

/** Sends raw bytes and collects what comes back until the connection ends. */
function raw(bytes: string, keepOpen = true): Promise<string> {
	return new Promise((resolve) => {
		const socket: Socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
		let text = '';
		socket.on('data', (chunk) => {
			text += chunk.toString();
		});
		socket.on('error', () => undefined);
		socket.on('close', () => resolve(text));
		socket.write(bytes);
		if (!keepOpen) socket.end();
	});
}

describe('a client that does not speak properly', () => {
	it('gets a plain answer to what is not HTTP', async () => {
		expect(await raw('hello there\r\n\r\n')).toMatch(/^HTTP\/1.1 400 .*well-formed/s);
	});

	it('that never finishes its body is answered 408 and cut off', async () => {
		const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TEST_KEY}\r\ncontent-length: 100\r\n\r\n{"mod`;
		expect(await raw(head)).toMatch(/^HTTP\/1.1 408 /);
	}, 60_000);

	it('that closes halfway costs nobody else anything', async () => {
		await raw(`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"mod`, false);
		expect((await post(gateway, '/v1/chat/completions', { model: 'model-one', messages })).status).toBe(200);
	});
});

describe('the model list', () => {
	const get = (path: string, headers: { [name: string]: string } = {}): Promise<Response> =>
		fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${TEST_KEY}`, ...headers } });

	it("comes in the shape of the client's API, routes first", async () => {
		const openai = (await (await get('/v1/models')).json()) as { object: string; data: { id: string }[] };
		expect(openai.object).toBe('list');
		expect(openai.data.map((row) => row.id)).toEqual(['safe', 'model-one', 'other']);
		const anthropic = await (await get('/v1/models?limit=2', { 'anthropic-version': '2023-06-01' })).json();
		expect(anthropic).toMatchObject({
			data: [{ type: 'model', id: 'safe' }, { id: 'model-one' }],
			has_more: true,
			last_id: 'model-one',
		});
		const next = await (await get('/v1/models?after_id=model-one', { 'anthropic-version': '2023-06-01' })).json();
		expect(next).toMatchObject({ data: [{ id: 'other' }], has_more: false });
	});

	it('shows a key only what it may use, and one model by its name', async () => {
		const narrow = (await (await get('/v1/models', { authorization: 'Bearer rk-narrow-0123456789abc' })).json()) as {
			data: { id: string }[];
		};
		expect(narrow.data.map((row) => row.id)).toEqual(['other']);
		expect(await (await get('/v1/models/up/model-one')).json()).toMatchObject({ id: 'up/model-one', object: 'model' });
		expect((await get('/v1/models/none-such')).status).toBe(404);
		expect((await get('/v1/models', { authorization: '' })).status).toBe(401);
	});
});

it('health needs no key', async () => {
	expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
	expect(await (await fetch(`${gateway.url}/readyz`)).json()).toEqual({ status: 'ready' });
});
