import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { RelaisError } from '../spec/index.ts';
import type { Transport, TransportOptions } from './index.ts';
import { createTransport } from './index.ts';
import {
	answerOf,
	CHUNKED_HEAD,
	chunkOf,
	eventually,
	NO_LIMITS,
	onRequests,
	post,
	RawServer,
	record,
	rejection,
} from './testing.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
	await Promise.all(open.splice(0).map((item) => item.close()));
});

function transportWith(options?: TransportOptions): Transport {
	const transport = createTransport(options);
	open.push(transport);
	return transport;
}

async function serve(serveSocket: ConstructorParameters<typeof RawServer>[0]): Promise<RawServer> {
	const server = await new RawServer(serveSocket).listen();
	open.push(server);
	return server;
}

/** A connection is used again from the next turn of the event loop on. */
const nextTurn = (): Promise<void> =>
	new Promise((resolve) => {
		setImmediate(() => setImmediate(resolve));
	});

describe('a call', () => {
	it('sends method, path, headers and body as given and brings back the whole answer', async () => {
		const seen: string[] = [];
		const server = await serve((socket) =>
			onRequests(socket, (request) => {
				seen.push(request);
				socket.write(answerOf('{"ok":true}', 'x-answer: 1\r\nset-cookie: a\r\nset-cookie: b\r\n', '201 Created'));
			}),
		);
		const reply = await transportWith().request(post(server.origin, '{"model":"é"}', ['x-api-key', 'k']), NO_LIMITS);
		expect(reply.status).toBe(201);
		expect(reply.headers).toMatchObject({ 'x-answer': '1', 'set-cookie': ['a', 'b'] });
		expect(reply.body.toString()).toBe('{"ok":true}');
		const [request] = seen;
		expect(request).toMatch(/^POST \/v1\/chat HTTP\/1.1\r\n/);
		expect(request).toContain('x-api-key: k\r\n');
		expect(request).toContain('content-length: 14\r\n');
		expect(request).not.toContain('accept-encoding');
	});

	it('sends a body in pieces as one, with its length, also when a stale connection makes it send twice', async () => {
		const seen: string[] = [];
		const server = await serve((socket, index) =>
			onRequests(socket, (request) => {
				seen.push(request);
				if (index === 0 && seen.length === 2) socket.resetAndDestroy();
				else socket.write(answerOf('x'));
			}),
		);
		const transport = transportWith();
		const large = Buffer.alloc(300_000, 'x');
		const call = { ...post(server.origin), body: [Buffer.from('{"a":"'), large, Buffer.from('"}')] };
		for (let i = 0; i < 2; i++) {
			expect((await transport.request(call, NO_LIMITS)).status).toBe(200);
			await nextTurn();
		}
		expect(seen).toHaveLength(3);
		for (const request of seen) {
			expect(request).toContain('content-length: 300008\r\n');
			expect(request).not.toContain('transfer-encoding');
			expect(request.endsWith(`{"a":"${large.toString()}"}`)).toBe(true);
		}
	});

	it('brings back HTTP errors as answers', async () => {
		const server = await serve((socket) =>
			onRequests(socket, () => socket.write(answerOf('slow down', '', '429 Too Many Requests'))),
		);
		const reply = await transportWith().request(post(server.origin), NO_LIMITS);
		expect([reply.status, reply.body.toString()]).toEqual([429, 'slow down']);
	});

	it('skips interim answers', async () => {
		const server = await serve((socket) =>
			onRequests(socket, () => {
				socket.write('HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n');
				socket.write(answerOf('final'));
			}),
		);
		const { recorder } = record(transportWith(), post(server.origin));
		expect(await recorder.outcome).toBeUndefined();
		expect([recorder.status, recorder.text, recorder.events]).toEqual([200, 'final', ['head', 'end']]);
	});

	it('reuses its connection, and opens more for calls at the same time', async () => {
		const server = await serve((socket) => onRequests(socket, () => setTimeout(() => socket.write(answerOf('x')), 20)));
		const transport = transportWith();
		await transport.request(post(server.origin), NO_LIMITS);
		await nextTurn();
		await transport.request(post(server.origin), NO_LIMITS);
		await nextTurn();
		expect(server.sockets).toHaveLength(1);
		await Promise.all([1, 2, 3].map(() => transport.request(post(server.origin), NO_LIMITS)));
		expect(server.sockets).toHaveLength(3);
	});

	it('is refused when its answer is larger than allowed', async () => {
		const server = await serve((socket) => onRequests(socket, () => socket.write(answerOf('a'.repeat(2000)))));
		const error = await rejection(transportWith().request(post(server.origin), NO_LIMITS, undefined, 1000));
		expect(error.code).toBe('provider_protocol');
		expect(error.message).toContain('larger than 1000 bytes');
	});
});

