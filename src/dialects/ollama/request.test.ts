import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatRequest, JsonObject, Message, Warning } from '../../spec/index.ts';
import { ollama, ollamaGenerate } from './index.ts';

const CONTEXT = { model: 'm', traits: {} };
const HELLO: JsonObject = { role: 'user', content: 'Hi' };
const decode = (more: JsonObject = {}): ChatRequest => ollama.decodeRequest({ model: 'm', messages: [HELLO], ...more }).value;
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

function encode(more: Partial<ChatRequest>): { body: JsonObject; paths: string[] } {
	const request: ChatRequest = { model: 'm', messages: [user('Hi')], stream: false, sampling: {}, ...more };
	const { value, warnings } = ollama.encodeRequest(request, CONTEXT);
	return { body: value, paths: warnings.map(({ kind, path }: Warning) => `${kind} ${path}`) };
}

describe('a request to chat', () => {
	test('is to be streamed unless it says otherwise', () => {
		expect(decode().stream).toBe(true);
		expect(ollama.sketch({ model: 'm', messages: [HELLO] }).stream).toBe(true);
		expect(decode({ stream: false }).stream).toBe(false);
	});

	test('keeps limits and sampling in its options', () => {
		const options = { num_predict: 9, temperature: 0.5, top_k: 4, repeat_penalty: 1.1, stop: ['x'], num_ctx: 8192 };
		const request = decode({ options });
		expect(request).toMatchObject({
			maxOutputTokens: 9,
			sampling: { temperature: 0.5, topK: 4, repetitionPenalty: 1.1, stop: ['x'] },
		});
		expect(ollama.encodeRequest(request, CONTEXT).value.options).toEqual(options);
	});

	test('a limit below zero is none', () => {
		expect(decode({ options: { num_predict: -1 } }).maxOutputTokens).toBeUndefined();
		expect(ollama.sketch({ model: 'm', messages: [HELLO], options: { num_predict: -1 } }).maxOutputTokens).toBeUndefined();
	});

	test.each([
		[true, { mode: 'on' }],
		[false, { mode: 'off' }],
		['low', { mode: 'on', effort: 'low' }],
	])('think %s', (think, reasoning) => {
		expect(decode({ think }).reasoning).toEqual(reasoning);
	});

	test.each([
		[{ messages: [] }, 'messages'],
		[{ messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role'],
		[{ messages: [{ role: 'user', content: 5 }] }, 'messages[0].content'],
		[{ messages: [{ role: 'user', content: 'x', images: [{}] }] }, 'messages[0].images[0]'],
		[{ options: { stop: 'x' } }, 'options.stop'],
		[{ format: 5 }, 'format'],
		[{ think: 5 }, 'think'],
		[{ stream: 'yes' }, 'stream'],
		[{ tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
	])('%j is refused by its path', (more, param) => {
		expect(() => decode(more)).toThrowError(expect.objectContaining({ code: 'invalid_request', param }));
	});

	test('calls without ids get the same ones each time, and results find them by name and order', () => {
		const call = (city: string): JsonObject => ({ function: { name: 'weather', arguments: { city } } });
		const messages: JsonObject[] = [
			HELLO,
			{
				role: 'assistant',
				content: '',
				tool_calls: [call('Paris'), { function: { name: 'clock', arguments: {} } }, call('Rome')],
			},
			{ role: 'tool', content: 'noon', tool_name: 'clock' },
			{ role: 'tool', content: '21', tool_name: 'weather' },
			{ role: 'tool', content: '25', tool_name: 'weather' },
		];
		const read = (): string[] =>
			decode({ messages }).messages.flatMap(({ content }) =>
				content.flatMap((part) => (part.type === 'tool-call' ? [part.id] : part.type === 'tool-result' ? [part.callId] : [])),
			);
		const [paris, clock, rome, ...results] = read();
		expect(new Set([paris, clock, rome]).size).toBe(3);
		expect(results).toEqual([clock, paris, rome]);
		expect(read()).toEqual([paris, clock, rome, ...results]);
		expect(ollama.encodeRequest(decode({ messages }), CONTEXT).value.messages).toEqual(messages);
	});
});

describe('a request of another dialect', () => {
	test('says in words that a tool failed, and sends tools of free text as functions', () => {
		const failed: Message = {
			role: 'tool',
			content: [{ type: 'tool-result', callId: 'c', isError: true, content: [{ type: 'text', text: 'no such city' }] }],
		};
		const told = encode({ messages: [user('Hi'), failed], tools: [{ type: 'custom', name: 'f' }] });
		expect(told.body.messages).toMatchObject([{}, { role: 'tool', content: 'Error: no such city' }]);
		expect(told.body.tools).toMatchObject([{ function: { name: 'f', parameters: { required: ['input'] } } }]);
		expect(told.paths.sort()).toEqual(['approximated tools[0]', 'changed messages[1].content[0].is_error']);
	});

	test('takes no empty text between calls for one out of its place', () => {
		const content: Message['content'] = [
			{ type: 'tool-call', kind: 'function', id: 'c', name: 'f', input: '{}' },
			{ type: 'text', text: '' },
		];
		expect(encode({ messages: [user('Hi'), { role: 'assistant', content }] }).paths).toEqual([]);
	});

	test('repeats names and ids of the calls results belong to', () => {
		const { body } = encode({
			messages: [
				user('Hi'),
				{ role: 'assistant', content: [{ type: 'tool-call', id: 'call_1', name: 'clock', kind: 'function', input: '' }] },
				{ role: 'tool', content: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'noon' }] }] },
			],
		});
		expect(body.messages).toEqual([
			{ role: 'user', content: 'Hi' },
			{ role: 'assistant', content: '', tool_calls: [{ id: 'call_1', function: { name: 'clock', arguments: {} } }] },
			{ role: 'tool', content: 'noon', tool_name: 'clock', tool_call_id: 'call_1' },
		]);
	});

	test('images go out as bare base64; one under an address is refused', () => {
		const image = (source: Extract<Message['content'][number], { type: 'image' }>['source']): Message[] => [
			{ role: 'user', content: [{ type: 'image', source }] },
		];
		const { body } = encode({ messages: image({ type: 'base64', data: 'iVBORw0=', mediaType: 'image/png' }) });
		expect(body.messages).toEqual([{ role: 'user', content: '', images: ['iVBORw0='] }]);
		expect(() => encode({ messages: image({ type: 'url', url: 'https://example.com/a.png' }) })).toThrowError(
			expect.objectContaining({ code: 'unsupported', param: 'messages[0].content[0]' }),
		);
	});

	test('what cannot be carried is named', () => {
		expect(
			encode({
				tools: [{ type: 'function', name: 'f', strict: true }],
				toolChoice: { type: 'required' },
				parallelToolCalls: false,
				user: 'u',
				sampling: { logitBias: { 5: 1 } },
			}).paths.sort(),
		).toEqual([
			'dropped logit_bias',
			'dropped parallel_tool_calls',
			'dropped tool_choice',
			'dropped tools[0].function.strict',
			'dropped user',
		]);
		expect(encode({ tools: [{ type: 'function', name: 'f' }], toolChoice: { type: 'none' } }).body.tools).toBeUndefined();
	});

	test.each([
		[{ mode: 'on', effort: 'high' }, 'high', []],
		[{ effort: 'minimal' }, 'low', ['approximated reasoning']],
		[{ mode: 'on', budgetTokens: 500 }, true, ['approximated reasoning.budget_tokens']],
		[{ mode: 'off' }, false, []],
	] as const)('reasoning %j is think %s', (reasoning, think, paths) => {
		const written = encode({ reasoning });
		expect([written.body.think, written.paths]).toEqual([think, paths]);
	});
});

