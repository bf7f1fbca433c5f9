import { describe, expect, test } from 'vitest';
import type { ChatRequest, ContentPart, JsonObject, Message, ModelTraits } from '../../spec/index.ts';
import { decodeRequest } from './request-decode.ts';
import { encodeRequest } from './request-encode.ts';

function encode(request: Partial<ChatRequest>, traits: ModelTraits = {}) {
	const whole: ChatRequest = {
		model: 'asked-for',
		messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
		stream: false,
		sampling: {},
		...request,
	};
	const { value, warnings } = encodeRequest(whole, { model: 'target', traits });
	return {
		body: JSON.parse(JSON.stringify(value)) as JsonObject,
		warnings: warnings.map(({ kind, path }) => `${kind} ${path}`),
	};
}

/** The messages another dialect's conversation becomes. */
function messages(...conversation: Message[]) {
	const { body, warnings } = encode({ messages: conversation });
	return { messages: body.messages, warnings };
}

const user = (...content: ContentPart[]): Message => ({ role: 'user', content });
const assistant = (...content: ContentPart[]): Message => ({ role: 'assistant', content });
const text = (value: string): ContentPart => ({ type: 'text', text: value });
const result = (callId: string, ...content: ContentPart[]): ContentPart => ({ type: 'tool-result', callId, content });
const image: ContentPart = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aGk=' } };