describe('a compressed answer', () => {
	const text = 'data: {"text":"héllo"}\n\n'.repeat(2000);
	it.each([
		['gzip', gzipSync(text)],
		['x-gzip', gzipSync(text)],
		['deflate', deflateSync(text)],
		['br', brotliCompressSync(text)],
		['zstd', zstdCompressSync(text)],
	])('arrives plain: %s', async (coding, bytes) => {
		const server = await serve((socket) =>
			onRequests(socket, () => socket.write(answerOf(bytes, `content-encoding: ${coding}\r\n`))),
		);
		const reply = await transportWith().request(post(server.origin), NO_LIMITS);
		expect(reply.body.toString()).toBe(text);
		expect(reply.headers['content-encoding']).toBeUndefined();
		expect(reply.headers['content-length']).toBeUndefined();
	});

	it('may be empty', async () => {
		const server = await serve((socket) => onRequests(socket, () => socket.write(answerOf('', 'content-encoding: gzip\r\n'))));
		expect((await transportWith().request(post(server.origin), NO_LIMITS)).body.toString()).toBe('');
	});

	it('waits for a slow reader and then goes on', async () => {
		const server = await serve((socket) =>
			onRequests(socket, () => socket.write(answerOf(gzipSync('z'.repeat(5_000_000)), 'content-encoding: gzip\r\n'))),
		);
		const { recorder, exchange } = record(transportWith(), post(server.origin));
		recorder.flowing = false;
		await recorder.head;
		await eventually(() => recorder.chunks.length > 0);
		const before = recorder.chunks.length;
		await eventually(() => recorder.chunks.length > before + 2, 50);
		expect(recorder.text.length).toBeLessThan(1_000_000);
		recorder.flowing = true;
		exchange.resume();
		expect(await recorder.outcome).toBeUndefined();
		expect(recorder.text.length).toBe(5_000_000);
	});

	it.each([
		['not valid', 'gzip', 'not valid gzip'],
		['in a coding nobody knows', 'gzip, br', 'encoded as "gzip, br"'],
	])('is a protocol error when %s', async (_name, coding, message) => {
		const server = await serve((socket) =>
			onRequests(socket, () => socket.write(answerOf('plain text', `content-encoding: ${coding}\r\n`))),
		);
		const error = await rejection(transportWith().request(post(server.origin), NO_LIMITS));
		expect(error.code).toBe('provider_protocol');
		expect(error.message).toContain(message);
	});
});

describe('a slow reader', () => {
	it('stops the upstream instead of growing memory, then gets every byte', async () => {
		const piece = 'x'.repeat(64 * 1024);
		const total = 400;
		let sent = 0;
		const server = await serve((socket) =>
			onRequests(socket, () => {
				socket.write(CHUNKED_HEAD);
				const more = (): void => {
					while (sent < total) {
						sent++;
						if (!socket.write(chunkOf(piece))) {
							socket.once('drain', more);
							return;
						}
					}
					socket.write('0\r\n\r\n');
				};
				more();
			}),
		);
		const { recorder, exchange } = record(transportWith(), post(server.origin));
		recorder.flowing = false;
		await recorder.head;
		let last = -1;
		await eventually(() => {
			const still = sent === last;
			last = sent;
			return still && sent > 0;
		});
		await new Promise((resolve) => {
			setTimeout(resolve, 100);
		});
		// What fits into the kernel's socket buffers has been sent, the rest has not; this process holds one read of the socket.
		expect(sent).toBe(last);
		expect(sent).toBeLessThan(total);
		expect(recorder.text.length).toBeLessThan(200_000);
		recorder.flowing = true;
		exchange.resume();
		expect(await recorder.outcome).toBeUndefined();
		expect(recorder.text.length).toBe(total * piece.length);
	});
});

