import { describe, expect, test } from 'vitest';
import type { ChatRequest, ChatResponse, JsonObject, JsonValue, ModelTraits } from '../../spec/index.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { continued, inputItems, listedItems, openaiResponses } from './index.ts';

function encode(request: Partial<ChatRequest>, traits: ModelTraits = {}) {
	const whole: ChatRequest = {
		model: 'm',
		messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
		stream: false,
		sampling: {},
		...request,
	};
	const { value, warnings } = openaiResponses.encodeRequest(whole, { model: 'target', traits });
	return { body: JSON.parse(JSON.stringify(value)) as JsonObject, warnings };
}

function decode(body: JsonObject): ChatRequest {
	return openaiResponses.decodeRequest({ model: 'm', input: 'Hi', ...body }).value;
}

describe('a request that is not as it should be', () => {
	test.each<[string, JsonValue, string]>([
		['no model', { input: 'Hi' }, 'model'],
		['no input', { model: 'm' }, 'input'],
		['empty input', { model: 'm', input: [] }, 'input'],
		['input of a wrong type', { model: 'm', input: 5 }, 'input'],
		['an unknown role', { model: 'm', input: [{ role: 'robot', content: 'x' }] }, 'input[0].role'],
		['an item without type or role', { model: 'm', input: [{ text: 'x' }] }, 'input[0].role'],
		['a call without id', { model: 'm', input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }, 'input[0].call_id'],
		['a part without type', { model: 'm', input: [{ role: 'user', content: [{ text: 'x' }] }] }, 'input[0].content[0].type'],
		[
			'an image without source',
			{ model: 'm', input: [{ role: 'user', content: [{ type: 'input_image' }] }] },
			'input[0].content[0]',
		],
		['a tool without a name', { model: 'm', input: 'Hi', tools: [{ type: 'function' }] }, 'tools[0].name'],
		['an unknown choice', { model: 'm', input: 'Hi', tool_choice: 'any' }, 'tool_choice'],
		['a limit of none', { model: 'm', input: 'Hi', max_output_tokens: 0 }, 'max_output_tokens'],
		['a schema of none', { model: 'm', input: 'Hi', text: { format: { type: 'json_schema', name: 'x' } } }, 'text.format.schema'],
	])('is refused, naming the place: %s', (_, body, param) => {
		expect(() => openaiResponses.decodeRequest(body)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
	});

	test.each([null, 5, 'text', []])('is refused when it is no object: %j', (body) => {
		expect(() => openaiResponses.decodeRequest(body)).toThrow(/must be a JSON object/);
		expect(() => openaiResponses.sketch(body)).toThrow(/must be a JSON object/);
	});
});

describe('a conversation in items', () => {
	test('makes one turn of what the model made in a row, and a message of each result', () => {
		const { messages } = decode({
			instructions: 'Be brief.',
			input: [
				{ role: 'user', content: 'Weather?' },
				{ type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Look.' }], encrypted_content: 'opaque' },
				{ type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', arguments: '{}' },
				{ type: 'function_call', id: 'fc_2', call_id: 'call_2', name: 'weather', arguments: '{}' },
				{ type: 'function_call_output', call_id: 'call_1', output: 'sun' },
				{ type: 'function_call_output', call_id: 'call_2', output: [{ type: 'input_text', text: 'rain' }] },
			],
		});
		expect(messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'tool', 'tool']);
		expect(messages[2]?.content).toMatchObject([
			{ type: 'reasoning', id: 'rs_1', summary: ['Look.'], encrypted: { vendor: 'openai-responses', value: 'opaque' } },
			{ type: 'tool-call', id: 'call_1' },
			{ type: 'tool-call', id: 'call_2' },
		]);
	});

	test('shows other dialects what the vendor’s tools gave back', () => {
		const { messages } = decode({
			input: [
				{ role: 'user', content: 'Draw and search.' },
				{ type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'aGk=' },
				{
					type: 'code_interpreter_call',
					id: 'ci_1',
					status: 'completed',
					code: 'print(1)',
					container_id: 'c',
					outputs: [{ type: 'logs', logs: '1' }],
				},
			],
		});
		expect(messages[1]?.content).toMatchObject([
			{ type: 'image', source: { data: 'aGk=' } },
			{ type: 'tool-call', providerExecuted: { kind: 'code_execution' } },
			{ type: 'tool-result', callId: 'ci_1', content: [{ type: 'text', text: '1' }] },
		]);
	});

	test.each<[string, string]>([
		['messages[0].content[0]', 'instructions'],
		['messages[1].content[0]', 'input[0].content'],
		['messages[2].content[0]', 'input[1]'],
		['messages[2].content[2]', 'input[3].content[1]'],
		['messages[3].content[0]', 'input[4].output'],
		['max_tokens', 'max_output_tokens'],
		['response_format', 'text.format'],
		['tools[0].parameters', 'tools[0].parameters'],
	])('%s is found at %s', (path, place) => {
		const body: JsonObject = {
			model: 'm',
			instructions: 'Be brief.',
			input: [
				{ role: 'user', content: 'Weather?' },
				{ type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{}' },
				{
					type: 'message',
					role: 'assistant',
					content: [
						{ type: 'output_text', text: 'a' },
						{ type: 'output_text', text: 'b' },
					],
				},
				{ type: 'function_call_output', call_id: 'call_1', output: 'sun' },
			],
		};
		// The message is the third item, the result the fourth.
		const shifted = place.replace('input[3]', 'input[2]').replace('input[4]', 'input[3]');
		expect(openaiResponses.locate(body, path)).toBe(shifted);
	});
});

describe('a request of another dialect', () => {
	test('is not stored, and asks a reasoning model for what the next turn needs', () => {
		expect(encode({}, { reasoning: 'effort' }).body).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] });
		expect(encode({}, { reasoning: 'none' }).body).not.toHaveProperty('include');
		expect(encode({}).body).not.toHaveProperty('include');
	});

	test('keeps its tools as lenient as they were', () => {
		const { body } = encode({ tools: [{ type: 'function', name: 'f' }], toolChoice: { type: 'tool', name: 'f' } });
		expect(body.tools).toEqual([{ type: 'function', name: 'f', strict: false, parameters: { type: 'object', properties: {} } }]);
		expect(body.tool_choice).toEqual({ type: 'function', name: 'f' });
	});

	test('says which fields it lost', () => {
		const { body, warnings } = encode({
			sampling: { stop: ['\n'], seed: 1, topK: 5, temperature: 0.5 },
			maxOutputTokens: 5,
			logprobs: { top: 2 },
		});
		expect(warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
			'dropped seed',
			'dropped top_k',
			'dropped stop',
			'changed max_tokens',
		]);
		expect(body).toMatchObject({
			temperature: 0.5,
			max_output_tokens: 16,
			top_logprobs: 2,
			include: ['message.output_text.logprobs'],
		});
	});

	test.each<[string, Partial<ChatRequest>]>([
		['several answers', { candidates: 2 }],
		['spoken answers', { modalities: ['text', 'audio'] }],
		['an answer bound by a grammar', { output: { type: 'grammar', grammar: 'x' } }],
		['a stored conversation of another vendor', { previousResponseId: 'resp_1' }],
	])('is refused where the answer would mean something else: %s', (_, request) => {
		expect(() => encode(request)).toThrow(expect.objectContaining({ code: 'unsupported' }));
	});

	test('names the field in which encrypted reasoning was asked for', () => {
		expect(openaiResponses.locate({ include: ['reasoning.encrypted_content'] }, 'reasoning.encrypted_content')).toBe('include');
	});

	test('tells the model what a tool gave back, images included', () => {
		const { body } = encode({
			messages: [
				{ role: 'assistant', content: [{ type: 'tool-call', id: 'x'.repeat(80), name: 'f', kind: 'function', input: '' }] },
				{
					role: 'tool',
					content: [
						{
							type: 'tool-result',
							callId: 'x'.repeat(80),
							isError: true,
							content: [
								{ type: 'text', text: 'no' },
								{ type: 'image', source: { type: 'base64', data: 'aGk=', mediaType: 'image/png' } },
							],
						},
					],
				},
			],
		});
		const [call, result] = body.input as JsonObject[];
		expect(call).toMatchObject({ type: 'function_call', name: 'f', arguments: '{}' });
		expect(String(call?.call_id).length).toBeLessThanOrEqual(64);
		expect(result).toEqual({
			type: 'function_call_output',
			call_id: call?.call_id,
			output: [
				{ type: 'input_text', text: 'Error: no' },
				{ type: 'input_image', image_url: 'data:image/png;base64,aGk=' },
			],
		});
	});

	test('sends its vendor’s own reasoning back, but none that nothing follows', () => {
		const thought = { type: 'reasoning', id: 'rs_1', encrypted: { vendor: 'openai-responses', value: 'opaque' } } as const;
		const { body, warnings } = encode({
			messages: [
				{ role: 'assistant', content: [thought, { type: 'text', text: 'Rome.' }, { ...thought, id: 'rs_2' }] },
				{ role: 'user', content: [{ type: 'text', text: 'Another.' }] },
			],
		});
		expect(body.input).toEqual([
			{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'opaque' },
			{ role: 'assistant', content: 'Rome.' },
			{ role: 'user', content: 'Another.' },
		]);
		expect(warnings).toMatchObject([{ kind: 'dropped', path: 'messages' }]);
	});

	test('asks for an effort where it stated a budget', () => {
		const { body, warnings } = encode(
			{ reasoning: { mode: 'on', budgetTokens: 2000 } },
			{ reasoning: 'effort', efforts: ['low', 'high'] },
		);
		expect(body.reasoning).toEqual({ effort: 'low' });
		expect(warnings).toMatchObject([{ kind: 'approximated', path: 'reasoning' }]);
	});
});

