import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, post, startGateway } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

let gateway: Gateway | undefined;
let upstream: Upstream | undefined;

afterEach(async () => {
	await gateway?.close();
	await upstream?.close();
});

async function setUp(answer: Parameters<typeof startUpstream>[0]): Promise<{ gateway: Gateway; upstream: Upstream }> {
	upstream = await startUpstream(answer);
	gateway = await startGateway({
		config: {
			providers: [
				{ name: 'up', type: 'openai-compatible', base_url: upstream.baseUrl, models: ['m', { name: 'alias', id: 'm' }] },
			],
		},
	});
	return { gateway, upstream };
}

const messages = [{ role: 'user', content: 'hi' }];

describe('a request in the dialect of its target', () => {
	it('reaches the vendor byte for byte when nothing has to change', async () => {
		const given = await setUp((_request, response) => response.end(completion('ok')));
		const body = `{ "seed" : 12345678901234567890, "temperature":1.0,\n "model":"m","messages":${JSON.stringify(messages)}, "x_unknown": {"a":1.50} }`;
		const answer = await post(given.gateway, '/v1/chat/completions', body);
		expect(answer.status).toBe(200);
		expect(given.upstream.bodies[0]).toBe(body);
	});

	it('has only the model replaced when it was asked for under another name', async () => {
		const given = await setUp((_request, response) => response.end(completion('ok')));
		const body = `{"seed":12345678901234567890,"model":"alias","messages":${JSON.stringify(messages)},"x":1.0}`;
		await post(given.gateway, '/v1/chat/completions', body);
		expect(given.upstream.bodies[0]).toBe(body.replace('"alias"', '"m"'));
	});

	it("gets the vendor's answer byte for byte, unknown fields included", async () => {
		const answer = completion('ok', { vendor_field: { deep: [1.0, 12345678901234567890n.toString()] } });
		const given = await setUp((_request, response) => response.end(answer));
		const reply = await post(given.gateway, '/v1/chat/completions', { model: 'm', messages });
		expect(await reply.text()).toBe(answer);
		expect(reply.headers.get('x-relais-provider')).toBe('up');
		expect(reply.headers.get('x-relais-model')).toBe('m');
		expect(reply.headers.get('x-relais-attempts')).toBe('1');
		const record = await given.gateway.record(reply.headers.get('x-relais-request-id') ?? '');
		expect(record.attempts[0]?.lane).toBe('pass-through');
		expect(record.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
	});

	it("gets the vendor's stream byte for byte, but for the usage only Relais asked for", async () => {
		const events = completionEvents(['Hé', 'llo 漢字']);
		const given = await setUp((_request, response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			const bytes = Buffer.from(events.join(''));
			for (let i = 0; i < bytes.length; i += 7) response.write(bytes.subarray(i, i + 7));
			response.end();
		});
		const plain = await post(given.gateway, '/v1/chat/completions', { model: 'm', messages, stream: true });
		expect(await plain.text()).toBe(events.filter((event) => !event.includes('"usage"')).join(''));
		expect(JSON.parse(given.upstream.bodies[0] ?? '')).toMatchObject({ stream_options: { include_usage: true } });
		const record = await given.gateway.record(plain.headers.get('x-relais-request-id') ?? '');
		expect(record.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });

		const asked = await post(given.gateway, '/v1/chat/completions', {
			model: 'm',
			messages,
			stream: true,
			stream_options: { include_usage: true },
		});
		expect(await asked.text()).toBe(events.join(''));
	});
});

describe('a request in another dialect than its target', () => {
	it('is translated there and back', async () => {
		const given = await setUp((_request, response) => response.end(completion('translated')));
		const reply = await post(given.gateway, '/v1/messages', { model: 'm', max_tokens: 10, messages });
		expect(await reply.json()).toMatchObject({
			type: 'message',
			role: 'assistant',
			content: [{ type: 'text', text: 'translated' }],
			stop_reason: 'end_turn',
			usage: { input_tokens: 3, output_tokens: 2 },
		});
		expect(JSON.parse(given.upstream.bodies[0] ?? '')).toMatchObject({ model: 'm', messages, max_tokens: 10 });
	});

	it("is streamed in the client's own events", async () => {
		const given = await setUp((_request, response) => {
			response.writeHead(200, { 'content-type': 'text/event-stream' });
			response.end(completionEvents(['Hel', 'lo']).join(''));
		});
		const reply = await post(given.gateway, '/v1/messages', { model: 'm', max_tokens: 10, messages, stream: true });
		const text = await reply.text();
		expect([...text.matchAll(/^event: (.+)$/gm)].map((match) => match[1])).toEqual([
			'message_start',
			'content_block_start',
			'content_block_delta',
			'content_block_delta',
			'content_block_stop',
			'message_delta',
			'message_stop',
		]);
	});

	it('reports what the target cannot carry', async () => {
		const given = await setUp((_request, response) => response.end(completion('ok')));
		const reply = await post(given.gateway, '/v1/messages', { model: 'm', max_tokens: 10, messages, container: 'abc' });
		const warnings = JSON.parse(reply.headers.get('x-relais-warnings') ?? '[]') as { path: string }[];
		expect(warnings.map((warning) => warning.path)).toContain('container');
	});
});
