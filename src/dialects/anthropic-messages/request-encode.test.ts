import { describe, expect, test } from 'vitest';
import {
	type ChatRequest,
	type ContentPart,
	isRelaisError,
	type JsonObject,
	type Message,
	type ModelTraits,
	type Warning,
} from '../../spec/index.ts';
import { anthropicMessages } from './index.ts';

const say = (role: Message['role'], ...content: (string | ContentPart)[]): Message => ({
	role,
	content: content.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});
const call = (id: string, input = '{}', name = 'get'): ContentPart => ({ type: 'tool-call', id, name, kind: 'function', input });
const result = (callId: string, text: string): ContentPart => ({
	type: 'tool-result',
	callId,
	content: [{ type: 'text', text }],
});

/** A request as another dialect's client would make it. */
function ask(fields: Partial<ChatRequest>, traits: ModelTraits = {}): { body: JsonObject; warnings: Warning[] } {
	const request: ChatRequest = {
		model: 'm',
		messages: [say('user', 'Hi')],
		stream: false,
		sampling: {},
		maxOutputTokens: 8000,
		...fields,
	};
	const { value, warnings } = anthropicMessages.encodeRequest(request, { model: 'claude', traits });
	return { body: JSON.parse(JSON.stringify(value)) as JsonObject, warnings };
}

function failure(fields: Partial<ChatRequest>, traits?: ModelTraits) {
	try {
		ask(fields, traits);
	} catch (error) {
		if (isRelaisError(error)) return { code: error.code, status: error.status, param: error.param };
	}
	return undefined;
}

const kinds = (warnings: Warning[]): string[] => warnings.map((warning) => `${warning.kind} ${warning.path}`);