describe('a conversation from another dialect', () => {
	test('goes out in the plainest form', () => {
		expect(
			messages(
				{ role: 'system', content: [text('Be kind.')] },
				user(text('Hi')),
				assistant(text('Hel'), text('lo')),
				user(text('a'), text('b')),
			),
		).toEqual({
			messages: [
				{ role: 'system', content: 'Be kind.' },
				{ role: 'user', content: 'Hi' },
				{ role: 'assistant', content: 'Hello' },
				{
					role: 'user',
					content: [
						{ type: 'text', text: 'a' },
						{ type: 'text', text: 'b' },
					],
				},
			],
			warnings: [],
		});
	});

	test('shows earlier reasoning, with the proofs its vendor needs', () => {
		const { messages: written, warnings } = messages(
			assistant(
				{ type: 'reasoning', text: 'Think.', signature: { vendor: 'anthropic-messages', value: 'c2ln' } },
				{ type: 'reasoning', redacted: true, encrypted: { vendor: 'anthropic-messages', value: 'eA==' } },
				text('Hi'),
			),
		);
		expect(written).toEqual([
			{
				role: 'assistant',
				content: 'Hi',
				reasoning_content: 'Think.',
				reasoning_details: [
					{ type: 'reasoning.text', text: 'Think.', signature: 'c2ln', format: 'anthropic-claude-v1', index: 0 },
					{ type: 'reasoning.encrypted', data: 'eA==', format: 'anthropic-claude-v1', index: 1 },
				],
			},
		]);
		expect(warnings).toEqual([]);
	});

	test('gives each tool result a message, and their media one user message after the last', () => {
		const { messages: written, warnings } = messages(
			assistant(
				{ type: 'tool-call', id: 'a', name: 'look', kind: 'function', input: '{}' },
				{ type: 'tool-call', id: 'b', name: 'look', kind: 'function', input: '{}' },
			),
			{ role: 'tool', content: [result('a', text('seen'), image), result('b', image)] },
			user(text('Well?')),
		);
		expect(written).toEqual([
			{
				role: 'assistant',
				content: null,
				tool_calls: [
					{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } },
					{ id: 'b', type: 'function', function: { name: 'look', arguments: '{}' } },
				],
			},
			{ role: 'tool', tool_call_id: 'a', content: 'seen' },
			{ role: 'tool', tool_call_id: 'b', content: 'The result is in the next user message.' },
			{
				role: 'user',
				content: [
					{ type: 'text', text: 'From the result of tool call a:' },
					{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
					{ type: 'text', text: 'From the result of tool call b:' },
					{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
				],
			},
			{ role: 'user', content: 'Well?' },
		]);
		expect(warnings).toEqual(['changed messages[1].content[0]', 'changed messages[1].content[1]']);
	});

	test('says in words that a tool failed', () => {
		const failed: ContentPart = { type: 'tool-result', callId: 'a', isError: true, content: [text('not found')] };
		expect(messages({ role: 'tool', content: [failed] })).toEqual({
			messages: [{ role: 'tool', tool_call_id: 'a', content: 'Error: not found' }],
			warnings: ['changed messages[0].content[0].is_error'],
		});
	});

	test('writes out structured results', () => {
		const structured: ContentPart = { type: 'tool-result', callId: 'a', content: [], json: { n: 1 } };
		expect(messages({ role: 'tool', content: [structured] }).messages).toEqual([
			{ role: 'tool', tool_call_id: 'a', content: '{"n":1}' },
		]);
	});

	test('never holds a call that nobody will answer: what the provider ran is told or left out', () => {
		const { messages: written, warnings } = messages(
			assistant(
				{
					type: 'tool-call',
					id: 's',
					name: 'web_search',
					kind: 'function',
					input: '{}',
					providerExecuted: { kind: 'web_search' },
				},
				{
					type: 'tool-result',
					callId: 's',
					name: 'web_search',
					providerExecuted: { kind: 'web_search' },
					content: [{ type: 'search-result', title: 'Example', source: 'https://example.com', parts: [text('Found.')] }],
				},
				{ type: 'tool-result', callId: 's', providerExecuted: { kind: 'web_search' }, content: [] },
				text('It is so.'),
			),
		);
		expect(written).toEqual([{ role: 'assistant', content: '[web_search]\nExample\nhttps://example.com\nFound.\nIt is so.' }]);
		expect(warnings).toEqual([
			'dropped messages[0].content[0]',
			'changed messages[0].content[1]',
			'dropped messages[0].content[2]',
		]);
	});

	test('carries cache hints', () => {
		const { body, warnings } = encode({
			messages: [{ role: 'system', content: [{ type: 'text', text: 'a', cache: { ttl: '1h' } }] }],
			tools: [{ type: 'function', name: 'f', cache: {} }],
		});
		expect(body.messages).toEqual([
			{ role: 'system', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
		]);
		expect(body.tools).toEqual([{ type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } }]);
		expect(warnings).toEqual([]);
	});

	test.each<[string, ContentPart, unknown, string[]]>([
		[
			'a PDF',
			{ type: 'document', title: 'Report', source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBE' } },
			[{ type: 'file', file: { file_data: 'data:application/pdf;base64,JVBE', filename: 'Report' } }],
			[],
		],
		[
			'a document of plain text',
			{ type: 'document', title: 'Report', source: { type: 'text', text: 'Body' }, citations: true },
			'Report\n\nBody',
			['dropped messages[0].content[0].citations', 'changed messages[0].content[0]'],
		],
		[
			'a document of blocks',
			{ type: 'document', source: { type: 'parts', parts: [text('one'), image] } },
			[
				{ type: 'text', text: 'one' },
				{ type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } },
			],
			['changed messages[0].content[0]'],
		],
		[
			'a document at a URL',
			{ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
			[{ type: 'file', file: { file_data: 'https://example.com/a.pdf' } }],
			['changed messages[0].content[0]'],
		],
		[
			'a search result',
			{ type: 'search-result', title: 'T', source: 's', parts: [text('p')] },
			'T\ns\np',
			['changed messages[0].content[0]'],
		],
		[
			'a file of another vendor',
			{ type: 'image', source: { type: 'file', id: 'file_1', vendor: 'anthropic-messages' } },
			'',
			['dropped messages[0].content[0]'],
		],
		[
			'sound',
			{ type: 'audio', source: { type: 'base64', mediaType: 'audio/mpeg', data: 'AAAA' } },
			[{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } }],
			[],
		],
		['a part only its dialect knows', { type: 'opaque', dialect: 'gemini', value: {} }, '', ['dropped messages[0].content[0]']],
	])('carries %s as far as it can', (_, part, content, warnings) => {
		expect(messages(user(part))).toEqual({ messages: [{ role: 'user', content }], warnings });
	});

	test('carries a signature of a call or a text so that clients send it back', () => {
		const { body } = encode({
			messages: [
				assistant(
					{ type: 'text', text: 'a', signature: { vendor: 'gemini', value: 'dA==' } },
					{
						type: 'tool-call',
						id: 'c',
						name: 'f',
						kind: 'function',
						input: '{}',
						signature: { vendor: 'gemini', value: 'Yw==' },
					},
				),
			],
		});
		expect(body.messages).toMatchObject([
			{
				extra_content: { google: { thought_signature: 'dA==' } },
				tool_calls: [{ extra_content: { google: { thought_signature: 'Yw==' } } }],
			},
		]);
	});

	test('reports every field that only another dialect has, and none of its marks', () => {
		const { warnings } = encode({
			extensions: { 'anthropic-messages': { container: 'c', $own: true } },
			messages: [{ ...user({ ...text('a'), extensions: { gemini: { partMetadata: {} } } }), id: 'msg_1' }],
			tools: [{ type: 'function', name: 'f', extensions: { 'anthropic-messages': { defer_loading: true } } }],
		});
		expect(warnings).toEqual([
			'dropped messages[0].id',
			'dropped messages[0].content[0].partMetadata',
			'dropped container',
			'dropped tools[0].defer_loading',
		]);
	});
});

describe('settings from another dialect', () => {
	test('ask for usage in streams, because it has to be counted', () => {
		expect(encode({ stream: true }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
		expect(encode({ stream: true, streamUsage: false }).body.stream_options).toBeUndefined();
	});

	test('lose what vendors of this dialect do not share', () => {
		const { body, warnings } = encode({
			sampling: { temperature: 0.5, topK: 40, minP: 0.1, stop: ['END'] },
		});
		expect(body).toMatchObject({ temperature: 0.5, stop: ['END'] });
		expect(body.top_k).toBeUndefined();
		expect(warnings.sort()).toEqual(['dropped min_p', 'dropped top_k']);
	});

	test('keep such a parameter where it came from this dialect', () => {
		const { value } = decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'x' }], top_k: 40, stop: 'END' });
		expect(encodeRequest(value, { model: 't', traits: {} })).toMatchObject({ value: { top_k: 40, stop: 'END' }, warnings: [] });
	});

	test('cannot go on with a conversation that is stored elsewhere', () => {
		expect(() => encode({ previousResponseId: 'r' })).toThrowError(/whole history/);
	});

	test('name the tools and how to choose among them', () => {
		const { body } = encode({
			tools: [
				{ type: 'function', name: 'f', parameters: { type: 'object' }, strict: true },
				{ type: 'custom', name: 'g', grammar: { syntax: 'lark', definition: 'start: /x/' } },
			],
			toolChoice: { type: 'allowed', mode: 'required', names: ['f'] },
			parallelToolCalls: false,
		});
		expect(body).toMatchObject({
			tools: [
				{ type: 'function', function: { name: 'f', parameters: { type: 'object' }, strict: true } },
				{
					type: 'custom',
					custom: { name: 'g', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: /x/' } } },
				},
			],
			tool_choice: {
				type: 'allowed_tools',
				allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
			},
			parallel_tool_calls: false,
		});
	});

	test('leave out a tool that another provider runs, and the choice of it', () => {
		const { body, warnings } = encode({
			tools: [{ type: 'server', kind: 'web_search', vendor: 'anthropic-messages', config: {} }],
			toolChoice: { type: 'required' },
			parallelToolCalls: true,
		});
		expect(body).toEqual({ model: 'target', messages: [{ role: 'user', content: 'Hi' }] });
		expect(warnings).toEqual(['dropped tools[0]', 'dropped tool_choice']);
	});

	test('name a schema that has no name', () => {
		expect(encode({ output: { type: 'json_schema', schema: { type: 'object' } } }).body.response_format).toEqual({
			type: 'json_schema',
			json_schema: { name: 'response', schema: { type: 'object' } },
		});
	});
});

