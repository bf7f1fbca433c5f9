import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { decodeCountTokensAnswer, encodeCountTokens, encodeCountTokensRequest } from './count-tokens.ts';
import { anthropicMessages } from './index.ts';
import { decodeCountTokens } from './request-decode.ts';

const BODY: JsonObject = { model: 'claude', max_tokens: 50, messages: [{ role: 'user', content: 'x'.repeat(400) }] };

describe('the sketch of a request', () => {
	test('tells what routing needs', () => {
		expect(anthropicMessages.sketch({ ...BODY, stream: true, metadata: { user_id: 'u' } })).toEqual({
			model: 'claude',
			stream: true,
			streamUsage: true,
			tools: false,
			images: false,
			audio: false,
			documents: false,
			jsonSchema: false,
			reasoning: false,
			inputTokens: expect.closeTo(104, -1),
			maxOutputTokens: 50,
			user: 'u',
		});
	});

	test('sees tools, pictures, documents, schemas and reasoning wherever they are', () => {
		const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(100_000) } };
		const pdf = { type: 'document', source: { type: 'url', url: 'https://x' } };
		const body: JsonObject = {
			...BODY,
			messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [image] }, pdf] }],
			tools: [{ name: 'a', input_schema: {} }],
			output_config: { format: { type: 'json_schema', schema: {} } },
			thinking: { type: 'adaptive' },
		};
		const sketch = anthropicMessages.sketch(body);
		expect(sketch).toMatchObject({ tools: true, images: true, documents: true, jsonSchema: true, reasoning: true });
		expect(sketch.inputTokens).toBeGreaterThan(1600);
		expect(sketch.inputTokens).toBeLessThan(10_000);
		expect(anthropicMessages.sketch({ ...BODY, thinking: { type: 'disabled' } }).reasoning).toBe(false);
	});

	test('knows a request that must not pass untranslated', () => {
		const turn = (block: JsonObject): JsonObject => ({ ...BODY, messages: [{ role: 'assistant', content: [block] }] });
		expect(anthropicMessages.sketch(turn({ type: 'thinking', thinking: 'a', signature: 'relais.unsigned' })).foreign).toBe(true);
		expect(anthropicMessages.sketch(turn({ type: 'redacted_thinking', data: 'relais.gemini.e30' })).foreign).toBe(true);
		expect(anthropicMessages.sketch(turn({ type: 'thinking', thinking: 'relais.', signature: 'EqQB' })).foreign).toBe(undefined);
	});

	test.each<[string, JsonValue, string]>([
		['no object', [], ''],
		['no model', { messages: [1] }, 'model'],
		['an empty model', { model: '', messages: [1] }, 'model'],
		['no messages', { model: 'a' }, 'messages'],
		['no message', { model: 'a', messages: [] }, 'messages'],
		['an odd stream', { model: 'a', messages: [1], stream: 1 }, 'stream'],
	])('is refused to %s', (_, body, param) => {
		expect(() => anthropicMessages.sketch(body)).toThrowError(expect.objectContaining({ code: 'invalid_request', param }));
	});
});

describe('counts of tokens', () => {
	test('go to the vendor without what only generating takes', () => {
		const { max_tokens: _, ...counted } = BODY;
		const body: JsonObject = { ...counted, system: 'a', thinking: { type: 'enabled', budget_tokens: 2000 } };
		const { value } = decodeCountTokens({ ...body, stop_sequences: ['a'], metadata: { user_id: 'u' } });
		expect(encodeCountTokensRequest(value, { model: 'claude-9', traits: {} })).toEqual({
			value: { ...body, model: 'claude-9' },
			warnings: [],
		});
	});

	test('come back as a number', () => {
		expect(decodeCountTokensAnswer({ input_tokens: 7, context_management: null })).toBe(7);
		expect(encodeCountTokens(7)).toEqual({ input_tokens: 7 });
		expect(() => decodeCountTokensAnswer({ error: 'no' })).toThrowError(expect.objectContaining({ code: 'provider_protocol' }));
	});
});
