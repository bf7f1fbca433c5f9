import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from './failures.ts';
import { createTransport } from './index.ts';
import { answerOf, CHUNKED_HEAD, chunkOf, NO_LIMITS, onRequests, post, RawServer, record, rejection } from './testing.ts';

const transport = createTransport();
const servers: RawServer[] = [];

afterEach(async () => {
	await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serving(
	answer: (write: (bytes: string | Buffer) => void, close: (how: 'end' | 'reset') => void) => void,
): Promise<string> {
	const server = await new RawServer((socket) => {
		onRequests(socket, () =>
			answer(
				(bytes) => socket.write(bytes),
				(how) => (how === 'end' ? socket.end() : socket.resetAndDestroy()),
			),
		);
	}).listen();
	servers.push(server);
	return server.origin;
}

describe('a vendor that cannot be reached', () => {
	it('is reported with the reason when its name does not resolve', async () => {
		const error = await rejection(transport.request(post('http://no-such-host.invalid'), NO_LIMITS));
		expect(error.code).toBe('provider_unreachable');
		expect(error.message).toContain('the name of no-such-host.invalid does not resolve');
	});

	it('is reported at once when it refuses the connection', async () => {
		const server = await new RawServer(() => {}).listen();
		const { origin, port } = server;
		await server.close();
		const error = await rejection(transport.request(post(origin), NO_LIMITS));
		expect(error.code).toBe('provider_unreachable');
		expect(error.message).toBe(`127.0.0.1:${port} refused the connection (ECONNREFUSED)`);
	});

	it('is reported when it does not speak TLS', async () => {
		const server = await new RawServer((socket) =>
			socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
		).listen();
		servers.push(server);
		const error = await rejection(transport.request(post(`https://127.0.0.1:${server.port}`), NO_LIMITS));
		expect(error.code).toBe('provider_unreachable');
		expect(error.message).toContain('TLS');
	});

	it('is reported when its certificate is not trusted', () => {
		const cause = Object.assign(new Error('certificate'), { code: 'CERT_HAS_EXPIRED' });
		const error = failureOf(cause, 'https://api.example.com', 'connecting');
		expect(error.code).toBe('provider_unreachable');
		expect(error.message).toBe('the TLS certificate of api.example.com has expired (CERT_HAS_EXPIRED)');
	});

	it.each(['end', 'reset'] as const)('is reported when it closes the connection (%s) before answering', async (how) => {
		const origin = await serving((_write, close) => close(how));
		const error = await rejection(transport.request(post(origin), NO_LIMITS));
		expect(error.code).toBe('provider_unreachable');
		expect(error.message).toContain('closed the connection before it answered');
	});
});

describe('an answer that breaks off', () => {
	it.each(['end', 'reset'] as const)('is an interrupted stream when chunked (%s)', async (how) => {
		const origin = await serving((write, close) => {
			write(CHUNKED_HEAD + chunkOf('data: 1\n\n'));
			setTimeout(close, 20, how);
		});
		const { recorder } = record(transport, post(origin));
		expect((await recorder.outcome)?.code).toBe('stream_interrupted');
		expect(recorder.text).toBe('data: 1\n\n');
		expect(recorder.events).toEqual(['head', 'stream_interrupted']);
	});

	it('is an interrupted stream when shorter than announced', async () => {
		const origin = await serving((write, close) => {
			write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf');
			close('end');
		});
		expect((await rejection(transport.request(post(origin), NO_LIMITS))).code).toBe('stream_interrupted');
	});

	it('is an interrupted stream when the server had announced to close the connection', async () => {
		const origin = await serving((write, close) => {
			write(`HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n${chunkOf('half')}`);
			close('end');
		});
		expect((await rejection(transport.request(post(origin), NO_LIMITS))).code).toBe('stream_interrupted');
	});

	it('is whole when its end is the end of the connection', async () => {
		const origin = await serving((write, close) => {
			write('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall of it');
			close('end');
		});
		expect((await transport.request(post(origin), NO_LIMITS)).body.toString()).toBe('all of it');
	});
});

describe('an answer that is not HTTP', () => {
	it.each([
		['nonsense', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
		['an unasked upgrade', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
		['a malformed chunk', `${CHUNKED_HEAD}zz\r\nbroken`],
	])('is a protocol error: %s', async (_name, bytes) => {
		const origin = await serving((write) => write(bytes));
		const error = await rejection(transport.request(post(origin), NO_LIMITS));
		expect(error.code).toBe('provider_protocol');
		expect(error.message).toContain('not a valid HTTP/1.1 response');
	});

	it('is a protocol error when its headers have no end', async () => {
		const origin = await serving((write) => write(`HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(100_000)}\r\n\r\n`));
		const error = await rejection(transport.request(post(origin), NO_LIMITS));
		expect(error.code).toBe('provider_protocol');
		expect(error.message).toContain('headers that are too large');
	});

	it('costs the next call nothing', async () => {
		let calls = 0;
		const origin = await serving((write) => write(calls++ === 0 ? 'nonsense\r\n\r\n' : answerOf('fine')));
		await rejection(transport.request(post(origin), NO_LIMITS));
		expect((await transport.request(post(origin), NO_LIMITS)).body.toString()).toBe('fine');
	});
});

describe('a request that cannot be sent', () => {
	it('is a configuration error that names the header but not its value', async () => {
		const error = await rejection(
			transport.request(post('http://127.0.0.1:1', '{}', ['authorization', 'Bearer se\ncret']), NO_LIMITS),
		);
		expect(error.code).toBe('config_invalid');
		expect(error.message).toContain('authorization');
		expect(error.message).not.toContain('cret');
	});

	it('is a configuration error when the address is none', async () => {
		expect((await rejection(transport.request(post('not an address'), NO_LIMITS))).code).toBe('config_invalid');
	});

	it('tells its handler only after start has returned', async () => {
		const { recorder } = record(transport, post('not an address'));
		expect(recorder.events).toEqual([]);
		expect((await recorder.outcome)?.code).toBe('config_invalid');
	});
});

describe('a handler that throws', () => {
	it('ends its own call with an internal error', async () => {
		const origin = await serving((write) => write(answerOf('hello')));
		const { recorder } = record(transport, post(origin));
		recorder.onData = () => {
			throw new TypeError('a mistake in the handler');
		};
		expect((await recorder.outcome)?.code).toBe('internal');
	});
});
