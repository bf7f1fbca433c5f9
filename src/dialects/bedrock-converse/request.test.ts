import { describe, expect, it } from 'vitest';
import { converseFaults } from '../../../test/support/bedrock/rules.ts';
import {
	type ChatRequest,
	type ContentPart,
	isRelaisError,
	type JsonObject,
	type Message,
	type ModelTraits,
} from '../../spec/index.ts';
import { bedrockConverse } from './index.ts';

const text = (value: string): ContentPart => ({ type: 'text', text: value });
const user = (...content: ContentPart[]): Message => ({ role: 'user', content });
const assistant = (...content: ContentPart[]): Message => ({ role: 'assistant', content });
const call = (id: string, name = 'look'): ContentPart => ({ type: 'tool-call', id, name, kind: 'function', input: '{}' });
const result = (callId: string, ...content: ContentPart[]): Message => ({
	role: 'tool',
	content: [{ type: 'tool-result', callId, content }],
});

function encode(messages: Message[], more: Partial<ChatRequest> = {}, traits: ModelTraits = {}) {
	const request: ChatRequest = { model: 'm', messages, stream: false, sampling: {}, ...more };
	const { value, warnings } = bedrockConverse.encodeRequest(request, { model: 'm', traits });
	return { body: value, warnings, paths: warnings.map(({ path }) => path) };
}

/** A field that lies inside the body. */
function at(body: JsonObject, path: string): unknown {
	return path.split('.').reduce<unknown>((value, key) => (value as { [key: string]: unknown } | undefined)?.[key], body);
}

function refusal(run: () => unknown) {
	try {
		run();
	} catch (error) {
		if (isRelaisError(error)) return { code: error.code, param: error.param };
		throw error;
	}
	throw new Error('was not refused');
}

describe('a conversation of another dialect', () => {
	it.each<[string, Message[]]>([
		['begins with the assistant', [assistant(text('Hi')), user(text('Hello'))]],
		[
			'has several turns of one role',
			[user(text('a')), user(text('b')), assistant(text('c')), assistant(text('d')), user(text('e'))],
		],
		['has blank texts and empty turns', [user(text(' ')), user(text('a')), assistant(text('')), user(text('b'))]],
		['has results one by one', [user(text('a')), assistant(call('x'), call('y')), result('x', text('1')), result('y')]],
		['has a call nobody answered', [user(text('a')), assistant(call('x'), call('y')), result('y', text('1')), user(text('b'))]],
		['ends with a call', [user(text('a')), assistant(call('x'))]],
		['has a call and then the user', [user(text('a')), assistant(call('x')), user(text('b'))]],
		['has a result nobody asked for', [user(text('a')), result('z', text('1'))]],
		['has ids and names of other forms', [user(text('a')), assistant(call('call|1/é', 'do it')), result('call|1/é', text('1'))]],
		['has ids that are too long', [user(text('a')), assistant(call('x'.repeat(80))), result('x'.repeat(80), text('1'))]],
		['has instructions alone', [{ role: 'system', content: [text('Be brief.')] }]],
		['has a document alone', [user({ type: 'document', source: { type: 'text', text: 'a' }, filename: 'a.b/c.txt' })]],
	])('that %s is put in the API’s order', (_, messages) => {
		const { body, warnings } = encode(messages);
		expect(converseFaults(body)).toEqual([]);
		expect(warnings.every(({ message }) => message !== '')).toBe(true);
	});

	it('keeps a call and its result under one id, and two calls apart', () => {
		const long = 'x'.repeat(70);
		const { body } = encode([
			user(text('a')),
			assistant(call(`${long}1`), call(`${long}2`)),
			result(`${long}2`, text('r')),
			result(`${long}1`, text('s')),
		]);
		const ids = (turn: number, member: string) =>
			(at(body, `messages.${turn}.content`) as JsonObject[]).map((block) => at(block, `${member}.toolUseId`));
		expect(ids(2, 'toolResult')).toEqual(ids(1, 'toolUse').reverse());
		expect(new Set(ids(1, 'toolUse')).size).toBe(2);
	});

	it('keeps the result of a call that the service calls an ordinary one', () => {
		const { value } = bedrockConverse.decodeResponse({
			output: {
				message: { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'look', input: {}, type: 'tool_use' } }] },
			},
			stopReason: 'tool_use',
		});
		const [answer] = value.candidates;
		const { body } = encode([user(text('a')), assistant(...(answer?.content ?? [])), result('t1', text('1'))]);
		expect(at(body, 'messages.2.content.0.toolResult')).toMatchObject({ toolUseId: 't1', content: [{ text: '1' }] });
	});

	it('names documents as the API wants, each its own name', () => {
		const document = (title: string): ContentPart => ({
			type: 'document',
			title,
			source: { type: 'base64', data: 'JVBERi0=', mediaType: 'application/pdf' },
		});
		const { body } = encode([user(document('año_2024.pdf'), document('año_2024.pdf'), document('***'), text('read'))]);
		const blocks = at(body, 'messages.0.content') as JsonObject[];
		expect(blocks.slice(0, 3).map((block) => at(block, 'document.name'))).toEqual([
			'a-o-2024-pdf',
			'a-o-2024-pdf (2)',
			'document',
		]);
		expect(converseFaults(body)).toEqual([]);
	});

	it('has its instructions gathered, wherever they stand', () => {
		const system = (value: string): Message => ({ role: 'system', content: [text(value)] });
		const { body, paths } = encode([system('a'), user(text('u')), system('b')]);
		expect(body.system).toEqual([{ text: 'a' }, { text: 'b' }]);
		expect(paths).toEqual(['messages[2]']);
		expect(encode([system('a'), user(text('u'))], {}, { systemRole: 'user' }).body).toEqual({
			messages: [{ role: 'user', content: [{ text: 'a' }, { text: 'u' }] }],
		});
	});

	it('leaves out thoughts of other vendors and unsigned ones, and says so', () => {
		const thought = (vendor: string): ContentPart => ({ type: 'reasoning', text: 't', signature: { vendor, value: 's' } });
		const messages = [user(text('a')), assistant(thought('other'), thought('bedrock-converse'), text('b')), user(text('c'))];
		const { body, paths } = encode(messages);
		expect(at(body, 'messages.1.content')).toEqual([
			{ reasoningContent: { reasoningText: { text: 't', signature: 's' } } },
			{ text: 'b' },
		]);
		expect(paths).toEqual(['messages[1].content[0]']);
	});
});