describe('conversations of other dialects', () => {
	test('the plainest request is written plainly', () => {
		expect(ask({ messages: [say('system', 'Be brief.'), say('user', 'Hi')], stream: true })).toEqual({
			body: { model: 'claude', max_tokens: 8000, system: 'Be brief.', messages: [{ role: 'user', content: 'Hi' }], stream: true },
			warnings: [],
		});
	});

	test('several instructions become blocks of system; one amid the conversation moves there with a warning', () => {
		const { body, warnings } = ask({
			messages: [
				say('system', 'A'),
				{ ...say('system', 'B'), level: 'developer' },
				say('user', 'Hi'),
				say('system', 'C'),
				say('user', 'Go'),
			],
		});
		expect(body.system).toEqual(['A', 'B', 'C'].map((text) => ({ type: 'text', text })));
		expect(body.messages).toEqual([
			{
				role: 'user',
				content: [
					{ type: 'text', text: 'Hi' },
					{ type: 'text', text: 'Go' },
				],
			},
		]);
		expect(kinds(warnings)).toEqual(['changed messages[3]']);
	});

	test('models that take instructions in place get them there, between a user and an assistant turn', () => {
		const traits: ModelTraits = { systemRole: 'system' };
		const fitting = ask({ messages: [say('user', 'Hi'), say('system', 'C')] }, traits);
		expect(fitting.body.messages).toEqual([
			{ role: 'user', content: 'Hi' },
			{ role: 'system', content: 'C' },
		]);
		expect(fitting.warnings).toEqual([]);
		expect(ask({ messages: [say('user', 'Hi'), say('system', 'C'), say('user', 'Go')] }, traits).body.system).toBe('C');
	});

	test('parallel results stand together in the user turn that follows the calls, before its text', () => {
		const { body, warnings } = ask({
			messages: [
				say('user', 'Hi'),
				say('assistant', '', call('a', '{"x":1}'), call('b')),
				say('tool', result('a', 'one')),
				say('tool', result('b', 'two')),
				say('user', 'And?'),
			],
		});
		expect(body.messages).toEqual([
			{ role: 'user', content: 'Hi' },
			{
				role: 'assistant',
				content: [
					{ type: 'tool_use', id: 'a', name: 'get', input: { x: 1 } },
					{ type: 'tool_use', id: 'b', name: 'get', input: {} },
				],
			},
			{
				role: 'user',
				content: [
					{ type: 'tool_result', tool_use_id: 'a', content: 'one' },
					{ type: 'tool_result', tool_use_id: 'b', content: 'two' },
					{ type: 'text', text: 'And?' },
				],
			},
		]);
		expect(warnings).toEqual([]);
	});

	test('results that came after other content are put first', () => {
		const { body, warnings } = ask({
			messages: [say('user', 'Hi'), say('assistant', call('a')), say('user', 'Wait'), say('tool', result('a', 'one'))],
		});
		expect((body.messages as JsonObject[])[2]).toEqual({
			role: 'user',
			content: [
				{ type: 'tool_result', tool_use_id: 'a', content: 'one' },
				{ type: 'text', text: 'Wait' },
			],
		});
		expect(kinds(warnings)).toEqual(['changed messages']);
	});

	test('ids the API refuses are rewritten, the same for call and result, and never into one another', () => {
		const { body } = ask({
			messages: [
				say('user', 'Hi'),
				say('assistant', call('call:1'), call('call.1'), call('call_1')),
				say('tool', result('call.1', 'b'), result('call:1', 'a'), result('call_1', 'c')),
			],
		});
		const [, calls, results] = body.messages as { content: JsonObject[] }[];
		const made = calls?.content.map((block) => block.id) ?? [];
		expect(new Set(made).size).toBe(3);
		expect(made[2]).toBe('call_1');
		for (const id of made) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
		expect(results?.content.map((block) => block.tool_use_id)).toEqual([made[1], made[0], made[2]]);
	});

	test('input that is no JSON object is wrapped, with a warning', () => {
		const { body, warnings } = ask({
			messages: [
				say('user', 'Hi'),
				say('assistant', call('a', '{"x":'), call('b', '[1]')),
				say('tool', result('a', ''), result('b', '')),
			],
		});
		const blocks = (body.messages as { content: JsonObject[] }[])[1]?.content;
		expect(blocks?.map((block) => block.input)).toEqual([{ _raw: '{"x":' }, { _raw: [1] }]);
		expect(kinds(warnings)).toEqual(['changed messages[1].content[0]', 'changed messages[1].content[1]']);
	});

	test('a conversation begins with the user and holds no empty turn', () => {
		const { body, warnings } = ask({ messages: [say('assistant', 'Hello!'), say('user', '  '), say('user', 'Hi')] });
		expect(body.messages).toMatchObject([
			{ role: 'user' },
			{ role: 'assistant', content: 'Hello!' },
			{ role: 'user', content: 'Hi' },
		]);
		expect(kinds(warnings)).toEqual(['dropped messages[1].content[0]', 'changed messages[0]']);
	});

	test('instructions alone become the user turn', () => {
		const { body } = ask({ messages: [say('system', 'Say hello.')] });
		expect(body).toMatchObject({ messages: [{ role: 'user', content: 'Say hello.' }] });
		expect(body.system).toBe(undefined);
	});

	test('a prefill loses the blank space at its end; models that refuse prefills are asked to go on', () => {
		const messages = [say('user', 'Hi'), say('assistant', 'The answer is ')];
		expect(ask({ messages }).body.messages).toMatchObject([{}, { content: 'The answer is' }]);
		const { body, warnings } = ask({ messages }, { prefill: false });
		expect((body.messages as JsonObject[]).map((turn) => turn.role)).toEqual(['user', 'assistant', 'user']);
		expect(kinds(warnings)).toContain('approximated messages');
	});

	test("reasoning goes back where it is this vendor's and is left out where it is another's", () => {
		const reasoning = (vendor: string): ContentPart => ({ type: 'reasoning', text: 'Hm.', signature: { vendor, value: 'sig' } });
		const turn = (vendor: string) =>
			ask({ messages: [say('user', 'Hi'), say('assistant', reasoning(vendor), 'Yes.'), say('user', 'Go')] });
		expect(turn('anthropic-messages').body.messages).toMatchObject([
			{},
			{
				content: [
					{ type: 'thinking', thinking: 'Hm.', signature: 'sig' },
					{ type: 'text', text: 'Yes.' },
				],
			},
			{},
		]);
		expect(turn('gemini').body.messages).toMatchObject([{}, { content: 'Yes.' }, {}]);
		expect(kinds(turn('gemini').warnings)).toEqual(['dropped messages[1].content[0]']);
	});

	test('what only another dialect knows is reported field by field', () => {
		const message: Message = {
			...say('user', { type: 'text', text: 'Hi', extensions: { 'openai-chat': { mood: 1, $form: { a: 1 } } } }),
			name: 'Ann',
		};
		const { warnings } = ask({ messages: [message], extensions: { 'openai-chat': { safety: true } } });
		expect(kinds(warnings)).toEqual(['dropped messages[0].name', 'dropped messages[0].content[0].mood', 'dropped safety']);
	});

	test('at most four cache breakpoints are kept, the latest', () => {
		const cached = (text: string): ContentPart => ({ type: 'text', text, cache: { ttl: '2h' } });
		const { body, warnings } = ask({
			messages: [say('system', cached('s')), say('user', cached('a'), cached('b'), cached('c'), cached('d'))],
		});
		expect(body.system).toEqual([{ type: 'text', text: 's' }]);
		expect((body.messages as { content: JsonObject[] }[])[0]?.content[0]).toMatchObject({
			cache_control: { type: 'ephemeral', ttl: '1h' },
		});
		expect(kinds(warnings)).toContain('dropped cache_control');
	});
});

