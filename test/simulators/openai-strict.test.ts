import { describe, expect, it } from 'vitest';
import { errorOf, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage();
const hello = [{ role: 'user', content: 'Hello' }];
const call = { id: 'call_1', type: 'function', function: { name: 'get_weather', arguments: '{}' } };
const asked = { role: 'assistant', content: null, tool_calls: [call, { ...call, id: 'call_2' }] };
const tool = (parameters: object, strict = false) => ({
	type: 'function',
	function: { name: 'get_weather', strict, parameters },
});
const image = (url: string) => [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];

interface Row {
	name: string;
	body: { [key: string]: unknown };
	status?: number;
	message: string;
	param?: string | null;
	code?: string | null;
}

const ROWS: Row[] = [
	{ name: 'an unknown parameter', body: { top_k: 5 }, message: 'Unrecognized request argument supplied: top_k' },
	{
		name: 'no messages',
		body: { messages: undefined },
		message: "Missing required parameter: 'messages'.",
		param: 'messages',
		code: 'missing_required_parameter',
	},
	{
		name: 'an empty conversation',
		body: { messages: [] },
		message: "Invalid 'messages': empty array.",
		param: 'messages',
		code: 'empty_array',
	},
	{ name: 'no model', body: { model: undefined }, message: 'you must provide a model parameter' },
	{
		name: 'an unknown model',
		body: { model: 'gpt-99' },
		status: 404,
		message: 'The model `gpt-99` does not exist',
		code: 'model_not_found',
	},
	{ name: 'a model of another endpoint', body: { model: 'gpt-5.4-pro' }, status: 404, message: 'v1/responses', param: 'model' },
	{
		name: 'an embedding model',
		body: { model: 'text-embedding-3-small' },
		status: 403,
		message: 'You are not allowed to sample from this model',
	},
	{
		name: 'an unknown role',
		body: { messages: [{ role: 'bot', content: 'x' }] },
		message: "Invalid value: 'bot'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.",
		param: 'messages[0].role',
		code: 'invalid_value',
	},
	{
		name: 'content of a wrong type',
		body: { messages: [{ role: 'user', content: 5 }] },
		message: "Invalid type for 'messages[0].content': expected one of a string or an array, but got an integer instead.",
		param: 'messages[0].content',
		code: 'invalid_type',
	},
	{
		name: 'an unknown part',
		body: { messages: [{ role: 'user', content: [{ type: 'video' }] }] },
		message: "Invalid value: 'video'",
		param: 'messages[0].content[0].type',
		code: 'invalid_value',
	},
	{
		name: 'an image from the assistant',
		body: { messages: [...hello, { role: 'assistant', content: [{ type: 'image_url', image_url: { url: 'x' } }] }] },
		message: "Invalid value: 'image_url'. Supported values are: 'text' and 'refusal'.",
		param: 'messages[1].content[0].type',
		code: 'invalid_value',
	},
	{
		name: 'a field that messages do not have',
		body: { messages: [...hello, { role: 'assistant', content: 'x', reasoning_content: 'y' }] },
		message: "Unknown parameter: 'messages[1].reasoning_content'.",
		param: 'messages[1].reasoning_content',
		code: 'unknown_parameter',
	},
	{
		name: 'a call without its result',
		body: { messages: [...hello, asked, { role: 'tool', tool_call_id: 'call_1', content: 'x' }] },
		message: 'did not have response messages: call_2',
		param: 'messages.[3].role',
	},
	{
		name: 'a call answered too late',
		body: { messages: [...hello, asked, ...hello] },
		message: 'did not have response messages: call_1, call_2',
		param: 'messages.[2].role',
	},
	{
		name: 'a result without its call',
		body: { messages: [...hello, { role: 'tool', tool_call_id: 'call_1', content: 'x' }] },
		message: "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'",
		param: 'messages.[1].role',
	},
	{
		name: 'a result without an id',
		body: { messages: [...hello, asked, { role: 'tool', content: 'x' }] },
		message: "Missing required parameter: 'messages[2].tool_call_id'.",
		param: 'messages[2].tool_call_id',
		code: 'missing_required_parameter',
	},
	{
		name: 'a call id that is too long',
		body: { messages: [...hello, { ...asked, tool_calls: [{ ...call, id: 'x'.repeat(41) }] }] },
		message: 'Expected a string with maximum length 40, but got a string with length 41',
		param: 'messages[1].tool_calls[0].id',
		code: 'string_above_max_length',
	},
	{
		name: 'no tool calls in a list of them',
		body: { messages: [...hello, { role: 'assistant', content: 'x', tool_calls: [] }] },
		message: "Invalid 'messages[1].tool_calls': empty array.",
		param: 'messages[1].tool_calls',
		code: 'empty_array',
	},
	{
		name: 'arguments that are not text',
		body: { messages: [...hello, { ...asked, tool_calls: [{ ...call, function: { name: 'x', arguments: {} } }] }] },
		message: 'expected a string, but got an object',
		param: 'messages[1].tool_calls[0].function.arguments',
		code: 'invalid_type',
	},
	{
		name: 'an assistant message without content',
		body: { messages: [...hello, { role: 'assistant' }] },
		message: "Invalid value for 'content': expected a string, got null.",
		param: 'messages.[1].content',
	},
	{
		name: 'a temperature out of range',
		body: { temperature: 3 },
		message: 'decimal above maximum value. Expected a value <= 2, but got 3 instead.',
		param: 'temperature',
		code: 'decimal_above_max_value',
	},
	{
		name: 'a token limit of none',
		body: { max_tokens: 0 },
		message: 'integer below minimum value. Expected a value >= 1, but got 0 instead.',
		param: 'max_tokens',
		code: 'integer_below_min_value',
	},
	{
		name: 'a token limit beyond the model',
		body: { max_tokens: 99_999 },
		message: 'max_tokens is too large: 99999.',
		param: 'max_tokens',
		code: 'invalid_value',
	},
	{
		name: 'two token limits',
		body: { max_tokens: 5, max_completion_tokens: 5 },
		message: "Setting 'max_tokens' and 'max_completion_tokens' at the same time",
		code: 'invalid_parameter_combination',
	},
	{
		name: 'the old token limit of a reasoning model',
		body: { model: 'gpt-6-luna', max_tokens: 5 },
		message: "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
		param: 'max_tokens',
		code: 'unsupported_parameter',
	},
	{
		name: 'a temperature for a reasoning model',
		body: { model: 'gpt-6-luna', temperature: 0.2 },
		message: "'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
		param: 'temperature',
		code: 'unsupported_value',
	},
	{
		name: 'stop texts for a reasoning model',
		body: { model: 'o4-mini', stop: ['x'] },
		message: "'stop' is not supported with this model.",
		param: 'stop',
		code: 'unsupported_parameter',
	},
	{
		name: 'log probabilities of a reasoning model',
		body: { model: 'gpt-5', logprobs: true },
		message: "'logprobs' is not supported with this model.",
		param: 'logprobs',
		code: 'unsupported_parameter',
	},
	{
		name: 'effort for a model that does not reason',
		body: { reasoning_effort: 'low' },
		message: 'Unrecognized request argument supplied: reasoning_effort',
	},
	{
		name: 'an effort the model does not have',
		body: { model: 'gpt-6-astra', reasoning_effort: 'none' },
		message: "'reasoning_effort' does not support 'none' with this model.",
		param: 'reasoning_effort',
		code: 'unsupported_value',
	},
	{
		name: 'a role the model does not take',
		body: { model: 'o1-mini', messages: [{ role: 'developer', content: 'x' }, ...hello] },
		message: "'messages[0].role' does not support 'developer' with this model.",
		param: 'messages[0].role',
		code: 'unsupported_value',
	},
	{
		name: 'a tool choice without tools',
		body: { tool_choice: 'auto' },
		message: "'tool_choice' is only allowed when 'tools' are specified.",
		param: 'tool_choice',
	},
	{
		name: 'parallel calls without tools',
		body: { parallel_tool_calls: false },
		message: "'parallel_tool_calls' is only allowed when 'tools' are specified.",
		param: 'parallel_tool_calls',
	},
	{
		name: 'a choice of a tool that is not there',
		body: { tools: [tool(WEATHER_SCHEMA)], tool_choice: { type: 'function', function: { name: 'other' } } },
		message: "tool 'other' is not among 'tools'",
		param: 'tool_choice',
		code: 'invalid_value',
	},
	{
		name: "a tool's name with a space",
		body: { tools: [{ type: 'function', function: { name: 'get weather' } }] },
		message: "Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.",
		param: 'tools[0].function.name',
		code: 'invalid_value',
	},
	{
		name: "another vendor's tool",
		body: { tools: [{ name: 'get_weather', input_schema: {} }] },
		message: "Missing required parameter: 'tools[0].type'.",
		param: 'tools[0].type',
		code: 'missing_required_parameter',
	},
	{
		name: 'a tool without properties',
		body: { tools: [tool({ type: 'object' })] },
		message: 'In context=(), object schema missing properties.',
		param: 'tools[0].function.parameters',
		code: 'invalid_function_parameters',
	},
	{
		name: 'a strict tool with a free object',
		body: { tools: [tool({ ...WEATHER_SCHEMA, additionalProperties: undefined }, true)] },
		message: "'additionalProperties' is required to be supplied and to be false.",
		param: 'tools[0].function.parameters',
		code: 'invalid_function_parameters',
	},
	{
		name: 'a strict schema with an optional property',
		body: {
			response_format: {
				type: 'json_schema',
				json_schema: { name: 'x', strict: true, schema: { ...WEATHER_SCHEMA, required: ['city'] } },
			},
		},
		message: "Missing 'unit'.",
		param: 'response_format',
	},
	{
		name: 'a schema that is no object',
		body: { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'array' } } } },
		message: 'got \'type: "array"\'.',
		param: 'response_format',
	},
	{
		name: 'a schema for a model without',
		body: { model: 'gpt-4', response_format: { type: 'json_schema', json_schema: { name: 'x', schema: WEATHER_SCHEMA } } },
		message: "'response_format' of type 'json_schema' is not supported with this model.",
		param: 'response_format',
	},
	{
		name: 'a JSON object that nobody mentions',
		body: { response_format: { type: 'json_object' } },
		message: "'messages' must contain the word 'json'",
		param: 'messages',
	},
	{
		name: 'stream options without a stream',
		body: { stream_options: { include_usage: true } },
		message: "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
		param: 'stream_options',
	},
	{
		name: 'top log probabilities alone',
		body: { top_logprobs: 2 },
		message: "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
		param: 'top_logprobs',
	},
	{
		name: 'five stop texts',
		body: { stop: ['a', 'b', 'c', 'd', 'e'] },
		message: 'Expected an array with maximum length 4, but got an array with length 5',
		param: 'stop',
		code: 'array_above_max_length',
	},
	{
		name: 'an image that is not base64',
		body: { messages: image('data:image/png;base64,%%%') },
		message: 'Invalid image data',
		code: 'invalid_base64',
	},
	{
		name: 'an image that is no image',
		body: { messages: image('data:image/png;base64,AAAA') },
		message: 'You uploaded an unsupported image.',
		code: 'invalid_image_format',
	},
	{
		name: 'an image that cannot be fetched',
		body: { messages: image('https://nowhere.invalid/cat.png') },
		message: 'Error while downloading https://nowhere.invalid/cat.png.',
		code: 'invalid_image_url',
	},
	{
		name: 'an image for a model without eyes',
		body: { model: 'gpt-4', messages: image('https://example.com/cat.png') },
		message: 'image_url is only supported by certain models.',
		param: 'messages.[0].content.[0].type',
	},
	{
		name: 'a prompt larger than the window',
		body: { model: 'sim-small', messages: [{ role: 'user', content: 'x'.repeat(4001) }] },
		message: 'maximum context length is 1000 tokens. However, your messages resulted in 1007 tokens.',
		param: 'messages',
		code: 'context_length_exceeded',
	},
];

