import { describe, expect, test } from 'vitest';
import type { ChatRequest, ContentPart, JsonObject, Message, ModelTraits } from '../../spec/index.ts';
import { gemini } from './index.ts';
import { NO_SIGNATURE } from './seal.ts';

const text = (words: string): ContentPart => ({ type: 'text', text: words });
const user = (...content: ContentPart[]): Message => ({ role: 'user', content });
const assistant = (...content: ContentPart[]): Message => ({ role: 'assistant', content });
const call = (id: string, name: string, input = '{}'): ContentPart => ({ type: 'tool-call', id, name, kind: 'function', input });
const HI = user(text('Hi'));

function encode(more: Partial<ChatRequest>, traits: ModelTraits = {}, model = 'gemini-2.5-flash') {
	const request: ChatRequest = { model: 'asked', messages: [HI], stream: true, sampling: {}, ...more };
	const { value, warnings } = gemini.encodeRequest(request, { model, traits });
	return { body: value, warnings, config: value.generationConfig, said: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

describe('A request for a Gemini model', () => {
	test('leaves the model and streaming to the address', () => {
		expect(encode({}).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
	});

	test('gathers instructions apart', () => {
		const system: Message = { role: 'system', content: [text('Be brief.')] };
		expect(encode({ messages: [system, HI] }).body.systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }] });
		const amid = encode({ messages: [HI, assistant(text('Yes?')), system, HI] });
		expect(amid.body.systemInstruction).toEqual({ parts: [{ text: 'Be brief.' }] });
		expect(amid.said).toEqual(['changed messages[2]']);
		expect(encode({ messages: [system] }).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'Be brief.' }] }] });
		expect(encode({ messages: [system, HI] }, { systemRole: 'user' }).body.systemInstruction).toBeUndefined();
	});

	test('sends results in one turn, named, in the order of their calls', () => {
		const { body, warnings } = encode({
			messages: [
				HI,
				assistant(call('call_a', 'look'), call('call_b', 'clock')),
				{ role: 'tool', content: [{ type: 'tool-result', callId: 'call_b', content: [text('noon')] }] },
				{ role: 'tool', content: [{ type: 'tool-result', callId: 'call_a', content: [text('rain')], isError: true }] },
				user(text('So?')),
			],
		});
		expect(body.contents).toEqual([
			{ role: 'user', parts: [{ text: 'Hi' }] },
			{
				role: 'model',
				parts: [
					{ functionCall: { name: 'look', args: {}, id: 'call_a' } },
					{ functionCall: { name: 'clock', args: {}, id: 'call_b' } },
				],
			},
			{
				role: 'user',
				parts: [
					{ functionResponse: { name: 'look', id: 'call_a', response: { error: 'rain' } } },
					{ functionResponse: { name: 'clock', id: 'call_b', response: { output: 'noon' } } },
				],
			},
			{ role: 'user', parts: [{ text: 'So?' }] },
		]);
		expect(warnings).toEqual([]);
	});

	test('marks calls of other models where a signature is demanded, once for each turn, and says so', () => {
		const messages = [HI, assistant(call('a', 'look'), call('b', 'look'))];
		const newer = encode({ messages }, { reasoning: 'effort' }, 'gemini-3-pro-preview');
		expect(newer.body.contents).toMatchObject([
			{},
			{ parts: [{ thoughtSignature: NO_SIGNATURE }, { functionCall: { id: 'b' } }] },
		]);
		expect(JSON.stringify(newer.body).split(NO_SIGNATURE).length).toBe(2);
		expect(newer.said).toEqual(['notice messages']);
		expect(JSON.stringify(encode({ messages }).body)).not.toContain('thoughtSignature');
	});

	test('takes unsigned thoughts for its own where the message bears its proof, and leaves out all others', () => {
		const thought: ContentPart = { type: 'reasoning', text: 'Hm.' };
		const proof: ContentPart = { type: 'text', text: 'Yes.', signature: { vendor: 'gemini', value: 'c2ln' } };
		const { body, warnings } = encode({ messages: [HI, assistant(thought, proof), HI, assistant(thought, text('No.')), HI] });
		expect(body.contents).toMatchObject([
			{},
			{
				parts: [
					{ text: 'Hm.', thought: true },
					{ text: 'Yes.', thoughtSignature: 'c2ln' },
				],
			},
			{},
			{ parts: [{ text: 'No.' }] },
			{},
		]);
		expect(warnings).toMatchObject([
			{ kind: 'dropped', path: 'messages[3].content[0]', message: expect.stringContaining('bears no proof') as string },
		]);
	});

	test('refuses to go on with a conversation that nobody stored, before it looks for the calls that are missing', () => {
		const result: Message = { role: 'tool', content: [{ type: 'tool-result', callId: 'call_a', content: [] }] };
		expect(() => encode({ messages: [result], previousResponseId: 'msg_1' })).toThrow(
			expect.objectContaining({ code: 'unsupported', param: 'previous_response_id' }),
		);
	});

	test('sends its own signatures back, and leaves out those of others', () => {
		const signed = (vendor: string): ContentPart => ({ type: 'text', text: 'Yes.', signature: { vendor, value: 'c2ln' } });
		expect(encode({ messages: [HI, assistant(signed('gemini'))] }).body.contents).toMatchObject([
			{},
			{ parts: [{ text: 'Yes.', thoughtSignature: 'c2ln' }] },
		]);
		const other = encode({
			messages: [
				HI,
				assistant({ type: 'reasoning', text: 'Hm.', signature: { vendor: 'another', value: 'x' } }, signed('another')),
			],
		});
		expect(other.body.contents).toEqual([
			{ role: 'user', parts: [{ text: 'Hi' }] },
			{ role: 'model', parts: [{ text: 'Yes.' }] },
		]);
		expect(other.said).toEqual(['dropped messages[1].content[0]', 'dropped messages[1].content[1]']);
	});

	test('puts media of results inside them where the model takes them there, and behind them elsewhere', () => {
		const image: ContentPart = { type: 'image', source: { type: 'base64', data: 'AA', mediaType: 'image/png' } };
		const messages: Message[] = [
			HI,
			assistant(call('a', 'see'), call('b', 'see')),
			{ role: 'tool', content: [{ type: 'tool-result', callId: 'a', content: [text('look'), image] }] },
			{ role: 'tool', content: [{ type: 'tool-result', callId: 'b', content: [text('gone')] }] },
		];
		const inlineData = { mimeType: 'image/png', data: 'AA' };
		expect(encode({ messages }, {}, 'gemini-3-flash').body.contents).toMatchObject([
			{},
			{},
			{ parts: [{ functionResponse: { response: { output: 'look' }, parts: [{ inlineData }] } }, { functionResponse: {} }] },
		]);
		expect(encode({ messages }).body.contents).toMatchObject([
			{},
			{},
			{ parts: [{ functionResponse: { response: { output: 'look' } } }, { functionResponse: { id: 'b' } }, { inlineData }] },
		]);
	});

	test.each<[ContentPart, JsonObject]>([
		[
			{ type: 'image', source: { type: 'url', url: 'data:image/png;base64,AAAA' } },
			{ inlineData: { mimeType: 'image/png', data: 'AAAA' } },
		],
		[
			{ type: 'image', source: { type: 'url', url: 'https://example.com/a.webp?x=1' } },
			{ fileData: { fileUri: 'https://example.com/a.webp?x=1', mimeType: 'image/webp' } },
		],
		[
			{ type: 'audio', source: { type: 'base64', data: 'AA', mediaType: 'audio/mpeg' } },
			{ inlineData: { mimeType: 'audio/mp3', data: 'AA' } },
		],
		[{ type: 'document', source: { type: 'text', text: 'Words.' } }, { text: 'Words.' }],
	])('sends %j as the API takes it', (part, wire) => {
		expect(encode({ messages: [user(part)] }).body.contents).toEqual([{ role: 'user', parts: [wire] }]);
	});

	test('refuses files only another vendor has', () => {
		const part: ContentPart = { type: 'image', source: { type: 'file', id: 'file-1', vendor: 'another' } };
		expect(() => encode({ messages: [user(part)] })).toThrow("The file 'file-1' was uploaded to another vendor");
	});

	test('sends schemas whole', () => {
		const schema = { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'string' } } };
		const { body, config } = encode({
			tools: [{ type: 'function', name: 'f', parameters: schema }],
			output: { type: 'json_schema', schema, name: 'thing', strict: true },
		});
		expect(body.tools).toEqual([{ functionDeclarations: [{ name: 'f', parametersJsonSchema: schema }] }]);
		expect(config).toEqual({ responseMimeType: 'application/json', responseJsonSchema: schema });
		expect(encode({ output: { type: 'json' } }).config).toEqual({ responseMimeType: 'application/json' });
	});

	test('repeats the schemas of its own clients in their notation, and others once they are changed', () => {
		const wire = {
			contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
			tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'OBJECT' } }] }],
		};
		const { value } = gemini.decodeRequest({ ...wire, model: 'm' });
		expect(gemini.encodeRequest(value, { model: 'm', traits: {} }).value).toEqual(wire);
		const changed = {
			...value,
			tools: value.tools?.map((tool) =>
				tool.type === 'function' ? { ...tool, parameters: { type: 'object', title: 'T' } } : tool,
			),
		};
		expect(
			gemini.encodeRequest({ ...value, ...changed, tools: changed.tools ?? [] }, { model: 'm', traits: {} }).value.tools,
		).toEqual([{ functionDeclarations: [{ name: 'f', parametersJsonSchema: { type: 'object', title: 'T' } }] }]);
	});

	test.each<[ChatRequest['toolChoice'], JsonObject]>([
		[{ type: 'required' }, { mode: 'ANY' }],
		[{ type: 'none' }, { mode: 'NONE' }],
		[
			{ type: 'tool', name: 'f' },
			{ mode: 'ANY', allowedFunctionNames: ['f'] },
		],
		[
			{ type: 'allowed', mode: 'auto', names: ['f'] },
			{ mode: 'VALIDATED', allowedFunctionNames: ['f'] },
		],
	])('sends the tool choice %j', (toolChoice, functionCallingConfig) => {
		const tools = [{ type: 'function' as const, name: 'f' }];
		expect(encode({ tools, ...(toolChoice === undefined ? {} : { toolChoice }) }).body.toolConfig).toEqual({
			functionCallingConfig,
		});
	});

	test.each<[ChatRequest['reasoning'], ModelTraits, JsonObject | undefined]>([
		[{ mode: 'on', effort: 'medium' }, { reasoning: 'budget' }, { thinkingBudget: 8192, includeThoughts: true }],
		[{ mode: 'on', budgetTokens: 2000 }, { reasoning: 'budget' }, { thinkingBudget: 2000, includeThoughts: true }],
		[{ mode: 'on' }, { reasoning: 'budget' }, { thinkingBudget: -1, includeThoughts: true }],
		[{ mode: 'off' }, { reasoning: 'budget' }, { thinkingBudget: 0 }],
		[{ mode: 'off' }, { reasoning: 'budget', reasoningAlways: true }, { thinkingBudget: 128 }],
		[
			{ effort: 'xhigh', summary: 'none' },
			{ reasoning: 'effort', efforts: ['low', 'high'] },
			{ thinkingLevel: 'HIGH', includeThoughts: false },
		],
		[{ budgetTokens: 9000 }, { reasoning: 'effort' }, { thinkingLevel: 'MEDIUM', includeThoughts: true }],
		[{ mode: 'off' }, { reasoning: 'effort', efforts: ['low', 'high'] }, { thinkingLevel: 'LOW' }],
		[{ effort: 'high' }, { reasoning: 'none' }, undefined],
	])('asks for the reasoning %j of a model with %j', (reasoning, traits, thinkingConfig) => {
		const { config } = encode({ ...(reasoning === undefined ? {} : { reasoning }) }, traits);
		expect(config).toEqual(thinkingConfig === undefined ? undefined : { thinkingConfig });
	});

	test('leaves room for the answer where the effort is great and the limit small', () => {
		const { config } = encode({ reasoning: { effort: 'high', summary: 'none' }, maxOutputTokens: 1000 }, { reasoning: 'budget' });
		expect(config).toEqual({ maxOutputTokens: 1000, thinkingConfig: { thinkingBudget: 750, includeThoughts: false } });
	});

	test('sends sampling, candidates and log-probabilities', () => {
		const { config, said } = encode({
			sampling: {
				temperature: 3,
				topP: 0.5,
				topK: 4,
				seed: 1,
				presencePenalty: 0,
				frequencyPenalty: 0.5,
				stop: ['a', '', 'b'],
				minP: 0.1,
			},
			maxOutputTokens: 50,
			candidates: 2,
			logprobs: { top: 3 },
		});
		expect(config).toEqual({
			...{ temperature: 2, topP: 0.5, topK: 4, seed: 1, frequencyPenalty: 0.5, stopSequences: ['a', 'b'] },
			...{ maxOutputTokens: 50, candidateCount: 2, responseLogprobs: true, logprobs: 3 },
		});
		expect(said).toEqual(['dropped min_p', 'changed temperature']);
	});

	test('replaces tools other vendors run, but not beside functions of models that take only one kind', () => {
		const search = { type: 'server' as const, kind: 'web_search', vendor: 'another', config: {} };
		const f = { type: 'function' as const, name: 'f' };
		expect(encode({ tools: [search] })).toMatchObject({
			body: { tools: [{ googleSearch: {} }] },
			said: ['approximated tools[0]'],
		});
		expect(encode({ tools: [search, f] })).toMatchObject({
			body: { tools: [{ functionDeclarations: [{ name: 'f' }] }] },
			said: ['dropped tools[0]'],
		});
		expect(encode({ tools: [search, f] }, {}, 'gemini-3-pro').body).toMatchObject({
			tools: [{ googleSearch: {} }, { functionDeclarations: [{ name: 'f' }] }],
			toolConfig: { includeServerSideToolInvocations: true },
		});
	});

	test('names what it cannot carry', () => {
		const { said } = encode({
			user: 'u',
			metadata: { a: 1 },
			store: true,
			promptCacheKey: 'k',
			verbosity: 'low',
			parallelToolCalls: false,
		});
		expect(said).toEqual(['dropped verbosity', 'dropped metadata', 'dropped user', 'dropped store', 'dropped prompt_cache_key']);
	});
});

describe('Counting tokens', () => {
	const { counting } = gemini;
	test('sends the whole request where there is more than contents', () => {
		const request: ChatRequest = {
			model: 'm',
			messages: [{ role: 'system', content: [text('Be brief.')] }, HI],
			stream: false,
			sampling: {},
		};
		expect(counting?.encodeRequest(request, { model: 'gemini-x', traits: {} }).value).toEqual({
			generateContentRequest: {
				model: 'models/gemini-x',
				contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
				systemInstruction: { parts: [{ text: 'Be brief.' }] },
			},
		});
		expect(counting?.encodeRequest({ ...request, messages: [HI] }, { model: 'gemini-x', traits: {} }).value).toEqual({
			contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
		});
	});

	test('reads and writes counts', () => {
		expect(counting?.decodeAnswer({ totalTokens: 11, promptTokensDetails: [] })).toBe(11);
		expect(counting?.encodeAnswer(11)).toEqual({ totalTokens: 11 });
		expect(() => counting?.decodeAnswer({})).toThrow('totalTokens');
	});
});
