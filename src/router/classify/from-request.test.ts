import { expect, it } from 'vitest';
import type { ChatRequest, Message } from '../../spec/index.ts';
import { classify } from './classify.ts';
import { classifierInput } from './from-request.ts';

const says = (role: Message['role'], ...texts: string[]): Message => ({
	role,
	content: texts.map((text) => ({ type: 'text', text })),
});
const request = (messages: Message[], more: Partial<ChatRequest> = {}): ChatRequest => ({
	model: 'auto',
	messages,
	stream: false,
	sampling: {},
	...more,
});

it('reads the last two turns of the user, the instructions and the shape of a request', () => {
	const input = classifierInput(
		request(
			[
				says('system', 'Be brief.'),
				says('user', 'one'),
				says('assistant', 'two'),
				says('user', 'three', 'four'),
				says('tool', 'five'),
			],
			{
				tools: [
					{ type: 'function', name: 'get_weather' },
					{ type: 'server', kind: 'web_search', vendor: 'x', config: {} },
				],
				output: { type: 'json_schema', schema: {} },
				reasoning: { effort: 'high' },
				maxOutputTokens: 50,
			},
		),
		123,
	);
	expect(input).toEqual({
		user: 'three\nfour',
		earlier: 'one',
		system: 'Be brief.',
		turns: 2,
		tools: ['get_weather', 'web_search'],
		images: false,
		documents: false,
		schema: true,
		inputTokens: 123,
		reasoning: true,
		maxOutputTokens: 50,
	});
});

it('does not take the least effort for a wish to reason', () => {
	expect(classifierInput(request([says('user', 'hi')], { reasoning: { effort: 'minimal' } }), 1).reasoning).toBe(false);
	expect(classifierInput(request([says('user', 'hi')], { reasoning: { mode: 'off', effort: 'high' } }), 1).reasoning).toBe(false);
});

it('keeps both ends of huge texts, without copying all of them', () => {
	const middle = Array.from({ length: 200 }, () => 'x '.repeat(5_000));
	const input = classifierInput(request([says('user', 'Hello.', ...middle, 'Translate all of it to Spanish.')]), 500);
	expect(input.user.length).toBeLessThan(10_000);
	expect(classify(input).useCase).toBe('translation');
});

it('has nothing to read in a request without a turn of the user', () => {
	expect(classify(classifierInput(request([says('assistant', 'hello')]), 3)).useCase).toBe('chat');
});
