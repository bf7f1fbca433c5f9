import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../lib/manual-clock.ts';
import type { Frame, WireStream } from '../spec/index.ts';
import { createTransport, type StreamFramesOptions, streamFrames, type Transport } from './index.ts';
import { answerOf, CHUNKED_HEAD, chunkOf, eventually, NO_LIMITS, onRequests, post, RawServer, rejection } from './testing.ts';

let transport: Transport;
let server: RawServer;
let clock: ManualClock;
let answer: (socket: Socket) => void;

beforeEach(async () => {
	clock = new ManualClock();
	transport = createTransport({ clock });
	server = await new RawServer((socket) => onRequests(socket, () => answer(socket))).listen();
});

afterEach(async () => {
	await transport.close();
	await server.close();
});

function open(
	options?: StreamFramesOptions & { signal?: AbortSignal; framing?: 'sse' | 'ndjson'; firstToken?: number; idle?: number },
) {
	const { signal = new AbortController().signal, framing = 'sse', firstToken = 0, idle = 0, ...rest } = options ?? {};
	return streamFrames(transport, post(server.origin), framing, { ...NO_LIMITS, firstToken, idle }, signal, rest);
}

/** Reads to the end, or to the error. */
async function drain(stream: WireStream): Promise<{ frames: Frame[]; error: unknown }> {
	const frames: Frame[] = [];
	try {
		for await (const { event, data } of stream.frames) frames.push({ event, data });
		return { frames, error: undefined };
	} catch (error) {
		return { frames, error };
	}
}

describe('a streamed answer', () => {
	it('comes as frames, without comments, up to the last one even when it lacks its blank line', async () => {
		answer = (socket) => {
			socket.write(CHUNKED_HEAD);
			for (const piece of ['data: 1', '\n\nevent: x\nda', 'ta: 2\n\n', ': ping\n\n', 'data: 3']) socket.write(chunkOf(piece));
			socket.write('0\r\n\r\n');
		};
		const { frames, error } = await drain(await open());
		expect(error).toBeUndefined();
		expect(frames).toEqual([
			{ event: '', data: '1' },
			{ event: 'x', data: '2' },
			{ event: '', data: '3' },
		]);
	});

	it('comes as lines where the vendor sends lines', async () => {
		answer = (socket) => socket.write(answerOf('{"a":1}\n{"a":2}\r\n\n{"a":3}', 'content-type: application/x-ndjson\r\n'));
		const { frames } = await drain(await open({ framing: 'ndjson' }));
		expect(frames.map((frame) => frame.data)).toEqual(['{"a":1}', '{"a":2}', '{"a":3}']);
	});

	it('ends with an error, after the frames that came, when it breaks off', async () => {
		answer = (socket) => {
			socket.write(CHUNKED_HEAD + chunkOf('data: 1\n\ndata: ha'));
			setTimeout(() => socket.resetAndDestroy(), 20);
		};
		const { frames, error } = await drain(await open());
		expect(frames).toEqual([{ event: '', data: '1' }]);
		expect(error).toMatchObject({ code: 'stream_interrupted' });
	});

	it('is a protocol error when one event is larger than the limit', async () => {
		answer = (socket) => socket.write(CHUNKED_HEAD + chunkOf('data: 1\n\n') + chunkOf(`data: ${'x'.repeat(2000)}`));
		const { frames, error } = await drain(await open({ maxFrameBytes: 1000 }));
		expect(frames).toEqual([{ event: '', data: '1' }]);
		expect(error).toMatchObject({ code: 'provider_protocol' });
		expect(String(error)).toContain('one event of more than 1000 bytes');
		expect(await eventually(() => server.sockets[0]?.destroyed === true, 100)).toBe(true);
	});

	it('waits for a slow reader without taking in the rest', async () => {
		const event = `data: ${'x'.repeat(8000)}\n\n`;
		let sent = 0;
		answer = (socket) => {
			socket.write(CHUNKED_HEAD);
			const more = (): void => {
				while (sent < 4000) {
					sent++;
					if (!socket.write(chunkOf(event))) {
						socket.once('drain', more);
						return;
					}
				}
				socket.write('0\r\n\r\n');
			};
			more();
		};
		const stream = await open();
		let last = -1;
		await eventually(() => {
			const still = sent === last;
			last = sent;
			return still;
		});
		expect(sent).toBeLessThan(3000);
		const { frames, error } = await drain(stream);
		expect(error).toBeUndefined();
		expect(frames).toHaveLength(4000);
	});

	it('is aborted when the reader stops early', async () => {
		answer = (socket) => socket.write(CHUNKED_HEAD + chunkOf('data: 1\n\ndata: 2\n\n'));
		for await (const frame of (await open()).frames) {
			expect(frame.data).toBe('1');
			break;
		}
		expect(await eventually(() => server.sockets[0]?.destroyed === true, 100)).toBe(true);
	});
});