describe('media', () => {
	const image = (source: object): Message => user({ type: 'image', source } as ContentPart, text('see'));

	it('go as bytes or from the vendor’s own storage', () => {
		expect(at(encode([image({ type: 'base64', data: 'eA==', mediaType: 'image/jpg' })]).body, 'messages.0.content.0')).toEqual({
			image: { format: 'jpeg', source: { bytes: 'eA==' } },
		});
		expect(at(encode([image({ type: 'url', url: 's3://b/a.png' })]).body, 'messages.0.content.0')).toEqual({
			image: { format: 'png', source: { s3Location: { uri: 's3://b/a.png' } } },
		});
	});

	it.each([
		['on the web', { type: 'url', url: 'https://a.example/a.png' }],
		['of another vendor', { type: 'file', id: 'file-1', vendor: 'openai-chat' }],
		['of a type nobody sees', { type: 'base64', data: 'eA==', mediaType: 'image/tiff' }],
	])('%s are refused, with their place', (_, source) => {
		expect(refusal(() => encode([image(source)]))).toEqual({ code: 'unsupported', param: 'messages[0].content[0]' });
	});
});

describe('tools', () => {
	const tool = { type: 'function' as const, name: 'look', description: ' ', parameters: { type: 'object' } };
	const history = [user(text('a')), assistant(call('x')), result('x', text('1'))];

	it('are declared whenever the history has calls', () => {
		expect(at(encode(history).body, 'toolConfig.tools')).toEqual([
			{ toolSpec: { name: 'look', inputSchema: { json: { type: 'object', properties: {} } } } },
		]);
	});

	it('cannot be forbidden: they are not declared, unless the history needs them', () => {
		expect(encode([user(text('a'))], { tools: [tool], toolChoice: { type: 'none' } }).body.toolConfig).toBeUndefined();
		const kept = encode(history, { tools: [tool], toolChoice: { type: 'none' } });
		expect(at(kept.body, 'toolConfig.tools')).toHaveLength(1);
		expect(at(kept.body, 'toolConfig.toolChoice')).toBeUndefined();
		expect(kept.paths).toContain('tool_choice');
	});

	it.each([
		[{ type: 'auto' as const }, { auto: {} }],
		[{ type: 'required' as const }, { any: {} }],
		[{ type: 'tool' as const, name: 'look' }, { tool: { name: 'look' } }],
		[{ type: 'allowed' as const, mode: 'required' as const, names: ['look'] }, { any: {} }],
	])('are chosen: %o', (toolChoice, wire) => {
		expect(at(encode([user(text('a'))], { tools: [tool], toolChoice }).body, 'toolConfig.toolChoice')).toEqual(wire);
	});

	it('with a name the API does not take are refused', () => {
		expect(refusal(() => encode([user(text('a'))], { tools: [{ ...tool, name: 'a.b' }] }))).toEqual({
			code: 'unsupported',
			param: 'tools[0].name',
		});
	});
});