describe('media', () => {
	const media = (part: ContentPart) => ask({ messages: [say('user', part)] }).body.messages as { content: JsonObject[] }[];
	const only = (part: ContentPart) => media(part)[0]?.content[0];

	test('images by bytes and by address', () => {
		expect(only({ type: 'image', source: { type: 'base64', data: 'QQ', mediaType: 'image/jpg' } })).toEqual({
			type: 'image',
			source: { type: 'base64', media_type: 'image/jpeg', data: 'QQ' },
		});
		expect(only({ type: 'image', source: { type: 'url', url: 'https://x/y.png' } })).toMatchObject({ source: { type: 'url' } });
	});

	test('documents: PDF as it is, text from bytes, file names as titles', () => {
		expect(
			only({ type: 'document', source: { type: 'base64', data: 'QQ', mediaType: 'application/pdf' }, filename: 'a.pdf' }),
		).toEqual({
			type: 'document',
			title: 'a.pdf',
			source: { type: 'base64', media_type: 'application/pdf', data: 'QQ' },
		});
		expect(only({ type: 'document', source: { type: 'base64', data: 'SGk=', mediaType: 'text/csv' } })).toMatchObject({
			source: { type: 'text', media_type: 'text/plain', data: 'Hi' },
		});
	});

	test.each<[string, ContentPart]>([
		['sound', { type: 'audio', source: { type: 'base64', data: 'QQ', mediaType: 'audio/wav' } }],
		['video', { type: 'video', source: { type: 'url', url: 'https://x' } }],
		['a picture format it cannot see', { type: 'image', source: { type: 'base64', data: 'QQ', mediaType: 'image/bmp' } }],
		["another vendor's file", { type: 'image', source: { type: 'file', id: 'file-1', vendor: 'openai-chat' } }],
		['a spreadsheet', { type: 'document', source: { type: 'base64', data: 'QQ', mediaType: 'application/vnd.ms-excel' } }],
	])('%s is refused, so that another target can be tried', (_, part) => {
		expect(failure({ messages: [say('user', part)] })).toEqual({
			code: 'unsupported',
			status: 400,
			param: 'messages[0].content[0]',
		});
	});
});