describe('an answer to a streamed call that is no stream', () => {
	it('is handed over whole when its status says error', async () => {
		answer = (socket) =>
			socket.write(answerOf('{"error":{"message":"no"}}', 'content-type: application/json\r\n', '401 Unauthorized'));
		const stream = await open();
		expect([stream.status, stream.body?.toString()]).toEqual([401, '{"error":{"message":"no"}}']);
		expect((await drain(stream)).frames).toEqual([]);
	});

	it.each([
		['text/html; charset=utf-8', '<html>', undefined],
		['application/json', '{"error":"busy"}', { error: 'busy' }],
	])('is a protocol error when its status says all is well: %s', async (type, body, providerBody) => {
		answer = (socket) => socket.write(answerOf(body, `content-type: ${type}\r\n`));
		const error = await rejection(open());
		expect(error.code).toBe('provider_protocol');
		expect(error.message).toContain(`answered a streamed call with ${type}`);
		expect(error.providerBody).toEqual(providerBody);
	});

	it('is an error when it breaks off', async () => {
		answer = (socket) => {
			socket.write('HTTP/1.1 500 Oh\r\ncontent-length: 100\r\n\r\nhalf');
			setTimeout(() => socket.destroy(), 10);
		};
		expect((await rejection(open())).code).toBe('stream_interrupted');
	});
});

describe('the signal of a streamed call', () => {
	it('ends it before the answer', async () => {
		answer = () => {};
		const controller = new AbortController();
		const opening = rejection(open({ signal: controller.signal }));
		await eventually(() => server.sockets.length === 1);
		controller.abort();
		expect((await opening).code).toBe('client_closed');
		expect(await eventually(() => server.sockets[0]?.destroyed === true, 100)).toBe(true);
		expect((await rejection(open({ signal: AbortSignal.abort() }))).code).toBe('client_closed');
	});

	it('ends it in the middle, whether the reader waits or not', async () => {
		for (const waits of [true, false]) {
			answer = (socket) => socket.write(CHUNKED_HEAD + chunkOf('data: 1\n\n'));
			const controller = new AbortController();
			const stream = await open({ signal: controller.signal });
			const reading = waits ? drain(stream) : undefined;
			setTimeout(() => controller.abort(), 20);
			await new Promise((resolve) => {
				setTimeout(resolve, 40);
			});
			expect(await (reading ?? drain(stream))).toMatchObject({ error: { code: 'client_closed' } });
		}
	});
});

describe('the first-token limit of a streamed call', () => {
	it('ends with the first frame that the caller counts as content', async () => {
		let socket: Socket | undefined;
		answer = (its) => {
			socket = its;
			its.write(CHUNKED_HEAD + chunkOf('data: role\n\n'));
		};
		const stream = await open({ firstToken: 1000, idle: 5000, isContent: (frame) => frame.data === 'text' });
		const reading = stream.frames[Symbol.asyncIterator]();
		expect((await reading.next()).value).toMatchObject({ data: 'role' });
		await clock.advance(900);
		socket?.write(chunkOf('data: text\n\n'));
		expect((await reading.next()).value).toMatchObject({ data: 'text' });
		await clock.advance(4900);
		const next = rejection(reading.next());
		await clock.advance(150);
		expect((await next).message).toContain('limit: idle');
	});

	it('passes when nothing but other frames comes', async () => {
		answer = (socket) => socket.write(CHUNKED_HEAD + chunkOf('data: role\n\n'));
		const reading = drain(await open({ firstToken: 1000, idle: 10, isContent: () => false }));
		await clock.advance(1050);
		expect(await reading).toMatchObject({ frames: [{ data: 'role' }], error: { code: 'provider_timeout' } });
	});
});
