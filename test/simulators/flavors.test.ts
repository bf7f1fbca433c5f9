import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { data } from './raw.ts';
import { stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage({
	vendors: (['mistral', 'deepseek', 'groq', 'xai'] as const).map((flavor) => ({ name: `sim-${flavor}`, kind: 'openai', flavor })),
});
const MODELS: { [flavor: string]: string } = {
	mistral: 'mistral-small-latest',
	deepseek: 'deepseek-v4-flash',
	groq: 'openai/gpt-oss-120b',
	xai: 'grok-4.6',
};
const FLAVORS = Object.keys(MODELS);
const hello = [{ role: 'user' as const, content: 'Hello' }];
const question = [{ role: 'user' as const, content: 'What is the weather in Paris and Rome?' }];
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER_SCHEMA } }];
const client = (flavor: string) => scene.openai(`sim-${flavor}`);
const post = (flavor: string, body: object) =>
	scene.post(`sim-${flavor}`, '/chat/completions', { model: MODELS[flavor], messages: hello, ...body });

async function streamed(flavor: string, body: object): Promise<unknown[]> {
	const response = await post(flavor, { stream: true, ...body });
	return data(await response.text()).flatMap((event) => event ?? []);
}

describe("OpenAI's client at vendors of the same protocol", () => {
	it.each(FLAVORS)('chats with %s, streamed or not', async (flavor) => {
		const model = MODELS[flavor] ?? '';
		const whole = await client(flavor).chat.completions.create({ model, messages: hello });
		expect(JSON.stringify(whole.choices[0]?.message.content)).toContain('you said «Hello»');
		let text = '';
		const stream = await client(flavor).chat.completions.create({ model, messages: hello, stream: true });
		for await (const chunk of stream)
			if (typeof chunk.choices[0]?.delta.content === 'string') text += chunk.choices[0].delta.content;
		expect(text).toBe(whole.choices[0]?.message.content);
	});

	it.each(FLAVORS)('lets %s call tools, and gives the results', async (flavor) => {
		const model = MODELS[flavor] ?? '';
		const answer = await client(flavor).chat.completions.create({ model, messages: question, tools });
		const message = answer.choices[0]?.message;
		const calls = (message?.tool_calls ?? []).filter((call) => call.type === 'function');
		expect(answer.choices[0]?.finish_reason).toBe('tool_calls');
		expect(calls.map((call) => JSON.parse(call.function.arguments).city)).toEqual(['Paris', 'Rome']);
		if (message === undefined) return;
		const results = calls.map((call, index) => ({
			role: 'tool' as const,
			tool_call_id: call.id,
			content: `${index + 20} degrees`,
		}));
		const last = await client(flavor).chat.completions.create({ model, messages: [...question, message, ...results], tools });
		expect(last.choices[0]?.message.content).toContain('get_weather returned «21 degrees»');
	});

	it.each(FLAVORS)('hears from %s that the key is wrong', async (flavor) => {
		const wrong = new OpenAI({ baseURL: scene.vendor(`sim-${flavor}`).baseUrl, apiKey: 'wrong', maxRetries: 0 });
		await expect(wrong.models.list()).rejects.toMatchObject({ status: flavor === 'xai' ? 400 : 401 });
	});
});

