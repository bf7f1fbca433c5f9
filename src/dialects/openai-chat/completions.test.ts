import { describe, expect, it, test } from 'vitest';
import { type ChatResponse, isRelaisError, type StreamPart } from '../../spec/index.ts';
import { accumulate, dialectChecks } from '../../testing/index.ts';
import { openaiCompletions } from './index.ts';

const CONTEXT = { model: 'm', traits: {} };
const ANSWER = { model: 'm', now: 0, id: 'id', streamUsage: true };

/** Samples that take more than a prompt. */
const WITHOUT: readonly string[] = [
	'instructions and a conversation',
	'tools',
	'a tool that must be called',
	'parallel tool calls and their results',
	'a tool call',
	'a text and parallel tool calls',
];

describe('completions of prompts as a dialect', () => {
	test.each(dialectChecks({ without: WITHOUT }).map((check) => [check.name, check] as const))('%s', async (_, check) => {
		await check.run(openaiCompletions);
	});
});

describe('a request for a completion', () => {
	it.each([
		{ model: 'm', prompt: 'Once' },
		{ model: 'm', prompt: ['Once'], max_tokens: 5, stop: ['.'], n: 2, temperature: 0.5, user: 'u', seed: 1 },
		{ model: 'm', prompt: 'Once', suffix: 'end', echo: true, best_of: 3, logprobs: 2 },
		{
			model: 'm',
			prompt: 'Once',
			suffix: null,
			echo: false,
			best_of: 1,
			logprobs: null,
			stream: true,
			stream_options: { include_usage: true },
		},
		{ model: 'm', top_k: 3 },
	])('comes back as it was: %j', (body) => {
		const { value } = openaiCompletions.decodeRequest(body);
		expect(openaiCompletions.encodeRequest(value, CONTEXT)).toEqual({ value: body, warnings: [] });
	});

	it.each([
		[['a', 'b'], 'Several prompts'],
		[[1, 2], 'Token ids'],
		[[[1, 2]], 'Token ids'],
	])('of %j is for vendors of the same dialect alone', (prompt, words) => {
		expect(openaiCompletions.sketch({ model: 'm', prompt }).model).toBe('m');
		try {
			openaiCompletions.decodeRequest({ model: 'm', prompt });
			expect.unreachable();
		} catch (error) {
			expect(isRelaisError(error) && [error.code, error.failover, error.message.startsWith(words)]).toEqual([
				'unsupported',
				true,
				true,
			]);
		}
	});

	it('is told where it goes wrong', () => {
		expect(openaiCompletions.locate({ model: 'm', prompt: 'a' }, 'messages[0].content')).toBe('prompt');
	});

	it('that was a conversation is written out', () => {
		const value = openaiCompletions.decodeRequest({ model: 'm', prompt: 'Hi' }).value;
		const message = value.messages[0];
		if (message === undefined) throw new Error('no message');
		const { value: wire, warnings } = openaiCompletions.encodeRequest(
			{
				...value,
				messages: [message, { role: 'assistant', content: [{ type: 'text', text: 'Hello' }] }, message],
				extensions: {},
			},
			CONTEXT,
		);
		expect(wire.prompt).toBe('User: Hi\n\nAssistant: Hello\n\nUser: Hi\n\nAssistant:');
		expect(warnings.map(({ kind }) => kind)).toEqual(['approximated']);
	});
});

const WHOLE = {
	id: 'cmpl-1',
	object: 'text_completion',
	created: 1,
	model: 'm',
	choices: [
		{
			text: ' upon a',
			index: 0,
			logprobs: {
				tokens: [' upon', ' a'],
				token_logprobs: [-0.5, -0.25],
				top_logprobs: [{ ' upon': -0.5 }, { ' a': -0.25 }],
				text_offset: [4, 9],
			},
			finish_reason: 'length',
		},
	],
	usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

describe('a completion', () => {
	it('comes back as it was, offsets and all', () => {
		const { value } = openaiCompletions.decodeResponse(WHOLE);
		expect(value.candidates[0]?.content).toMatchObject([{ type: 'text', text: ' upon a' }]);
		expect(openaiCompletions.encodeResponse(value, ANSWER).value).toEqual(WHOLE);
	});

	it('made of a chat that had more than text says what is missing', () => {
		const { value } = openaiCompletions.decodeResponse(WHOLE);
		const [candidate] = value.candidates;
		if (candidate === undefined) throw new Error('no candidate');
		const content: ChatResponse['candidates'][number]['content'] = [
			{ type: 'reasoning', text: 'hm' },
			{ type: 'text', text: 'yes' },
		];
		const told = openaiCompletions.encodeResponse({ ...value, candidates: [{ ...candidate, content }] }, ANSWER);
		expect(told.value.choices).toMatchObject([{ text: 'yes' }]);
		expect(told.warnings.length).toBeGreaterThan(0);
	});

	it('in pieces is read and told in pieces', () => {
		const chunk = (text: string, finish: string | null): string =>
			JSON.stringify({
				id: 'cmpl-1',
				object: 'text_completion',
				created: 1,
				model: 'm',
				choices: [{ text, index: 0, logprobs: null, finish_reason: finish }],
			});
		const frames = [chunk('Once', null), chunk(' more', 'stop'), '[DONE]'].map((data) => ({ event: '', data }));
		const decoder = openaiCompletions.streamDecoder();
		const parts: StreamPart[] = [...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()];
		expect(accumulate(parts).candidates[0]).toMatchObject({
			content: [{ text: 'Once more' }],
			stop: { kind: 'stop' },
		});
		const encoder = openaiCompletions.streamEncoder(ANSWER);
		const text = parts.map((part) => encoder.push(part)).join('');
		const texts = [...text.matchAll(/^data: (\{.*)$/gm)].flatMap(([, data]) =>
			JSON.parse(data ?? '').choices.map((choice: { text: string }) => choice.text),
		);
		expect(texts.join('')).toBe('Once more');
		expect(text).toContain('"object":"text_completion"');
		expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
		const tap = openaiCompletions.streamTap({ dropUsage: false });
		for (const frame of frames) tap.frame(frame);
		expect([tap.started, tap.complete, tap.outputChars, tap.finish]).toEqual([true, true, 9, 'stop']);
	});
});