describe('what a model wants', () => {
	test.each<[ModelTraits, ChatRequest['reasoning'], unknown, string[]]>([
		[{}, { effort: 'high' }, { reasoning_effort: 'high' }, []],
		[{}, { mode: 'on', budgetTokens: 10_000 }, { reasoning_effort: 'medium' }, ['approximated reasoning']],
		[{}, { mode: 'off' }, {}, ['dropped reasoning']],
		[{}, { mode: 'adaptive' }, {}, []],
		[{ reasoning: 'none' }, { mode: 'off' }, {}, []],
		[{ reasoning: 'none' }, { effort: 'high' }, {}, ['dropped reasoning']],
		[
			{ reasoning: 'effort', efforts: ['low', 'high'] },
			{ effort: 'max' },
			{ reasoning_effort: 'high' },
			['approximated reasoning_effort'],
		],
		[{ reasoning: 'effort', efforts: ['none', 'low'] }, { mode: 'off' }, { reasoning_effort: 'none' }, []],
		[
			{ reasoning: 'effort', efforts: ['minimal', 'low'] },
			{ mode: 'off' },
			{ reasoning_effort: 'minimal' },
			['approximated reasoning'],
		],
		[{ reasoning: 'effort' }, { mode: 'on' }, { reasoning_effort: 'medium' }, ['defaulted reasoning']],
		[{ reasoning: 'budget' }, { budgetTokens: 3000 }, { reasoning: { max_tokens: 3000 } }, []],
		[{ reasoning: 'budget' }, { effort: 'low' }, { reasoning: { max_tokens: 4096 } }, ['approximated reasoning']],
		[{ reasoning: 'budget' }, { mode: 'off' }, { reasoning: { enabled: false } }, []],
		[
			{},
			{ effort: 'low', summary: 'auto', includeEncrypted: true },
			{ reasoning_effort: 'low' },
			['dropped reasoning.summary', 'dropped reasoning.encrypted_content'],
		],
	])('with traits %j, reasoning %j becomes %j', (traits, reasoning, expected, warnings) => {
		const { body, warnings: said } = encode(reasoning === undefined ? {} : { reasoning }, traits);
		const { model: _model, messages: _messages, ...rest } = body;
		expect(rest).toEqual(expected);
		expect(said).toEqual(warnings);
	});

	test('is no sampling, where it refuses it; values that change nothing go without a word', () => {
		const sampling = { temperature: 0.2, topP: 1, stop: ['x'] };
		expect(encode({ sampling }, { sampling: false })).toEqual({
			body: { model: 'target', messages: [{ role: 'user', content: 'Hi' }] },
			warnings: ['dropped stop', 'dropped temperature'],
		});
		expect(encode({ sampling, reasoning: { effort: 'none' } }, { sampling: false, reasoning: 'effort' }).body.temperature).toBe(
			0.2,
		);
	});

	test('is its own name for the output limit', () => {
		expect(encode({ maxOutputTokens: 5 }).body.max_tokens).toBe(5);
		const { body } = encode({ maxOutputTokens: 5 }, { maxTokensField: 'max_completion_tokens' });
		expect(body).toMatchObject({ max_completion_tokens: 5 });
		expect(body.max_tokens).toBeUndefined();
	});

	test.each<[ModelTraits['systemRole'], string[]]>([
		[undefined, ['system', 'developer', 'user']],
		['system', ['system', 'system', 'user']],
		['developer', ['developer', 'developer', 'user']],
		['user', ['user', 'user', 'user']],
	])('is instructions under the role %s', (systemRole, roles) => {
		const conversation: Message[] = [
			{ role: 'system', content: [text('a')] },
			{ role: 'system', level: 'developer', content: [text('b')] },
			user(text('c')),
		];
		const { body } = encode({ messages: conversation }, systemRole === undefined ? {} : { systemRole });
		expect((body.messages as JsonObject[]).map((message) => message.role)).toEqual(roles);
	});

	test('is a user turn at the end, where it cannot go on from an assistant’s', () => {
		const { body, warnings } = encode({ messages: [user(text('a')), assistant(text('b'))] }, { prefill: false });
		expect((body.messages as JsonObject[]).at(-1)).toEqual({ role: 'user', content: 'Continue.' });
		expect(warnings).toEqual(['changed messages[1]']);
	});

	test('is the schema in words, where it takes none', () => {
		const { body, warnings } = encode({ output: { type: 'json_schema', schema: { type: 'object' } } }, { jsonSchema: false });
		expect(body.response_format).toEqual({ type: 'json_object' });
		expect((body.messages as JsonObject[])[0]?.content).toContain('{"type":"object"}');
		expect(warnings).toEqual(['approximated response_format']);
	});

	test('holds for requests of this dialect too, and does not touch the request', () => {
		const wire = {
			model: 'm',
			messages: [{ role: 'system', content: 'a' }],
			max_tokens: 5,
			temperature: 0,
			reasoning_effort: 'max',
		};
		const { value } = decodeRequest(wire);
		const traits: ModelTraits = {
			sampling: false,
			maxTokensField: 'max_completion_tokens',
			systemRole: 'developer',
			efforts: ['low', 'high'],
		};
		const first = encodeRequest(value, { model: 't', traits });
		expect(first.value).toEqual({
			model: 't',
			messages: [{ role: 'developer', content: 'a' }],
			max_completion_tokens: 5,
			reasoning_effort: 'high',
		});
		expect(encodeRequest(value, { model: 'm', traits: {} }).value).toEqual(wire);
	});
});

