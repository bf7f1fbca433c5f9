import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

type Answer = Parameters<typeof startUpstream>[0];

let gateway: Gateway | undefined;
let upstreams: Upstream[] = [];

afterEach(async () => {
	await gateway?.close();
	await Promise.all(upstreams.map((upstream) => upstream.close()));
	upstreams = [];
});

const quick = { connect: '1s', headers: '300ms', answer: '300ms', first_token: '300ms', idle: '300ms', total: '5s' };

/** A gateway whose model `m` is served by the given vendors, in order. */
async function setUp(answers: Answer[], routing: object = { retries: 0 }): Promise<Gateway> {
	upstreams = await Promise.all(answers.map((answer) => startUpstream(answer)));
	const providers = upstreams.map((upstream, index) => ({
		name: `up${index}`,
		type: 'openai-compatible',
		base_url: upstream.baseUrl,
		models: ['m'],
		priority: index + 1,
		timeouts: quick,
	}));
	gateway = await startGateway({ config: { providers, routing } });
	return gateway;
}

const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const ask = (given: Gateway, extra: object = {}): Promise<Response> =>
	post(given, '/v1/chat/completions', { ...request, ...extra });
const works: Answer = (_request, response) => response.end(completion('from the second'));
const worksStreamed: Answer = (_request, response) => {
	response.writeHead(200, { 'content-type': 'text/event-stream' });
	response.end(completionEvents(['from the ', 'second']).join(''));
};
const fails =
	(status: number, headers: { [name: string]: string } = {}): Answer =>
	(_request, response) => {
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		response.end(
			JSON.stringify({
				error: { message: 'no luck', type: status < 500 ? 'invalid_request_error' : 'server_error', code: null },
			}),
		);
	};

async function text(reply: Response): Promise<string> {
	const body = (await reply.json()) as { choices: { message: { content: string } }[] };
	return body.choices[0]?.message.content ?? '';
}

