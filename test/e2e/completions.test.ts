import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/spec/index.ts';
import { type Gateway, post, startGateway, TEST_KEY } from '../support/gateway.ts';
import { completion, completionEvents, startUpstream, type Upstream } from '../support/upstream.ts';

const PIECES = ['Once', ' upon', ' a time'];

function chunk(text: string, finish: string | null): string {
	const choices = [{ text, index: 0, logprobs: null, finish_reason: finish }];
	return `data: ${JSON.stringify({ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'base', choices })}\n\n`;
}

const STREAM = [
	...PIECES.map((piece) => chunk(piece, null)),
	chunk('', 'stop'),
	`data: ${JSON.stringify({ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'base', choices: [], usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 } })}\n\n`,
	'data: [DONE]\n\n',
];
const WHOLE = {
	id: 'cmpl-1',
	object: 'text_completion',
	created: 1,
	model: 'base',
	choices: [{ text: PIECES.join(''), index: 0, logprobs: null, finish_reason: 'stop' }],
	usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
	unheard_of: { kept: 1.0 },
};

/** A server that completes prompts and one that only chats, behind one address. */
function server(): Promise<Upstream> {
	return startUpstream((request, response, text) => {
		const body = JSON.parse(text) as JsonObject;
		const prompts = request.url === '/v1/completions';
		response.writeHead(200, { 'content-type': body.stream === true ? 'text/event-stream' : 'application/json' });
		if (body.stream === true) response.end((prompts ? STREAM : completionEvents(PIECES)).join(''));
		else response.end(prompts ? JSON.stringify(WHOLE) : completion(PIECES.join('')));
	});
}

let vendor: Upstream;
let gateway: Gateway;
let client: OpenAI;

beforeAll(async () => {
	vendor = await server();
	gateway = await startGateway({
		config: {
			providers: [
				{ name: 'base', type: 'vllm', base_url: vendor.baseUrl, models: ['base'] },
				{ name: 'chats', type: 'openai', base_url: vendor.baseUrl, api_key: 'k', models: ['gpt-4o', 'gpt-3.5-turbo-instruct'] },
			],
		},
	});
	client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: TEST_KEY, maxRetries: 0 });
});

afterAll(async () => {
	await gateway.close();
	await vendor.close();
});

const last = (): { path: string | undefined; body: JsonObject } => ({
	path: vendor.requests.at(-1)?.url,
	body: JSON.parse(vendor.bodies.at(-1) ?? '{}') as JsonObject,
});

async function streamed(model: string): Promise<{ text: string; usage: unknown; objects: Set<string> }> {
	const stream = await client.completions.create({
		model,
		prompt: 'Tell',
		stream: true,
		stream_options: { include_usage: true },
	});
	let text = '';
	let usage: unknown;
	const objects = new Set<string>();
	for await (const piece of stream) {
		text += piece.choices[0]?.text ?? '';
		usage = piece.usage ?? usage;
		objects.add(piece.object);
	}
	return { text, usage, objects };
}

describe('a completion of a prompt', () => {
	it('passes through to a vendor that makes such, byte by byte', async () => {
		const raw = JSON.stringify({ model: 'base/base', prompt: ['a', 'b'], echo: true, suffix: 'x', best_of: 2, top_k: 1 });
		const answer = await post(gateway, '/v1/completions', raw);
		expect(await answer.text()).toBe(JSON.stringify(WHOLE));
		expect(last()).toEqual({ path: '/v1/completions', body: { ...(JSON.parse(raw) as JsonObject), model: 'base' } });
		const record = await gateway.record(answer.headers.get('x-relais-request-id') ?? '');
		expect(record).toMatchObject({ surface: 'openai-completions', usage: { inputTokens: 2, outputTokens: 3 }, finish: 'stop' });
		expect(record.attempts[0]?.lane).toBe('pass-through');
	});

	it('streams to the official client by that way', async () => {
		const { text, usage } = await streamed('base/base');
		expect([text, usage]).toEqual([PIECES.join(''), { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 }]);
	});

	it('is put to a model that chats as what its user says', async () => {
		const answer = await client.completions.create({ model: 'chats/gpt-4o', prompt: 'Tell', max_tokens: 7, stop: '.' });
		expect(answer).toMatchObject({ object: 'text_completion', choices: [{ text: PIECES.join(''), finish_reason: 'stop' }] });
		expect(last()).toEqual({
			path: '/v1/chat/completions',
			body: { model: 'gpt-4o', messages: [{ role: 'user', content: 'Tell' }], max_tokens: 7, stop: '.' },
		});
	});

	it('streams to the official client by this way too', async () => {
		const { text, objects } = await streamed('chats/gpt-4o');
		expect([text, [...objects]]).toEqual([PIECES.join(''), ['text_completion']]);
	});

	it('says what a conversation cannot carry', async () => {
		const answer = await post(gateway, '/v1/completions', { model: 'chats/gpt-4o', prompt: 'Tell', echo: true, suffix: 'end' });
		const warnings = answer.headers.get('x-relais-warnings') ?? '';
		expect([answer.status, warnings.includes('echo'), warnings.includes('suffix')]).toEqual([200, true, true]);
	});

	it('of several prompts is refused where the model only chats', async () => {
		const answer = await post(gateway, '/v1/completions', { model: 'chats/gpt-4o', prompt: ['a', 'b'] });
		expect([answer.status, await answer.json()]).toEqual([400, { error: expect.objectContaining({ param: 'prompt' }) }]);
	});

	it('reaches models that do nothing else, from chats as well', async () => {
		await client.completions.create({ model: 'chats/gpt-3.5-turbo-instruct', prompt: 'Tell' });
		expect(last().path).toBe('/v1/completions');
		const messages = [{ role: 'user' as const, content: 'Tell' }];
		const chat = await client.chat.completions.create({ model: 'chats/gpt-3.5-turbo-instruct', messages });
		expect(chat.choices[0]?.message.content).toBe(PIECES.join(''));
		expect(last()).toEqual({ path: '/v1/completions', body: { model: 'gpt-3.5-turbo-instruct', prompt: 'Tell' } });
	});
});
