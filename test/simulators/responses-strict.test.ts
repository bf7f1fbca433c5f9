import { describe, expect, it } from 'vitest';
import { PNG, stage, WEATHER_SCHEMA } from './support.ts';

const scene = stage();
const user = { role: 'user', content: 'Hello' };
const call = { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'call_1', output: 'sun' };
const format = (schema: object, more: object = {}) => ({ text: { format: { type: 'json_schema', name: 'x', schema, ...more } } });
const part = (...content: object[]) => [{ role: 'user', content }];

interface Row {
	name: string;
	body: { [key: string]: unknown };
	status?: number;
	message: string;
	param?: string | null;
	code?: string | null;
}

const ROWS: Row[] = [
	{
		name: 'an unknown parameter',
		body: { top_k: 5 },
		message: "Unknown parameter: 'top_k'.",
		param: 'top_k',
		code: 'unknown_parameter',
	},
	{
		name: 'messages',
		body: { messages: [user] },
		message: "this parameter has moved to 'input'",
		param: 'messages',
		code: 'unsupported_parameter',
	},
	{
		name: 'the token limit of chat',
		body: { max_tokens: 50 },
		message: "this parameter has moved to 'max_output_tokens'",
		param: 'max_tokens',
		code: 'unsupported_parameter',
	},
	{
		name: 'the response format of chat',
		body: { response_format: { type: 'json_object' } },
		message: "this parameter has moved to 'text.format'",
		param: 'response_format',
		code: 'unsupported_parameter',
	},
	{
		name: 'no model',
		body: { model: undefined },
		message: "Missing required parameter: 'model'.",
		param: 'model',
		code: 'missing_required_parameter',
	},
	{
		name: 'an unknown model',
		body: { model: 'gpt-99' },
		message: "The requested model 'gpt-99' does not exist.",
		param: 'model',
		code: 'model_not_found',
	},
	{
		name: 'no input',
		body: { input: [] },
		message: "Missing required parameter: 'input'.",
		param: 'input',
		code: 'missing_required_parameter',
	},
	{
		name: 'a role of chat',
		body: { input: [{ role: 'tool', content: 'x' }] },
		message: "Invalid value: 'tool'. Supported values are: 'assistant', 'system', 'developer', and 'user'.",
		param: 'input[0].role',
		code: 'invalid_value',
	},
	{
		name: 'a part of chat',
		body: { input: part({ type: 'text', text: 'x' }) },
		message: "Invalid value: 'text'. Supported values are: 'input_text', 'input_image', and 'input_file'.",
		param: 'input[0].content[0].type',
		code: 'invalid_value',
	},
	{
		name: "the user's parts from the assistant",
		body: { input: [user, { role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }, user] },
		message: "Invalid value: 'input_text'. Supported values are: 'output_text' and 'refusal'.",
		param: 'input[1].content[0].type',
		code: 'invalid_value',
	},
	{
		name: 'an unknown item',
		body: { input: [user, { type: 'tool_use', id: 'x' }] },
		message: "Invalid value: 'tool_use'",
		param: 'input[1].type',
		code: 'invalid_value',
	},
	{
		name: 'a field that items do not have',
		body: { input: [user, { ...call, parsed_arguments: {} }, output] },
		message: "Unknown parameter: 'input[1].parsed_arguments'.",
		param: 'input[1].parsed_arguments',
		code: 'unknown_parameter',
	},
	{
		name: 'a message under an id of another form',
		body: { input: [user, { type: 'message', id: 'chatcmpl-1', role: 'assistant', content: 'x' }, user] },
		message: "Invalid 'input[1].id': 'chatcmpl-1'. Expected an ID that begins with 'msg'.",
		param: 'input[1].id',
		code: 'invalid_value',
	},
	{
		name: 'a call under the id of its result',
		body: { input: [user, { ...call, id: 'call_1' }, output] },
		message: "Expected an ID that begins with 'fc'.",
		param: 'input[1].id',
		code: 'invalid_value',
	},
	{
		name: 'a call without a call id',
		body: { input: [user, { ...call, call_id: undefined }] },
		message: "Missing required parameter: 'input[1].call_id'.",
		param: 'input[1].call_id',
		code: 'missing_required_parameter',
	},
	{
		name: 'a call id that is too long',
		body: { input: [user, { ...call, call_id: 'x'.repeat(65) }] },
		message: 'Expected a string with maximum length 64, but got a string with length 65 instead.',
		param: 'input[1].call_id',
		code: 'string_above_max_length',
	},
	{
		name: 'a call without its output',
		body: { input: [user, call] },
		message: 'No tool output found for function call call_1.',
		param: 'input',
	},
	{
		name: 'an output without its call',
		body: { input: [user, output] },
		message: 'No tool call found for function call output with call_id call_1.',
		param: 'input',
	},
	{
		name: 'an output of a custom tool without its call',
		body: { input: [user, { ...output, type: 'custom_tool_call_output' }] },
		message: 'No tool call found for custom tool call output with call_id call_1.',
		param: 'input',
	},
	{
		name: 'reasoning without a summary',
		body: { input: [user, { type: 'reasoning', id: 'rs_1' }] },
		message: "Missing required parameter: 'input[1].summary'.",
		param: 'input[1].summary',
		code: 'missing_required_parameter',
	},
	{
		name: 'one item twice',
		body: { input: [user, { ...user, id: 'msg_1' }, { ...user, id: 'msg_1' }] },
		message: 'Duplicate item found with id msg_1.',
		param: 'input',
	},
	{
		name: 'a reference to an item that is not kept',
		body: { input: [user, { type: 'item_reference', id: 'msg_1' }] },
		status: 404,
		message: "Item with id 'msg_1' not found.",
		param: 'input',
	},
	{
		name: 'a previous response that is not kept',
		body: { previous_response_id: 'resp_1' },
		message: "Previous response with id 'resp_1' not found.",
		param: 'previous_response_id',
		code: 'previous_response_not_found',
	},
	{
		name: 'a conversation that is not there',
		body: { conversation: 'conv_1' },
		status: 404,
		message: "Conversation with id 'conv_1' not found.",
	},
	{
		name: 'a small token limit',
		body: { max_output_tokens: 15 },
		message: 'integer below minimum value. Expected a value >= 16, but got 15 instead.',
		param: 'max_output_tokens',
		code: 'integer_below_min_value',
	},
	{
		name: 'a token limit beyond the model',
		body: { max_output_tokens: 99_999 },
		message: 'Expected a value <= 16384, but got 99999 instead.',
		param: 'max_output_tokens',
		code: 'integer_above_max_value',
	},
	{
		name: 'a temperature for a reasoning model',
		body: { model: 'gpt-5', temperature: 0.2 },
		message: "Unsupported parameter: 'temperature' is not supported with this model.",
		param: 'temperature',
		code: 'unsupported_parameter',
	},
	{
		name: 'effort for a model that does not reason',
		body: { reasoning: { effort: 'low' } },
		message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
		param: 'reasoning.effort',
		code: 'unsupported_parameter',
	},
	{
		name: 'an effort that the model does not have',
		body: { model: 'gpt-5-pro', reasoning: { effort: 'low' } },
		message: "Unsupported value: 'low' is not supported with the 'gpt-5-pro' model. Supported values are: 'high'.",
		param: 'reasoning.effort',
		code: 'unsupported_value',
	},
	{
		name: 'encrypted reasoning of a model that does not reason',
		body: { include: ['reasoning.encrypted_content'] },
		message: 'Encrypted content is not supported with this model.',
		param: 'include',
	},
	{
		name: 'an unknown inclusion',
		body: { include: ['usage'] },
		message: "Invalid value: 'usage'.",
		param: 'include[0]',
		code: 'invalid_value',
	},
	{
		name: 'usage within stream options',
		body: { stream: true, stream_options: { include_usage: true } },
		message: "Unknown parameter: 'stream_options.include_usage'.",
		param: 'stream_options.include_usage',
		code: 'unknown_parameter',
	},
	{
		name: 'a tool of chat',
		body: { tools: [{ type: 'function', function: { name: 'get_weather' } }] },
		message: "Missing required parameter: 'tools[0].name'.",
		param: 'tools[0].name',
		code: 'missing_required_parameter',
	},
	{
		name: 'a tool choice of chat',
		body: { tool_choice: { type: 'function', function: { name: 'x' } } },
		message: "Missing required parameter: 'tool_choice.name'.",
		param: 'tool_choice.name',
		code: 'missing_required_parameter',
	},
	{
		name: 'a choice of a tool that is not there',
		body: { tool_choice: { type: 'function', name: 'x' } },
		message: "Tool choice 'x' not found in 'tools' parameter.",
		param: 'tool_choice',
	},
	{
		name: 'a choice among no tools',
		body: { tool_choice: 'required' },
		message: "Tool choice 'required' must be specified with 'tools' parameter.",
		param: 'tool_choice',
	},
	{
		name: 'a strict tool with an optional property',
		body: { tools: [{ type: 'function', name: 'x', strict: true, parameters: { ...WEATHER_SCHEMA, required: ['city'] } }] },
		message: "Missing 'unit'.",
		param: 'tools[0].parameters',
		code: 'invalid_function_parameters',
	},
	{
		name: 'a strict schema with a free object',
		body: format({ type: 'object', properties: {} }, { strict: true }),
		message: "'additionalProperties' is required to be supplied and to be false.",
		param: 'text.format.schema',
		code: 'invalid_json_schema',
	},
	{
		name: 'a schema without a name',
		body: { text: { format: { type: 'json_schema', schema: WEATHER_SCHEMA } } },
		message: "Missing required parameter: 'text.format.name'.",
		param: 'text.format.name',
		code: 'missing_required_parameter',
	},
	{
		name: 'a JSON object that nobody mentions',
		body: { text: { format: { type: 'json_object' } } },
		message: "must contain the word 'json'",
		param: 'input',
	},
	{
		name: 'an image that is no address',
		body: { input: part({ type: 'input_image', image_url: PNG }) },
		message: "Invalid 'input[0].content[0].image_url'. Expected a valid URL",
		param: 'input[0].content[0].image_url',
		code: 'invalid_value',
	},
	{
		name: 'an image in the form of chat',
		body: { input: part({ type: 'input_image', image_url: { url: 'https://example.com/x.png' } }) },
		message: "Invalid type for 'input[0].content[0].image_url': expected a string, but got an object instead.",
		param: 'input[0].content[0].image_url',
		code: 'invalid_type',
	},
	{
		name: 'an image that is a document',
		body: { input: part({ type: 'input_image', image_url: 'data:application/pdf;base64,JVBERg==' }) },
		message: "got unsupported MIME type 'application/pdf'",
		param: 'input[0].content[0].image_url',
		code: 'invalid_value',
	},
	{
		name: 'an image that is no image',
		body: { input: part({ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }) },
		message: 'does not represent a valid image',
		param: 'input[0].content[0].image_url',
		code: 'invalid_image',
	},
	{
		name: 'a sound',
		body: { input: part({ type: 'input_file', filename: 'a.mp3', file_data: 'data:audio/mpeg;base64,AAAA' }) },
		message: 'The file type you uploaded is not supported.',
		param: 'input',
		code: 'unsupported_file',
	},
	{
		name: 'a file without a name',
		body: { input: part({ type: 'input_file', file_data: 'data:application/pdf;base64,JVBERg==' }) },
		message: "Missing required parameter: 'input[0].content[0].filename'.",
		param: 'input[0].content[0].filename',
		code: 'missing_required_parameter',
	},
	{
		name: 'a prompt larger than the window',
		body: { model: 'sim-small', input: 'x'.repeat(4001) },
		message: 'Your input exceeds the context window of this model.',
		param: 'input',
		code: 'context_length_exceeded',
	},
];