describe('a request of this dialect that Relais changed on the way', () => {
	test('keeps its forms around the change', () => {
		const { value } = decodeRequest({
			model: 'm',
			messages: [
				{
					role: 'assistant',
					content: [{ type: 'text', text: 'secret' }],
					reasoning: 'secret thought',
					tool_calls: null,
					mood: 1,
				},
			],
		});
		for (const part of value.messages[0]?.content ?? [])
			if ('text' in part && part.text !== undefined) part.text = part.text.replace('secret', 'masked');
		const { value: body } = encodeRequest(value, { model: 'm', traits: {} });
		expect(body.messages).toEqual([
			{ role: 'assistant', content: [{ type: 'text', text: 'masked' }], reasoning: 'masked thought', tool_calls: null, mood: 1 },
		]);
	});

	test('sends no citation back that Relais took away', () => {
		const cited = {
			type: 'url_citation',
			url_citation: { url: 'https://secret.example', title: 't', start_index: 0, end_index: 1 },
		};
		const { value } = decodeRequest({ model: 'm', messages: [{ role: 'assistant', content: 'x', annotations: [cited] }] });
		for (const part of value.messages[0]?.content ?? []) if (part.type === 'text') part.citations = [];
		expect(encodeRequest(value, { model: 'm', traits: {} }).value.messages).toEqual([{ role: 'assistant', content: 'x' }]);
	});

	test('never repeats what was changed from the form it came in', () => {
		const { value } = decodeRequest({
			model: 'm',
			messages: [
				{
					role: 'assistant',
					content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'secret' }] }],
					reasoning_details: [{ type: 'reasoning.text', text: 'secret', signature: 's', format: 'anthropic-claude-v1' }],
					tool_calls: [{ id: 'c', function: { name: 'f', arguments: { secret: 1 } } }],
				},
			],
		});
		for (const part of value.messages[0]?.content ?? []) {
			if (part.type === 'reasoning') part.text = 'masked';
			if (part.type === 'tool-call') part.input = '{}';
		}
		expect(JSON.stringify(encodeRequest(value, { model: 'm', traits: {} }).value.messages)).not.toContain('"secret"');
	});
});