describe('abort', () => {
	const closedWithin = async (server: RawServer, ms: number): Promise<boolean> =>
		eventually(() => server.sockets.length > 0 && server.sockets.every((socket) => socket.destroyed || socket.readableEnded), ms);

	it('closes the connection while waiting for the answer', async () => {
		const requests: string[] = [];
		const server = await serve((socket) => onRequests(socket, (request) => requests.push(request)));
		const { recorder, exchange } = record(transportWith(), post(server.origin));
		await eventually(() => requests.length === 1);
		exchange.abort();
		expect(await closedWithin(server, 100)).toBe(true);
		exchange.abort();
		expect(recorder.events).toEqual([]);
	});

	it('closes the connection in the middle of a stream, paused or not', async () => {
		const server = await serve((socket) => onRequests(socket, () => socket.write(CHUNKED_HEAD + chunkOf('data: 1\n\n'))));
		for (const flowing of [true, false]) {
			const { recorder, exchange } = record(transportWith(), post(server.origin));
			recorder.flowing = flowing;
			await eventually(() => recorder.chunks.length === 1);
			exchange.abort();
			exchange.resume();
			expect(await closedWithin(server, 100)).toBe(true);
			expect(recorder.events).toEqual(['head']);
		}
	});

	it('gives up a connection that is still being opened', async () => {
		const server = await serve(() => {});
		const { recorder, exchange } = record(transportWith(), post(`https://127.0.0.1:${server.port}`));
		await eventually(() => server.sockets.length === 1);
		server.sockets[0]?.resume();
		exchange.abort();
		expect(await closedWithin(server, 100)).toBe(true);
		expect(recorder.events).toEqual([]);
	});

	it('takes a waiting call out of the queue and leaves the connection to the others', async () => {
		const requests: string[] = [];
		const server = await serve((socket) =>
			onRequests(socket, (request) => {
				requests.push(request);
				setTimeout(() => socket.write(answerOf('x')), 30);
			}),
		);
		const transport = transportWith({ connections: 1 });
		const first = record(transport, post(server.origin, 'first'));
		const second = record(transport, post(server.origin, 'second'));
		const third = record(transport, post(server.origin, 'third'));
		expect(transport.stats(server.origin).pending).toBe(3);
		second.exchange.abort();
		await Promise.all([first.recorder.outcome, third.recorder.outcome]);
		expect(requests.map((request) => request.split('\r\n\r\n')[1])).toEqual(['first', 'third']);
		expect(server.sockets).toHaveLength(1);
		expect(second.recorder.events).toEqual([]);
	});

	it('ends a request by its signal, with the reason where it is an error of ours', async () => {
		const server = await serve(() => {});
		const transport = transportWith();
		const controller = new AbortController();
		const running = rejection(transport.request(post(server.origin), NO_LIMITS, controller.signal));
		await eventually(() => server.sockets.length === 1);
		server.sockets[0]?.resume();
		controller.abort();
		expect((await running).code).toBe('client_closed');
		expect(await closedWithin(server, 100)).toBe(true);
		const late = AbortSignal.abort(new RelaisError('request_timeout', 'too late'));
		expect((await rejection(transport.request(post(server.origin), NO_LIMITS, late))).message).toBe('too late');
	});
});

describe('a kept connection that the server has closed', () => {
	it('is replaced without the caller noticing', async () => {
		let answered = 0;
		const server = await serve((socket) =>
			onRequests(socket, () => {
				answered++;
				socket.end(answerOf('x', 'connection: keep-alive\r\n'));
			}),
		);
		const transport = transportWith();
		for (let i = 0; i < 20; i++) expect((await transport.request(post(server.origin), NO_LIMITS)).status).toBe(200);
		expect(answered).toBe(20);
	});

	it('is replaced even when it closes just as the next call is written', async () => {
		// The second request on each connection is never read: the server resets instead, as one whose idle limit has just passed.
		const server = await serve((socket) => {
			let first = true;
			onRequests(socket, () => {
				if (first) socket.write(answerOf('x'));
				else socket.resetAndDestroy();
				first = false;
			});
		});
		const transport = transportWith();
		for (let i = 0; i < 6; i++) {
			expect((await transport.request(post(server.origin), NO_LIMITS)).status).toBe(200);
			await nextTurn();
		}
		expect(server.sockets).toHaveLength(6);
	});

	it('is replaced once: a server that also closes the fresh connection is unreachable', async () => {
		let requests = 0;
		const server = await serve((socket, index) => {
			onRequests(socket, () => {
				requests++;
				if (index === 0 && requests === 1) socket.write(answerOf('x'));
				else socket.resetAndDestroy();
			});
		});
		const transport = transportWith();
		await transport.request(post(server.origin), NO_LIMITS);
		await nextTurn();
		const error = await rejection(transport.request(post(server.origin), NO_LIMITS));
		expect(error.code).toBe('provider_unreachable');
		expect([requests, server.sockets.length]).toEqual([3, 2]);
	});
});

describe('close', () => {
	it('cuts running, connecting and waiting calls and refuses new ones', async () => {
		const server = await serve((socket) => onRequests(socket, () => socket.write(CHUNKED_HEAD)));
		const silent = await serve((socket) => socket.resume());
		const transport = createTransport({ connections: 1 });
		const running = record(transport, post(server.origin));
		await running.recorder.head;
		const waiting = record(transport, post(server.origin));
		const connecting = record(transport, post(`https://127.0.0.1:${silent.port}`));
		await eventually(() => silent.sockets.length === 1);
		await transport.close();
		for (const { recorder } of [running, waiting, connecting]) expect((await recorder.outcome)?.code).toBe('shutting_down');
		expect(await eventually(() => silent.sockets.every((socket) => socket.destroyed || socket.readableEnded), 200)).toBe(true);
		expect((await rejection(transport.request(post(server.origin), NO_LIMITS))).code).toBe('shutting_down');
	});
});

describe('stats', () => {
	it('count connections and calls', async () => {
		const server = await serve((socket) => onRequests(socket, () => socket.write(CHUNKED_HEAD)));
		const transport = transportWith({ connections: 2 });
		expect(transport.stats(server.origin)).toEqual({ connected: 0, running: 0, pending: 0 });
		const calls = [1, 2, 3].map(() => record(transport, post(server.origin)));
		await Promise.all(calls.slice(0, 2).map(({ recorder }) => recorder.head));
		expect(transport.stats(server.origin)).toEqual({ connected: 2, running: 2, pending: 1 });
	});
});
