import { CohereClientV2, CohereError } from 'cohere-ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/spec/index.ts';
import { type Gateway, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

let vendor: Upstream;
let gateway: Gateway;
let client: CohereClientV2;

beforeAll(async () => {
	vendor = await startUpstream((_request, response, text) => {
		const body = JSON.parse(text) as JsonObject;
		response.writeHead(200, { 'content-type': body.stream === true ? 'text/event-stream' : 'application/json' });
		response.end(body.stream === true ? completionEvents(['Hel', 'lo']).join('') : completion('Hello'));
	});
	gateway = await startGateway({
		config: {
			providers: [
				{ name: 'any', type: 'openai-compatible', base_url: vendor.baseUrl, models: ['m'] },
				{ name: 'known', type: 'openai', base_url: vendor.baseUrl, api_key: 'sk-x', models: ['text-embedding-3-small'] },
			],
		},
	});
	const options = { token: TEST_KEY, environment: gateway.url, maxRetries: 0 };
	client = new CohereClientV2(options as ConstructorParameters<typeof CohereClientV2>[0]);
});

afterAll(async () => {
	await gateway.close();
	await vendor.close();
});

const messages = [{ role: 'user' as const, content: 'Hi' }];

describe('the official client of Cohere', () => {
	it('chats with any provider', async () => {
		const answer = await client.chat({ model: 'any/m', messages });
		expect(answer.message.content).toMatchObject([{ type: 'text', text: 'Hello' }]);
		expect(answer.finishReason).toBe('COMPLETE');
	});

	it('reads a stream of one', async () => {
		let text = '';
		let ended = false;
		for await (const event of await client.chatStream({ model: 'any/m', messages })) {
			if (event.type === 'content-delta') text += event.delta?.message?.content?.text ?? '';
			ended ||= event.type === 'message-end';
		}
		expect([text, ended]).toEqual(['Hello', true]);
	});

	it('lists models in the form of its API, those for one purpose alone where it asks for them', async () => {
		const { models, nextPageToken } = await client.models.list();
		expect(models.map(({ name, endpoints }) => [name, endpoints])).toEqual([
			['m', ['chat']],
			['text-embedding-3-small', ['embed']],
		]);
		expect(nextPageToken).toBeUndefined();
		expect((await client.models.list({ endpoint: 'embed' })).models.map(({ name }) => name)).toEqual(['text-embedding-3-small']);
		expect((await client.models.list({ endpoint: 'rerank' })).models).toEqual([]);
		expect(await client.models.get('any/m')).toMatchObject({ name: 'any/m', endpoints: ['chat'], isDeprecated: false });
		const error = await client.models.get('no-such-model').catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ statusCode: 404, body: { message: expect.stringContaining('no-such-model') } });
	});

	it('is told what is wrong in the words of its API', async () => {
		const error = await client.chat({ model: 'nobody/m', messages }).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(CohereError);
		expect(error).toMatchObject({ statusCode: 404, body: { message: expect.stringContaining('nobody/m') } });
		const wrong = await client.embed({ model: 'any/m', texts: [], inputType: 'clustering' }).catch((thrown: unknown) => thrown);
		expect(wrong).toMatchObject({ statusCode: 400, body: { message: expect.stringContaining('texts') } });
	});
});
