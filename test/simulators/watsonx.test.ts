import { describe, expect, it } from 'vitest';
import { data } from './raw.ts';
import { stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-watsonx', kind: 'watsonx' }] });
const MODEL = 'ibm/granite-4-h-small';
const body = { model_id: MODEL, project_id: 'p', messages: [{ role: 'user', content: 'Hello' }] };

async function iam(apikey = scene.vendor('sim-watsonx').apiKey): Promise<{ access_token?: string; errorCode?: string }> {
	const form = new URLSearchParams({ grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey });
	const response = await fetch(`${scene.vendor('sim-watsonx').baseUrl}/identity/token`, { method: 'POST', body: form });
	return (await response.json()) as { access_token?: string };
}

async function post(path: string, sent: object): Promise<Response> {
	const { access_token } = await iam();
	return scene.post('sim-watsonx', path, sent, { authorization: `Bearer ${access_token}` });
}

const CHAT = '/ml/v1/text/chat?version=2026-01-15';

describe('the simulated watsonx', () => {
	it('chats, and streams events with ids and without an end mark', async () => {
		const whole = (await (await post(CHAT, body)).json()) as { choices: { message: { content: string } }[] };
		expect(whole).toMatchObject({ model_id: MODEL, usage: { total_tokens: expect.any(Number) } });
		const text = await (await post('/ml/v1/text/chat_stream?version=2026-01-15', body)).text();
		expect(text).toMatch(/^id: 0\nevent: message\ndata: \{/);
		expect(text).not.toContain('[DONE]');
		const events = data(text) as { choices: { delta: { content?: string } }[] }[];
		expect(events.map((event) => event.choices[0]?.delta.content ?? '').join('')).toBe(whole.choices[0]?.message.content);
		expect(events.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
	});

	it('calls tools where that is required', async () => {
		const tools = [{ type: 'function', function: { name: 'get_weather', parameters: WEATHER_SCHEMA } }];
		const answer = await (await post(CHAT, { ...body, tools, tool_choice_option: 'required' })).json();
		expect(answer).toHaveProperty('choices.0.message.tool_calls.0.function.name', 'get_weather');
	});

	it('makes vectors and ranks', async () => {
		const made = { model_id: 'ibm/slate-125m-english-rtrvr-v2', project_id: 'p', inputs: ['a', 'b'] };
		const vectors = (await (await post('/ml/v1/text/embeddings?version=2026-01-15', made)).json()) as {
			results: { embedding: number[] }[];
		};
		expect(vectors.results.map((result) => result.embedding.length)).toEqual([768, 768]);
		const inputs = [{ text: 'Bread.' }, { text: 'Paris is the capital of France.' }];
		const ranking = { model_id: 'cross-encoder/ms-marco-minilm-l-12-v2', project_id: 'p', query: 'capital of France', inputs };
		expect(await (await post('/ml/v1/text/rerank?version=2026-01-15', ranking)).json()).toHaveProperty('results.0.index', 1);
	});

	it.each([
		['a call without version', '/ml/v1/text/chat', body, 400, 'invalid_query_parameter'],
		['a call for nobody’s account', CHAT, { ...body, project_id: undefined }, 400, 'invalid_instance_id'],
		['an unknown model', CHAT, { ...body, model_id: 'nobody' }, 404, 'model_not_supported'],
		['a model in OpenAI’s field', CHAT, { ...body, model: MODEL }, 400, 'invalid_request_entity'],
		['an unknown field', CHAT, { ...body, foo: 1 }, 400, 'invalid_request_entity'],
	])('refuses %s', async (_what, path, sent, status, code) => {
		const response = await post(path, sent);
		expect([response.status, await response.json()]).toEqual([
			status,
			expect.objectContaining({ errors: [expect.objectContaining({ code })] }),
		]);
	});

	it('takes tokens only, and sells them only for the right key', async () => {
		expect((await scene.post('sim-watsonx', CHAT, body)).status).toBe(401);
		expect((await iam('wrong')).errorCode).toBe('BXNIM0415E');
	});
});