describe('reasoning', () => {
	const ask = (reasoning: ChatRequest['reasoning'], traits: ModelTraits, more: Partial<ChatRequest> = {}) =>
		encode([user(text('a'))], { ...(reasoning === undefined ? {} : { reasoning }), ...more }, traits);

	it('is asked for in the words of the model', () => {
		const fields = (traits: ModelTraits) => ask({ effort: 'high' }, traits).body.additionalModelRequestFields;
		expect(fields({ reasoning: 'budget', maxOutputTokens: 64_000 })).toEqual({
			thinking: { type: 'enabled', budget_tokens: 32_000 },
		});
		expect(fields({ reasoning: 'adaptive' })).toEqual({ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } });
		expect(fields({ reasoning: 'effort' })).toEqual({ reasoning_effort: 'high' });
		expect(fields({ reasoning: 'none' })).toBeUndefined();
	});

	it('shows its text where that is asked for of a model that keeps it to itself', () => {
		const shown = (summary: string) => ask({ effort: 'high', summary }, { reasoning: 'adaptive' });
		expect(shown('auto').body.additionalModelRequestFields).toMatchObject({ thinking: { display: 'summarized' } });
		expect(shown('none').body.additionalModelRequestFields).toMatchObject({ thinking: { display: 'omitted' } });
		expect(shown('auto').paths).toEqual([]);
	});

	it('with a budget leaves room for the answer', () => {
		const { body } = ask({ budgetTokens: 5000 }, { reasoning: 'budget' });
		expect(at(body, 'inferenceConfig.maxTokens')).toBe(5000 + 8192);
		expect(ask({ budgetTokens: 5000 }, { reasoning: 'budget' }, { maxOutputTokens: 3000 }).body).toMatchObject({
			inferenceConfig: { maxTokens: 3000 },
			additionalModelRequestFields: { thinking: { budget_tokens: 2999 } },
		});
		expect(
			ask({ budgetTokens: 5000 }, { reasoning: 'budget' }, { maxOutputTokens: 900 }).body.additionalModelRequestFields,
		).toBeUndefined();
	});

	it('fixes sampling and the choice of tools', () => {
		const tool = { type: 'function' as const, name: 'look', parameters: {} };
		const { body, paths } = ask(
			{ budgetTokens: 2000 },
			{ reasoning: 'budget' },
			{ sampling: { temperature: 0.2, topK: 4 }, tools: [tool], toolChoice: { type: 'required' } },
		);
		expect(body.inferenceConfig).toEqual({ maxTokens: 2000 + 8192 });
		expect(at(body, 'toolConfig.toolChoice')).toEqual({ auto: {} });
		expect(paths).toEqual(expect.arrayContaining(['temperature', 'top_k', 'tool_choice']));
	});

	it('with a budget is left out where the calling turn has no thoughts of this vendor', () => {
		const messages = [user(text('a')), assistant(call('x')), result('x', text('1'))];
		const { body, paths } = encode(messages, { reasoning: { budgetTokens: 2000 } }, { reasoning: 'budget' });
		expect(body.additionalModelRequestFields).toBeUndefined();
		expect(paths).toContain('reasoning');
	});
});

describe('cache points', () => {
	it('follow what they end, and are at most four', () => {
		const cached = (value: string): ContentPart => ({ type: 'text', text: value, cache: {} });
		const { body, paths } = encode([
			user(cached('a'), cached('b'), cached('c'), cached('d'), { type: 'text', text: 'e', cache: { ttl: '2h' } }),
		]);
		const blocks = at(body, 'messages.0.content') as JsonObject[];
		expect(blocks.filter((block) => block.cachePoint !== undefined)).toHaveLength(4);
		expect(blocks.slice(0, 2)).toEqual([{ text: 'a' }, { text: 'b' }]);
		expect(blocks.at(-1)).toEqual({ cachePoint: { type: 'default', ttl: '1h' } });
		expect(paths).toContain('cachePoint');
	});
});

