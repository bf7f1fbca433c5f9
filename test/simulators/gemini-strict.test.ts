import { describe, expect, it } from 'vitest';
import { stage } from './support.ts';

const scene = stage({ vendors: [{ name: 'sim-gemini', kind: 'gemini' }] });
const FLASH = 'gemini-2.5-flash';
const NEW = 'gemini-3.8-flash';
const user = { role: 'user', parts: [{ text: 'Hello' }] };
const call = { functionCall: { name: 'get_weather', args: { city: 'Oslo' } } };
const response = { functionResponse: { name: 'get_weather', response: { output: 'snow' } } };
const called = { role: 'model', parts: [call] };
const answered = { role: 'user', parts: [response] };
const city = { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'] };
const tool = (parameters: object, name = 'get_weather') => ({ tools: [{ functionDeclarations: [{ name, parameters }] }] });
const inline = (mimeType: string, data: string) => ({
	contents: [{ role: 'user', parts: [{ inlineData: { mimeType, data } }] }],
});

async function ask(body: object, model = FLASH, method = 'generateContent') {
	const answer = await scene.post('sim-gemini', `/models/${model}:${method}`, body);
	const { error } = (await answer.json()) as { error?: { code: number; message: string; status: string; details?: object[] } };
	return { status: answer.status, error };
}

interface Row {
	name: string;
	body: object;
	model?: string;
	status?: number;
	message: string;
}

const ROWS: Row[] = [
	{ name: 'an unknown field', body: { messages: [] }, message: 'Unknown name "messages": Cannot find field.' },
	{
		name: 'an unknown field within, in the spelling of its messages',
		body: { generationConfig: { maxTokens: 5 } },
		message: 'Unknown name "maxTokens" at \'generation_config\': Cannot find field.',
	},
	{
		name: 'a keyword that its schemas do not have',
		body: tool({ ...city, additionalProperties: false }),
		message: 'Unknown name "additionalProperties" at \'tools[0].function_declarations[0].parameters\': Cannot find field.',
	},
	{
		name: 'a keyword within properties',
		body: tool({ type: 'OBJECT', properties: { city: { $ref: '#/x' } } }),
		message: 'Unknown name "$ref" at \'tools[0].function_declarations[0].parameters.properties.city\': Cannot find field.',
	},
	{
		name: 'a list where there is one value',
		body: { contents: [{ role: 'user', parts: [{ text: ['a'] }] }] },
		message: 'Unknown name "text" at \'contents[0].parts[0]\': Proto field is not repeating, cannot start list.',
	},
	{
		name: 'a value of another type',
		body: { generationConfig: { temperature: 'hot' } },
		message: 'Invalid value at \'generation_config.temperature\' (TYPE_FLOAT), "hot"',
	},
	{
		name: 'a value that an enum does not have',
		body: { ...tool(city), toolConfig: { functionCallingConfig: { mode: 'REQUIRED' } } },
		message: "Invalid value at 'tool_config.function_calling_config.mode' (type.googleapis.com/",
	},
	{
		name: 'a text as the response of a function',
		body: {
			contents: [user, called, { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: 'snow' } }] }],
		},
		message: "Invalid value at 'contents[2].parts[0].function_response.response' (type.googleapis.com/google.protobuf.Struct)",
	},
	{ name: 'no contents', body: { contents: [] }, message: '* GenerateContentRequest.contents: contents is not specified' },
	{
		name: 'a role of another API',
		body: { contents: [{ ...user, role: 'assistant' }] },
		message: 'Please use a valid role: user, model.',
	},
	{ name: 'a system turn', body: { contents: [{ ...user, role: 'system' }] }, message: 'Please use a valid role: user, model.' },
	{
		name: 'a turn without parts',
		body: { contents: [{ role: 'user', parts: [] }] },
		message: 'contents[0].parts: contents.parts must not be empty.',
	},
	{
		name: 'a part without data',
		body: { contents: [{ role: 'user', parts: [{}] }] },
		message: "* GenerateContentRequest.contents[0].parts[0].data: required oneof field 'data' must have one initialized field",
	},
	{
		name: 'a part with two kinds of data',
		body: { contents: [{ role: 'user', parts: [{ text: 'x', ...response }] }] },
		message: "oneof field 'data' is already set. Cannot set 'functionResponse'",
	},
	{
		name: 'a response without a name',
		body: { contents: [user, called, { role: 'user', parts: [{ functionResponse: { response: {} } }] }] },
		message: 'contents[2].parts[0].function_response.name: Name cannot be empty.',
	},
	{
		name: 'fewer responses than calls',
		body: { contents: [user, { role: 'model', parts: [call, call] }, answered] },
		message: 'number of function response parts is equal to the number of function call parts of the function call turn.',
	},
	{
		name: 'a call without a response',
		body: { contents: [user, called, user] },
		message: 'number of function response parts is equal to the number of function call parts of the function call turn.',
	},
	{
		name: 'a response without a call',
		body: { contents: [user, { role: 'model', parts: [{ text: 'x' }] }, answered] },
		message: 'function response turn comes immediately after a function call turn.',
	},
	{
		name: 'a conversation that begins with a call',
		body: { contents: [called, answered] },
		message: 'function call turn comes immediately after a user turn or after a function response turn.',
	},
	{
		name: 'a response under another id',
		body: {
			contents: [
				user,
				{ role: 'model', parts: [{ functionCall: { ...call.functionCall, id: 'a' } }] },
				{ role: 'user', parts: [{ functionResponse: { ...response.functionResponse, id: 'b' } }] },
			],
		},
		message: "Function response with id 'b' answers no function call of the turn before.",
	},
	{
		name: "a newer model's call without its signature",
		model: NEW,
		body: { contents: [user, called, answered] },
		message: 'Function call is missing a thought_signature in functionCall parts.',
	},
	{
		name: 'a forged signature',
		body: { contents: [user, { role: 'model', parts: [{ ...call, thoughtSignature: 'Zm9yZ2Vk' }] }, answered] },
		message: 'Thought signature is not valid.',
	},
	{
		name: 'a signature that is not base64',
		body: { contents: [user, { role: 'model', parts: [{ text: 'x', thoughtSignature: '%%%' }] }, user] },
		message: "Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed",
	},
	{
		name: 'a temperature out of range',
		body: { generationConfig: { temperature: 3 } },
		message: 'temperature must be in the range [0, 2].',
	},
	{ name: 'no tokens', body: { generationConfig: { maxOutputTokens: 0 } }, message: 'max_output_tokens must be positive.' },
	{
		name: 'more tokens than the model has',
		body: { generationConfig: { maxOutputTokens: 70_000 } },
		message: 'from 1 (inclusive) to 65537 (exclusive)',
	},
	{
		name: 'six stop sequences',
		body: { generationConfig: { stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'] } },
		message: 'at most 5 stop sequences',
	},
	{
		name: 'a budget and a level',
		model: NEW,
		body: { generationConfig: { thinkingConfig: { thinkingBudget: 200, thinkingLevel: 'LOW' } } },
		message: 'You can only set only one of thinking budget and thinking level.',
	},
	{
		name: 'a level of an older model',
		body: { generationConfig: { thinkingConfig: { thinkingLevel: 'LOW' } } },
		message: 'Thinking level is not supported for this model.',
	},
	{
		name: 'no thinking of a model that always thinks',
		model: 'gemini-2.5-pro',
		body: { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } },
		message: 'Budget 0 is invalid. This model only works in thinking mode.',
	},
	{
		name: 'a budget beyond the model',
		body: { generationConfig: { thinkingConfig: { thinkingBudget: 30_000 } } },
		message: 'The thinking budget 30000 is invalid. Please choose a value between 0 and 24576.',
	},
	{
		name: 'a level that the model does not have',
		model: 'gemini-3.1-pro-preview',
		body: { generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } },
		message: 'Thinking level MINIMAL is not supported for this model.',
	},
	{
		name: 'thoughts of a model that does not think',
		model: 'gemini-2.0-flash',
		body: { generationConfig: { thinkingConfig: { includeThoughts: true } } },
		message: 'thinking is not supported by this model',
	},
	{ name: 'a function name with a space', body: tool(city, 'get weather'), message: '[FIELD_INVALID] Invalid function name.' },
	{
		name: 'two functions of one name',
		body: { tools: [...tool(city).tools, ...tool(city).tools] },
		message: 'Duplicate function declaration found: get_weather',
	},
	{
		name: 'a required property that is not there',
		body: tool({ ...city, required: ['town'] }),
		message: 'function_declarations[0].parameters.required[0]: property is not defined',
	},
	{
		name: 'a list of nothing',
		body: tool({ type: 'OBJECT', properties: { days: { type: 'ARRAY' } } }),
		message: 'parameters.properties[days].items: missing field.',
	},
	{
		name: 'a format it does not know',
		body: tool({ type: 'OBJECT', properties: { mail: { type: 'STRING', format: 'email' } } }),
		message: "parameters.properties[mail].format: only 'enum' and 'date-time' are supported for STRING type",
	},
	{
		name: 'an enum of numbers',
		body: tool({ type: 'OBJECT', properties: { n: { type: 'INTEGER', enum: ['1'] } } }),
		message: 'parameters.properties[n].enum: only allowed for STRING type',
	},
	{
		name: 'allowed functions where none is a must',
		body: { ...tool(city), toolConfig: { functionCallingConfig: { mode: 'AUTO', allowedFunctionNames: ['get_weather'] } } },
		message: 'only allowed when mode is ANY',
	},
	{
		name: 'an allowed function that is not declared',
		body: { ...tool(city), toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['other'] } } },
		message: "function 'other' is not declared.",
	},
	{
		name: 'a schema without its media type',
		body: { generationConfig: { responseSchema: city } },
		message: 'only allowed when response_mime_type is `application/json`',
	},
	{
		name: 'functions and JSON of an older model',
		body: { ...tool(city), generationConfig: { responseMimeType: 'application/json' } },
		message: "Function calling with a response mime type: 'application/json' is unsupported",
	},
	{ name: 'pictures', body: { generationConfig: { responseModalities: ['IMAGE'] } }, message: 'response modalities: image' },
	{
		name: 'data that is not base64',
		body: inline('image/png', '%%%'),
		message: "'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 decoding failed",
	},
	{ name: 'an image that is no image', body: inline('image/png', 'AAAA'), message: 'Unable to process input image.' },
	{ name: 'a GIF', body: inline('image/gif', 'R0lGODlhAQABAAAAACw='), message: 'Unsupported MIME type: image/gif' },
	{ name: 'a document that is none', body: inline('application/pdf', 'AAAA'), message: 'The document has no pages.' },
	{
		name: 'a prompt larger than the window',
		model: 'sim-small',
		body: { contents: [{ role: 'user', parts: [{ text: 'x'.repeat(4001) }] }] },
		message: 'The input token count (1007) exceeds the maximum number of tokens allowed (1000).',
	},
	{
		name: 'a cache that is not there',
		body: { cachedContent: 'cachedContents/x' },
		status: 403,
		message: 'CachedContent not found',
	},
	{
		name: 'an unknown model',
		model: 'gemini-99',
		body: {},
		status: 404,
		message: 'models/gemini-99 is not found for API version v1beta, or is not supported for generateContent.',
	},
	{
		name: 'an embedding model',
		model: 'gemini-embedding-001',
		body: {},
		status: 404,
		message: 'is not supported for generateContent.',
	},
];

