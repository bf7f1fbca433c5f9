import { describe, expect, it } from 'vitest';
import { createTransport } from './index.ts';
import { answerOf, CHUNKED_HEAD, chunkOf, eventually, NO_LIMITS, onRequests, post, RawServer, record } from './testing.ts';

/** A sequence that looks random and is the same each time. */
function numbers(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return Math.floor((state / 2_147_483_648) * below);
	};
}

describe('after a storm of calls that fail in every way', () => {
	it.each([
		['as many connections as it takes', undefined],
		['few connections and a queue', 8],
	])('nothing is left over: %s', async (_name, connections) => {
		const random = numbers(7);
		const behaviours: ((write: (bytes: string | Buffer) => void, reset: () => void) => void)[] = [
			(write) => write(answerOf('fine')),
			(write) => write(answerOf('fine', 'connection: close\r\n')),
			(_write, reset) => reset(),
			(write) => write('nonsense\r\n\r\n'),
			(write) => write(CHUNKED_HEAD + chunkOf('data: 1\n\n')),
			(write, reset) => {
				write(CHUNKED_HEAD + chunkOf('data: 1\n\n'));
				setTimeout(reset, 2);
			},
			() => {},
		];
		const server = await new RawServer((socket) =>
			onRequests(socket, () =>
				behaviours[random(behaviours.length)]?.(
					(bytes) => socket.write(bytes),
					() => socket.resetAndDestroy(),
				),
			),
		).listen();
		const transport = createTransport(connections === undefined ? {} : { connections });
		const outcomes: Promise<unknown>[] = [];
		for (let batch = 0; batch < 20; batch++) {
			for (let i = 0; i < 25; i++) {
				const body = 'x'.repeat(random(5000));
				const call = post(server.origin, body);
				if (random(3) === 0) call.body = [Buffer.from(body), Buffer.from(body)];
				const { recorder, exchange } = record(transport, call, { idle: 60, answer: 60 });
				recorder.flowing = random(4) > 0;
				const end = setTimeout(() => exchange.abort(), random(2) === 0 ? random(40) : 400);
				outcomes.push(
					Promise.race([recorder.outcome, new Promise((resolve) => setTimeout(resolve, 450))]).finally(() => clearTimeout(end)),
				);
			}
			await new Promise((resolve) => {
				setTimeout(resolve, 5);
			});
		}
		await Promise.all(outcomes);
		const idle = (): boolean => transport.stats(server.origin).running + transport.stats(server.origin).pending === 0;
		expect(await eventually(idle)).toBe(true);
		behaviours.splice(0, behaviours.length, (write) => write(answerOf('still there')));
		const calls = Array.from({ length: 20 }, () => transport.request(post(server.origin), NO_LIMITS));
		expect((await Promise.all(calls)).map((reply) => reply.body.toString())).toEqual(Array(20).fill('still there'));
		await transport.close();
		expect(await eventually(() => server.sockets.every((socket) => socket.destroyed), 500)).toBe(true);
		await server.close();
	});
});