describe('Mistral', () => {
	it('answers 422 to keys it does not know, also within messages', async () => {
		const response = await post('mistral', { max_completion_tokens: 5 });
		expect(response.status).toBe(422);
		expect(await response.json()).toEqual({
			detail: [
				{ type: 'extra_forbidden', loc: ['body', 'max_completion_tokens'], msg: 'Extra inputs are not permitted', input: 5 },
			],
		});
		const inside = await post('mistral', { messages: [{ ...hello[0], name: 'x' }] });
		expect(await inside.json()).toHaveProperty('detail.0.loc', ['body', 'messages', 0, 'user', 'name']);
	});

	it.each([
		[
			'a call id of another form',
			[
				...hello,
				{ role: 'assistant', tool_calls: [{ id: 'call_1', function: { name: 'f', arguments: '{}' } }] },
				{ role: 'tool', tool_call_id: 'call_1', content: '1' },
			],
			'3280',
		],
		['a conversation that the assistant ends', [...hello, { role: 'assistant', content: 'a' }], '3230'],
		[
			'a user right behind a tool',
			[
				...hello,
				{ role: 'assistant', tool_calls: [{ id: 'abcdefghi', function: { name: 'f', arguments: '{}' } }] },
				{ role: 'tool', tool_call_id: 'abcdefghi', content: '1' },
				...hello,
			],
			'3230',
		],
		[
			'a call without its result',
			[
				...hello,
				{ role: 'assistant', tool_calls: [{ id: 'abcdefghi', function: { name: 'f', arguments: '{}' } }] },
				{ role: 'assistant', content: 'a', prefix: true },
			],
			'3230',
		],
	])('refuses %s', async (_what, messages, code) => {
		const response = await post('mistral', { messages });
		expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, code]);
	});

	it('takes an answer that was begun', async () => {
		const response = await post('mistral', { messages: [...hello, { role: 'assistant', content: 'a', prefix: true }] });
		expect(response.status).toBe(200);
	});

	it('gives calls ids of nine characters, whole and without an index, and usage beside the end', async () => {
		const events = await streamed('mistral', { messages: question, tools });
		const calls = events.flatMap(
			(event) =>
				(event as { choices: { delta: { tool_calls?: { id: string; index?: number }[] } }[] }).choices[0]?.delta.tool_calls ?? [],
		);
		expect(calls).toHaveLength(2);
		for (const call of calls) expect([call.id, call.index]).toEqual([expect.stringMatching(/^[a-zA-Z0-9]{9}$/), undefined]);
		expect(events.at(-1)).toMatchObject({
			choices: [{ finish_reason: 'tool_calls' }],
			usage: { total_tokens: expect.any(Number) },
		});
	});

	it('thinks in parts of the content', async () => {
		const response = await post('mistral', { reasoning_effort: 'high' });
		expect(await response.json()).toHaveProperty('choices.0.message.content.0.thinking.0.type', 'text');
		const events = await streamed('mistral', { reasoning_effort: 'high' });
		expect(events.some((event) => JSON.stringify(event).includes('"type":"thinking"'))).toBe(true);
	});

	it('makes vectors', async () => {
		const response = await scene.post('sim-mistral', '/embeddings', { model: 'mistral-embed', input: ['a', 'b'] });
		expect(((await response.json()) as { data: { embedding: number[] }[] }).data.map((one) => one.embedding.length)).toEqual([
			1024, 1024,
		]);
		expect((await scene.post('sim-mistral', '/embeddings', { model: 'mistral-embed', input: 'a', dimensions: 5 })).status).toBe(
			422,
		);
	});
});

describe('DeepSeek', () => {
	const called = {
		role: 'assistant',
		content: '',
		tool_calls: [{ id: 'c', type: 'function', function: { name: 'get_weather', arguments: '{}' } }],
	};
	const result = { role: 'tool', tool_call_id: 'c', content: '1' };

	it('writes its reasoning out, streams it, and says what the cache held', async () => {
		const body = (await (await post('deepseek', {})).json()) as {
			usage: { prompt_tokens: number; prompt_cache_miss_tokens: number };
		};
		expect(body).toHaveProperty('choices.0.message.reasoning_content');
		expect(body.usage.prompt_cache_miss_tokens).toBe(body.usage.prompt_tokens);
		const events = await streamed('deepseek', {});
		expect(events.some((event) => JSON.stringify(event).includes('reasoning_content'))).toBe(true);
		expect(events.at(-1)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: { total_tokens: expect.any(Number) } });
	});

	it('wants its reasoning back with calls, while it thinks', async () => {
		const messages = [...hello, called, result];
		const missing = await post('deepseek', { messages, tools });
		expect(missing.status).toBe(400);
		expect(await missing.text()).toContain('Missing `reasoning_content` field in the assistant message at message index 1');
		expect((await post('deepseek', { messages: [...hello, { ...called, reasoning_content: 'a' }, result], tools })).status).toBe(
			200,
		);
		expect((await post('deepseek', { messages, tools, thinking: { type: 'disabled' } })).status).toBe(200);
	});

	it.each([
		['a schema', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } }],
		['a forced tool while it thinks', { tools, tool_choice: 'required' }],
		['JSON that the prompt does not speak of', { response_format: { type: 'json_object' } }],
	])('refuses %s', async (_what, body) => {
		expect((await post('deepseek', body)).status).toBe(400);
	});

	it('answers with and without a version in the address', async () => {
		expect((await scene.post('sim-deepseek', '/v1/chat/completions', { model: MODELS.deepseek, messages: hello })).status).toBe(
			200,
		);
	});
});