describe('wishes', () => {
	test('an output limit is stated even where none was given', () => {
		const limit = (traits: ModelTraits) => {
			const request: ChatRequest = { model: 'm', messages: [say('user', 'Hi')], stream: false, sampling: {} };
			return anthropicMessages.encodeRequest(request, { model: 'claude', traits });
		};
		expect(limit({ maxOutputTokens: 64_000 })).toMatchObject({ value: { max_tokens: 64_000 }, warnings: [] });
		expect(limit({}).value.max_tokens).toBe(4096);
		expect(kinds(limit({}).warnings)).toEqual(['defaulted max_tokens']);
	});

	test.each<[string, Partial<ChatRequest>, string]>([
		['several answers', { candidates: 2 }, 'n'],
		['spoken answers', { modalities: ['text', 'audio'] }, 'modalities'],
		['a stored conversation', { previousResponseId: 'resp_1' }, 'previous_response_id'],
		['grounding', { dataSources: [{ type: 'search' }] }, 'data_sources'],
		['a grammar for the answer', { output: { type: 'regex', pattern: 'a+' } }, 'response_format'],
		['a tool name the API refuses', { tools: [{ type: 'function', name: 'a.b' }] }, 'tools[0].name'],
	])('%s cannot be had', (_, fields, param) => {
		expect(failure(fields)).toEqual({ code: 'unsupported', status: 400, param });
	});

	test('what has no field is reported, unless it says nothing', () => {
		const { warnings } = ask({
			sampling: { seed: 1, frequencyPenalty: 0, presencePenalty: 1, logitBias: { a: 1 }, minP: 0.1 },
			logprobs: { top: 2 },
			verbosity: 'low',
			store: false,
			metadata: { a: 'b' },
			prediction: [],
		});
		expect(warnings.map((warning) => warning.path).sort()).toEqual(
			['logit_bias', 'logprobs', 'metadata', 'min_p', 'prediction', 'presence_penalty', 'seed', 'verbosity'].sort(),
		);
	});

	test('temperature is at most 1, and goes where the model does not take it', () => {
		expect(ask({ sampling: { temperature: 1.7 } }).body.temperature).toBe(1);
		const { body, warnings } = ask({ sampling: { temperature: 0.5, topP: 0.9, topK: 3 } }, { sampling: false });
		expect(Object.keys(body)).toEqual(['model', 'max_tokens', 'messages']);
		expect(kinds(warnings)).toEqual(['dropped temperature', 'dropped top_p', 'dropped top_k']);
	});

	test('of temperature and top_p one is sent, and defaults are none', () => {
		expect(ask({ sampling: { temperature: 1, topP: 0.9 } })).toMatchObject({ body: { top_p: 0.9 }, warnings: [] });
		expect(ask({ sampling: { temperature: 0.2, topP: 1 } })).toMatchObject({ body: { temperature: 0.2 }, warnings: [] });
		expect(kinds(ask({ sampling: { temperature: 0.2, topP: 0.9 } }).warnings)).toEqual(['dropped top_p']);
		expect(ask({ sampling: { temperature: 1, topP: 1 } }, { sampling: false }).warnings).toEqual([]);
	});

	test("JSON without a schema is asked for in words; with one, in the API's way where the model has it", () => {
		expect(ask({ output: { type: 'json' } }).body.system).toContain('JSON');
		const output = {
			type: 'json_schema',
			name: 'x',
			schema: { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } },
		} as const;
		const native = ask({ output });
		expect(native.body.output_config).toEqual({
			format: {
				type: 'json_schema',
				schema: {
					type: 'object',
					properties: { n: { type: 'integer', description: '(minimum: 1)' } },
					additionalProperties: false,
				},
			},
		});
		expect(kinds(native.warnings)).toEqual(['changed response_format']);
		const told = ask({ output, messages: [say('system', 'Be brief.'), say('user', 'Hi')] }, { jsonSchema: false });
		expect(told.body.system).toMatch(/^Be brief\.\n\n.*"minimum":1/s);
		expect(kinds(told.warnings)).toEqual(['approximated response_format']);
	});

	test('service tiers and the end user have their fields', () => {
		expect(ask({ serviceTier: 'default', user: 'u' }).body).toMatchObject({
			service_tier: 'standard_only',
			metadata: { user_id: 'u' },
		});
		expect(kinds(ask({ serviceTier: 'flex' }).warnings)).toEqual(['dropped service_tier']);
	});
});