describe('what the API cannot do', () => {
	it.each<[string, Partial<ChatRequest>]>([
		['n', { candidates: 2 }],
		['modalities', { modalities: ['audio'] }],
		['previous_response_id', { previousResponseId: 'r' }],
		['data_sources', { dataSources: [{}] }],
		['response_format', { output: { type: 'regex', pattern: 'a' } }],
	])('is refused where the answer would be another: %s', (param, more) => {
		expect(refusal(() => encode([user(text('a'))], more))).toEqual({ code: 'unsupported', param });
	});

	it('is reported where it is left out', () => {
		const { paths } = encode([user(text('a'))], {
			sampling: { seed: 1, frequencyPenalty: 0.5, presencePenalty: 0 },
			user: 'u',
			store: true,
			serviceTier: 'scale',
			metadata: { a: 'plain', b: 'ünplain' },
			parallelToolCalls: false,
			tools: [{ type: 'function', name: 'f' }],
		});
		expect(paths.sort()).toEqual([
			'frequency_penalty',
			'metadata',
			'parallel_tool_calls',
			'seed',
			'service_tier',
			'store',
			'user',
		]);
	});
});

describe('a request of a Converse client', () => {
	const decode = (body: JsonObject) =>
		bedrockConverse.decodeRequest({ model: 'm', messages: [{ role: 'user', content: [{ text: 'a' }] }], ...body }).value;

	it.each<[JsonObject, string]>([
		[{ model: '' }, 'model'],
		[{ messages: [] }, 'messages'],
		[{ messages: [{ role: 'system', content: [] }] }, 'messages[0].role'],
		[{ messages: [{ role: 'user', content: 'a' }] }, 'messages[0].content'],
		[{ messages: [{ role: 'user', content: [{}] }] }, 'messages[0].content[0]'],
		[{ messages: [{ role: 'user', content: [{ text: 1 }] }] }, 'messages[0].content[0].text'],
		[
			{ messages: [{ role: 'assistant', content: [{ toolUse: { toolUseId: 'x', name: 'n' } }] }] },
			'messages[0].content[0].toolUse.input',
		],
		[
			{ messages: [{ role: 'user', content: [{ toolResult: { toolUseId: 'x' } }] }] },
			'messages[0].content[0].toolResult.content',
		],
		[{ system: 'a' }, 'system'],
		[{ inferenceConfig: { maxTokens: 0 } }, 'inferenceConfig.maxTokens'],
		[{ toolConfig: { tools: [{ toolSpec: { name: 'a', inputSchema: {} } }] } }, 'toolConfig.tools[0].toolSpec.inputSchema.json'],
		[{ stream: 'yes' }, 'stream'],
		[
			{ outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '[' } } } } },
			'outputConfig.textFormat.structure.jsonSchema.schema',
		],
	])('is refused by name for %o', (body, param) => {
		expect(refusal(() => decode(body))).toEqual({ code: 'invalid_request', param });
	});

	it('is understood by other dialects: results, hints and thinking have their places', () => {
		const request = decode({
			messages: [
				{ role: 'user', content: [{ text: 'a' }, { cachePoint: { type: 'default' } }] },
				{ role: 'assistant', content: [{ toolUse: { toolUseId: 'x', name: 'n', input: { a: 1 } } }] },
				{
					role: 'user',
					content: [{ toolResult: { toolUseId: 'x', content: [{ json: { ok: true } }], status: 'error' } }, { text: 'b' }],
				},
			],
			additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 2000 }, top_k: 3 },
		});
		expect(request.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
		expect(request.messages[0]?.content).toMatchObject([{ type: 'text', text: 'a', cache: {} }]);
		expect(request.messages[2]?.content).toMatchObject([{ callId: 'x', json: { ok: true }, isError: true }]);
		expect(request).toMatchObject({ reasoning: { mode: 'on', budgetTokens: 2000 }, sampling: { topK: 3 } });
	});

	it('says whether thoughts are to be shown, and keeps words nobody knows', () => {
		const asked = (thinking: JsonObject) => ({
			messages: [{ role: 'user', content: [{ text: 'a' }] }],
			additionalModelRequestFields: { thinking },
		});
		const shown = decode(asked({ type: 'enabled', budget_tokens: 2000, display: 'summarized' }));
		expect(shown.reasoning).toEqual({ mode: 'on', budgetTokens: 2000, summary: 'auto' });
		expect(decode(asked({ type: 'adaptive', display: 'omitted' })).reasoning).toEqual({ mode: 'adaptive', summary: 'omitted' });
		for (const thinking of [
			{ type: 'adaptive', display: 'omitted' },
			{ type: 'adaptive', display: 'aloud' },
		]) {
			const request = decode(asked(thinking));
			const { value } = bedrockConverse.encodeRequest(request, { model: 'm', traits: {} });
			expect(value.additionalModelRequestFields).toEqual({ thinking });
		}
	});

	it('is pointed at by its own paths', () => {
		const body: JsonObject = {
			system: [{ text: 's' }],
			messages: [
				{
					role: 'user',
					content: [
						{ text: 'a' },
						{ cachePoint: { type: 'default' } },
						{ toolResult: { toolUseId: 'x', content: [] } },
						{ text: 'b' },
					],
				},
			],
			toolConfig: { tools: [{ toolSpec: {} }, { cachePoint: { type: 'default' } }, { toolSpec: {} }] },
			inferenceConfig: { temperature: 1 },
		};
		expect(bedrockConverse.locate(body, 'messages[0].content[0]')).toBe('system[0]');
		expect(bedrockConverse.locate(body, 'messages[2].content[0].name')).toBe('messages[0].content[2].name');
		expect(bedrockConverse.locate(body, 'messages[3].content[0]')).toBe('messages[0].content[3]');
		expect(bedrockConverse.locate(body, 'tools[1].name')).toBe('toolConfig.tools[2].name');
		expect(bedrockConverse.locate(body, 'temperature')).toBe('inferenceConfig.temperature');
		expect(bedrockConverse.locate(body, 'top_p')).toBe('top_p');
	});

	it('is sketched for the router', () => {
		const sketch = bedrockConverse.sketch({
			model: 'm',
			stream: true,
			messages: [
				{ role: 'user', content: [{ text: 'x'.repeat(400) }, { image: { format: 'png', source: { bytes: 'x'.repeat(9000) } } }] },
			],
			inferenceConfig: { maxTokens: 7 },
			toolConfig: { tools: [{ toolSpec: {} }] },
			additionalModelRequestFields: { thinking: { type: 'adaptive' } },
		});
		expect(sketch).toMatchObject({
			model: 'm',
			stream: true,
			tools: true,
			images: true,
			documents: false,
			reasoning: true,
			maxOutputTokens: 7,
		});
		expect(sketch.inputTokens).toBeGreaterThan(1700);
		expect(sketch.inputTokens).toBeLessThan(1800);
		expect(sketch.foreign).toBeUndefined();
	});
});

