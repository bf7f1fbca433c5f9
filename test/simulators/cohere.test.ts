import { type Cohere, CohereClientV2 } from 'cohere-ai';
import { describe, expect, it } from 'vitest';
import { PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-cohere', kind: 'cohere' }] });
const client = (token?: string) => {
	const { baseUrl, apiKey } = scene.vendor('sim-cohere');
	return new CohereClientV2({ environment: baseUrl, token: token ?? apiKey, maxRetries: 0 });
};
const said = (content: string): Cohere.ChatMessageV2[] => [{ role: 'user', content }];
const MODEL = 'command-a-03-2025';
const tools: Cohere.ToolV2[] = [{ type: 'function', function: { name: 'get_weather', parameters: WEATHER_SCHEMA } }];

function textOf(response: Cohere.V2ChatResponse): string {
	return (response.message.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');
}

async function collect(stream: AsyncIterable<Cohere.V2ChatStreamResponse>): Promise<Cohere.V2ChatStreamResponse[]> {
	const events: Cohere.V2ChatStreamResponse[] = [];
	for await (const event of stream) events.push(event);
	return events;
}

async function refused(path: string, body: object): Promise<[number, string]> {
	const response = await scene.post('sim-cohere', path, body);
	const error = (await response.json()) as { id: string; message: string };
	expect(error.id).toMatch(/^[0-9a-f-]{36}$/);
	return [response.status, error.message];
}

describe("Cohere's client at the simulated vendor", () => {
	it('chats, streamed or not', async () => {
		const whole = await client().chat({ model: MODEL, messages: said('Hello') });
		expect(textOf(whole)).toBe(`Simulated answer from sim-cohere (model ${MODEL}): you said «Hello».`);
		expect(whole.finishReason).toBe('COMPLETE');
		expect(whole.usage?.billedUnits?.inputTokens).toBe(8);
		const events = await collect(await client().chatStream({ model: MODEL, messages: said('Hello') }));
		const text = events
			.map((event) => (event.type === 'content-delta' ? (event.delta?.message?.content?.text ?? '') : ''))
			.join('');
		expect(text).toBe(textOf(whole));
		expect(events[0]?.type).toBe('message-start');
		expect(events.at(-1)).toMatchObject({ type: 'message-end', delta: { finishReason: 'COMPLETE' } });
	});

	it('plans and calls tools, and cites what they returned', async () => {
		const messages = said('What is the weather in Paris and Rome?');
		const answer = await client().chat({ model: MODEL, messages, tools });
		const calls = answer.message.toolCalls ?? [];
		expect(answer.finishReason).toBe('TOOL_CALL');
		expect(answer.message.toolPlan).toBe('I will call get_weather.');
		expect(calls.map((call) => JSON.parse(call.function?.arguments ?? '{}').city)).toEqual(['Paris', 'Rome']);
		const events = await collect(await client().chatStream({ model: MODEL, messages, tools }));
		expect(
			events.flatMap((event) => (event.type === 'tool-call-start' ? event.delta?.message?.toolCalls?.function?.name : [])),
		).toEqual(['get_weather', 'get_weather']);
		expect(events.some((event) => event.type === 'tool-plan-delta')).toBe(true);
		const results = calls.map((call, index) => ({
			role: 'tool' as const,
			toolCallId: call.id,
			content: `${index + 20} degrees`,
		}));
		const history: Cohere.ChatMessageV2[] = [
			...messages,
			{
				role: 'assistant',
				toolCalls: calls,
				...(answer.message.toolPlan === undefined ? {} : { toolPlan: answer.message.toolPlan }),
			},
			...results,
		];
		const last = await client().chat({ model: MODEL, messages: history, tools });
		expect(textOf(last)).toContain('get_weather returned «21 degrees»');
		expect(last.message.citations?.map((citation) => citation.text)).toEqual(['20 degrees', '21 degrees']);
		const streamed = await collect(await client().chatStream({ model: MODEL, messages: history, tools }));
		expect(streamed.flatMap((event) => (event.type === 'citation-start' ? event.delta?.message?.citations?.text : []))).toEqual([
			'20 degrees',
			'21 degrees',
		]);
	});

	it('thinks in a block of its own, unless told not to', async () => {
		const model = 'command-a-reasoning-08-2025';
		const answer = await client().chat({ model, messages: said('Hello') });
		expect(answer.message.content?.map((part) => part.type)).toEqual(['thinking', 'text']);
		const quiet = await client().chat({ model, messages: said('Hello'), thinking: { type: 'disabled' } });
		expect(quiet.message.content?.map((part) => part.type)).toEqual(['text']);
		const events = await collect(await client().chatStream({ model, messages: said('Hello') }));
		expect(events.flatMap((event) => (event.type === 'content-start' ? event.delta?.message?.content?.type : []))).toEqual([
			'thinking',
			'text',
		]);
	});

	it('cites documents, follows a schema, sees images', async () => {
		const cited = await client().chat({
			model: MODEL,
			messages: said('Hello'),
			documents: [{ id: 'd', data: { text: 'Facts.' } }],
		});
		expect(cited.message.citations?.[0]?.sources?.[0]).toMatchObject({ type: 'document', id: 'd' });
		const schema = { type: 'json_object' as const, jsonSchema: WEATHER_SCHEMA };
		const json = await client().chat({ model: MODEL, messages: said('Hello'), responseFormat: schema });
		expect(JSON.parse(textOf(json))).toHaveProperty('unit', 'celsius');
		const image = { type: 'image_url' as const, imageUrl: { url: `data:image/png;base64,${PNG}` } };
		const seen = await client().chat({
			model: 'command-a-vision-07-2025',
			messages: [{ role: 'user', content: [{ type: 'text', text: 'Look' }, image] }],
		});
		expect(textOf(seen)).toContain('1 image: image/png 3x2 px');
	});

	it('makes vectors, ranks documents, lists models', async () => {
		const made = await client().embed({
			model: 'embed-v4.0',
			inputType: 'search_query',
			texts: ['a'],
			outputDimension: 256,
			embeddingTypes: ['float', 'int8'],
		});
		expect([made.embeddings.float?.[0]?.length, made.embeddings.int8?.[0]?.length]).toEqual([256, 256]);
		const ranked = await client().rerank({
			model: 'rerank-v3.5',
			query: 'capital of France',
			documents: ['Bread.', 'Paris is the capital of France.'],
			topN: 1,
		});
		expect(ranked.results.map((result) => result.index)).toEqual([1]);
		const { baseUrl, apiKey } = scene.vendor('sim-cohere');
		const listed = await fetch(`${baseUrl}/v1/models?endpoint=rerank`, { headers: { authorization: `Bearer ${apiKey}` } });
		expect(JSON.stringify(await listed.json())).toContain('"name":"rerank-v3.5"');
	});

	it('is refused without the right key, and told to wait', async () => {
		await expect(client('wrong').chat({ model: MODEL, messages: said('Hello') })).rejects.toMatchObject({
			statusCode: 401,
			body: { message: 'invalid api token' },
		});
		scene.simulators.addFault({ controls: { fault: '429' } });
		await expect(client().chat({ model: MODEL, messages: said('Hello') })).rejects.toMatchObject({ statusCode: 429 });
	});
});

describe('what the simulated Cohere refuses', () => {
	const hello = [{ role: 'user', content: 'Hello' }];
	const offered = [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }];
	const call = (args = '{}') => ({
		role: 'assistant',
		tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: args } }],
	});

	it.each([
		[
			'an unknown field',
			{ messages: hello, top_p: 1 },
			422,
			"unknown field: parameter 'top_p' is not a valid field. For proper usage, please refer to https://docs.cohere.com/reference/chat",
		],
		[
			'an unknown field of a tool',
			{ messages: hello, tools: [{ type: 'function', function: { name: 'f', parameters: {}, strict: true } }] },
			422,
			/^unknown field: parameter 'strict'/,
		],
		[
			'a tool choice it does not know',
			{ messages: hello, tools: offered, tool_choice: 'AUTO' },
			400,
			/tool_choice has the value "AUTO"/,
		],
		[
			'a model that was taken away',
			{ model: 'command-r', messages: hello },
			404,
			/^model 'command-r' was removed on September 15, 2025\./,
		],
		[
			'an unknown model',
			{ model: 'nobody', messages: hello },
			404,
			"model 'nobody' not found, make sure the correct model ID was used and that you have access to the model.",
		],
		[
			'a call without its result',
			{ messages: [...hello, call(), ...hello], tools: offered },
			400,
			'invalid request: tool calls c have no tool message that responds to them.',
		],
		[
			'arguments that are no object',
			{ messages: [...hello, call('[1'), { role: 'tool', tool_call_id: 'c', content: '1' }], tools: offered },
			400,
			'invalid request: the arguments of tool call c are not a valid JSON object.',
		],
		[
			'JSON together with tools',
			{ messages: hello, tools: offered, response_format: { type: 'json_object' } },
			400,
			'invalid request: response_format is not supported with RAG or tools.',
		],
		[
			'images where the model sees none',
			{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] }] },
			400,
			"invalid request: model 'command-a-03-2025' does not support images.",
		],
		['a temperature above 1', { messages: hello, temperature: 1.5 }, 400, 'invalid request: temperature must be at most 1.'],
		[
			'a prompt that is too long',
			{ model: 'sim-small', messages: [{ role: 'user', content: 'a '.repeat(3000) }] },
			400,
			/^too many tokens: size limit exceeded by 506 tokens\./,
		],
	])('%s', async (_what, body, status, message) => {
		const expected = typeof message === 'string' ? message : expect.stringMatching(message);
		expect(await refused('/v2/chat', { model: MODEL, ...body })).toEqual([status, expected]);
	});

	it.each([
		['vectors without input_type', { model: 'embed-v4.0', texts: ['a'] }, 'invalid request: input_type is required'],
		[
			'more than 96 texts',
			{ model: 'embed-v4.0', input_type: 'search_query', texts: Array.from({ length: 97 }, () => 'a') },
			'invalid request: texts must have at most 96 elements.',
		],
		[
			'a size that the model does not make',
			{ model: 'embed-english-v3.0', input_type: 'search_query', texts: ['a'], output_dimension: 256 },
			"invalid request: output_dimension 256 is not supported by model 'embed-english-v3.0'.",
		],
		[
			'vectors of a model of text',
			{ model: MODEL, input_type: 'search_query', texts: ['a'] },
			"model 'command-a-03-2025' is not supported by the embed API",
		],
	])('%s', async (_what, body, message) => {
		expect(await refused('/v2/embed', body)).toEqual([400, message]);
	});
});
