import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../lib/manual-clock.ts';
import { createTransport, type Transport } from './index.ts';
import { answerOf, CHUNKED_HEAD, chunkOf, eventually, onRequests, post, RawServer, record } from './testing.ts';

let clock: ManualClock;
let transport: Transport;
let server: RawServer;
/** What the server does with a request; set by each test. */
let answer: (write: (bytes: string | Buffer) => void) => void;

beforeEach(async () => {
	clock = new ManualClock();
	transport = createTransport({ clock });
	answer = () => {};
	server = await new RawServer((socket) => onRequests(socket, () => answer((bytes) => socket.write(bytes)))).listen();
});

afterEach(async () => {
	await transport.close();
	await server.close();
});

describe('time limits', () => {
	it('connect: ends a call whose connection does not come about', async () => {
		const silent = await new RawServer((socket) => socket.resume()).listen();
		const { recorder } = record(transport, post(`https://127.0.0.1:${silent.port}`), {
			connect: 2000,
			headers: 100,
			answer: 100,
		});
		await eventually(() => silent.sockets.length === 1);
		await clock.advance(1950);
		expect(recorder.events).toEqual([]);
		await clock.advance(100);
		const error = await recorder.outcome;
		expect(error?.code).toBe('provider_timeout');
		expect(error?.message).toBe(`127.0.0.1:${silent.port} did not accept a connection within 2000 ms (limit: connect)`);
		expect(await eventually(() => silent.sockets[0]?.destroyed === true, 100)).toBe(true);
		await silent.close();
	});

	it('headers: ends a call that is not answered, and closes its connection', async () => {
		let requests = 0;
		answer = () => requests++;
		const { recorder } = record(transport, post(server.origin), { connect: 100, headers: 3000, answer: 10 }, { streamed: true });
		await eventually(() => requests === 1);
		await clock.advance(2900);
		expect(recorder.events).toEqual([]);
		await clock.advance(150);
		expect((await recorder.outcome)?.message).toContain('did not begin to answer within 3000 ms (limit: headers)');
		expect(await eventually(() => server.sockets[0]?.destroyed === true, 100)).toBe(true);
	});

	it('answer: stands in for the headers limit when the answer is not streamed', async () => {
		let requests = 0;
		answer = () => requests++;
		const { recorder } = record(transport, post(server.origin), { headers: 10, answer: 60_000 });
		await eventually(() => requests === 1);
		await clock.advance(59_900);
		expect(recorder.events).toEqual([]);
		await clock.advance(150);
		expect((await recorder.outcome)?.message).toContain('did not answer within 60000 ms (limit: answer)');
	});

	it('headers: does not count while a large request is still being sent', async () => {
		const slow = await new RawServer((socket) => socket.pause()).listen();
		const body = Buffer.alloc(30_000_000);
		const { recorder } = record(transport, post(slow.origin, body), { headers: 1000 }, { streamed: true });
		await eventually(() => transport.stats(slow.origin).running === 1);
		await clock.advance(20_000);
		expect(recorder.events).toEqual([]);
		slow.sockets[0]?.resume();
		await eventually(() => (slow.sockets[0]?.bytesRead ?? 0) > body.length);
		await clock.advance(1000);
		expect(recorder.events).toEqual([]);
		await clock.advance(1000);
		expect((await recorder.outcome)?.message).toContain('limit: headers');
		await slow.close();
	});

	it('first token: counts from the status line to the first content, whatever else comes', async () => {
		let write: (bytes: string) => void = () => {};
		answer = (toSocket) => {
			write = toSocket;
			write(CHUNKED_HEAD);
		};
		const { recorder } = record(
			transport,
			post(server.origin),
			{ headers: 100, firstToken: 1000, idle: 300 },
			{ streamed: true },
		);
		await recorder.head;
		await clock.advance(900);
		write(chunkOf(': ping\n\n'));
		await eventually(() => recorder.chunks.length === 1);
		expect(recorder.events).toEqual(['head']);
		await clock.advance(150);
		expect((await recorder.outcome)?.message).toContain('sent no content within 1000 ms (limit: first_token)');
	});

	it('idle: counts from piece to piece once content has started', async () => {
		let write: (bytes: string) => void = () => {};
		answer = (toSocket) => {
			write = toSocket;
			write(CHUNKED_HEAD);
		};
		const { recorder, exchange } = record(transport, post(server.origin), { firstToken: 100, idle: 1000 }, { streamed: true });
		await recorder.head;
		exchange.contentStarted();
		for (let i = 1; i <= 5; i++) {
			await clock.advance(900);
			write(chunkOf('data: x\n\n'));
			await eventually(() => recorder.chunks.length === i);
		}
		expect(recorder.events).toEqual(['head']);
		await clock.advance(1050);
		const error = await recorder.outcome;
		expect(error?.code).toBe('provider_timeout');
		expect(error?.message).toContain('fell silent in the middle of its answer for 1000 ms (limit: idle)');
	});

	it.each([
		['a call that is not streamed', false, CHUNKED_HEAD],
		['an error answer to a streamed call', true, CHUNKED_HEAD.replace('200 OK', '500 Oh')],
	])('idle: counts from the status line for %s', async (_name, streamed, head) => {
		answer = (write) => write(head);
		const { recorder } = record(transport, post(server.origin), { firstToken: 9000, idle: 1000 }, { streamed });
		await recorder.head;
		await clock.advance(1050);
		expect((await recorder.outcome)?.message).toContain('limit: idle');
	});

	it('idle: does not count while the reader is the slow one', async () => {
		answer = (write) => write(CHUNKED_HEAD + chunkOf('data: x\n\n'));
		const { recorder, exchange } = record(transport, post(server.origin), { idle: 1000 });
		recorder.flowing = false;
		await eventually(() => recorder.chunks.length === 1);
		await clock.advance(60_000);
		expect(recorder.events).toEqual(['head']);
		recorder.flowing = true;
		exchange.resume();
		await clock.advance(900);
		expect(recorder.events).toEqual(['head']);
		await clock.advance(150);
		expect((await recorder.outcome)?.message).toContain('limit: idle');
	});

	it('total: counts from the start to the end, paused or not', async () => {
		answer = (write) => write(CHUNKED_HEAD + chunkOf('data: x\n\n'));
		const { recorder } = record(transport, post(server.origin), { idle: 1000, total: 5000 });
		recorder.flowing = false;
		await eventually(() => recorder.chunks.length === 1);
		await clock.advance(4900);
		expect(recorder.events).toEqual(['head']);
		await clock.advance(150);
		expect((await recorder.outcome)?.message).toContain('did not finish its answer within 5000 ms (limit: total)');
	});

	it('total: also ends a call that waits for a connection', async () => {
		const narrow = createTransport({ clock, connections: 1 });
		answer = (write) => write(CHUNKED_HEAD);
		const first = record(narrow, post(server.origin));
		await first.recorder.head;
		const second = record(narrow, post(server.origin), { connect: 10, headers: 10, total: 5000 });
		await clock.advance(4900);
		expect(second.recorder.events).toEqual([]);
		await clock.advance(150);
		expect((await second.recorder.outcome)?.message).toContain('limit: total');
		await narrow.close();
	});

	it('none: a call may take for ever', async () => {
		let write: (bytes: Buffer) => void = () => {};
		answer = (toSocket) => {
			write = toSocket;
		};
		const { recorder } = record(transport, post(server.origin));
		await eventually(() => server.sockets.length === 1);
		await clock.advance(60_000);
		write(answerOf('late'));
		expect(await recorder.outcome).toBeUndefined();
		expect(recorder.text).toBe('late');
	});

	it('cost no timer while nothing is under way', async () => {
		answer = (write) => write(answerOf('x'));
		const { recorder } = record(transport, post(server.origin), { total: 1000 });
		await recorder.outcome;
		await clock.advance(100);
		expect(clock.sleeping).toBe(0);
	});
});
