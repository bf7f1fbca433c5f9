import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, type GatewayOptions, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

type Answer = Parameters<typeof startUpstream>[0];

const CHAT = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'hi' }];

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
	gateway = undefined;
	upstream = undefined;
});

/** A gateway in front of one vendor that answers as given. */
async function inFrontOf(answer: Answer, more: Partial<GatewayOptions> = {}): Promise<Gateway> {
	upstream = await startUpstream(answer);
	const providers = [{ name: 'up', type: 'openai-compatible', base_url: upstream.baseUrl, models: ['m'] }];
	gateway = await startGateway({ ...more, config: { routing: { retries: 0 }, providers, ...more.config } });
	return gateway;
}

/** Resolves once the condition holds; fails after `ms`. */
async function until(condition: () => boolean, ms = 2000): Promise<void> {
	for (const end = performance.now() + ms; !condition(); await sleep(5)) {
		if (performance.now() > end) throw new Error('it never came to that');
	}
}

function rawRequest(body: object, head = ''): string {
	const text = JSON.stringify(body);
	return `POST ${CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TEST_KEY}\r\n${head}content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

function open(to: Gateway, options: { allowHalfOpen?: boolean } = {}): Socket {
	const socket = connect({ port: Number(new URL(to.url).port), host: '127.0.0.1', ...options });
	socket.on('error', () => undefined);
	return socket;
}

const works: Answer = (_request, response) => response.end(completion('fine'));
const streams: Answer = (_request, response) => {
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	response.end(completionEvents(['fine']).join(''));
};

describe('a model name', () => {
	const names: [string, string][] = [
		['with an emoji', 'up/😀'],
		['with half a surrogate pair', 'up/\ud800'],
		['with line breaks', 'up/a\r\nx-evil: 1'],
		['with accents', 'up/é'],
		['with a percent sign', 'up/%'],
	];

	it.each(names)('%s reaches the vendor and comes back in a header', async (_name, model) => {
		const given = await inFrontOf(works);
		const reply = await post(given, CHAT, { model, messages });
		expect(reply.status).toBe(200);
		expect(reply.headers.get('x-relais-model')).toMatch(/^[\x20-\x7e]+$/);
		expect(reply.headers.get('x-evil')).toBeNull();
		expect(JSON.parse(upstream?.bodies[0] ?? '')).toMatchObject({ model: model.slice(3) });
		expect(given.records.map((record) => record.outcome)).toEqual(['completed']);
	});

	it.each(names)('%s does not spoil an error', async (_name, model) => {
		const given = await inFrontOf((_request, response) => response.writeHead(500).end('{}'));
		const reply = await post(given, CHAT, { model, messages });
		expect(reply.status).toBe(500);
		expect(await reply.json()).toHaveProperty('error.message');
		expect(given.records.map((record) => record.outcome)).toEqual(['failed']);
		expect(given.relais.running).toBe(0);
	});

	it('of a megabyte is none', async () => {
		const given = await inFrontOf(works);
		const reply = await post(given, CHAT, { model: `up/${'x'.repeat(1_000_000)}`, messages });
		expect(reply.status).toBe(404);
		expect((await reply.text()).length).toBeLessThan(1000);
	});
});

describe('a vendor that answers', () => {
	const odd: [string, Answer, number, RegExp][] = [
		['204', (_q, response) => response.writeHead(204).end(), 502, /204|before the answer was complete/],
		['206 with half', (_q, response) => response.writeHead(206).end('{"id":'), 502, /206|before the answer was complete/],
		[
			'302',
			(_q, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
			502,
			/redirect \(status 302\).*base_url/,
		],
		['304', (_q, response) => response.writeHead(304).end(), 502, /status 304/],
		['600', (_q, response) => response.writeHead(600).end('{}'), 500, /status 600/],
		['999', (_q, response) => response.writeHead(999).end('{}'), 500, /status 999/],
	];

	it.each(odd)('%s has failed', async (_name, answer, status, message) => {
		const given = await inFrontOf(answer);
		for (const stream of [false, true]) {
			const reply = await post(given, CHAT, { model: 'm', messages, stream });
			expect(reply.status).toBe(status);
			expect(((await reply.json()) as { error: { message: string } }).error.message).toMatch(message);
		}
		expect(given.records.map((record) => record.outcome)).toEqual(['failed', 'failed']);
		expect(given.relais.running).toBe(0);
	});

	it('with early hints and headers in odd letters is heard', async () => {
		const given = await inFrontOf((_q, response) => {
			response.setHeader('x-relais-simulated', Buffer.from('€').toString('latin1'));
			response.setHeader('x-request-id', Buffer.from('é€😀').toString('latin1'));
			response.writeEarlyHints({ link: '<x>; rel=preload' }, () => response.end(completion('fine')));
		});
		const reply = await post(given, CHAT, { model: 'm', messages });
		expect(reply.status).toBe(200);
		expect(reply.headers.get('x-relais-upstream-request-id')).toMatch(/^[%\w]+$/);
	});

	it.each(['1e30', '-5', '9'.repeat(40), 'NaN', 'Thu, 01 Jan 9999 00:00:00 GMT', '0', ''])(
		'429 with retry-after %j is passed on with a sound wait or none',
		async (value) => {
			const given = await inFrontOf((_q, response) => response.writeHead(429, { 'retry-after': value }).end('{}'));
			const reply = await post(given, CHAT, { model: 'm', messages });
			expect(reply.status).toBe(429);
			expect(reply.headers.get('retry-after') ?? '1').toMatch(/^\d+$/);
		},
	);

	it.each([
		[CHAT, 'text/event-stream'],
		[CHAT, 'application/json'],
		['/v1/messages', 'text/event-stream'],
	])('with a stream to a request of %s for a whole answer (as %s) is understood', async (path, type) => {
		const given = await inFrontOf((_q, response) => {
			response.writeHead(200, { 'content-type': type });
			response.end(completionEvents(['fi', 'ne']).join(''));
		});
		const reply = await post(given, path, { model: 'm', max_tokens: 5, messages });
		expect(reply.status).toBe(200);
		expect(reply.headers.get('content-type')).toBe('application/json');
		expect(reply.headers.get('x-relais-warnings')).toContain('converted');
		expect(JSON.stringify(await reply.json())).toContain('"fine"');
		expect(given.records[0]).toMatchObject({ outcome: 'completed', usage: { inputTokens: 3, outputTokens: 2 } });
	});

	it.each([
		[CHAT, '[DONE]'],
		['/v1/messages', 'message_stop'],
	])('in one piece to a request of %s for a stream is understood', async (path, end) => {
		const given = await inFrontOf((_q, response) => {
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(completion('fine'));
		});
		const reply = await post(given, path, { model: 'm', max_tokens: 5, messages, stream: true });
		expect(reply.headers.get('content-type')).toMatch(/^text\/event-stream/);
		expect(reply.headers.get('x-relais-warnings')).toContain('converted');
		const text = await reply.text();
		expect(text).toContain('fine');
		expect(text).toContain(end);
		expect(given.records[0]).toMatchObject({ outcome: 'completed', usage: { inputTokens: 3 }, finish: 'stop' });
	});

	it('with half a stream to a request for a whole answer has failed', async () => {
		const given = await inFrontOf((_q, response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.end(completionEvents(['fine']).slice(0, 2).join(''));
		});
		expect((await post(given, CHAT, { model: 'm', messages })).status).toBe(502);
	});

	it('with an end mark, then keeps the connection: an answer the client leaves then is complete', async () => {
		const given = await inFrontOf((_q, response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.write(completionEvents(['fine']).join(''));
		});
		const controller = new AbortController();
		const reply = await fetch(`${given.url}${CHAT}`, {
			method: 'POST',
			headers: { authorization: `Bearer ${TEST_KEY}` },
			signal: controller.signal,
			body: JSON.stringify({ model: 'm', messages, stream: true }),
		});
		const reader = reply.body?.getReader();
		let text = '';
		while (!text.includes('[DONE]')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
		controller.abort();
		await until(() => given.records.length === 1);
		expect(given.records[0]?.outcome).toBe('completed');
	});
});

describe('a client', () => {
	it('that reads slowly but steadily gets all of a stream, and leaves no listener behind', async () => {
		const warnings: Error[] = [];
		const onWarning = (warning: Error): number => warnings.push(warning);
		process.on('warning', onWarning);
		const piece = 'x'.repeat(200_000);
		const given = await inFrontOf((_q, response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			const events = completionEvents(Array.from({ length: 100 }, () => piece));
			for (const event of events) response.write(event);
			response.end();
		});
		const socket = open(given);
		let read = 0;
		let tail = '';
		socket.on('data', (chunk) => {
			read += chunk.length;
			tail = chunk.toString('latin1').slice(-100);
			socket.pause();
			setTimeout(() => socket.resume(), 1);
		});
		socket.write(rawRequest({ model: 'm', messages, stream: true }));
		await until(() => read > 20_000_000 && tail.includes('[DONE]'), 15_000);
		process.off('warning', onWarning);
		socket.destroy();
		expect(warnings).toEqual([]);
		expect(given.records[0]?.outcome).toBe('completed');
	}, 20_000);

	it('that needs longer than the stall limit for one large answer, but reads, gets it', async () => {
		const given = await inFrontOf((_q, response) => response.end(completion('x'.repeat(12_000_000))), { stallLimitMs: 400 });
		const socket = open(given);
		let read = 0;
		let closed = false;
		socket.on('close', () => {
			closed = true;
		});
		socket.on('data', (chunk) => {
			read += chunk.length;
			socket.pause();
			setTimeout(() => socket.resume(), 8);
		});
		socket.write(rawRequest({ model: 'm', messages }));
		await until(() => read > 12_000_000 || closed, 15_000);
		socket.destroy();
		expect(read).toBeGreaterThan(12_000_000);
	}, 20_000);

	it('that sends what is not HTTP and never closes is not kept', async () => {
		const given = await inFrontOf(works);
		const socket = open(given, { allowHalfOpen: true });
		let text = '';
		let gone = false;
		socket.on('data', (chunk) => {
			text += chunk.toString();
		});
		socket.on('close', () => {
			gone = true;
		});
		socket.write('garbage\r\n\r\n');
		await until(() => text.includes('400'));
		await sleep(500);
		socket.write('more');
		await sleep(50);
		socket.write('more');
		await until(() => gone, 1000);
	});

	it('whose pipelined requests wait behind another ends them all by leaving', async () => {
		let closed = 0;
		const given = await inFrontOf((request, response) => {
			request.socket.once('close', () => closed++);
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.write(completionEvents(['one', 'two']).slice(0, 2).join(''));
		});
		const socket = open(given);
		const request = rawRequest({ model: 'm', messages, stream: true });
		socket.write(request + request + request);
		await until(() => upstream?.bodies.length === 3);
		await sleep(50);
		socket.destroy();
		await until(() => given.records.length === 3);
		await until(() => closed === 3);
	});

	it('that asks for a model by a broken path is told so in its own format', async () => {
		const given = await inFrontOf(works);
		const reply = await fetch(`${given.url}/v1/models/%ZZ`, { headers: { 'anthropic-version': '2023-06-01' } });
		expect(reply.status).toBe(400);
		expect(await reply.json()).toMatchObject({ type: 'error', error: { message: expect.stringContaining('%ZZ') } });
	});

	it('that sends a content type that is none is told so', async () => {
		const given = await inFrontOf(works);
		const reply = await post(given, CHAT, { model: 'm', messages }, { 'content-type': 'foo' });
		expect(reply.status).toBe(415);
		expect(await reply.json()).toMatchObject({ error: { code: 'unsupported_media_type' } });
	});

	it.each([
		['HEAD', '/healthz', 200],
		['HEAD', '/v1/models', 200],
		['HEAD', CHAT, 405],
		['DELETE', '/healthz', 405],
		['POST', '/v1/models', 405],
		['OPTIONS', CHAT, 405],
	])('that sends %s %s gets %i', async (method, path, status) => {
		const given = await inFrontOf(works);
		const reply = await fetch(`${given.url}${path}`, { method, headers: { authorization: `Bearer ${TEST_KEY}` } });
		expect(reply.status).toBe(status);
		expect(reply.headers.has('allow')).toBe(status === 405);
	});

	it('without a key cannot send a large body', async () => {
		const given = await inFrontOf(works);
		const socket = open(given);
		let text = '';
		socket.on('data', (chunk) => {
			text += chunk.toString();
		});
		socket.write(`POST ${CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: 9000000\r\n\r\n{`);
		await until(() => text.includes('401'));
		expect(text).toContain('No API key');
	});

	const forms: [string, string, RegExp][] = [
		[
			'no length',
			`POST ${CHAT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TEST_KEY}\r\nconnection: close\r\n\r\n`,
			/^HTTP\/1.1 400.*empty/s,
		],
		['HTTP/1.0', rawRequest({ model: 'm', messages, stream: true }).replace('HTTP/1.1', 'HTTP/1.0'), /^HTTP\/1.1 200.*\[DONE\]/s],
		['a wish to close', rawRequest({ model: 'm', messages, stream: true }, 'connection: close\r\n'), /^HTTP\/1.1 200.*\[DONE\]/s],
		[
			'a wish to go on',
			rawRequest({ model: 'm', messages }, 'expect: 100-continue\r\nconnection: close\r\n'),
			/^HTTP\/1.1 100 .*HTTP\/1.1 200.*fine/s,
		],
		[
			'too many headers',
			rawRequest({ model: 'm', messages }, 'a: bcd\r\n'.repeat(20_000)),
			/^HTTP\/1.1 431.*headers are too large/s,
		],
	];

	it.each(forms)('that sends %s is answered, and the connection ends', async (_name, request, expected) => {
		const given = await inFrontOf((q, r, b, n) => (b.includes('"stream":true') ? streams(q, r, b, n) : works(q, r, b, n)));
		const socket = open(given);
		let text = '';
		let closed = false;
		socket.on('data', (chunk) => {
			text += chunk.toString();
		});
		socket.on('close', () => {
			closed = true;
		});
		socket.write(request);
		await until(() => closed);
		expect(text).toMatch(expected);
	});
});

describe('stopping', () => {
	it('lets an answer that is already whole reach a slow client', async () => {
		const given = await inFrontOf((_q, response) => response.end(completion('x'.repeat(12_000_000))), {
			config: { server: { drain_timeout: '5s' } },
		});
		const socket = open(given);
		let read = 0;
		socket.on('data', (chunk) => {
			read += chunk.length;
			socket.pause();
			setTimeout(() => socket.resume(), 4);
		});
		const over = new Promise((resolve) => socket.once('close', resolve));
		socket.write(rawRequest({ model: 'm', messages }));
		await until(() => given.records.length === 1);
		await given.stop(5000);
		await over;
		expect(read).toBeGreaterThan(12_000_000);
	}, 10_000);
});
