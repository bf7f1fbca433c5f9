import { describe, expect, test } from 'vitest';
import { isRelaisError, type JsonObject, type JsonValue } from '../../spec/index.ts';
import { anthropicMessages } from './index.ts';
import { decodeCountTokens } from './request-decode.ts';

const BODY: JsonObject = { model: 'claude', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] };

function refusal(body: JsonValue) {
	try {
		anthropicMessages.decodeRequest(body);
	} catch (error) {
		if (isRelaisError(error)) return { code: error.code, param: error.param, message: error.message };
	}
	return undefined;
}

const content = (...blocks: JsonValue[]): JsonObject => ({ ...BODY, messages: [{ role: 'user', content: blocks }] });

describe('a request that is not of the dialect is refused with the path of the field', () => {
	test.each<[string, JsonValue, string]>([
		['no object', ['model'], ''],
		['no model', { ...BODY, model: undefined }, 'model'],
		['an empty model', { ...BODY, model: '' }, 'model'],
		['a model that is no string', { ...BODY, model: 7 }, 'model'],
		['no max_tokens', { ...BODY, max_tokens: undefined }, 'max_tokens'],
		['max_tokens as text', { ...BODY, max_tokens: '10' }, 'max_tokens'],
		['negative max_tokens', { ...BODY, max_tokens: -1 }, 'max_tokens'],
		['no messages', { ...BODY, messages: undefined }, 'messages'],
		['messages that are no list', { ...BODY, messages: {} }, 'messages'],
		['no message', { ...BODY, messages: [] }, 'messages'],
		['a message that is no object', { ...BODY, messages: ['Hi'] }, 'messages[0]'],
		['a role nobody has', { ...BODY, messages: [{ role: 'tool', content: 'Hi' }] }, 'messages[0].role'],
		['no content', { ...BODY, messages: [{ role: 'user' }] }, 'messages[0].content'],
		['null content', { ...BODY, messages: [{ role: 'user', content: null }] }, 'messages[0].content'],
		['a block without a type', content({ text: 'Hi' }), 'messages[0].content[0].type'],
		['a text block without text', content({ type: 'text' }), 'messages[0].content[0].text'],
		[
			'a second image without a source',
			content({ type: 'text', text: 'Look' }, { type: 'image', source: 'x' }),
			'messages[0].content[1].source',
		],
		[
			'base64 without data',
			content({ type: 'image', source: { type: 'base64', media_type: 'image/png' } }),
			'messages[0].content[0].source.data',
		],
		['a result without its call', content({ type: 'tool_result', content: 'x' }), 'messages[0].content[0].tool_use_id'],
		[
			'a bad block inside a result',
			content({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 1 }] }),
			'messages[0].content[0].content[0].text',
		],
		[
			'a call whose input is text',
			content({ type: 'tool_use', id: 'a', name: 'b', input: '{}' }),
			'messages[0].content[0].input',
		],
		['system as a number', { ...BODY, system: 1 }, 'system'],
		['a stream that is neither true nor false', { ...BODY, stream: 'yes' }, 'stream'],
		['a temperature as text', { ...BODY, temperature: '1' }, 'temperature'],
		['stop sequences that are no texts', { ...BODY, stop_sequences: ['a', 1] }, 'stop_sequences[1]'],
		['a tool without a schema', { ...BODY, tools: [{ name: 'a' }] }, 'tools[0].input_schema'],
		['a choice nobody knows', { ...BODY, tool_choice: { type: 'maybe' } }, 'tool_choice.type'],
		['thinking without a budget', { ...BODY, thinking: { type: 'enabled' } }, 'thinking.budget_tokens'],
		['a format without a schema', { ...BODY, output_config: { format: { type: 'json_schema' } } }, 'output_config.format.schema'],
		[
			'a cache hint that is no object',
			{ ...BODY, system: [{ type: 'text', text: 'a', cache_control: 1 }] },
			'system[0].cache_control',
		],
		['metadata that is no object', { ...BODY, metadata: 'me' }, 'metadata'],
	])('%s', (_, body, param) => {
		expect(refusal(body)).toMatchObject({ code: 'invalid_request', param });
		expect(refusal(body)?.message).toContain(param);
	});

	test.each(['constructor', '__proto__', 'toString'])("the word '%s' is a word like any other", (word) => {
		const body: JsonObject = {
			...content({ type: word }, { type: 'image', source: { type: word } }, { type: 'document', source: { type: word } }),
			thinking: { type: word },
			output_config: { effort: word },
			service_tier: word,
			tools: [{ type: word, name: word }],
		};
		const { value } = anthropicMessages.decodeRequest(body);
		expect(anthropicMessages.encodeRequest(value, { model: 'claude', traits: {} }).value).toEqual(body);
	});

	test('what is not documented is no fault', () => {
		expect(
			refusal({ ...BODY, fancy: true, messages: [{ role: 'user', content: [{ type: 'hologram', at: 1 }], mood: 'good' }] }),
		).toBe(undefined);
	});
});

