import { describe, expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { sketch } from './sketch.ts';

const look = (more: JsonObject) => sketch({ model: 'm', messages: [{ role: 'user', content: 'Hello there' }], ...more });
const ask = (...content: JsonValue[]) => sketch({ model: 'm', messages: [{ role: 'user', content }] });

describe('the cheap look at a request', () => {
	test.each<[JsonValue, string]>([
		['hi', ''],
		[{ messages: [{}] }, 'model'],
		[{ model: 5, messages: [{}] }, 'model'],
		[{ model: '', messages: [{}] }, 'model'],
		[{ model: 'm' }, 'messages'],
		[{ model: 'm', messages: {} }, 'messages'],
		[{ model: 'm', messages: [] }, 'messages'],
		[{ model: 'm', messages: [{}], stream: 'yes' }, 'stream'],
	])('refuses %j', (body, param) => {
		expect(() => sketch(body)).toThrowError(expect.objectContaining({ code: 'invalid_request', param }));
	});

	test('sees what routing needs', () => {
		expect(look({})).toEqual({
			model: 'm',
			stream: false,
			streamUsage: false,
			tools: false,
			images: false,
			audio: false,
			documents: false,
			jsonSchema: false,
			reasoning: false,
			inputTokens: 7,
			maxOutputTokens: undefined,
			user: undefined,
		});
		expect(
			look({
				stream: true,
				stream_options: { include_usage: true },
				tools: [{ type: 'function', function: { name: 'f' } }],
				response_format: { type: 'json_schema' },
				reasoning_effort: 'low',
				max_tokens: 5,
				max_completion_tokens: 9,
				safety_identifier: 'u',
			}),
		).toMatchObject({
			stream: true,
			streamUsage: true,
			tools: true,
			jsonSchema: true,
			reasoning: true,
			maxOutputTokens: 9,
			user: 'u',
		});
	});

	test('sees media without taking their bytes for text', () => {
		const url = `data:image/png;base64,${'A'.repeat(1_000_000)}`;
		const pictured = ask({ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url } });
		expect(pictured.images).toBe(true);
		expect(pictured.inputTokens).toBeLessThan(2000);
		expect(ask({ type: 'input_audio', input_audio: { data: 'A', format: 'wav' } }).audio).toBe(true);
		expect(ask({ type: 'file', file: { file_id: 'f' } }).documents).toBe(true);
	});

	test.each<[JsonObject, boolean]>([
		[{ reasoning_effort: 'none' }, false],
		[{ reasoning: { enabled: true } }, true],
		[{ reasoning: { effort: 'none' } }, false],
		[{ thinking: { type: 'enabled' } }, true],
		[{ thinking: { type: 'disabled' } }, false],
		[{ enable_thinking: true }, true],
	])('with %j, knows whether reasoning is wanted: %s', (more, wanted) => {
		expect(look(more).reasoning).toBe(wanted);
	});

	test('counts tools, calls and reasoning of earlier turns as input', () => {
		const words = 'x'.repeat(400);
		const long = sketch({
			model: 'm',
			messages: [{ role: 'assistant', reasoning_content: words, tool_calls: [{ function: { arguments: words } }] }],
		});
		expect(long.inputTokens).toBeGreaterThan(200);
		expect(look({ tools: [{ function: { description: words } }] }).inputTokens).toBeGreaterThan(100);
	});

	test('lets odd members pass: the decoder will judge them', () => {
		expect(look({ tools: 'x', stream_options: 3, response_format: 'y', user: 7, max_tokens: 'z' })).toMatchObject({
			tools: false,
			user: undefined,
		});
	});
});
