import { request as send } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const NARROW = 'rk-narrow-0123456789';
const VENDOR_KEY = 'sk-vendor-secret-0123456789';

let upstream: Upstream;
let gateway: Gateway;
let answer: Parameters<typeof startUpstream>[0];

beforeAll(async () => {
	upstream = await startUpstream((...call) => answer(...call));
	const providers = [{ name: 'raw', type: 'openai-compatible', base_url: upstream.baseUrl, api_key: VENDOR_KEY, models: ['m'] }];
	const keys = [
		{ name: 'test', key: TEST_KEY },
		{ name: 'narrow', key: NARROW, models: ['raw/m*'] },
	];
	gateway = await startGateway({ config: { providers, keys, server: { body_limit: '1MB' } } });
});
beforeEach(() => {
	answer = (_request, response) => response.setHeader('content-type', 'application/json').end('{"ok":true}');
	upstream.bodies.length = 0;
	upstream.requests.length = 0;
});
afterAll(async () => {
	await gateway.close();
	await upstream.close();
});

interface Told {
	status: number;
	headers: { [name: string]: string | string[] | undefined };
	text: string;
}

/** Sends a request exactly as stated: `fetch` would tidy it up. */
function exactly(path: string, more: { method?: string; headers?: object; body?: string } = {}): Promise<Told> {
	const { hostname, port } = new URL(gateway.url);
	const headers = { authorization: `Bearer ${TEST_KEY}`, ...more.headers };
	return new Promise((resolve, reject) => {
		const call = send({ hostname, port, path, method: more.method ?? 'GET', headers }, (response) => {
			const pieces: Buffer[] = [];
			response.on('data', (piece: Buffer) => pieces.push(piece));
			response.on('end', () => {
				resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(pieces).toString() });
			});
			response.on('error', reject);
		});
		call.on('error', reject);
		call.end(more.body);
	});
}

describe("a client's own key", () => {
	test.each(['key', 'api_key', 'k%65y', '%6Bey', 'KEY', 'a%70i_key'])(
		'does not go on to the vendor in the query as "%s"',
		async (name) => {
			await exactly(`/raw/native/v1/things?a=1&${name}=${TEST_KEY}&b=2?x`);
			expect(upstream.requests[0]?.url).toBe('/v1/things?a=1&b=2?x');
		},
	);
});

describe('a path', () => {
	test.each([
		'..%2fadmin',
		'..%5Cadmin',
		'%2e%2e%2Fadmin',
		'a%2f..%2fadmin',
		'..\\admin',
		'..;/admin',
		'%2e%2e;x=1/admin',
		'..%23',
	])('that climbs out for those who read it generously is refused: %s', async (part) => {
		const { status } = await exactly(`/raw/native/v1/${part}`);
		expect(status).toBe(400);
		expect(upstream.requests).toEqual([]);
	});

	test.each(['a..b', '...', 'x.y', '.well-known', '..a'])('with harmless dots goes on: %s', async (part) => {
		expect((await exactly(`/raw/native/v1/${part}`)).status).toBe(200);
		expect(upstream.requests[0]?.url).toBe(`/v1/${part}`);
	});

	test.each(['//evil.example/x', '/@evil.example/x', '/http://evil.example/'])('cannot name another host: %s', async (path) => {
		const { status } = await exactly(`/raw/native${path}`);
		expect(status).toBe(200);
		expect(upstream.requests[0]?.headers.host).toBe(new URL(upstream.baseUrl).host);
	});
});

describe('an address', () => {
	test.each([
		['http://evil.example/raw/native/v1/x?a=1', '/v1/x?a=1'],
		['http://native/raw/native/v1/x', '/v1/x'],
		['/raw/native/v1/x#/../y?b=1', '/v1/x'],
		['/r%61w/native/v1/native/x', '/v1/native/x'],
	])('is read as servers read it: %s', async (given, path) => {
		expect((await exactly(given)).status).toBe(200);
		expect(upstream.requests[0]?.url).toBe(path);
	});
});

