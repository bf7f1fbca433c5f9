import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../spec/index.ts';
import { openaiChat } from './index.ts';

const call = (id: string): JsonObject => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } });
const body: JsonObject = {
	model: 'm',
	messages: [
		{ role: 'system', content: 'Be brief.' },
		{
			role: 'user',
			content: [
				{ type: 'text', text: 'Hi' },
				{ type: 'image_url', image_url: { url: 'https://a/b.png' } },
			],
		},
		{ role: 'assistant', reasoning_content: 'Hm.', content: 'Yes.', tool_calls: [call('a'), call('b')] },
		{
			role: 'tool',
			tool_call_id: 'a',
			content: [
				{ type: 'text', text: '1' },
				{ type: 'text', text: '2' },
			],
		},
		{ role: 'tool', tool_call_id: 'b', content: '3' },
		{
			role: 'assistant',
			reasoning: 'Hm.',
			reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }],
			content: [{ type: 'text', text: 'x' }],
		},
		{ role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
	],
	tools: [call('unused'), { type: 'custom', custom: { name: 'c' } }],
	functions: [{ name: 'g' }],
	web_search_options: {},
	max_completion_tokens: 9,
	random_seed: 1,
	reasoning_effort: 'low',
};

describe('where a warning about the canonical request points in a chat request', () => {
	test.each([
		['messages[0].content[0]', 'messages[0].content'],
		['messages[0].content[0].cache_control', 'messages[0].content.cache_control'],
		['messages[1].content[1].detail', 'messages[1].content[1].detail'],
		['messages[2].content[0]', 'messages[2].reasoning_content'],
		['messages[2].content[1]', 'messages[2].content'],
		['messages[2].content[3].name', 'messages[2].tool_calls[1].name'],
		['messages[3].content[0].content[1]', 'messages[3].content[1]'],
		['messages[3].content[0].is_error', 'messages[3].is_error'],
		['messages[4].content[0].content[0]', 'messages[4].content'],
		['messages[4].content[0]', 'messages[4].content'],
		['messages[5].content[0]', 'messages[5].reasoning_details'],
		['messages[5].content[1]', 'messages[5].content[0]'],
		['messages[6].content[0]', 'messages[6].function_call'],
		['tools[0].name', 'tools[0].function.name'],
		['tools[1].grammar', 'tools[1].custom.format'],
		['tools[2]', 'functions[0]'],
		['tools[3]', 'web_search_options'],
		['seed', 'random_seed'],
		['reasoning', 'reasoning_effort'],
		['reasoning.budget_tokens', 'reasoning_effort'],
		['max_tokens', 'max_completion_tokens'],
		['temperature', 'temperature'],
		['messages[99].content[0]', 'messages[99].content[0]'],
	])('%s is %s', (canonical, wire) => {
		expect(openaiChat.locate(body, canonical)).toBe(wire);
	});

	test('an object of settings keeps what is said of its members', () => {
		expect(openaiChat.locate({ reasoning: { max_tokens: 5 } }, 'reasoning.budget_tokens')).toBe('reasoning.budget_tokens');
		expect(openaiChat.locate({ thinking: { type: 'enabled' } }, 'reasoning')).toBe('thinking');
	});

	test('a body of another shape leaves the path alone', () => {
		expect(openaiChat.locate(null, 'messages[0].content[0]')).toBe('messages[0].content[0]');
		expect(openaiChat.locate({ messages: ['x'] }, 'messages[0].content[0]')).toBe('messages[0].content[0]');
	});
});