describe('tools', () => {
	const tools: ChatRequest['tools'] = [
		{ type: 'function', name: 'get', description: 'Gets.', parameters: { type: 'object', properties: {} } },
		{ type: 'function', name: 'put' },
	];

	test('functions, with a schema in any case', () => {
		expect(ask({ tools }).body.tools).toEqual([
			{ name: 'get', description: 'Gets.', input_schema: { type: 'object', properties: {} } },
			{ name: 'put', input_schema: { type: 'object', properties: {} } },
		]);
	});

	test('choices', () => {
		expect(ask({ tools, toolChoice: { type: 'required' } }).body.tool_choice).toEqual({ type: 'any' });
		expect(ask({ tools, toolChoice: { type: 'tool', name: 'get' } }).body.tool_choice).toEqual({ type: 'tool', name: 'get' });
		expect(ask({ tools, parallelToolCalls: false }).body.tool_choice).toEqual({ type: 'auto', disable_parallel_tool_use: true });
		expect(ask({ tools, parallelToolCalls: true }).body.tool_choice).toBe(undefined);
		expect(ask({ toolChoice: { type: 'auto' } }).body.tool_choice).toBe(undefined);
		const some = ask({ tools, toolChoice: { type: 'allowed', mode: 'required', names: ['put'] } });
		expect(some.body).toMatchObject({ tools: [{ name: 'put' }], tool_choice: { type: 'any' } });
		expect(kinds(some.warnings)).toEqual(['changed tool_choice']);
	});

	test('calls in the history are declared where no tool is offered any more', () => {
		const { body } = ask({
			messages: [say('user', 'Hi'), say('assistant', call('a', '{}', 'old.tool')), say('tool', result('a', 'x'))],
		});
		expect(body).toMatchObject({ tools: [{ name: 'old_tool' }], tool_choice: { type: 'none' } });
	});

	test('a strict tool gets the schema that can be enforced', () => {
		const parameters = { type: 'object', properties: { n: { type: 'string', maxLength: 2 } }, required: ['n'] };
		const strict = ask({ tools: [{ type: 'function', name: 'get', parameters, strict: true }] });
		expect(strict.body.tools).toMatchObject([
			{
				strict: true,
				input_schema: { additionalProperties: false, properties: { n: { type: 'string', description: '(maxLength: 2)' } } },
			},
		]);
		const loose = ask({ tools: [{ type: 'function', name: 'get', parameters, strict: true }] }, { jsonSchema: false });
		expect(loose.body.tools).toEqual([{ name: 'get', input_schema: parameters }]);
		expect(kinds(loose.warnings)).toEqual(['dropped tools[0].strict']);
	});

	test("tools of free text and of other vendors' own are approximated or left out", () => {
		const { body, warnings } = ask({
			tools: [
				{ type: 'custom', name: 'patch', description: 'Patches.', grammar: { syntax: 'lark', definition: 'start: "x"' } },
				{ type: 'server', kind: 'web_search', vendor: 'openai-responses', config: { type: 'web_search' } },
				{ type: 'server', kind: 'file_search', vendor: 'openai-responses', config: { type: 'file_search' } },
			],
		});
		expect(body.tools).toMatchObject([
			{ name: 'patch', input_schema: { required: ['input'] } },
			{ type: 'web_search_20250305', name: 'web_search' },
		]);
		expect(kinds(warnings)).toEqual([
			'approximated tools[0]',
			'approximated tools[0].grammar',
			'approximated tools[1]',
			'dropped tools[2]',
		]);
	});
});

