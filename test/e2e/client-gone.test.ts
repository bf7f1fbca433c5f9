import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
});

/** Resolves with the ms between the client's leaving and the vendor's noticing. */
async function leave(stream: boolean, path: string, begun: boolean): Promise<{ ms: number; outcome: string | undefined }> {
	let arrived: () => void = () => undefined;
	const inFlight = new Promise<void>((resolve) => {
		arrived = resolve;
	});
	let closedAt: (time: number) => void = () => undefined;
	const closed = new Promise<number>((resolve) => {
		closedAt = resolve;
	});
	upstream = await startUpstream((request, response) => {
		request.socket.once('close', () => closedAt(performance.now()));
		if (begun) {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.write(completionEvents(['first ', 'second ']).slice(0, 2).join(''));
		}
		arrived();
	});
	gateway = await startGateway({
		config: { providers: [{ name: 'up', type: 'openai-compatible', base_url: upstream.baseUrl, models: ['m'] }] },
	});
	const controller = new AbortController();
	const request = fetch(`${gateway.url}${path}`, {
		method: 'POST',
		headers: { authorization: `Bearer ${TEST_KEY}` },
		body: JSON.stringify({ model: 'm', max_tokens: 5, stream, messages: [{ role: 'user', content: 'hi' }] }),
		signal: controller.signal,
	}).then((reply) => reply.text());
	await inFlight;
	if (begun) await new Promise((resolve) => setTimeout(resolve, 50));
	const left = performance.now();
	controller.abort();
	await request.catch(() => undefined);
	const ms = (await closed) - left;
	while (gateway.records.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	return { ms, outcome: gateway.records[0]?.outcome };
}

describe('a client that leaves', () => {
	const cases: [string, boolean, string, boolean][] = [
		['before a whole answer', false, '/v1/chat/completions', false],
		['before a stream begins', true, '/v1/chat/completions', false],
		['in the middle of a stream', true, '/v1/chat/completions', true],
		['in the middle of a translated stream', true, '/v1/messages', true],
		['before a translated whole answer', false, '/v1/messages', false],
	];

	it.each(cases)('%s, ends the call to the vendor within 100 ms', async (_name, stream, path, begun) => {
		const { ms, outcome } = await leave(stream, path, begun);
		expect(ms).toBeLessThan(100);
		expect(outcome).toBe('cancelled');
	});

	it('between two tries, ends the wait', async () => {
		upstream = await startUpstream((_request, response) => response.writeHead(503, { 'retry-after': '9' }).end('{}'));
		gateway = await startGateway({
			config: { providers: [{ name: 'up', type: 'openai-compatible', base_url: upstream.baseUrl, models: ['m'] }] },
		});
		const signal = AbortSignal.timeout(150);
		await fetch(`${gateway.url}/v1/chat/completions`, {
			method: 'POST',
			headers: { authorization: `Bearer ${TEST_KEY}` },
			body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }),
			signal,
		}).catch(() => undefined);
		while (gateway.records.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(gateway.records[0]?.outcome).toBe('cancelled');
		expect(gateway.records[0]?.durationMs).toBeLessThan(400);
		expect(upstream.bodies).toHaveLength(1);
	});
});

describe('a client that reads nothing', () => {
	it('does not make memory grow, and is cut off', async () => {
		let sent = 0;
		let stopped = false;
		upstream = await startUpstream((request, response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			const event = completionEvents(['x'.repeat(16_000)])[1] ?? '';
			request.socket.once('close', () => {
				stopped = true;
			});
			const pump = (): void => {
				while (!stopped && sent < 400_000_000) {
					sent += event.length;
					if (!response.write(event)) {
						response.once('drain', pump);
						return;
					}
				}
			};
			pump();
		});
		gateway = await startGateway({
			config: { providers: [{ name: 'up', type: 'openai-compatible', base_url: upstream.baseUrl, models: ['m'] }] },
			stallLimitMs: 700,
		});
		const before = process.memoryUsage().rss;
		const body = JSON.stringify({ model: 'm', stream: true, messages: [{ role: 'user', content: 'hi' }] });
		const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
		socket.pause();
		socket.on('error', () => undefined);
		socket.write(
			`POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TEST_KEY}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
		);
		while (!stopped) await new Promise((resolve) => setTimeout(resolve, 20));
		socket.destroy();
		expect(sent).toBeLessThan(40_000_000);
		expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
		while (gateway.records.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
		expect(gateway.records[0]?.outcome).toBe('cancelled');
	});
});
