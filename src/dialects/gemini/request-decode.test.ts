import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../spec/index.ts';
import { gemini } from './index.ts';

const user = (...parts: JsonObject[]): JsonObject => ({ role: 'user', parts });
const model = (...parts: JsonObject[]): JsonObject => ({ role: 'model', parts });
const decode = (body: JsonObject) => gemini.decodeRequest({ model: 'm', contents: [user({ text: 'Hi' })], ...body }).value;
const paramOf = (body: JsonObject): unknown => {
	try {
		decode(body);
	} catch (error) {
		return error instanceof Object && 'param' in error ? error.param : error;
	}
	return 'taken';
};

describe('A request of a Gemini client', () => {
	test('names its model and whether to stream as the surface read them off the address', () => {
		expect(decode({ model: 'models/gemini-2.5-flash', stream: true })).toMatchObject({ model: 'gemini-2.5-flash', stream: true });
		expect(decode({})).toMatchObject({ model: 'm', stream: false });
	});

	test('may write members either way, and one object for a list', () => {
		const spelled = decode({
			system_instruction: { parts: { text: 'Be brief.' } },
			contents: { role: 'user', parts: [{ inline_data: { mime_type: 'image/png', data: 'AAAA' } }] },
			generation_config: { max_output_tokens: 7, stop_sequences: ['x'] },
		});
		expect(spelled).toMatchObject({
			messages: [
				{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
				{ role: 'user', content: [{ type: 'image', source: { type: 'base64', mediaType: 'image/png' } }] },
			],
			maxOutputTokens: 7,
			sampling: { stop: ['x'] },
		});
	});

	test('joins results to calls that have no ids, by name and order', () => {
		const { messages } = decode({
			contents: [
				user({ text: 'Weather?' }),
				model(
					{ functionCall: { name: 'look', args: { city: 'Paris' } } },
					{ functionCall: { name: 'clock' } },
					{ functionCall: { name: 'look', args: { city: 'Rome' } } },
				),
				user(
					{ functionResponse: { name: 'look', response: { output: 'rain' } } },
					{ functionResponse: { name: 'look', response: { output: 'sun' } } },
					{ functionResponse: { name: 'clock', response: { hour: 12 } } },
					{ text: 'Well?' },
				),
			],
		});
		const calls = messages[1]?.content.map((part) => (part.type === 'tool-call' ? part.id : '')) ?? [];
		expect(new Set(calls).size).toBe(3);
		expect(messages.slice(2).map(({ role }) => role)).toEqual(['tool', 'tool', 'tool', 'user']);
		const results = messages.slice(2, 5).map(({ content: [part] }) => (part?.type === 'tool-result' ? part.callId : ''));
		expect(results).toEqual([calls[0], calls[2], calls[1]]);
		expect(messages[4]?.content[0]).toMatchObject({ name: 'clock', json: { hour: 12 }, content: [] });
		expect(messages[1]?.content[1]).toMatchObject({ name: 'clock', input: '{}' });
	});

	test('keeps the ids of made calls when the conversation grows', () => {
		const contents = [user({ text: 'Hi' }), model({ functionCall: { name: 'look', args: {} } })];
		const idIn = (body: JsonObject): unknown => {
			const [, { content } = { content: [] }] = decode(body).messages;
			return content[0]?.type === 'tool-call' ? content[0].id : undefined;
		};
		const grown = [...contents, user({ functionResponse: { name: 'look', response: {} } }), user({ text: 'And?' })];
		expect(idIn({ contents })).toMatch(/^call_gm/);
		expect(idIn({ contents: grown })).toBe(idIn({ contents }));
	});

	test('takes results before what stands between them: elsewhere they follow their calls at once', () => {
		const { messages } = decode({
			contents: [
				model({ functionCall: { id: 'a', name: 'look' } }, { functionCall: { id: 'b', name: 'look' } }),
				user(
					{ functionResponse: { id: 'a', name: 'look', response: { output: 'See:' } } },
					{ inlineData: { mimeType: 'image/png', data: 'AAAA' } },
					{ functionResponse: { id: 'b', name: 'look', response: { output: 'sun' } } },
				),
			],
		});
		expect(messages.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'user']);
		expect(messages.slice(1, 3).map(({ content: [part] }) => part)).toMatchObject([{ callId: 'a' }, { callId: 'b' }]);
	});

	test.each(['content', 'error'])(
		'finds the %s of a result beside the name of its function, and puts it back there',
		(member) => {
			const response = { name: 'look', [member]: 'rain' };
			const contents = [user({ functionResponse: { id: 'a', name: 'look', response } })];
			const request = decode({ contents });
			const [result] = request.messages[0]?.content ?? [];
			expect(result).toMatchObject({ content: [{ type: 'text', text: 'rain' }] });
			expect(result?.type === 'tool-result' && result.isError === true).toBe(member === 'error');
			const { value } = gemini.encodeRequest(request, { model: 'm', traits: {} });
			expect(value).toMatchObject({ contents: [{ parts: [{ functionResponse: { response } }] }] });
			const [other] = decode({ contents: [user({ functionResponse: { name: 'f', response } })] }).messages;
			expect(other?.content[0]).toMatchObject({ json: response });
		},
	);

	test('says which results are errors', () => {
		const { messages } = decode({ contents: [user({ functionResponse: { id: 'a', name: 'f', response: { error: 'no' } } })] });
		expect(messages[0]?.content[0]).toMatchObject({ callId: 'a', isError: true, content: [{ type: 'text', text: 'no' }] });
	});

	test('keeps thought signatures where they are', () => {
		const [, message] = decode({
			contents: [
				user({ text: 'Hi' }),
				model(
					{ text: 'Hm.', thought: true, thoughtSignature: 'c2ln' },
					{ text: '', thoughtSignature: 'ZW1wdHk=' },
					{ functionCall: { name: 'f', args: {} }, thoughtSignature: 'Y2FsbA==' },
				),
			],
		}).messages;
		expect(message?.content).toMatchObject([
			{ type: 'reasoning', text: 'Hm.', signature: { vendor: 'gemini', value: 'c2ln' } },
			{ type: 'text', text: '', signature: { vendor: 'gemini', value: 'ZW1wdHk=' } },
			{ type: 'tool-call', signature: { vendor: 'gemini', value: 'Y2FsbA==' } },
		]);
	});

	test('makes one message of the pieces of a stream that a client kept', () => {
		const { messages } = decode({
			contents: [
				user({ text: 'Hi' }),
				model({ text: 'Hel' }),
				model({ text: 'lo.' }),
				model({ text: '' }),
				user({ text: 'And?' }),
			],
		});
		expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
		expect(messages[1]?.content).toMatchObject([{ text: 'Hel' }, { text: 'lo.' }]);
	});

	test('sorts media by their type, and files by who can read them', () => {
		const [{ content } = { content: [] }] = decode({
			contents: [
				user(
					{ inlineData: { mimeType: 'audio/wav', data: 'AA' } },
					{ fileData: { fileUri: 'gs://bucket/a.mp4', mimeType: 'video/mp4' } },
					{ fileData: { fileUri: 'https://www.youtube.com/watch?v=1' }, videoMetadata: { fps: 2 } },
					{ fileData: { fileUri: 'https://example.com/a.pdf' } },
				),
			],
		}).messages;
		expect(content).toMatchObject([
			{ type: 'audio', source: { type: 'base64', mediaType: 'audio/wav' } },
			{ type: 'video', source: { type: 'file', vendor: 'gemini', id: 'gs://bucket/a.mp4' } },
			{ type: 'video', source: { type: 'url' }, extensions: { gemini: { videoMetadata: { fps: 2 } } } },
			{ type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
		]);
	});

	test('gives schemas as JSON Schema, whatever notation they are in', () => {
		const request = decode({
			tools: [
				{
					functionDeclarations: [
						{
							name: 'f',
							parameters: {
								type: 'OBJECT',
								properties: {
									type: { type: 'STRING', nullable: true },
									list: { type: 5, items: { type: 'integer' }, minItems: '1' },
								},
								propertyOrdering: ['type', 'list'],
							},
						},
						{ name: 'g', parametersJsonSchema: { type: 'object', properties: {} } },
					],
				},
				{ googleSearch: {} },
			],
			generationConfig: { responseMimeType: 'application/json', responseSchema: { type: 'ARRAY', items: { type: 'NUMBER' } } },
		});
		expect(request.tools).toMatchObject([
			{
				name: 'f',
				parameters: {
					type: 'object',
					properties: { type: { type: ['string', 'null'] }, list: { type: 'array', items: { type: 'integer' }, minItems: 1 } },
				},
			},
			{ name: 'g', parameters: { type: 'object' } },
			{ type: 'server', kind: 'web_search', config: { googleSearch: {} } },
		]);
		expect(request.output).toEqual({ type: 'json_schema', schema: { type: 'array', items: { type: 'number' } } });
	});

	test.each([
		[{ mode: 'ANY' }, { type: 'required' }],
		[
			{ mode: 'ANY', allowedFunctionNames: ['f'] },
			{ type: 'tool', name: 'f', kind: 'function' },
		],
		[
			{ mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
			{ type: 'allowed', mode: 'required', names: ['f', 'g'] },
		],
		[{ mode: 'NONE' }, { type: 'none' }],
		[{ mode: 'VALIDATED' }, { type: 'auto' }],
		[{ mode: 2 }, { type: 'required' }],
		[{}, { type: 'auto' }],
	])('chooses among functions by %j', (functionCallingConfig, choice) => {
		expect(decode({ toolConfig: { functionCallingConfig } }).toolChoice).toEqual(choice);
	});

	test.each([
		[{ thinkingBudget: 0 }, { mode: 'off' }],
		[
			{ thinkingBudget: -1, includeThoughts: true },
			{ mode: 'adaptive', summary: 'auto' },
		],
		[{ thinkingBudget: 512 }, { mode: 'on', budgetTokens: 512 }],
		[{ thinkingLevel: 'HIGH' }, { effort: 'high' }],
	])('asks for reasoning by %j', (thinkingConfig, reasoning) => {
		expect(decode({ generationConfig: { thinkingConfig } }).reasoning).toEqual(reasoning);
	});

	test.each([
		[{ model: '' }, 'model'],
		[{ contents: [] }, 'contents'],
		[{ contents: [user(), { role: 'assistant', parts: [] }] }, 'contents[1].role'],
		[{ contents: [user({})] }, 'contents[0].parts[0]'],
		[{ contents: [user({ text: 5 })] }, 'contents[0].parts[0].text'],
		[{ contents: [model({ functionCall: { args: {} } })] }, 'contents[0].parts[0].functionCall.name'],
		[{ contents: [user({ functionResponse: { response: {} } })] }, 'contents[0].parts[0].functionResponse.name'],
		[{ generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
		[{ tools: [{ functionDeclarations: [{ description: 'nameless' }] }] }, 'tools[0].functionDeclarations[0].name'],
		[{ toolConfig: { functionCallingConfig: { mode: 'SOMETIMES' } } }, 'toolConfig.functionCallingConfig.mode'],
		[{ stream: 'yes' }, 'stream'],
	])('is refused, with the place, where it says %j', (body, param) => {
		expect(paramOf(body)).toBe(param);
	});

	test('says that a list is wanted where there is neither one nor a single entry', () => {
		expect(() => gemini.decodeRequest({ model: 'm', contents: 5 })).toThrow("'contents' must be an array, not a number.");
	});
});

describe('The sketch of a request', () => {
	test('sees what the router needs', () => {
		const sketch = gemini.sketch({
			model: 'models/m',
			stream: true,
			contents: [user({ text: 'x'.repeat(400) }, { inline_data: { mime_type: 'image/png', data: 'A'.repeat(9999) } })],
			tools: [{ codeExecution: {} }],
			generationConfig: { maxOutputTokens: 9, responseJsonSchema: {}, thinkingConfig: { thinkingBudget: 99 } },
		});
		expect(sketch).toMatchObject({ model: 'm', stream: true, tools: true, images: true, jsonSchema: true, reasoning: true });
		expect(sketch).toMatchObject({ audio: false, documents: false, maxOutputTokens: 9 });
		expect(sketch.inputTokens).toBeLessThan(600);
		expect(sketch.foreign).toBeUndefined();
	});
});
