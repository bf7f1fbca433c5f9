import { describe, expect, it } from 'vitest';
import { errorOf, JPEG, PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage();
const hello = [{ role: 'user', content: 'Hello' }];
const use = { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} };
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' };
const asked = [...hello, { role: 'assistant', content: [use] }];
const weather = { name: 'get_weather', input_schema: WEATHER_SCHEMA };
const marked = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } };
const image = (media_type: string, data: string) => [
	{ role: 'user', content: [{ type: 'image', source: { type: 'base64', media_type, data } }] },
];
const schema = (more: object) => ({ output_config: { format: { type: 'json_schema', schema: { ...WEATHER_SCHEMA, ...more } } } });

interface Row {
	name: string;
	body: { [key: string]: unknown };
	status?: number;
	message: string;
}

const ROWS: Row[] = [
	{ name: 'an unknown parameter', body: { frequency_penalty: 1 }, message: 'frequency_penalty: Extra inputs are not permitted' },
	{ name: 'no token limit', body: { max_tokens: undefined }, message: 'max_tokens: Field required' },
	{ name: 'a token limit that is text', body: { max_tokens: '5' }, message: 'max_tokens: Input should be a valid integer' },
	{
		name: 'a token limit beyond the model',
		body: { max_tokens: 99_999 },
		message: 'max_tokens: 99999 > 64000, which is the maximum allowed number of output tokens for claude-haiku-4-5-20251001',
	},
	{ name: 'an unknown model', body: { model: 'claude-99' }, status: 404, message: 'model: claude-99' },
	{ name: 'no messages', body: { messages: [] }, message: 'messages: at least one message is required' },
	{
		name: 'an assistant who begins',
		body: { messages: [{ role: 'assistant', content: 'Hi' }, ...hello] },
		message: 'messages: first message must use the "user" role',
	},
	{
		name: 'a system message',
		body: { messages: [{ role: 'system', content: 'x' }, ...hello] },
		message: 'messages: Unexpected role "system"',
	},
	{
		name: 'an unknown role',
		body: { messages: [{ role: 'tool', content: 'x' }] },
		message: "messages.0.role: Input should be 'user' or 'assistant'",
	},
	{
		name: 'an unknown block',
		body: { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] },
		message:
			"messages.0.content.0: Input tag 'image_url' found using 'type' does not match any of the expected tags: 'text', 'image'",
	},
	{
		name: 'a call by the user',
		body: { messages: [{ role: 'user', content: [use] }] },
		message: "messages.0.content.0: Input tag 'tool_use' found",
	},
	{
		name: 'a field that blocks do not have',
		body: { messages: [...hello, { role: 'assistant', content: [{ ...use, index: 0 }] }] },
		message: 'messages.1.content.0.tool_use.index: Extra inputs are not permitted',
	},
	{
		name: 'an empty text',
		body: { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
		message: 'messages: text content blocks must be non-empty',
	},
	{
		name: 'an empty message',
		body: { messages: [{ role: 'user', content: '' }] },
		message: 'messages.0: all messages must have non-empty content except for the optional final assistant message',
	},
	{
		name: 'a call without its result',
		body: { messages: [...asked, ...hello] },
		message: 'messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: toolu_1.',
	},
	{
		name: 'a call that ends the conversation',
		body: { messages: asked },
		message: 'messages.1: `tool_use` ids were found without',
	},
	{
		name: 'text before the result',
		body: { messages: [...asked, { role: 'user', content: [{ type: 'text', text: 'Here:' }, result] }] },
		message: 'messages.1: `tool_use` ids were found without',
	},
	{
		name: 'results spread over two messages',
		body: {
			messages: [
				...hello,
				{ role: 'assistant', content: [use, { ...use, id: 'toolu_2' }] },
				{ role: 'user', content: [result] },
				{ role: 'user', content: [{ ...result, tool_use_id: 'toolu_2' }] },
			],
		},
		message: 'immediately after: toolu_2.',
	},
	{
		name: 'a result without its call',
		body: { messages: [{ role: 'user', content: [result] }] },
		message: 'messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_1.',
	},
	{
		name: 'a result given twice',
		body: { messages: [...asked, { role: 'user', content: [result, result] }] },
		message: 'each tool_use must have a single result.',
	},
	{
		name: 'a call id used twice',
		body: {
			messages: [
				...asked,
				{ role: 'user', content: [result] },
				{ role: 'assistant', content: [use] },
				{ role: 'user', content: [result] },
			],
		},
		message: 'messages.3: `tool_use` ids must be unique',
	},
	{
		name: 'a call id with other characters',
		body: { messages: [...hello, { role: 'assistant', content: [{ ...use, id: 'call:1' }] }] },
		message: "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
	},
	{ name: 'a tool without a schema', body: { tools: [{ name: 'x' }] }, message: 'tools.0.custom.input_schema: Field required' },
	{
		name: "another vendor's tool",
		body: { tools: [{ type: 'function', function: { name: 'x' } }] },
		message: "tools.0: Input tag 'function' found using 'type' does not match any of the expected tags: 'custom'",
	},
	{
		name: 'a schema without a type',
		body: { tools: [{ name: 'x', input_schema: {} }] },
		message: 'tools.0.custom.input_schema.type: Field required',
	},
	{
		name: "a tool's name with a space",
		body: { tools: [{ ...weather, name: 'get weather' }] },
		message: "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
	},
	{ name: 'two tools of one name', body: { tools: [weather, weather] }, message: 'tools: Tool names must be unique.' },
	{
		name: 'a tool choice without tools',
		body: { tool_choice: { type: 'auto' } },
		message: 'tool_choice may only be specified while providing tools',
	},
	{
		name: 'a choice of a tool that is not there',
		body: { tools: [weather], tool_choice: { type: 'tool', name: 'x' } },
		message: "Tool 'x' not found in provided tools",
	},
	{
		name: "another vendor's tool choice",
		body: { tools: [weather], tool_choice: 'auto' },
		message: 'tool_choice: Input should be a valid dictionary',
	},
	{
		name: 'too small a budget',
		body: { thinking: { type: 'enabled', budget_tokens: 1000 } },
		message: 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024',
	},
	{
		name: 'a budget beyond the token limit',
		body: { max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 2000 } },
		message: '`max_tokens` must be greater than `thinking.budget_tokens`.',
	},
	{
		name: 'a temperature while thinking',
		body: { temperature: 0.5, thinking: { type: 'enabled', budget_tokens: 1024 } },
		message: '`temperature` may only be set to 1 when thinking is enabled.',
	},
	{
		name: 'a forced tool while thinking',
		body: { tools: [weather], tool_choice: { type: 'any' }, thinking: { type: 'enabled', budget_tokens: 1024 } },
		message: 'Thinking may not be enabled when tool_choice forces tool use.',
	},
	{
		name: 'a turn whose thinking was left out',
		body: { thinking: { type: 'enabled', budget_tokens: 1024 }, messages: [...asked, { role: 'user', content: [result] }] },
		message: 'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`.',
	},
	{
		name: 'redacted thinking it did not make',
		body: { messages: [...hello, { role: 'assistant', content: [{ type: 'redacted_thinking', data: 'AAAA' }] }, ...hello] },
		message: 'messages.1.content.0: Invalid `data` in `redacted_thinking` block',
	},
	{
		name: 'adaptive thinking of an older model',
		body: { thinking: { type: 'adaptive' } },
		message: 'adaptive thinking is not supported on this model',
	},
	{
		name: 'a budget for a newer model',
		body: { model: 'claude-opus-4-8', thinking: { type: 'enabled', budget_tokens: 1024 } },
		message: '"thinking.type.enabled" is not supported for this model.',
	},
	{
		name: 'no thinking from a model that always thinks',
		body: { model: 'claude-opus-5-5', thinking: { type: 'disabled' } },
		message: '"thinking.type.disabled" is not supported for this model.',
	},
	{
		name: 'a temperature for a newer model',
		body: { model: 'claude-opus-4-8', temperature: 0.5 },
		message: '`temperature` is deprecated for this model.',
	},
	{
		name: 'two ways of sampling at once',
		body: { temperature: 0.5, top_p: 0.5 },
		message: '`temperature` and `top_p` cannot both be specified for this model.',
	},
	{
		name: 'a temperature out of range',
		body: { temperature: 1.5 },
		message: 'temperature: Input should be less than or equal to 1',
	},
	{
		name: 'effort for an older model',
		body: { output_config: { effort: 'low' } },
		message: 'This model does not support the effort parameter.',
	},
	{
		name: 'a prefill for a newer model',
		body: { model: 'claude-opus-4-8', messages: [...hello, { role: 'assistant', content: 'I' }] },
		message: 'This model does not support assistant message prefill.',
	},
	{
		name: 'a prefill that ends with a space',
		body: { messages: [...hello, { role: 'assistant', content: 'I ' }] },
		message: 'messages: final assistant content cannot end with trailing whitespace',
	},
	{
		name: 'five cache marks',
		body: { system: [marked, marked], messages: [{ role: 'user', content: [marked, marked, marked] }] },
		message: 'A maximum of 4 blocks with cache_control may be provided. Found 5.',
	},
	{
		name: 'a long cache mark after a short one',
		body: {
			system: [marked],
			messages: [{ role: 'user', content: [{ ...marked, cache_control: { type: 'ephemeral', ttl: '1h' } }] }],
		},
		message: "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
	},
	{
		name: 'a schema with bounds',
		body: schema({ properties: { age: { type: 'integer', minimum: 1 } } }),
		message: "output_config.format.schema: For 'integer' type, property 'minimum' is not supported",
	},
	{
		name: 'a schema with a free object',
		body: schema({ additionalProperties: true }),
		message: "For 'object' type, 'additionalProperties' must be explicitly set to false",
	},
	{
		name: 'an image that is not base64',
		body: { messages: image('image/png', '%%%') },
		message: 'messages.0.content.0.image.source.base64.data: Invalid base64 data',
	},
	{
		name: 'an image of another type than stated',
		body: { messages: image('image/png', JPEG) },
		message: 'the image appears to be a image/jpeg image',
	},
	{
		name: 'an image of an unknown type',
		body: { messages: image('image/bmp', PNG) },
		message:
			"messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'",
	},
	{
		name: 'a bad image in a result',
		body: { messages: [...asked, { role: 'user', content: [{ ...result, content: image('image/png', '%')[0]?.content }] }] },
		message: 'messages.2.content.0.tool_result.content.0.image.source.base64.data: Invalid base64 data',
	},
	{
		name: 'a beta parameter without its header',
		body: { context_management: {} },
		message: 'context_management: Extra inputs are not permitted',
	},
	{
		name: 'a prompt larger than the window',
		body: { model: 'sim-small', max_tokens: 100, messages: [{ role: 'user', content: 'x'.repeat(4001) }] },
		message: 'prompt is too long: 1004 tokens > 1000 maximum',
	},
];