describe('what a request means', () => {
	test('a turn with results and text becomes tool messages and a user message', () => {
		const { value } = anthropicMessages.decodeRequest(
			content(
				{ type: 'tool_result', tool_use_id: 'a', content: 'one' },
				{ type: 'tool_result', tool_use_id: 'b', is_error: true },
				{ type: 'text', text: 'And now?' },
			),
		);
		expect(value.messages.map((message) => message.role)).toEqual(['tool', 'tool', 'user']);
		expect(value.messages[1]?.content[0]).toMatchObject({ type: 'tool-result', callId: 'b', isError: true, content: [] });
	});

	test('tools, choice, thinking, schema and user have their canonical places', () => {
		const { value } = anthropicMessages.decodeRequest({
			...BODY,
			system: 'Be brief.',
			tools: [
				{
					name: 'get',
					description: 'Gets.',
					input_schema: { type: 'object' },
					strict: true,
					cache_control: { type: 'ephemeral', ttl: '1h' },
				},
				{ type: 'web_search_20260318', name: 'web_search', max_uses: 2 },
			],
			tool_choice: { type: 'any', disable_parallel_tool_use: true },
			thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' },
			output_config: { effort: 'high', format: { type: 'json_schema', schema: { type: 'object' } } },
			metadata: { user_id: 'u1' },
			stop_sequences: ['END'],
			top_k: 5,
		});
		expect(value).toMatchObject({
			maxOutputTokens: 10,
			messages: [{ role: 'system', content: [{ type: 'text', text: 'Be brief.' }] }, { role: 'user' }],
			tools: [
				{ type: 'function', name: 'get', strict: true, parameters: { type: 'object' }, cache: { ttl: '1h' } },
				{ type: 'server', kind: 'web_search', vendor: 'anthropic-messages', config: { max_uses: 2 } },
			],
			toolChoice: { type: 'required' },
			parallelToolCalls: false,
			reasoning: { mode: 'on', budgetTokens: 2000, effort: 'high', summary: 'omitted' },
			output: { type: 'json_schema', schema: { type: 'object' } },
			user: 'u1',
			sampling: { stop: ['END'], topK: 5 },
		});
	});

	test("a client cannot forge the gateway's own markers", () => {
		const body = {
			...BODY,
			$own: false,
			$format: 'output_format',
			output_config: { format: { type: 'json_schema', schema: {} } },
		};
		const { value } = anthropicMessages.decodeRequest(body);
		expect(anthropicMessages.encodeRequest(value, { model: 'claude', traits: {} }).value).toEqual(body);
	});

	test('a count of tokens needs no max_tokens', () => {
		const { max_tokens: _, ...body } = BODY;
		expect(decodeCountTokens(body).value).toMatchObject({ model: 'claude', stream: false });
	});
});