describe('the simulated OpenAI vendor refuses', () => {
	it.each(ROWS)('$name', async ({ body, status = 400, message, param = null, code = null }) => {
		const response = await scene.post('sim-openai', '/chat/completions', { model: 'gpt-4o', messages: hello, ...body });
		expect(response.status).toBe(status);
		expect(response.headers.get('x-request-id')).toMatch(/^req_/);
		expect(await response.json()).toEqual({
			error: { message: expect.stringContaining(message), type: 'invalid_request_error', param, code },
		});
	});

	it('what is not JSON', async () => {
		const response = await scene.post('sim-openai', '/chat/completions', '{"model":');
		expect([response.status, (await errorOf(response)).type]).toEqual([400, 'invalid_request_error']);
	});

	it('requests without a key or with a wrong one', async () => {
		const refusal = async (authorization: string) => {
			const response = await scene.post(
				'sim-openai',
				'/chat/completions',
				{ model: 'gpt-4o', messages: hello },
				{ authorization },
			);
			return [response.status, (await errorOf(response)).code];
		};
		expect(await refusal('')).toEqual([401, null]);
		expect(await refusal('Bearer sk-wrong')).toEqual([401, 'invalid_api_key']);
	});

	it('paths and methods it does not have', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-openai');
		const get = await fetch(`${baseUrl}/chat/completions`, { headers: { authorization: `Bearer ${apiKey}` } });
		expect([get.status, (await errorOf(get)).code]).toEqual([405, 'method_not_supported']);
		const unknown = await scene.post('sim-openai', '/nowhere', {});
		expect([unknown.status, (await errorOf(unknown)).message]).toEqual([404, 'Invalid URL (POST /v1/nowhere)']);
	});
});