function send(body: object, headers: { [name: string]: string } = {}): Promise<Response> {
	return scene.post(
		'sim-anthropic',
		'/messages',
		{ model: 'claude-haiku-4-5', max_tokens: 4000, messages: hello, ...body },
		headers,
	);
}

describe('the simulated Anthropic vendor refuses', () => {
	it.each(ROWS)('$name', async ({ body, status = 400, message }) => {
		const response = await send(body);
		expect(response.status).toBe(status);
		expect(response.headers.get('x-should-retry')).toBe('false');
		const type = status === 404 ? 'not_found_error' : 'invalid_request_error';
		expect(await response.json()).toEqual({
			type: 'error',
			error: { type, message: expect.stringContaining(message) },
			request_id: response.headers.get('request-id'),
		});
	});

	it('what is not JSON', async () => {
		const response = await scene.post('sim-anthropic', '/messages', '{"model":');
		expect([response.status, (await errorOf(response)).type]).toEqual([400, 'invalid_request_error']);
	});

	it('requests without a key, with a wrong one, without a version, with a wrong one', async () => {
		const refusal = async (headers: { [name: string]: string }) => {
			const response = await send({}, headers);
			return [response.status, (await errorOf(response)).message];
		};
		expect(await refusal({ authorization: '' })).toEqual([401, 'x-api-key header is required']);
		expect(await refusal({ 'x-api-key': 'wrong' })).toEqual([401, 'invalid x-api-key']);
		expect(await refusal({ authorization: 'Bearer wrong' })).toEqual([401, 'Invalid bearer token']);
		expect(await refusal({ 'anthropic-version': '2020-01-01' })).toEqual([
			400,
			'anthropic-version: "2020-01-01" is not a valid version',
		]);
		const { baseUrl, apiKey } = scene.vendor('sim-anthropic');
		const bare = await fetch(`${baseUrl}/messages`, { method: 'POST', headers: { 'x-api-key': apiKey }, body: '{}' });
		expect([bare.status, (await errorOf(bare)).message]).toEqual([400, 'anthropic-version: header is required']);
	});

	it('sampling under the version that has none', async () => {
		const response = await send({ temperature: 1 }, { 'anthropic-version': '2026-10-21' });
		expect([response.status, (await errorOf(response)).message]).toEqual([400, 'temperature: Extra inputs are not permitted']);
	});

	it('paths and methods it does not have', async () => {
		const { baseUrl } = scene.vendor('sim-anthropic');
		expect((await fetch(`${baseUrl}/messages`)).status).toBe(405);
		const unknown = await scene.post('sim-anthropic', '/nowhere', {});
		expect([unknown.status, (await errorOf(unknown)).type]).toEqual([404, 'not_found_error']);
	});

	it('a thread, in the words that make its client send the whole conversation', async () => {
		const headers = { 'anthropic-beta': 'message-threads-2026-08-12' };
		expect((await errorOf(await send({ thread: { type: 'create' } }))).message).toContain('Extra inputs are not permitted');
		const response = await send({ thread: { type: 'create' } }, headers);
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ error: { details: { error_code: 'thread_unsupported_request' } } });
	});

	it('a body of more than 32 MB', async () => {
		const response = await send({ metadata: { user_id: 'x'.repeat(33 * 1024 * 1024) } });
		expect([response.status, (await errorOf(response)).type]).toEqual([413, 'request_too_large']);
	});
});

describe('the simulated Anthropic vendor accepts', () => {
	it('text after the results', async () => {
		const content = [result, { type: 'text', text: 'Well?' }];
		expect((await send({ messages: [...asked, { role: 'user', content }] })).status).toBe(200);
	});

	it('a prefill of an older model, and consecutive turns of the user', async () => {
		expect((await send({ messages: [...hello, ...hello, { role: 'assistant', content: 'I' }] })).status).toBe(200);
	});

	it('a system message within the conversation of a model that takes them', async () => {
		const messages = [...hello, { role: 'assistant', content: 'Hi' }, { role: 'system', content: 'Be brief.' }, ...hello];
		expect((await send({ model: 'claude-opus-5', messages })).status).toBe(200);
	});

	it('a beta parameter with its header', async () => {
		const headers = { 'anthropic-beta': 'context-management-2025-06-27' };
		expect((await send({ context_management: { edits: [] } }, headers)).status).toBe(200);
	});
});