describe('a header', () => {
	test('that the client calls its connection’s own ends here', async () => {
		await exactly('/raw/native/v1/x', { headers: { connection: 'keep-alive, X-Hop', 'x-hop': '1', 'x-kept': '2' } });
		expect(upstream.requests[0]?.headers['x-hop']).toBeUndefined();
		expect(upstream.requests[0]?.headers['x-kept']).toBe('2');
	});

	test('that asks for another method than the one that was checked ends here', async () => {
		await exactly('/raw/native/v1/x', { headers: { 'x-http-method-override': 'DELETE', 'x-http-method': 'DELETE' } });
		for (const name of ['x-http-method-override', 'x-http-method']) expect(upstream.requests[0]?.headers[name]).toBeUndefined();
	});

	test('of the answer does not repeat the key', async () => {
		answer = (_request, response) =>
			response.writeHead(302, { location: `/v1/elsewhere?key=${VENDOR_KEY}`, 'x-echo': VENDOR_KEY }).end();
		const told = await exactly('/raw/native/v1/moved');
		expect(told.status).toBe(302);
		expect(told.headers.location).toBe('/v1/elsewhere?key=***');
		expect(JSON.stringify(told.headers)).not.toContain(VENDOR_KEY);
		answer = (_request, response) => response.writeHead(200, { 'x-echo': `Bearer ${VENDOR_KEY}` }).end('fine');
		expect(JSON.stringify((await exactly('/raw/native/v1/echo')).headers)).not.toContain(VENDOR_KEY);
	});

	test('of the answer that is not ASCII spoils nothing', async () => {
		answer = (request) => {
			const head = Buffer.from(
				'HTTP/1.1 200 OK\r\ncontent-disposition: attachment; filename="é世.txt"\r\ncontent-length: 2\r\n\r\nok',
			);
			request.socket.end(head);
		};
		const told = await exactly('/raw/native/v1/files/f/content');
		expect(told).toMatchObject({ status: 200, text: 'ok' });
	});
});

describe('a key kept to some models', () => {
	const body = JSON.stringify({ model: 'm' });
	const headers = { authorization: `Bearer ${NARROW}`, 'content-type': 'application/json', 'content-length': '13' };

	test('reaches them', async () => {
		expect((await exactly('/raw/native/v1/images/generations', { method: 'POST', headers, body })).status).toBe(200);
	});

	test.each(['DELETE', 'PUT', 'PATCH'])('changes nothing else of the account by naming one: %s', async (method) => {
		expect((await exactly('/raw/native/v1/files/file-1', { method, headers, body })).status).toBe(403);
		expect(upstream.requests).toEqual([]);
	});
});

describe('a provider whose credentials do not come', () => {
	test('is waited for as long as the whole call may take', async () => {
		answer = (request, response) => {
			if (!request.url?.startsWith('/identity')) response.end('{}');
		};
		const { origin } = new URL(upstream.baseUrl);
		const slow = { name: 'slow', type: 'watsonx', base_url: origin, api_key: 'ibm-0123456789', timeouts: { total: '300ms' } };
		const own = await startGateway({
			config: { providers: [{ ...slow, options: { iam_url: `${origin}/identity`, project_id: 'p' } }], routing: { retries: 0 } },
		});
		const started = performance.now();
		const response = await fetch(`${own.url}/slow/native/x`, { headers: { authorization: `Bearer ${TEST_KEY}` } });
		expect(response.status).toBe(504);
		expect(performance.now() - started).toBeLessThan(2000);
		await own.close();
	});
});

describe('a large body', () => {
	test('of a stranger is not taken in', async () => {
		const headers = { authorization: 'Bearer rk-unknown-0123456789', 'content-type': 'text/plain', 'content-length': '900000' };
		const { hostname, port } = new URL(gateway.url);
		const status = await new Promise((resolve, reject) => {
			const call = send({ hostname, port, path: '/raw/native/v1/files', method: 'POST', headers }, (response) => {
				resolve(response.statusCode);
				call.destroy();
			});
			call.on('error', reject);
			call.write('a piece, and no more');
			call.setTimeout(3000, () => reject(new Error('it waits for the body')));
		});
		expect(status).toBe(401);
	});
});