describe('a conversation that Relais keeps', () => {
	const said = { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'Rome.' }] };
	const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };
	const hidden = { type: 'reasoning', id: 'rs_1', summary: [] };
	const search = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'q' } };

	test('goes on from an answer with all that was said, on any provider', () => {
		const input = continued([{ input: inputItems('Name a city.'), output: [said] }], 'Another.');
		const next = decode({ input });
		expect(next.messages.map(({ role, content }) => [role, content[0]])).toMatchObject([
			['user', { text: 'Name a city.' }],
			['assistant', { text: 'Rome.' }],
			['user', { text: 'Another.' }],
		]);
	});

	test('is tied to no vendor: ids go, and reasoning of which there is nothing but the id', () => {
		const input = continued([{ input: [], output: [hidden, search, said, call] }], []);
		expect(input).toEqual([
			{ type: 'message', role: 'assistant', content: said.content },
			{ type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
		]);
	});

	test('keeps reasoning that can be read, with its id', () => {
		const sealed = { ...hidden, encrypted_content: 'opaque' };
		const open = { ...hidden, content: [{ type: 'reasoning_text', text: 'Hm.' }] };
		expect(continued([{ input: [], output: [sealed, search] }], [])).toEqual([sealed, search]);
		expect(continued([{ input: [], output: [open, said] }], [])).toMatchObject([open, { role: 'assistant' }]);
	});

	test('lists its items in full form, always with the same ids', () => {
		const items = [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Ho' }, { ...call, id: undefined }, said];
		const listed = listedItems(items, 'resp_1');
		expect(listed).toMatchObject([
			{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
			{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Ho' }] },
			{ type: 'function_call', call_id: 'call_1' },
			{ id: 'msg_1' },
		]);
		expect(listed.map(({ id }) => String(id).split('_')[0])).toEqual(['msg', 'msg', 'fc', 'msg']);
		expect(listedItems(items, 'resp_1')).toEqual(listed);
		expect(new Set(listed.map(({ id }) => id)).size).toBe(4);
	});
});

describe('whether to keep an answer', () => {
	test('concerns nobody but the API itself', () => {
		const request = decode({ input: 'Hi', store: true });
		expect(request.store).toBeUndefined();
		expect(openaiResponses.encodeRequest(request, { model: 'm', traits: {} }).value.store).toBe(true);
	});
});

describe('what is as it would be anyway', () => {
	test('is no loss elsewhere, and comes back as it was', () => {
		const body = { model: 'm', input: 'Hi', truncation: 'disabled', background: false };
		const { value } = openaiResponses.decodeRequest(body);
		expect(openaiChat.encodeRequest(value, { model: 'm', traits: {} }).warnings).toEqual([]);
		expect(openaiResponses.encodeRequest(value, { model: 'm', traits: {} }).value).toEqual(body);
	});
});

describe('the settings of a request', () => {
	const answer: ChatResponse = { candidates: [{ index: 0, content: [{ type: 'text', text: 'Hi' }] }] };
	const context = { model: 'm', now: 1, id: 'id', streamUsage: true };

	test('are repeated by the answer of another dialect', () => {
		const settings = {
			instructions: 'Be brief.',
			tools: [{ type: 'function', name: 'f', parameters: {} }],
			tool_choice: 'required',
			temperature: 0,
			parallel_tool_calls: false,
			metadata: { a: 'b' },
			max_output_tokens: 99,
			previous_response_id: 'resp_0',
			truncation: 'auto',
			user: 'u',
			reasoning: { effort: 'low' },
			text: { verbosity: 'low' },
		};
		const { value } = openaiResponses.encodeResponse(answer, { ...context, request: { model: 'm', input: 'Hi', ...settings } });
		expect(value).toMatchObject({
			...settings,
			store: true,
			reasoning: { effort: 'low', summary: null },
			text: { format: { type: 'text' }, verbosity: 'low' },
			tools: [{ type: 'function', name: 'f', parameters: {}, strict: null }],
		});
	});

	test('that were not set are told as such, and whether the answer is kept', () => {
		const { value } = openaiResponses.encodeResponse(answer, { ...context, request: { store: false, temperature: null } });
		expect(value).toMatchObject({ store: false, temperature: null, instructions: null, tools: [], tool_choice: 'auto' });
	});
});

describe('a count of tokens', () => {
	test('sends what is counted and nothing else', () => {
		const request = decode({ input: 'Hi', instructions: 'Be brief.', max_output_tokens: 20, store: true, temperature: 1 });
		const { value } = openaiResponses.counting?.encodeRequest(request, { model: 'm', traits: {} }) ?? {};
		expect(value).toEqual({ model: 'm', input: 'Hi', instructions: 'Be brief.' });
		expect(openaiResponses.counting?.encodeAnswer(7)).toEqual({ object: 'response.input_tokens', input_tokens: 7 });
		expect(openaiResponses.counting?.decodeAnswer({ input_tokens: 7 })).toBe(7);
		expect(() => openaiResponses.counting?.decodeAnswer({})).toThrow(expect.objectContaining({ code: 'provider_protocol' }));
	});
});
