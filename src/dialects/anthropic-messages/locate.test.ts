import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../spec/index.ts';
import { anthropicMessages } from './index.ts';
import { sealPrevious } from './seal.ts';

const text = (value: string): JsonObject => ({ type: 'text', text: value });
const result = (id: string): JsonObject => ({ type: 'tool_result', tool_use_id: id, content: [text('1'), text('2')] });
const sealed: JsonObject = { type: 'redacted_thinking', data: sealPrevious({ vendor: 'gemini', value: 's' }) };
const body: JsonObject = {
	model: 'm',
	max_tokens: 9,
	system: [text('a'), text('b')],
	messages: [
		{ role: 'user', content: 'Hi' },
		{ role: 'assistant', content: [text('Yes.'), sealed, { type: 'tool_use', id: 'a', name: 'f', input: {} }] },
		{ role: 'user', content: [result('a'), text('and'), text('so'), result('b'), text('on')] },
	],
	thinking: { type: 'enabled', budget_tokens: 2000, display: 'omitted' },
	output_config: { effort: 'low', format: { type: 'json_schema', schema: {} } },
	stop_sequences: ['x'],
	metadata: { user_id: 'u' },
};

describe('where a warning about the canonical request points in a Messages request', () => {
	test.each([
		['messages[0].content[1].cache_control', 'system[1].cache_control'],
		['messages[0]', 'system'],
		['messages[1].content[0]', 'messages[0].content'],
		['messages[2].content[0]', 'messages[1].content[0]'],
		['messages[2].content[1].name', 'messages[1].content[2].name'],
		['messages[3].content[0].content[1]', 'messages[2].content[0].content[1]'],
		['messages[4].content[1]', 'messages[2].content[2]'],
		['messages[5].content[0].is_error', 'messages[2].content[3].is_error'],
		['messages[6].content[0]', 'messages[2].content[4]'],
		['messages[6]', 'messages[2]'],
		['reasoning', 'thinking'],
		['reasoning.effort', 'output_config.effort'],
		['reasoning.summary', 'thinking.display'],
		['response_format', 'output_config.format'],
		['stop', 'stop_sequences'],
		['user', 'metadata.user_id'],
		['parallel_tool_calls', 'parallel_tool_calls'],
		['tools[0].strict', 'tools[0].strict'],
		['messages[99].content[0]', 'messages[99].content[0]'],
	])('%s is %s', (canonical, wire) => {
		expect(anthropicMessages.locate(body, canonical)).toBe(wire);
	});

	test('without a system prompt, turns and messages begin together', () => {
		expect(anthropicMessages.locate({ messages: body.messages }, 'messages[0].content[0]')).toBe('messages[0].content');
		expect(anthropicMessages.locate({ ...body, system: 'text' }, 'messages[0].content[0]')).toBe('system');
		expect(anthropicMessages.locate({ output_format: {} }, 'response_format')).toBe('output_format');
	});

	test('a body of another shape leaves the path alone', () => {
		expect(anthropicMessages.locate(null, 'reasoning')).toBe('reasoning');
		expect(anthropicMessages.locate({ messages: ['x'] }, 'messages[0].content[0]')).toBe('messages[0].content[0]');
	});
});
