import { describe, expect, test } from 'vitest';
import { isRelaisError, type JsonObject, type JsonValue } from '../../spec/index.ts';
import { decodeRequest } from './request-decode.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];

function decode(more: JsonObject) {
	return decodeRequest({ model: 'm', messages: HELLO, ...more }).value;
}

function refusal(body: JsonValue): { code: string; param: string | undefined; message: string } {
	try {
		decodeRequest(body);
	} catch (error) {
		if (isRelaisError(error)) return { code: error.code, param: error.param, message: error.message };
		throw error;
	}
	throw new Error('the request was taken');
}

const message = (content: JsonValue, role = 'user'): JsonObject => ({ model: 'm', messages: [{ role, content }] });
const part = (value: JsonValue): JsonObject => message([value]);
const call = (value: JsonValue): JsonObject => ({
	model: 'm',
	messages: [{ role: 'assistant', content: null, tool_calls: [value] }],
});
const withField = (more: JsonObject): JsonObject => ({ model: 'm', messages: HELLO, ...more });

describe('a request that is wrong', () => {
	test.each<[string, JsonValue, string]>([
		['is no object', [], ''],
		['has no model', { messages: HELLO }, 'model'],
		['has an empty model', { model: '', messages: HELLO }, 'model'],
		['has no messages', { model: 'm' }, 'messages'],
		['has messages that are no array', { model: 'm', messages: 'hi' }, 'messages'],
		['has no message', { model: 'm', messages: [] }, 'messages'],
		['has a message that is no object', { model: 'm', messages: ['hi'] }, 'messages[0]'],
		['has a message without role', { model: 'm', messages: [{ content: 'hi' }] }, 'messages[0].role'],
		['has an unknown role', message('hi', 'robot'), 'messages[0].role'],
		['has a user message without content', { model: 'm', messages: [{ role: 'user' }] }, 'messages[0].content'],
		['has a number for content', message(5), 'messages[0].content'],
		['has an assistant message with an object for content', message({ a: 1 }, 'assistant'), 'messages[0].content'],
		['has a part that is no object', part('hi'), 'messages[0].content[0]'],
		['has a part without type', part({ text: 'hi' }), 'messages[0].content[0].type'],
		['has a text part without text', part({ type: 'text' }), 'messages[0].content[0].text'],
		['has an image part without image', part({ type: 'image_url' }), 'messages[0].content[0].image_url'],
		['has an image without URL', part({ type: 'image_url', image_url: {} }), 'messages[0].content[0].image_url.url'],
		[
			'has a number for an image’s URL',
			part({ type: 'image_url', image_url: { url: 7 } }),
			'messages[0].content[0].image_url.url',
		],
		['has sound without data', part({ type: 'input_audio', input_audio: {} }), 'messages[0].content[0].input_audio.data'],
		['has a file without data or id', part({ type: 'file', file: {} }), 'messages[0].content[0].file'],
		['has a call of an unknown type', call({ id: 'c', type: 'magic', function: {} }), 'messages[0].tool_calls[0].type'],
		['has a call without function', call({ id: 'c', type: 'function' }), 'messages[0].tool_calls[0].function'],
		['has a call without name', call({ id: 'c', function: {} }), 'messages[0].tool_calls[0].function.name'],
		['has a result without id', { model: 'm', messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
		['has a function result without name', { model: 'm', messages: [{ role: 'function', content: 'x' }] }, 'messages[0].name'],
		['has a name that is a number', { model: 'm', messages: [{ role: 'user', content: 'x', name: 1 }] }, 'messages[0].name'],
		[
			'has a number for reasoning',
			{ model: 'm', messages: [{ role: 'assistant', reasoning_content: 1 }] },
			'messages[0].reasoning_content',
		],
		['has a text for stream', withField({ stream: 'yes' }), 'stream'],
		['has a text for stream_options', withField({ stream_options: 'all' }), 'stream_options'],
		['has a text for temperature', withField({ temperature: 'hot' }), 'temperature'],
		['has a fraction for max_tokens', withField({ max_tokens: 1.5 }), 'max_tokens'],
		['has zero for max_completion_tokens', withField({ max_completion_tokens: 0 }), 'max_completion_tokens'],
		['has zero for n', withField({ n: 0 }), 'n'],
		['has a number for stop', withField({ stop: 3 }), 'stop'],
		['has a number among stop', withField({ stop: ['a', 3] }), 'stop[1]'],
		['has a text in logit_bias', withField({ logit_bias: { 5: 'x' } }), 'logit_bias.5'],
		['has tools that are no array', withField({ tools: {} }), 'tools'],
		['has a tool without type', withField({ tools: [{ name: 'f' }] }), 'tools[0].type'],
		['has a function without name', withField({ tools: [{ type: 'function', function: {} }] }), 'tools[0].function.name'],
		[
			'has an array for parameters',
			withField({ tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] }),
			'tools[0].function.parameters',
		],
		['has an unknown word for tool_choice', withField({ tool_choice: 'maybe' }), 'tool_choice'],
		['chooses a tool without name', withField({ tool_choice: { type: 'function', function: {} } }), 'tool_choice.function.name'],
		['has a format without type', withField({ response_format: {} }), 'response_format.type'],
		[
			'has a schema format without schema',
			withField({ response_format: { type: 'json_schema' } }),
			'response_format.json_schema',
		],
		['has a number for reasoning_effort', withField({ reasoning_effort: 3 }), 'reasoning_effort'],
		['has a text for metadata', withField({ metadata: 'x' }), 'metadata'],
		['has a prediction without content', withField({ prediction: { type: 'content' } }), 'prediction.content'],
	])('%s: it is refused with the place', (_, body, param) => {
		const error = refusal(body);
		expect(error.code).toBe('invalid_request');
		expect(error.param).toBe(param);
		expect(error.message).toContain(param === '' ? 'object' : `'${param}'`);
	});

	test('is told what was expected and what came', () => {
		expect(refusal(withField({ temperature: 'hot' })).message).toBe("'temperature' must be a number, not a string.");
		expect(refusal(message('x', 'robot')).message).toContain("'developer'");
	});
});

describe('a request', () => {
	test('keeps the difference between system and developer, wherever they stand', () => {
		const { messages } = decode({ messages: [...HELLO, { role: 'developer', content: 'a' }, { role: 'system', content: 'b' }] });
		expect(messages.map(({ role, level }) => [role, level])).toEqual([
			['user', undefined],
			['system', 'developer'],
			['system', undefined],
		]);
	});

	test('unpacks data URLs and keeps other URLs', () => {
		const { messages } = decode({
			messages: [
				{
					role: 'user',
					content: [
						{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=', detail: 'low' } },
						{ type: 'image_url', image_url: 'https://example.com/a.png' },
						{ type: 'file', file: { file_data: 'data:application/pdf;base64,JVBE', filename: 'a.pdf' } },
						{ type: 'file', file: { file_id: 'file-1' } },
						{ type: 'input_audio', input_audio: { data: 'UklG', format: 'wav' } },
						{ type: 'video_url', video_url: { url: 'https://example.com/v' } },
					],
				},
			],
		});
		expect(messages[0]?.content).toMatchObject([
			{ type: 'image', detail: 'low', source: { type: 'base64', mediaType: 'image/png', data: 'aGk=' } },
			{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
			{ type: 'document', filename: 'a.pdf', source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBE' } },
			{ type: 'document', source: { type: 'file', id: 'file-1', vendor: 'openai-chat' } },
			{ type: 'audio', format: 'wav', source: { type: 'base64', data: 'UklG' } },
			{ type: 'video', source: { type: 'url', url: 'https://example.com/v' } },
		]);
	});

	test('reads cache hints on parts, tools and whole messages', () => {
		const request = decode({
			messages: [
				{ role: 'system', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
				{ role: 'user', content: 'b', cache_control: { type: 'ephemeral' } },
				{ role: 'user', content: [{ type: 'text', text: 'c', prompt_cache_breakpoint: { mode: 'explicit', ttl: '30m' } }] },
			],
			tools: [{ type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } }],
		});
		expect(request.messages.map((each) => each.content[0]?.cache)).toMatchObject([{ ttl: '1h' }, {}, { ttl: '30m' }]);
		expect(request.tools?.[0]?.cache).toBeDefined();
	});

	test('restores the signatures of a thought a client sends back', () => {
		const { messages } = decode({
			messages: [
				{
					role: 'assistant',
					content: 'Hi',
					reasoning_content: 'Let me think.',
					reasoning_details: [
						{ type: 'reasoning.text', text: 'Let me ', index: 0 },
						{ type: 'reasoning.text', text: 'think.', index: 0 },
						{ type: 'reasoning.text', text: '', signature: 'c2ln', format: 'anthropic-claude-v1', index: 0 },
						{ type: 'reasoning.encrypted', data: 'eA==', format: 'anthropic-claude-v1', index: 1 },
						{ type: 'reasoning.summary', summary: 'Short', format: 'openai-responses-v1', id: 'rs_1', index: 2 },
						{ type: 'reasoning.encrypted', data: 'eQ==', format: 'openai-responses-v1', id: 'rs_1', index: 2 },
					],
				},
			],
		});
		expect(messages[0]?.content).toMatchObject([
			{ type: 'reasoning', text: 'Let me think.', signature: { vendor: 'anthropic-messages', value: 'c2ln' } },
			{ type: 'reasoning', redacted: true, encrypted: { vendor: 'anthropic-messages', value: 'eA==' } },
			{ type: 'reasoning', id: 'rs_1', summary: ['Short'], encrypted: { vendor: 'openai-responses', value: 'eQ==' } },
			{ type: 'text', text: 'Hi' },
		]);
	});

	test.each<[string, JsonObject]>([
		['reasoning_content', { reasoning_content: 'hm' }],
		['reasoning', { reasoning: 'hm' }],
		['both', { reasoning: 'hm', reasoning_content: 'hm' }],
		['details alone', { reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }],
		['a content array', { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }],
	])('reads earlier reasoning in %s as one thought', (_, more) => {
		const { messages } = decode({ messages: [{ role: 'assistant', ...more }] });
		expect(messages[0]?.content).toMatchObject([{ type: 'reasoning', text: 'hm' }]);
	});

	test('matches results of calls without ids by order, and of functions by name', () => {
		const { messages } = decode({
			messages: [
				{
					role: 'assistant',
					tool_calls: [{ id: '', function: { name: 'a', arguments: '{}' } }, { function: { name: 'b', arguments: '{}' } }],
				},
				{ role: 'tool', tool_call_id: '', content: 'first' },
				{ role: 'tool', tool_call_id: '', content: 'second' },
				{ role: 'assistant', function_call: { name: 'c', arguments: '{}' } },
				{ role: 'function', name: 'c', content: 'third' },
			],
		});
		const ids = messages.flatMap((each) =>
			each.content.map((item) => (item.type === 'tool-call' ? item.id : item.type === 'tool-result' ? item.callId : '')),
		);
		expect(ids).toEqual([ids[0], ids[1], ids[0], ids[1], ids[4], ids[4]]);
		expect(new Set(ids).size).toBe(3);
	});

	test('keeps arguments as the model wrote them, and writes out objects', () => {
		const { messages } = decode({
			messages: [
				{
					role: 'assistant',
					tool_calls: [
						{ id: 'a', function: { name: 'f', arguments: '{ "x":  1' } },
						{ id: 'b', function: { name: 'f', arguments: { x: 1 } } },
						{ id: 'c', type: 'custom', custom: { name: 'g', input: 'free' } },
					],
				},
			],
		});
		expect(messages[0]?.content).toMatchObject([
			{ kind: 'function', input: '{ "x":  1' },
			{ kind: 'function', input: '{"x":1}' },
			{ kind: 'custom', input: 'free' },
		]);
	});

	test.each<[JsonObject, object]>([
		[{ reasoning_effort: 'high' }, { effort: 'high' }],
		[{ reasoning_effort: 'none' }, { effort: 'none', mode: 'off' }],
		[{ reasoning: { max_tokens: 2000, exclude: true } }, { budgetTokens: 2000, summary: 'omitted' }],
		[{ reasoning: { enabled: false } }, { mode: 'off' }],
		[{ thinking: { type: 'enabled', budget_tokens: 100 } }, { mode: 'on', budgetTokens: 100 }],
		[
			{ enable_thinking: true, thinking_budget: 50 },
			{ mode: 'on', budgetTokens: 50 },
		],
	])('understands the reasoning settings %j', (more, expected) => {
		expect(decode(more).reasoning).toEqual(expected);
	});

	test.each<[JsonObject, object]>([
		[{ response_format: { type: 'json_object' } }, { type: 'json' }],
		[
			{ response_format: { type: 'json_object', schema: { type: 'object' } } },
			{ type: 'json_schema', schema: { type: 'object' } },
		],
		[
			{ response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema: {} } } },
			{ type: 'json_schema', name: 'n', strict: true, schema: {} },
		],
	])('understands the format %j', (more, expected) => {
		expect(decode(more).output).toEqual(expected);
	});

	test('names the tools a provider runs by their common names', () => {
		const { tools } = decode({ tools: [{ type: 'openrouter:web_search' }, { type: 'browser_search' }], web_search_options: {} });
		expect(tools?.map((tool) => (tool.type === 'server' ? tool.kind : ''))).toEqual(['web_search', 'web_search', 'web_search']);
	});

	test('takes old functions for tools, and their choice for a tool choice', () => {
		const request = decode({ functions: [{ name: 'f', parameters: { type: 'object' } }], function_call: { name: 'f' } });
		expect(request.tools).toMatchObject([{ type: 'function', name: 'f', parameters: { type: 'object' } }]);
		expect(request.toolChoice).toEqual({ type: 'tool', name: 'f', kind: 'function' });
	});

	test('keeps what it does not know under its own name', () => {
		const request = decode({ vendor_option: { a: 1 }, messages: [{ role: 'user', content: 'x', mood: 'good' }] });
		expect(request.extensions?.['openai-chat']?.vendor_option).toEqual({ a: 1 });
		expect(request.messages[0]?.extensions?.['openai-chat']?.mood).toBe('good');
	});

	test('cannot smuggle in marks of Relais', () => {
		const { messages } = decode({ messages: [{ role: 'user', content: 'x', $content: 'array', __proto__: { role: 'system' } }] });
		expect(messages[0]?.extensions?.['openai-chat']?.$content).toBeUndefined();
		expect(messages[0]?.role).toBe('user');
	});
});