const NAMES: { [status: number]: string } = { 400: 'INVALID_ARGUMENT', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND' };

describe('the simulated Gemini vendor refuses', () => {
	it.each(ROWS)('$name', async ({ body, model, status = 400, message }) => {
		const refused = await ask({ contents: [user], ...body }, model);
		expect(refused.status).toBe(status);
		expect(refused.error).toMatchObject({ code: status, message: expect.stringContaining(message), status: NAMES[status] });
	});

	it('unknown fields with the place in the details', async () => {
		const { error } = await ask({ contents: [{ ...user, name: 'x' }] });
		expect(error?.details).toEqual([
			{
				'@type': 'type.googleapis.com/google.rpc.BadRequest',
				fieldViolations: [{ field: 'contents[0]', description: error?.message }],
			},
		]);
	});

	it('what is not JSON, and a stream as what it is', async () => {
		const answer = await scene.post('sim-gemini', `/models/${FLASH}:streamGenerateContent?alt=sse`, '{"contents":');
		expect([answer.status, ((await answer.json()) as { error: { status: string } }).error.status]).toEqual([
			400,
			'INVALID_ARGUMENT',
		]);
	});

	it('requests without a key or with a wrong one; it takes the key in a header or in the address', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-gemini');
		const knock = async (query: string, headers: { [name: string]: string }) => {
			const body = JSON.stringify({ contents: [user] });
			const answer = await fetch(`${baseUrl}/models/${FLASH}:generateContent${query}`, { method: 'POST', headers, body });
			const { error } = (await answer.json()) as { error?: { status: string; details?: { reason?: string }[] } };
			return [answer.status, error?.status, error?.details?.[0]?.reason];
		};
		expect(await knock('', {})).toEqual([403, 'PERMISSION_DENIED', undefined]);
		expect(await knock('?key=wrong', {})).toEqual([400, 'INVALID_ARGUMENT', 'API_KEY_INVALID']);
		expect(await knock('', { 'x-goog-api-key': 'wrong' })).toEqual([400, 'INVALID_ARGUMENT', 'API_KEY_INVALID']);
		expect(await knock('', { authorization: `Bearer ${apiKey}` })).toEqual([401, 'UNAUTHENTICATED', undefined]);
		expect((await knock(`?key=${apiKey}`, {}))[0]).toBe(200);
	});

	it('paths and methods it does not have, and models it does not list', async () => {
		const { baseUrl, apiKey } = scene.vendor('sim-gemini');
		const headers = { 'x-goog-api-key': apiKey };
		expect((await fetch(`${baseUrl}/models/${FLASH}:generateContent`, { headers })).status).toBe(405);
		expect((await scene.post('sim-gemini', `/models/${FLASH}:dream`, {})).status).toBe(404);
		expect((await fetch(`${baseUrl}/models/gemini-99`, { headers })).status).toBe(404);
	});

	it.each([
		['embedContent', { content: { parts: [] } }, 'content is required'],
		['embedContent', { content: user, title: 'x' }, 'title is only valid with task_type=RETRIEVAL_DOCUMENT'],
		['embedContent', { content: user, outputDimensionality: 5000 }, 'must be between 1 and 3072'],
		['batchEmbedContents', { requests: [] }, 'at least one and at most 100 requests'],
		['batchEmbedContents', { requests: [{ content: user }] }, 'model is required'],
		['batchEmbedContents', { requests: [{ model: 'models/other', content: user }] }, 'model must match'],
		['countTokens', {}, 'contents is not specified'],
	])('%s with %j', async (method, body, message) => {
		const refused = await ask(body, 'gemini-embedding-001', method);
		expect([refused.status, refused.error?.message]).toEqual([400, expect.stringContaining(message)]);
	});
});

