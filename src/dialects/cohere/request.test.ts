import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest, JsonObject, Message } from '../../spec/index.ts';
import { cohere } from './index.ts';

const CONTEXT = { model: 'm', traits: {} };
const HELLO: JsonObject = { role: 'user', content: 'Hi' };
const decode = (more: JsonObject = {}): ChatRequest => cohere.decodeRequest({ model: 'm', messages: [HELLO], ...more }).value;
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

function encode(more: Partial<ChatRequest>): { body: JsonObject; paths: string[] } {
	const request: ChatRequest = { model: 'm', messages: [user('Hi')], stream: false, sampling: {}, ...more };
	const { value, warnings } = cohere.encodeRequest(request, CONTEXT);
	return { body: value, paths: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

describe('a request of the API', () => {
	test('has its own names for sampling, thinking and the form of the answer', () => {
		const schema = { type: 'object' };
		const body = { p: 0.9, k: 40, max_tokens: 9, stop_sequences: ['x'], thinking: { type: 'enabled', token_budget: 500 } };
		expect(decode({ ...body, response_format: { type: 'json_object', schema } })).toMatchObject({
			maxOutputTokens: 9,
			sampling: { topP: 0.9, topK: 40, stop: ['x'] },
			reasoning: { mode: 'on', budgetTokens: 500 },
			output: { type: 'json_schema', schema },
		});
	});

	test('documents belong to what the user said last', () => {
		const documents = [
			'Ruby is red.',
			{ id: 'a', data: { title: 'Facts', text: 'Made in 1993.' } },
			{ data: { a: '1', b: '2' } },
		];
		const body = { model: 'm', messages: [HELLO, { role: 'assistant', content: 'x' }, HELLO], documents };
		const { value } = cohere.decodeRequest(body);
		expect(value.messages[2]?.content).toMatchObject([
			{ type: 'text', text: 'Hi' },
			{ type: 'document', source: { type: 'text', text: 'Ruby is red.' }, citations: true },
			{ type: 'document', source: { type: 'text', text: 'Made in 1993.' }, title: 'Facts' },
			{ type: 'document', source: { type: 'text', text: '{"a":"1","b":"2"}' } },
		]);
		expect(cohere.encodeRequest(value, CONTEXT).value.documents).toEqual(documents);
		expect(cohere.locate(body, 'messages[2].content[2]')).toBe('documents[1]');
		expect(cohere.sketch(body)).toMatchObject({ documents: true, images: false });
	});

	test('the plan before calls is reasoning, and comes back as a plan', () => {
		const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a": 1}' } };
		const messages: JsonObject[] = [HELLO, { role: 'assistant', tool_plan: 'I will call f.', tool_calls: [call] }];
		const { value } = cohere.decodeRequest({ model: 'm', messages });
		expect(value.messages[1]?.content).toMatchObject([
			{ type: 'reasoning', text: 'I will call f.' },
			{ type: 'tool-call', id: 'c1', name: 'f', input: '{"a": 1}' },
		]);
		expect(cohere.encodeRequest(value, CONTEXT).value.messages).toEqual(messages);
	});

	test('strict tools are strict one and all', () => {
		const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
		const value = decode({ tools, strict_tools: true });
		expect(value.tools).toMatchObject([{ strict: true }]);
		expect(cohere.encodeRequest(value, CONTEXT).value).toMatchObject({ tools, strict_tools: true });
	});

	test.each([
		[{ messages: [] }, 'messages'],
		[{ messages: [{ role: 'chatbot', content: 'x' }] }, 'messages[0].role'],
		[{ messages: [{ role: 'user', content: [{ text: 'x' }] }] }, 'messages[0].content[0].type'],
		[{ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, 'messages[0].content[0].image_url.url'],
		[{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
		[{ response_format: { type: 'xml' } }, 'response_format.type'],
		[{ thinking: { type: 'maybe' } }, 'thinking.type'],
		[{ max_tokens: 'x' }, 'max_tokens'],
		[{ tools: [{ function: {} }] }, 'tools[0].function.name'],
	])('%j is refused by its path', (more, param) => {
		expect(() => decode(more)).toThrowError(expect.objectContaining({ code: 'invalid_request', param }));
	});
});

describe('a request of another dialect', () => {
	test('sends text documents beside the messages, and refuses those of other kinds', () => {
		const document = (source: Extract<Message['content'][number], { type: 'document' }>['source']): Message[] => [
			{ role: 'user', content: [{ type: 'document', source, title: 'T' }] },
		];
		expect(encode({ messages: document({ type: 'text', text: 'words' }) }).body).toEqual({
			model: 'm',
			messages: [{ role: 'user', content: '' }],
			documents: [{ data: { text: 'words', title: 'T' } }],
		});
		expect(() => encode({ messages: document({ type: 'base64', data: 'JVBERg==', mediaType: 'application/pdf' }) })).toThrowError(
			expect.objectContaining({ code: 'unsupported', param: 'messages[0].content[0]' }),
		);
	});

	test('offers the chosen tools alone, as none can be named', () => {
		const tools: ChatRequest['tools'] = [
			{ type: 'function', name: 'f' },
			{ type: 'function', name: 'g' },
		];
		const named = encode({ tools, toolChoice: { type: 'tool', name: 'g' } });
		expect(named.body).toMatchObject({ tool_choice: 'REQUIRED', tools: [{ function: { name: 'g' } }] });
		expect(named.paths).toEqual([]);
		const some = encode({ tools, toolChoice: { type: 'allowed', mode: 'auto', names: ['f'] } });
		expect(some.body).toMatchObject({ tools: [{ function: { name: 'f' } }] });
		expect(some.body.tool_choice).toBeUndefined();
		expect(encode({ tools, toolChoice: { type: 'none' } }).body.tool_choice).toBe('NONE');
		expect(encode({ tools, toolChoice: { type: 'auto' } }).body.tool_choice).toBeUndefined();
	});

	test('says in words that a tool failed, and sends tools of free text as functions', () => {
		const failed: Message = {
			role: 'tool',
			content: [{ type: 'tool-result', callId: 'c', isError: true, content: [{ type: 'text', text: 'no such city' }] }],
		};
		const call: Message = {
			role: 'assistant',
			content: [{ type: 'tool-call', kind: 'function', id: 'c', name: 'f', input: '{}' }],
		};
		const told = encode({ messages: [user('Hi'), call, failed], tools: [{ type: 'custom', name: 'f' }] });
		expect(told.body.messages).toMatchObject([{}, {}, { role: 'tool', content: 'Error: no such city' }]);
		expect(told.body.tools).toMatchObject([{ function: { name: 'f', parameters: { required: ['input'] } } }]);
		expect(told.paths.sort()).toEqual(['approximated tools[0]', 'changed messages[2].content[0].is_error']);
	});

	test("sends the text of other vendors' reasoning, never their proofs", () => {
		const signature = { vendor: 'anthropic-messages', value: 'c2ln' };
		const { body, paths } = encode({
			messages: [
				user('Hi'),
				{
					role: 'assistant',
					content: [
						{ type: 'reasoning', text: 'Hm.', signature },
						{ type: 'text', text: 'Yes.' },
					],
				},
			],
		});
		expect(body.messages).toEqual([
			{ role: 'user', content: 'Hi' },
			{
				role: 'assistant',
				content: [
					{ type: 'thinking', thinking: 'Hm.' },
					{ type: 'text', text: 'Yes.' },
				],
			},
		]);
		expect(paths).toEqual(['dropped messages[1].content[0]']);
	});

	test('names what is left out', () => {
		const written = encode({
			user: 'u',
			metadata: { a: 1 },
			sampling: { minP: 0.1, stop: ['1', '2', '3', '4', '5', '6'] },
			logprobs: { top: 3 },
		});
		expect(written.paths.sort()).toEqual([
			'dropped metadata',
			'dropped min_p',
			'dropped stop',
			'dropped top_logprobs',
			'dropped user',
		]);
		expect(written.body).toMatchObject({ stop_sequences: ['1', '2', '3', '4', '5'], logprobs: true });
		expect(encode({ reasoning: { effort: 'high' } })).toMatchObject({
			body: { thinking: { type: 'enabled' } },
			paths: ['approximated reasoning'],
		});
	});
});

const word = fc.string({ minLength: 1 });
const textBlock = fc.record({ type: fc.constant('text'), text: fc.string() });
const thinking = fc.record({ type: fc.constant('thinking'), thinking: fc.string() });
const image = fc.record({
	type: fc.constant('image_url'),
	image_url: fc.record(
		{ url: fc.constantFrom('https://a/b.png', 'data:image/png;base64,AA=='), detail: fc.constant('low') },
		{ requiredKeys: ['url'] },
	),
});
const document = fc.record({
	type: fc.constant('document'),
	document: fc.record({ id: word, data: fc.oneof(word, fc.dictionary(word, word)) }, { requiredKeys: ['data'] }),
});
const call = fc.record({ id: word, type: fc.constant('function'), function: fc.record({ name: word, arguments: fc.string() }) });
const content = (...kinds: fc.Arbitrary<object>[]): fc.Arbitrary<unknown> => fc.oneof(fc.string(), fc.array(fc.oneof(...kinds)));
const message = fc.oneof(
	fc.record({ role: fc.constant('system'), content: content(textBlock) }),
	fc.record({ role: fc.constant('user'), content: content(textBlock, image) }),
	fc.record(
		{ role: fc.constant('assistant'), content: content(textBlock, thinking), tool_plan: fc.string(), tool_calls: fc.array(call) },
		{ requiredKeys: ['role'] },
	),
	fc.record({ role: fc.constant('tool'), tool_call_id: word, content: content(textBlock, document) }),
);
const body = fc.record(
	{
		model: word,
		messages: fc.array(message, { minLength: 1 }),
		stream: fc.boolean(),
		documents: fc.array(fc.oneof(word, fc.record({ id: word, data: fc.dictionary(word, word) }))),
		tools: fc.array(
			fc.record({
				type: fc.constant('function'),
				function: fc.record({ name: word, description: fc.string() }, { requiredKeys: ['name'] }),
			}),
		),
		tool_choice: fc.constantFrom('REQUIRED', 'NONE'),
		strict_tools: fc.boolean(),
		citation_options: fc.record({ mode: fc.constantFrom('FAST', 'OFF') }),
		response_format: fc.constantFrom(
			{ type: 'text' },
			{ type: 'json_object' },
			{ type: 'json_object', schema: { type: 'object' } },
		),
		safety_mode: fc.constant('STRICT'),
		thinking: fc.record({ type: fc.constantFrom('enabled', 'disabled'), token_budget: fc.nat() }, { requiredKeys: ['type'] }),
		k: fc.nat(),
		p: fc.integer(),
		temperature: fc.constantFrom(null, 0, 1),
		seed: fc.nat(),
		max_tokens: fc.nat(),
		stop_sequences: fc.array(word),
		logprobs: fc.boolean(),
		priority: fc.nat(),
	},
	{ requiredKeys: ['model', 'messages'] },
);

test('any request comes back word for word', () => {
	fc.assert(
		fc.property(body, (given) => {
			const wire = JSON.parse(JSON.stringify(given)) as JsonObject;
			const { value } = cohere.decodeRequest(wire);
			expect(cohere.encodeRequest(value, { model: value.model, traits: {} })).toEqual({ value: wire, warnings: [] });
		}),
	);
});