describe('when the first provider fails before answering', () => {
	const failures: [string, Answer][] = [
		['with 429', fails(429)],
		['with 500', fails(500)],
		['with 503', fails(503)],
		['with 529', fails(529)],
		['with 401', fails(401)],
		['with a page of HTML', (_q, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>')],
		[
			'with HTML under 502',
			(_q, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>bad gateway</html>'),
		],
		['with an empty body', (_q, response) => response.end()],
		['with half a JSON object', (_q, response) => response.end('{"id":"x","choices":[')],
		['with an error under 200', (_q, response) => response.end('{"error":{"message":"overloaded","code":503}}')],
		['by a reset', (q) => q.socket.resetAndDestroy()],
		[
			'by closing halfway',
			(q, response) => {
				response.writeHead(200, { 'content-length': '1000' });
				response.write('{"id":');
				setTimeout(() => q.socket.destroy(), 10);
			},
		],
		['by silence', () => undefined],
	];

	it.each(failures)('%s, the second answers', async (_name, failure) => {
		const given = await setUp([failure, works]);
		const reply = await ask(given);
		expect(reply.status).toBe(200);
		expect(reply.headers.get('x-relais-provider')).toBe('up1');
		expect(reply.headers.get('x-relais-attempts')).toBe('2');
		expect(await text(reply)).toBe('from the second');
	});

	const streamFailures: [string, Answer][] = [
		...failures,
		[
			'by an error event before any content',
			(_q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.end('data: {"error":{"message":"overloaded","type":"server_error","code":503}}\n\n');
			},
		],
		[
			'by ending before any content',
			(_q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.end(completionEvents([])[0]);
			},
		],
		[
			'by headers and then silence',
			(_q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.write(': waiting\n\n');
			},
		],
	];

	it.each(streamFailures)('%s, the second streams', async (_name, failure) => {
		const given = await setUp([failure, worksStreamed]);
		const reply = await ask(given, { stream: true });
		expect(reply.status).toBe(200);
		expect(reply.headers.get('x-relais-provider')).toBe('up1');
		const body = await reply.text();
		expect(body).toContain('from the ');
		expect(body.endsWith('data: [DONE]\n\n')).toBe(true);
		expect(body).not.toContain('error');
	});

	it('with a request it calls invalid, nobody else is asked', async () => {
		const given = await setUp([fails(400), works]);
		const reply = await ask(given);
		expect(reply.status).toBe(400);
		expect(upstreams[1]?.bodies).toHaveLength(0);
	});
});

describe('retries', () => {
	it('reach the same provider again, after the wait it asks for', async () => {
		const given = await setUp(
			[
				(q, response, body, nth) =>
					nth === 0 ? fails(429, { 'retry-after': '1' })(q, response, body, nth) : works(q, response, body, nth),
			],
			{ retries: 1 },
		);
		const started = performance.now();
		const reply = await ask(given);
		expect(reply.status).toBe(200);
		expect(performance.now() - started).toBeGreaterThan(950);
		expect(reply.headers.get('x-relais-attempts')).toBe('2');
	});

	it("end with the provider's own error and how long to wait", async () => {
		const given = await setUp([fails(429, { 'retry-after': '77' })], { retries: 2 });
		const reply = await ask(given);
		expect(reply.status).toBe(429);
		expect(reply.headers.get('retry-after')).toBe('77');
		expect(upstreams[0]?.bodies).toHaveLength(1);
		expect(reply.headers.get('x-relais-provider')).toBe('up0');
		expect(await reply.json()).toMatchObject({ error: { message: 'no luck' } });
	});
});

describe('when every provider fails', () => {
	it('the error tells of each', async () => {
		const given = await setUp([fails(500), fails(503)]);
		const reply = await ask(given);
		expect(reply.status).toBe(503);
		const { error } = (await reply.json()) as { error: { message: string } };
		expect(error.message).toMatch(/up1\/m.*\. Before that: up0\/m/);
	});

	it('and none can be reached, the error names the address', async () => {
		const free = createServer();
		await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
		const { port } = free.address() as AddressInfo;
		await new Promise((resolve) => free.close(resolve));
		gateway = await startGateway({
			config: {
				routing: { retries: 0 },
				providers: [{ name: 'gone', type: 'openai-compatible', base_url: `http://127.0.0.1:${port}/v1`, models: ['m'] }],
			},
		});
		const reply = await ask(gateway);
		expect(reply.status).toBe(502);
		expect(await reply.text()).toContain(`127.0.0.1:${port}`);
	});
});

describe('when a stream fails after a part was sent', () => {
	const events = completionEvents(['one ', 'two ', 'three']);
	const part = events.slice(0, 3).join('');
	const interruptions: [string, Answer][] = [
		[
			'by a cut',
			(q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.write(part);
				setTimeout(() => q.socket.destroy(), 20);
			},
		],
		[
			'by ending without its end mark',
			(_q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.end(part);
			},
		],
		[
			'by a stall',
			(_q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.write(part);
			},
		],
		[
			'by an error event',
			(_q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.end(`${part}data: {"error":{"message":"boom","type":"server_error"}}\n\n`);
			},
		],
		[
			'by a broken event',
			(_q, response) => {
				response.writeHead(200, { 'content-type': 'text/event-stream' });
				response.end(`${part}data: {"id":"x","choices":[{"delta":{"con\n\n${events.slice(3).join('')}`);
			},
		],
	];

	it.each(interruptions)('%s, the answer is not presented as complete', async (_name, answer) => {
		const given = await setUp([answer, worksStreamed]);
		const openai = await (await ask(given, { stream: true })).text();
		expect(openai).toContain('one ');
		expect(openai).toContain('"error"');
		expect(openai).not.toContain('[DONE]');

		const reply = await post(given, '/v1/messages', { ...request, max_tokens: 10, stream: true });
		const anthropic = await reply.text();
		expect(anthropic).toContain('one ');
		expect(anthropic).toContain('event: error');
		expect(anthropic).not.toContain('message_stop');
		const record = await given.record(reply.headers.get('x-relais-request-id') ?? '');
		expect(record.outcome).toBe('interrupted');
	});
});