describe('the simulated Responses API refuses', () => {
	it.each(ROWS)('$name', async ({ body, status = 400, message, param = null, code = null }) => {
		const response = await scene.post('sim-openai', '/responses', { model: 'gpt-4o', input: [user], ...body });
		expect(response.status).toBe(status);
		expect(await response.json()).toEqual({
			error: { message: expect.stringContaining(message), type: 'invalid_request_error', param, code },
		});
	});

	it('to part kept items from their reasoning, and reasoning from what follows it', async () => {
		const ask = async (body: object) => scene.post('sim-openai', '/responses', { model: 'gpt-5', ...body });
		const first = (await (await ask({ input: 'Hello' })).json()) as { output: { id: string; type: string }[] };
		const [reasoning, message] = first.output;
		const parted = await ask({ input: [user, message, user] });
		expect(await parted.text()).toContain(
			`'${message?.id}' of type 'message' was provided without its required 'reasoning' item`,
		);
		const alone = await ask({ input: [user, reasoning, user] });
		expect(await alone.text()).toContain("of type 'reasoning' was provided without its required following item.");
		expect((await ask({ input: [user, reasoning, message, user] })).status).toBe(200);
		const references = [reasoning, message].map((item) => ({ type: 'item_reference', id: item?.id }));
		expect((await ask({ input: [user, ...references, user] })).status).toBe(200);
	});

	it('requests without the right key, for responses that are kept as well', async () => {
		const wrong = { authorization: 'Bearer sk-wrong' };
		expect((await scene.post('sim-openai', '/responses', { model: 'gpt-4o', input: 'x' }, wrong)).status).toBe(401);
		expect((await fetch(`${scene.vendor('sim-openai').baseUrl}/responses/resp_1`, { headers: wrong })).status).toBe(401);
	});

	it('paths and methods it does not have, and has none of it on an open-weight server', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-openai');
		const put = await fetch(`${baseUrl}/responses/resp_1`, { method: 'PUT', headers: { authorization: `Bearer ${apiKey}` } });
		expect(put.status).toBe(405);
		expect((await scene.post('sim-openai', '/responses/resp_1/nowhere', {})).status).toBe(404);
		expect((await scene.post('sim-local', '/responses', { model: 'qwen3-32b', input: 'x' })).status).toBe(404);
	});
});

describe('the simulated Responses API accepts', () => {
	it('optional parameters as null, and a conversation written as chat would', async () => {
		const nulls = { temperature: null, tools: null, include: null, text: null, reasoning: null, previous_response_id: null };
		const input = [{ role: 'system', content: 'Be brief.' }, user, { role: 'assistant', content: 'Hi' }, user];
		expect((await scene.post('sim-openai', '/responses', { model: 'gpt-4o', input, ...nulls })).status).toBe(200);
	});

	it('sampling from a reasoning model that is told not to reason', async () => {
		const body = { model: 'gpt-5.4', input: 'Hello', temperature: 0.2, reasoning: { effort: 'none' } };
		expect((await scene.post('sim-openai', '/responses', body)).status).toBe(200);
	});
});