describe('a request to generate', () => {
	test('what shapes the prompt alone comes back, and is a loss elsewhere', () => {
		const body: JsonObject = {
			model: 'm',
			prompt: 'a(',
			suffix: ')',
			raw: true,
			context: [1, 2],
			stream: false,
			images: ['iVBOR'],
		};
		const { value } = ollamaGenerate.decodeRequest(body);
		expect(ollamaGenerate.encodeRequest(value, CONTEXT)).toEqual({ value: body, warnings: [] });
		expect(
			ollama
				.encodeRequest(value, CONTEXT)
				.warnings.map(({ path }) => path)
				.sort(),
		).toEqual(['context', 'raw', 'suffix']);
		expect(ollamaGenerate.sketch(body)).toMatchObject({ model: 'm', stream: false, images: true });
	});

	test('a conversation is refused', () => {
		const value = decode({ messages: [HELLO, { role: 'assistant', content: 'x' }, HELLO] });
		expect(() => ollamaGenerate.encodeRequest(value, CONTEXT)).toThrowError(expect.objectContaining({ code: 'unsupported' }));
	});

	test('places are named as its clients wrote them', () => {
		const body = { model: 'm', prompt: 'x', system: 's', images: ['iVBOR', '/9j/'] };
		expect(
			['messages[0].content[0]', 'messages[1].content[0]', 'messages[1].content[2]'].map((path) =>
				ollamaGenerate.locate(body, path),
			),
		).toEqual(['system', 'prompt', 'images[1]']);
		expect(() => ollamaGenerate.decodeRequest({ model: 'm', prompt: 5 })).toThrowError(
			expect.objectContaining({ param: 'prompt' }),
		);
	});
});