describe('reasoning', () => {
	const tools: ChatRequest['tools'] = [{ type: 'function', name: 'get' }];

	test.each<[string, NonNullable<ChatRequest['reasoning']>, ModelTraits, number, JsonObject]>([
		[
			'an effort as a budget',
			{ effort: 'high' },
			{ reasoning: 'budget' },
			8000,
			{ thinking: { type: 'enabled', budget_tokens: 6000 } },
		],
		[
			'a small effort',
			{ effort: 'minimal' },
			{ reasoning: 'budget' },
			64_000,
			{ thinking: { type: 'enabled', budget_tokens: 1024 } },
		],
		[
			'a great one',
			{ effort: 'max' },
			{ reasoning: 'budget' },
			128_000,
			{ thinking: { type: 'enabled', budget_tokens: 63_999 } },
		],
		[
			'a budget below the limit',
			{ budgetTokens: 9000 },
			{ reasoning: 'budget' },
			8000,
			{ thinking: { type: 'enabled', budget_tokens: 7999 } },
		],
		[
			'an effort where the model decides',
			{ effort: 'high', summary: 'auto' },
			{ reasoning: 'adaptive' },
			8000,
			{ thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'high' } },
		],
		[
			'the nearest effort the model takes',
			{ effort: 'minimal' },
			{ reasoning: 'adaptive', efforts: ['low', 'high'] },
			8000,
			{ thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
		],
		[
			'a budget as an effort',
			{ budgetTokens: 20_000 },
			{ reasoning: 'adaptive' },
			64_000,
			{ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
		],
		['an effort alone', { effort: 'low' }, { reasoning: 'effort' }, 8000, { output_config: { effort: 'low' } }],
		['none asked for', { effort: 'none' }, { reasoning: 'adaptive' }, 8000, { thinking: { type: 'disabled' } }],
		['none to be had', { effort: 'high' }, { reasoning: 'none' }, 8000, {}],
		['too little room', { effort: 'high' }, { reasoning: 'budget' }, 1000, {}],
		[
			'always on',
			{ effort: 'none' },
			{ reasoning: 'adaptive', reasoningAlways: true, efforts: ['low'] },
			8000,
			{ output_config: { effort: 'low' } },
		],
	])('%s', (_, reasoning, traits, maxOutputTokens, expected) => {
		const { body } = ask({ reasoning, maxOutputTokens }, traits);
		const { thinking, output_config } = body;
		expect({
			...(thinking === undefined ? {} : { thinking }),
			...(output_config === undefined ? {} : { output_config }),
		}).toEqual(expected);
	});

	test('with a budget, no tool is forced and sampling is left alone', () => {
		const { body, warnings } = ask(
			{ reasoning: { effort: 'high' }, tools, toolChoice: { type: 'required' }, sampling: { temperature: 0.2, topP: 0.97 } },
			{ reasoning: 'budget' },
		);
		expect(body).toMatchObject({ tool_choice: { type: 'auto' }, top_p: 0.97 });
		expect(body.temperature).toBe(undefined);
		expect(kinds(warnings)).toEqual(['changed tool_choice', 'dropped temperature']);
	});

	test("a step amid tools whose thinking was another vendor's goes on without thinking", () => {
		const messages = [
			say('user', 'Hi'),
			say('assistant', { type: 'reasoning', text: 'Hm.' }, call('a')),
			say('tool', result('a', 'one')),
		];
		const { body, warnings } = ask({ messages, reasoning: { effort: 'high' } }, { reasoning: 'budget' });
		expect(body.thinking).toBe(undefined);
		expect(kinds(warnings)).toEqual(['dropped messages[1].content[0]', 'dropped reasoning']);
	});

	test("a client of this dialect is taken at its word, and only the model's own limits change it", () => {
		const body: JsonObject = {
			model: 'claude',
			max_tokens: 2000,
			messages: [{ role: 'user', content: 'Hi' }],
			thinking: { type: 'enabled', budget_tokens: 1500, display: 'summarized' },
			temperature: 0.3,
		};
		const { value } = anthropicMessages.decodeRequest(body);
		expect(anthropicMessages.encodeRequest(value, { model: 'claude', traits: { reasoning: 'budget' } }).value).toEqual(body);
		const modern = anthropicMessages.encodeRequest(value, {
			model: 'claude-5',
			traits: { reasoning: 'adaptive', sampling: false },
		});
		expect(modern.value).toEqual({
			model: 'claude-5',
			max_tokens: 2000,
			messages: body.messages,
			thinking: { type: 'adaptive', display: 'summarized' },
			output_config: { effort: 'low' },
		});
		expect(kinds(modern.warnings)).toEqual(['approximated reasoning', 'dropped temperature']);
	});

	test('fields of tomorrow go with what they belonged to', () => {
		const body: JsonObject = {
			model: 'claude',
			max_tokens: 2000,
			messages: [{ role: 'user', content: 'Hi' }],
			thinking: { type: 'enabled', budget_tokens: 1500, block_binding: 'strict' },
			output_config: { format: { type: 'json_schema', schema: { type: 'object' }, mode: 'new' } },
		};
		const { value } = anthropicMessages.decodeRequest(body);
		const { thinking, output_config, ...kept } = anthropicMessages.encodeRequest(value, {
			model: 'claude',
			traits: { reasoning: 'none', jsonSchema: false },
		}).value;
		expect([thinking, output_config]).toEqual([undefined, undefined]);
		expect(Object.keys(kept)).toEqual(['model', 'max_tokens', 'system', 'messages']);
	});
});
