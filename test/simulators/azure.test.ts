import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, it } from 'vitest';
import { data } from './raw.ts';
import { stage } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-azure', kind: 'azure' }] });
const hello = [{ role: 'user' as const, content: 'Hello' }];
const azure = (more: object = {}) => {
	const { baseUrl, apiKey } = scene.vendor('sim-azure');
	return new AzureOpenAI({ endpoint: baseUrl, apiKey, apiVersion: '2024-10-21', maxRetries: 0, ...more });
};

/** Posts with the key where Azure wants it. */
function post(path: string, body: object, headers: { [name: string]: string } = {}): Promise<Response> {
	const { baseUrl, apiKey } = scene.vendor('sim-azure');
	return fetch(`${baseUrl}${path}`, {
		method: 'POST',
		headers: { 'api-key': apiKey, 'content-type': 'application/json', ...headers },
		body: JSON.stringify(body),
	});
}

const CHAT = '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21';

describe("OpenAI's client for Azure at the simulated vendor", () => {
	it('chats with a deployment, streamed or not', async () => {
		const answer = await azure().chat.completions.create({ model: 'gpt-4o', messages: hello });
		expect(answer.choices[0]?.message.content).toBe('Simulated answer from sim-azure (model gpt-4o): you said «Hello».');
		expect(answer).toHaveProperty('prompt_filter_results');
		expect(answer.choices[0]).toHaveProperty('content_filter_results.violence.severity', 'safe');
		let text = '';
		const stream = await azure().chat.completions.create({ model: 'gpt-4o', messages: hello, stream: true });
		for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
		expect(text).toBe(answer.choices[0]?.message.content);
	});

	it('begins a stream with what the filter says of the prompt, without choices', async () => {
		const events = data(await (await post(CHAT, { messages: hello, stream: true })).text());
		expect(events[0]).toMatchObject({ choices: [], id: '', model: '', prompt_filter_results: [{ prompt_index: 0 }] });
		expect(events.slice(1).every((event) => JSON.stringify(event).includes('content_filter_results'))).toBe(true);
	});

	it('takes a token of the directory, and refuses another', async () => {
		const token = (value: string) => azure({ apiKey: undefined, azureADTokenProvider: () => Promise.resolve(value) });
		await expect(token('token-sim-azure').chat.completions.create({ model: 'gpt-4o', messages: hello })).resolves.toBeDefined();
		await expect(token('other').chat.completions.create({ model: 'gpt-4o', messages: hello })).rejects.toMatchObject({
			status: 401,
		});
	});

	it('answers under /openai/v1 to OpenAI’s own client, responses and embeddings too', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-azure');
		const client = new OpenAI({
			baseURL: `${baseUrl}/openai/v1`,
			apiKey: 'unused',
			defaultHeaders: { 'api-key': apiKey },
			maxRetries: 0,
		});
		await expect(client.chat.completions.create({ model: 'gpt-4o', messages: hello })).resolves.toHaveProperty(
			'prompt_filter_results',
		);
		const response = await client.responses.create({ model: 'gpt-4o', input: 'Hello' });
		expect(response.output_text).toContain('you said «Hello»');
		expect((await client.models.list()).data.map((model) => model.id)).toContain('gpt-4o');
	});

	it('cites what the sources of data say', async () => {
		const data_sources = [{ type: 'azure_search', parameters: { endpoint: 'https://example.com', index_name: 'i' } }];
		const answer = await (await post(CHAT, { messages: hello, data_sources })).json();
		expect(answer).toHaveProperty('choices.0.message.context.citations.0.title', 'Simulated document 1');
		const events = data(await (await post(CHAT, { messages: hello, data_sources, stream: true })).text());
		expect(events[1]).toHaveProperty('choices.0.delta.context.citations.0.url');
	});

	it('answers Claude’s client under /anthropic', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-azure');
		const client = new Anthropic({
			baseURL: `${baseUrl}/anthropic`,
			apiKey,
			defaultHeaders: { 'x-api-key': apiKey },
			maxRetries: 0,
		});
		const answer = await client.messages.create({ model: 'claude-sonnet-5', max_tokens: 100, messages: hello });
		expect(answer.content[0]).toHaveProperty('text');
		const body = { model: 'claude-sonnet-5', max_tokens: 100, messages: hello };
		const version = { 'anthropic-version': '2023-06-01' };
		expect((await post('/anthropic/v1/messages', body, version)).status).toBe(200);
		expect((await post('/anthropic/v1/messages', body, { ...version, 'api-key': 'wrong' })).status).toBe(401);
	});
});

describe('what the simulated Azure refuses', () => {
	it.each([
		['a key in the wrong place', CHAT, { messages: hello }, { 'api-key': '', authorization: 'Bearer sk-sim-azure' }, 401, '401'],
		['a wrong key', CHAT, { messages: hello }, { 'api-key': 'wrong' }, 401, '401'],
		['an address without api-version', '/openai/deployments/gpt-4o/chat/completions', { messages: hello }, {}, 404, '404'],
		[
			'a version that is no date',
			'/openai/deployments/gpt-4o/chat/completions?api-version=latest',
			{ messages: hello },
			{},
			400,
			'BadRequest',
		],
		[
			'a deployment that is not there',
			'/openai/deployments/mine/chat/completions?api-version=2024-10-21',
			{ messages: hello },
			{},
			404,
			'DeploymentNotFound',
		],
		['an address without deployment', '/chat/completions', { messages: hello }, {}, 404, '404'],
		['an unknown field', CHAT, { messages: hello, foo: 1 }, {}, 400, null],
		[
			'a prompt that the filter blocks',
			CHAT,
			{ messages: [{ role: 'user', content: 'simulate a blocked prompt' }] },
			{},
			400,
			'content_filter',
		],
	])('%s', async (_what, path, body, headers, status, code) => {
		const response = await post(path, body, headers);
		expect(response.status).toBe(status);
		expect(((await response.json()) as { error: { code: unknown } }).error.code).toBe(code);
	});

	it('and breaks off what the filter finds in an answer', async () => {
		const answer = await azure().chat.completions.create({
			model: 'gpt-4o',
			messages: [{ role: 'user', content: 'simulate a content filter' }],
		});
		expect(answer.choices[0]).toMatchObject({
			finish_reason: 'content_filter',
			content_filter_results: { violence: { filtered: true } },
		});
	});

	it('and tells how long to wait in two headers', async () => {
		scene.simulators.addFault({ controls: { fault: '429', retryAfter: 3 } });
		const response = await post(CHAT, { messages: hello });
		expect([response.status, response.headers.get('retry-after'), response.headers.get('retry-after-ms')]).toEqual([
			429,
			'3',
			'3000',
		]);
	});
});
