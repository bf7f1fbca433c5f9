import { describe, expect, test } from 'vitest';
import { documentedMessages, documentedTools } from './documented.ts';

function plain(messages: Parameters<typeof documentedMessages>[0]) {
	const left: string[] = [];
	return { messages: documentedMessages(messages, (path) => left.push(path)), left };
}

describe('a vendor that refuses undocumented members', () => {
	test('gets an ordinary conversation untouched', () => {
		const messages = [
			{ role: 'system', content: 'Be kind.' },
			{ role: 'user', content: [{ type: 'text', text: 'Hi' }], name: 'ann' },
			{ role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
			{ role: 'tool', tool_call_id: 'c', content: 'done' },
		];
		expect(plain(messages)).toEqual({ messages: undefined, left: [] });
	});

	test('is spared reasoning of earlier turns, signatures and cache hints, each reported', () => {
		const { messages, left } = plain([
			{
				role: 'assistant',
				content: 'Hi',
				reasoning_content: 'Greet.',
				reasoning_details: [{ type: 'reasoning.text', text: 'Greet.', signature: 's' }],
				tool_calls: [
					{ id: 'c', index: 0, type: 'function', function: { name: 'f', arguments: '{}' }, extra_content: { google: {} } },
				],
			},
			{ role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] },
			{ role: 'tool', tool_call_id: 'c', content: 'y', name: 'f' },
		]);
		expect(messages).toEqual([
			{ role: 'assistant', content: 'Hi', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] },
			{ role: 'user', content: [{ type: 'text', text: 'x' }] },
			{ role: 'tool', tool_call_id: 'c', content: 'y' },
		]);
		expect(left).toEqual([
			'messages[0].reasoning_content',
			'messages[0].reasoning_details',
			'messages[0].tool_calls[0].extra_content',
			'messages[1].content[0].cache_control',
			'messages[2].name',
		]);
	});

	test('is spared what says nothing, without a word', () => {
		const { messages, left } = plain([
			{ role: 'assistant', content: 'a', tool_calls: [], reasoning: null, audio: null, refusal: null },
		]);
		expect(messages).toEqual([{ role: 'assistant', content: 'a', refusal: null }]);
		expect(left).toEqual([]);
	});

	test('gets no parts it does not know, and never an empty list of parts', () => {
		const { messages, left } = plain([{ role: 'assistant', content: [{ type: 'thinking', thinking: [] }] }]);
		expect(messages).toEqual([{ role: 'assistant', content: '' }]);
		expect(left).toEqual(['messages[0].content[0]']);
	});

	test('gets ids of calls and their results short enough, and alike', () => {
		const id = `chatcmpl-tool-${'0'.repeat(32)}`;
		const { messages, left } = plain([
			{ role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }] },
			{ role: 'tool', tool_call_id: id, content: 'done' },
		]);
		const [call, result] = messages as [{ tool_calls: { id: string }[] }, { tool_call_id: string }];
		expect(call.tool_calls[0]?.id.length).toBeLessThanOrEqual(40);
		expect(result.tool_call_id).toBe(call.tool_calls[0]?.id);
		expect(left).toEqual([]);
	});

	test('gets only tools it documents', () => {
		const left: string[] = [];
		const tools = documentedTools(
			[{ type: 'function', function: { name: 'f' }, cache_control: { type: 'ephemeral' } }, { type: 'vendor:web_search' }],
			(path) => left.push(path),
		);
		expect(tools).toEqual([{ type: 'function', function: { name: 'f' } }]);
		expect(left).toEqual(['tools[0].cache_control', 'tools[1]']);
	});
});
