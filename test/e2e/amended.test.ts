import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

/** A vendor of the Responses API that cannot read the reasoning it is sent. */
let upstream: Upstream;
let gateway: Gateway;
let answer: Parameters<typeof startUpstream>[0];

const REFUSAL = {
	message: 'The encrypted content could not be verified.',
	type: 'invalid_request_error',
	code: 'invalid_encrypted_content',
};
const REQUEST = {
	model: 'gpt-5',
	input: [
		{ role: 'user', content: 'Hi' },
		{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'of-another-vendor' },
		{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Hello', annotations: [] }] },
		{ role: 'user', content: 'Go on' },
	],
};
const message = {
	type: 'message',
	id: 'msg_1',
	status: 'completed',
	role: 'assistant',
	content: [{ type: 'output_text', text: 'Fine', annotations: [] }],
};
const whole = (status: string): object => ({
	...{ id: 'resp_1', object: 'response', created_at: 1, status, model: 'gpt-5', error: null, incomplete_details: null },
	output: status === 'completed' ? [message] : [],
	usage: status === 'completed' ? { input_tokens: 3, output_tokens: 2, total_tokens: 5 } : null,
});
const event = (type: string, more: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const STREAM = [
	event('response.created', { response: whole('in_progress') }),
	event('response.output_item.added', { output_index: 0, item: { ...message, content: [] } }),
	event('response.output_text.delta', { item_id: 'msg_1', output_index: 0, content_index: 0, delta: 'Fine' }),
	event('response.output_item.done', { output_index: 0, item: message }),
	event('response.completed', { response: whole('completed') }),
].join('');

beforeAll(async () => {
	upstream = await startUpstream((...call) => answer(...call));
	const providers = [{ name: 'openai', type: 'openai', base_url: upstream.baseUrl, api_key: 'sk-0123456789' }];
	gateway = await startGateway({ config: { providers, routing: { retries: 0 } } });
});
beforeEach(() => {
	upstream.bodies.length = 0;
	gateway.records.length = 0;
});
afterAll(async () => {
	await gateway.close();
	await upstream.close();
});

const sent = (at: number): string => upstream.bodies[at] ?? '';

describe('a request whose reasoning the vendor cannot read', () => {
	it('goes again without it, once, and counts once', async () => {
		answer = (_request, response, _body, nth) => {
			response.writeHead(nth === 0 ? 400 : 200, { 'content-type': 'application/json' });
			response.end(JSON.stringify(nth === 0 ? { error: REFUSAL } : whole('completed')));
		};
		const response = await post(gateway, '/v1/responses', REQUEST);
		expect(response.status).toBe(200);
		expect(response.headers.get('x-relais-warnings')).toContain('Reasoning of an earlier answer was left out');
		expect([sent(0).includes('of-another-vendor'), sent(1).includes('of-another-vendor')]).toEqual([true, false]);
		const record = await gateway.record(response.headers.get('x-relais-request-id') ?? '');
		expect(record).toMatchObject({
			outcome: 'completed',
			usage: { inputTokens: 3, outputTokens: 2 },
			attempts: [{ outcome: 'ok' }],
		});
	});

	it('fails with the second refusal, told once', async () => {
		answer = (_request, response) =>
			response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: REFUSAL }));
		const response = await post(gateway, '/v1/responses', REQUEST);
		expect(response.status).toBe(400);
		expect(upstream.bodies.length).toBe(2);
		expect(gateway.records.length).toBe(1);
	});

	it.each([
		['', 'as a last event'],
		['\n\n', 'as an event'],
	])('goes again where the refusal comes in the stream, %j behind it', async (end) => {
		answer = (_request, response, _body, nth) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.end(nth === 0 ? `${event('error', REFUSAL).trim()}${end}` : STREAM);
		};
		const response = await post(gateway, '/v1/responses', { ...REQUEST, stream: true });
		expect(response.status).toBe(200);
		expect(await response.text()).toContain('"delta":"Fine"');
		expect(upstream.bodies.length).toBe(2);
		const record = await gateway.record(response.headers.get('x-relais-request-id') ?? '');
		expect(record).toMatchObject({ outcome: 'completed', usage: { inputTokens: 3, outputTokens: 2 } });
	});

	it('is given up within 100 ms when its client leaves during the second call', async () => {
		let closedAt = 0;
		let waiting: () => void = () => undefined;
		const second = new Promise<void>((resolve) => {
			waiting = resolve;
		});
		answer = (request, response, _body, nth) => {
			if (nth === 0) {
				response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: REFUSAL }));
				return;
			}
			request.socket.once('close', () => {
				closedAt = performance.now();
			});
			waiting();
		};
		const leaving = new AbortController();
		const headers = { 'content-type': 'application/json', authorization: `Bearer ${TEST_KEY}` };
		const body = JSON.stringify(REQUEST);
		const call = fetch(`${gateway.url}/v1/responses`, { method: 'POST', headers, body, signal: leaving.signal }).catch(
			() => 'gone',
		);
		await second;
		const leftAt = performance.now();
		leaving.abort();
		expect(await call).toBe('gone');
		await expect.poll(() => closedAt).toBeGreaterThan(0);
		expect(closedAt - leftAt).toBeLessThan(100);
		await expect.poll(() => gateway.records[0]?.outcome).toBe('cancelled');
	});
});