describe('a schema among the fields of a Claude model', () => {
	const schema = { type: 'object', properties: {}, additionalProperties: false };
	const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];
	const body = (config: JsonObject): JsonObject => ({
		model: 'm',
		messages,
		additionalModelRequestFields: { output_config: config },
	});

	it('is the wanted form of the answer for every vendor, and stays where it came from', () => {
		const given = body({ effort: 'low', format: { type: 'json_schema', schema } });
		const { value } = bedrockConverse.decodeRequest(given);
		expect(value).toMatchObject({ output: { type: 'json_schema', schema }, reasoning: { effort: 'low' } });
		expect(bedrockConverse.sketch(given).jsonSchema).toBe(true);
		const { value: written, warnings } = bedrockConverse.encodeRequest(value, { model: 'm', traits: {} });
		expect([written, warnings]).toEqual([{ messages, additionalModelRequestFields: given.additionalModelRequestFields }, []]);
	});

	it.each([{ format: { type: 'json_schema' } }, { format: { type: 'grammar', schema } }, { style: 'short' }])(
		'is left alone in a form nobody knows: %j',
		(config) => {
			const { value } = bedrockConverse.decodeRequest(body(config));
			expect(value.output).toBeUndefined();
			expect(value.extensions?.['bedrock-converse']).toMatchObject({ additionalModelRequestFields: { output_config: config } });
		},
	);
});