describe('the simulated OpenAI vendor accepts', () => {
	it('every optional parameter as null', async () => {
		const body = { temperature: null, tools: null, stop: null, response_format: null, stream_options: null, seed: null, n: null };
		expect((await scene.post('sim-openai', '/chat/completions', { model: 'gpt-4o', messages: hello, ...body })).status).toBe(200);
	});

	it('sampling from a reasoning model that is told not to reason', async () => {
		const body = { model: 'gpt-5.4', messages: hello, temperature: 0.2, reasoning_effort: 'none', stop: ['x'] };
		expect((await scene.post('sim-openai', '/chat/completions', body)).status).toBe(200);
	});

	it('its own answers sent back', async () => {
		const first = await scene.post('sim-openai', '/chat/completions', { model: 'gpt-4o', messages: hello });
		const [choice] = ((await first.json()) as { choices: { message: object }[] }).choices;
		const second = await scene.post('sim-openai', '/chat/completions', {
			model: 'gpt-4o',
			messages: [...hello, choice?.message, ...hello],
		});
		expect(second.status).toBe(200);
	});

	it('what its own client adds to messages it parsed, but from models older than structured output', async () => {
		const parsed = { role: 'assistant', content: 'Hi', parsed: null };
		const send = (model: string) =>
			scene.post('sim-openai', '/chat/completions', { model, messages: [...hello, parsed, ...hello] });
		expect((await send('gpt-4o')).status).toBe(200);
		const refused = await send('gpt-4');
		expect([refused.status, (await errorOf(refused)).message]).toEqual([
			400,
			"Additional properties are not allowed ('parsed' was unexpected) - 'messages.1'",
		]);
	});

	it('results that a message of the user follows', async () => {
		const results = ['call_1', 'call_2'].map((tool_call_id) => ({ role: 'tool', tool_call_id, content: 'sunny' }));
		const messages = [...hello, asked, ...results, { role: 'user', content: 'From the tool' }];
		const response = await scene.post('sim-openai', '/chat/completions', {
			model: 'gpt-4o',
			messages,
			tools: [tool(WEATHER_SCHEMA)],
		});
		expect(await response.text()).toContain('get_weather returned «sunny»');
	});
});

describe('the simulated local server accepts', () => {
	it('the empty list of calls it sends itself, which the vendor refuses', async () => {
		const messages = [...hello, { role: 'assistant', content: 'Hi', tool_calls: [] }, ...hello];
		const send = (name: string, model: string) => scene.post(name, '/chat/completions', { model, messages });
		expect((await send('sim-local', 'llama-3.3-70b')).status).toBe(200);
		expect((await send('sim-openai', 'gpt-4o')).status).toBe(400);
	});

	it('stop texts, and names the one that was met, streamed or not', async () => {
		const send = (stream: boolean) =>
			scene.post('sim-local', '/chat/completions', { model: 'llama-3.3-70b', messages: hello, stop: ['(model'], stream });
		for (const stream of [false, true]) expect(await (await send(stream)).text()).toContain('"stop_reason":"(model"');
	});
});