describe('Groq', () => {
	it('tells usage in x_groq and on an event of its own, and reasons in `reasoning`', async () => {
		const events = await streamed('groq', { stream_options: { include_usage: true } });
		expect(events[0]).toHaveProperty('x_groq.id');
		expect(events.at(-2)).toHaveProperty('x_groq.usage.total_tokens');
		expect(events.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
		expect(events.some((event) => JSON.stringify(event).includes('"reasoning":'))).toBe(true);
	});

	it.each([
		['log probabilities', { logprobs: true }, /logprobs/],
		['two choices', { n: 2 }, /'n' : number must be at most 1/],
		['names of speakers', { messages: [{ ...hello[0], name: 'x' }] }, /property 'name' is unsupported/],
		['an unknown field', { foo: 1 }, /property 'foo' is unsupported/],
		[
			'reasoning in another vendor’s field',
			{ messages: [...hello, { role: 'assistant', content: 'a', reasoning_content: 'b' }, ...hello] },
			/property 'reasoning_content' is unsupported/,
		],
		['raw reasoning beside tools', { tools, reasoning_format: 'raw' }, /reasoning_format must be set to parsed or hidden/],
		[
			'a schema in a stream',
			{
				stream: true,
				response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', properties: {} } } },
			},
			/does not support streaming/,
		],
		[
			'a schema where the model follows none',
			{
				model: 'llama-3.1-8b-instant',
				response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object', properties: {} } } },
			},
			/does not support response format/,
		],
	])('refuses %s', async (_what, body, message) => {
		const response = await post('groq', body);
		expect(response.status).toBe(400);
		expect(((await response.json()) as { error: { message: string } }).error.message).toMatch(message);
	});

	it('takes its own reasoning back', async () => {
		expect(
			(await post('groq', { messages: [...hello, { role: 'assistant', content: 'a', reasoning: 'b' }, ...hello] })).status,
		).toBe(200);
	});

	it('reports a broken call as an event of its own', async () => {
		scene.simulators.addFault({ controls: { fault: 'error-event' } });
		const text = await (await post('groq', { stream: true })).text();
		expect(text).toMatch(/event: error\ndata: \{"error":\{.*"code":"tool_use_failed"/);
	});
});

describe('xAI', () => {
	it('counts reasoning beside the completion', async () => {
		const { usage } = (await (await post('xai', {})).json()) as {
			usage: {
				prompt_tokens: number;
				completion_tokens: number;
				total_tokens: number;
				completion_tokens_details: { reasoning_tokens: number };
			};
		};
		expect(usage.completion_tokens_details.reasoning_tokens).toBeGreaterThan(0);
		expect(usage.total_tokens).toBe(
			usage.prompt_tokens + usage.completion_tokens + usage.completion_tokens_details.reasoning_tokens,
		);
	});

	it.each([
		['a penalty', { presence_penalty: 0.5 }, 400, 'Argument not supported on this model: presencePenalty'],
		['stop texts', { stop: ['a'] }, 400, 'Argument not supported on this model: stop'],
		[
			'an effort where it is fixed',
			{ model: 'grok-4.5', reasoning_effort: 'low' },
			400,
			'Model grok-4.5 does not support parameter reasoningEffort.',
		],
		['live search, which is gone', { search_parameters: { mode: 'auto' } }, 410, /^Live search is deprecated/],
		['an unknown model', { model: 'nobody' }, 404, /^The model nobody does not exist/],
	])('refuses %s, in two texts', async (_what, body, status, message) => {
		const response = await post('xai', body);
		const error = (await response.json()) as { code: string; error: string };
		expect([response.status, error.error]).toEqual([
			status,
			typeof message === 'string' ? message : expect.stringMatching(message),
		]);
		expect(typeof error.code).toBe('string');
	});
});