const word = fc.string({ minLength: 1 });
const call = fc.record({ function: fc.record({ name: word, arguments: fc.dictionary(word, fc.jsonValue()) }) });
const message = fc.oneof(
	fc.record({ role: fc.constantFrom('system', 'user'), content: fc.string() }),
	fc.record({
		role: fc.constant('user'),
		content: fc.string(),
		images: fc.array(fc.constantFrom('iVBOR', '/9j/4A'), { minLength: 1 }),
	}),
	fc.record(
		{ role: fc.constant('assistant'), content: fc.string(), thinking: fc.string(), tool_calls: fc.array(call) },
		{ requiredKeys: ['role'] },
	),
	fc.record(
		{ role: fc.constant('tool'), content: fc.string(), tool_name: word, tool_call_id: word },
		{ requiredKeys: ['role', 'content'] },
	),
);
const body = fc.record(
	{
		model: word,
		messages: fc.array(message, { minLength: 1 }),
		stream: fc.boolean(),
		think: fc.oneof(fc.boolean(), fc.constantFrom('low', 'high')),
		format: fc.constantFrom('', 'json', { type: 'object' }),
		keep_alive: fc.constantFrom('5m', -1, null),
		options: fc.record(
			{
				temperature: fc.integer(),
				num_predict: fc.integer(),
				num_ctx: fc.nat(),
				seed: fc.integer(),
				stop: fc.array(word),
				mirostat: fc.constant(null),
			},
			{ requiredKeys: [] },
		),
		logprobs: fc.boolean(),
		top_logprobs: fc.nat(5),
		tools: fc.array(
			fc.record({
				type: fc.constant('function'),
				function: fc.record({ name: word, description: fc.string() }, { requiredKeys: ['name'] }),
			}),
		),
	},
	{ requiredKeys: ['model', 'messages'] },
);

test('any request comes back word for word', () => {
	fc.assert(
		fc.property(body, (given) => {
			const wire = JSON.parse(JSON.stringify(given)) as JsonObject;
			const { value } = ollama.decodeRequest(wire);
			expect(ollama.encodeRequest(value, { model: value.model, traits: {} })).toEqual({ value: wire, warnings: [] });
		}),
	);
});