describe('the simulated Gemini vendor accepts', () => {
	it('field names in either spelling, null, small letters in schemas, one object for a list of one', async () => {
		const body = {
			contents: { role: 'user', parts: { text: 'Hello' } },
			system_instruction: { parts: { text: '' } },
			tools: null,
			generation_config: {
				response_mime_type: 'application/json',
				response_schema: { type: 'object', properties: { x_y: { type: 'string' } }, required: ['x_y'] },
				max_output_tokens: '500',
			},
		};
		expect((await ask(body)).status).toBe(200);
	});

	it.each([
		['as it is written', 'skip_thought_signature_validator'],
		['encoded', Buffer.from('skip_thought_signature_validator').toString('base64')],
	])('a call it did not make under the documented dummy, %s', async (_, thoughtSignature) => {
		const contents = [
			user,
			{ role: 'model', parts: [{ ...call, thoughtSignature }, call] },
			{ role: 'user', parts: [response, response] },
		];
		expect((await ask({ contents }, NEW)).status).toBe(200);
	});

	it('a newer model with calls of earlier turns that have no signature', async () => {
		const contents = [user, called, answered, { role: 'model', parts: [{ text: 'Snow.' }] }, user];
		expect((await ask({ contents }, NEW)).status).toBe(200);
	});

	it('its own signatures, with the call they came with and no other', async () => {
		const tools = tool(city).tools;
		const question = { role: 'user', parts: [{ text: 'Weather in Oslo' }] };
		const answer = await scene.post('sim-gemini', `/models/${NEW}:generateContent`, { contents: [question], tools });
		const { candidates } = (await answer.json()) as { candidates: { content: { parts: { thoughtSignature: string }[] } }[] };
		const parts = candidates[0]?.content.parts ?? [];
		const contents = [question, { role: 'model', parts }, answered];
		expect((await ask({ contents, tools }, NEW)).status).toBe(200);
		const moved = parts.map((part) => ({ ...part, functionCall: { name: 'other', args: {} } }));
		const wrong = await ask({ contents: [question, { role: 'model', parts: moved }, answered] }, NEW);
		expect(wrong.error?.message).toBe('Thought signature is not valid.');
	});
});
