import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { completion, startUpstream, type Upstream } from '../../../test/support/upstream.ts';
import { openaiChat } from '../../dialects/index.ts';
import { systemClock } from '../../lib/clock.ts';
import { Ticker } from '../../lib/ticker.ts';
import type { JsonObject, Provider, Signer, WireEndpoint } from '../../spec/index.ts';
import { createTransport, type Transport } from '../../transport/index.ts';
import type { ReplySink, RequestRecord } from '../types.ts';
import { Execution } from './execution.ts';

const LIMITS = { connect: 2000, headers: 2000, answer: 2000, firstToken: 2000, idle: 2000, total: 5000 };
const BODY: JsonObject = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] };

let transport: Transport;
let upstream: Upstream;
let shown: (string | undefined)[];
let valid: string;

beforeEach(async () => {
	transport = createTransport();
	shown = [];
	valid = 'Bearer 2';
	upstream = await startUpstream((request, response) => {
		shown.push(request.headers.authorization);
		response.setHeader('content-type', 'application/json');
		if (request.headers.authorization === valid) response.end(completion('fine'));
		else response.writeHead(401).end('{"error":{"message":"expired token"}}');
	});
});
afterEach(async () => {
	await transport.close();
	await upstream.close();
});

function wireWith(sign: Signer): WireEndpoint {
	const origin = new URL(upstream.baseUrl).origin;
	return {
		dialect: openaiChat,
		timeouts: LIMITS,
		traits: () => ({}),
		supports: () => true,
		call: () => ({ origin, method: 'POST', path: '/v1/chat/completions', headers: ['content-type', 'application/json'] }),
		sign,
		bodyChanges: () => null,
	};
}

/** Asks a vendor with these credentials; a provider is its endpoint, as far as an execution is concerned. */
async function ask(sign: Signer): Promise<{ record: RequestRecord; status: number }> {
	const provider = { name: 'vendor', type: 'test', wire: wireWith(sign) } as Partial<Provider> as Provider;
	const target = { provider, model: 'm', label: 'vendor/m', timeouts: LIMITS, info: undefined };
	let status = 0;
	const sink: ReplySink = {
		begin: (given) => {
			status = given;
		},
		write: () => true,
		end: () => undefined,
		onDrain: undefined,
		closed: false,
	};
	const request = {
		id: 'r1',
		surface: openaiChat,
		operation: 'chat' as const,
		body: BODY,
		raw: Buffer.from(JSON.stringify(BODY)),
		sketch: openaiChat.sketch(BODY),
		clientHeaders: {},
		plan: { requested: 'm', route: undefined, targets: [target] },
		sink,
	};
	const host = { transport, clock: systemClock, ticker: new Ticker(systemClock, 25), random: () => 0 };
	const policy = { retries: 0 } as ConstructorParameters<typeof Execution>[2]['policy'];
	const record = await new Execution(request, host, { policy, redact: (text) => text }, undefined).run();
	return { record, status };
}

/** Shows `Bearer 1`, then `Bearer 2` ..., one more each time what it showed is refused. */
function tokens(refused: (() => boolean) | undefined): Signer {
	let current = 1;
	const sign: Signer = (call) => ({ ...call, headers: [...call.headers, 'authorization', `Bearer ${current}`] });
	if (refused === undefined) return sign;
	return Object.assign(sign, {
		refused: () => {
			current++;
			return refused();
		},
	});
}

describe('credentials that a vendor refuses before their end', () => {
	test('are fetched anew, and the call is made again', async () => {
		const { record, status } = await ask(tokens(() => true));
		expect(status).toBe(200);
		expect(shown).toEqual(['Bearer 1', 'Bearer 2']);
		expect(record).toMatchObject({ outcome: 'completed', attempts: [{ outcome: 'ok' }] });
	});

	test('and whose successors it refuses too are an error, after one more call', async () => {
		valid = 'none';
		const { record, status } = await ask(tokens(() => true));
		expect(status).toBe(401);
		expect(shown).toEqual(['Bearer 1', 'Bearer 2']);
		expect(record.error?.code).toBe('provider_auth');
	});

	test.each([
		['of which there are no others', () => false],
		['that do not pass', undefined],
	])('%s are an error at once', async (_what, refused) => {
		const { status } = await ask(tokens(refused));
		expect(status).toBe(401);
		expect(shown).toEqual(['Bearer 1']);
	});
});
