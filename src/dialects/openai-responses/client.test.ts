import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ChatResponse, type JsonValue, RelaisError, type StreamPart } from '../../spec/index.ts';
import { openaiResponses } from './index.ts';

const CONTEXT = { model: 'shown-model', now: 1_700_000_000, id: '0198-abcd', streamUsage: true };
const USAGE = { inputTokens: 12, outputTokens: 7, reasoningTokens: 3 };

/** An official client whose server answers what is given. */
function client(body: string, type = 'application/json'): OpenAI {
	return new OpenAI({
		apiKey: 'key',
		maxRetries: 0,
		fetch: async () => new Response(body, { headers: { 'content-type': type } }),
	});
}

function written(parts: StreamPart[]): string {
	const encoder = openaiResponses.streamEncoder(CONTEXT);
	return parts.map((part) => encoder.push(part)).join('');
}

function streamed(parts: StreamPart[]): OpenAI {
	return client(written(parts), 'text/event-stream');
}

/** The answer of a model of another dialect: a thought with its proof, text, two calls at once. */
const PARTS: StreamPart[] = [
	{ type: 'start', id: 'msg_01', model: 'other-model' },
	{ type: 'block-start', block: 0, candidate: 0, content: { type: 'reasoning', text: '' } },
	{ type: 'reasoning-delta', block: 0, text: 'Let me ' },
	{ type: 'reasoning-delta', block: 0, text: 'think.' },
	{ type: 'reasoning-delta', block: 0, signature: { vendor: 'anthropic-messages', value: 'proof' } },
	{ type: 'block-end', block: 0 },
	{ type: 'block-start', block: 1, candidate: 0, content: { type: 'text', text: '' } },
	{ type: 'text-delta', block: 1, text: 'Both ' },
	{ type: 'text-delta', block: 1, text: 'cities.' },
	{ type: 'citation', block: 1, citation: { source: 'url', url: 'https://example.com', title: 'Example' } },
	{ type: 'block-end', block: 1 },
	{ type: 'block-start', block: 2, candidate: 0, content: { type: 'text', text: '' } },
	{ type: 'text-delta', block: 2, text: ' Now.' },
	{ type: 'block-end', block: 2 },
	{
		type: 'block-start',
		block: 3,
		candidate: 0,
		content: { type: 'tool-call', id: 'a', name: 'f', kind: 'function', input: '' },
	},
	{
		type: 'block-start',
		block: 4,
		candidate: 0,
		content: { type: 'tool-call', id: 'b', name: 'f', kind: 'function', input: '' },
	},
	{ type: 'tool-input-delta', block: 3, input: '{"city":' },
	{ type: 'tool-input-delta', block: 4, input: '{"city":"Rome"}' },
	{ type: 'tool-input-delta', block: 3, input: '"Paris"}' },
	{ type: 'block-end', block: 3 },
	{ type: 'block-end', block: 4 },
	{ type: 'usage', usage: USAGE },
	{ type: 'finish', candidate: 0, stop: { kind: 'tool_calls' } },
	{ type: 'end' },
];

describe('the official client', () => {
	test('reads a stream of another dialect’s model, with blocks that interleave', async () => {
		const response = await streamed(PARTS).responses.stream({ model: 'any', input: 'Hi' }).finalResponse();
		expect(response.id).toBe('resp_msg_01');
		expect(response.output_text).toBe('Both cities. Now.');
		expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'message', 'function_call', 'function_call']);
		const calls = response.output.flatMap((item) => (item.type === 'function_call' ? [[item.call_id, item.arguments]] : []));
		expect(calls).toEqual([
			['a', '{"city":"Paris"}'],
			['b', '{"city":"Rome"}'],
		]);
		expect(response.usage?.output_tokens_details.reasoning_tokens).toBe(3);
	});

	test('sees texts that follow one another as one message with two parts', async () => {
		const response = await streamed(PARTS).responses.stream({ model: 'any', input: 'Hi' }).finalResponse();
		const message = response.output.find((item) => item.type === 'message');
		expect(message?.content.map((part) => (part.type === 'output_text' ? part.text : ''))).toEqual(['Both cities.', ' Now.']);
		expect(message?.content[0]).toMatchObject({
			annotations: [{ type: 'url_citation', url: 'https://example.com', start_index: 0, end_index: 12 }],
		});
	});

	test('numbers events without gaps', () => {
		const numbers = [...written(PARTS).matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number));
		expect(numbers).toEqual(numbers.map((_, index) => index));
	});

	test('parses structured output by its schema, streamed and whole', async () => {
		const format = zodTextFormat(z.object({ city: z.string() }), 'place');
		const answer: ChatResponse = {
			candidates: [{ index: 0, content: [{ type: 'text', text: '{"city":"Rome"}' }], stop: { kind: 'stop' } }],
			usage: USAGE,
		};
		const body = JSON.stringify(openaiResponses.encodeResponse(answer, CONTEXT).value);
		const whole = await client(body).responses.parse({ model: 'any', input: 'Hi', text: { format } });
		expect(whole.output_parsed).toEqual({ city: 'Rome' });
		const parts: StreamPart[] = [
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } },
			{ type: 'text-delta', block: 0, text: '{"city":' },
			{ type: 'text-delta', block: 0, text: '"Rome"}' },
			{ type: 'block-end', block: 0 },
			{ type: 'finish', candidate: 0, stop: { kind: 'stop' } },
			{ type: 'end' },
		];
		const final = await streamed(parts).responses.stream({ model: 'any', input: 'Hi', text: { format } }).finalResponse();
		expect(final.output_parsed).toEqual({ city: 'Rome' });
	});

	test('learns that the answer was cut by the limit', async () => {
		const parts: StreamPart[] = [
			{ type: 'start' },
			{ type: 'block-start', block: 0, candidate: 0, content: { type: 'text', text: '' } },
			{ type: 'text-delta', block: 0, text: 'Half a' },
			{ type: 'block-end', block: 0 },
			{ type: 'finish', candidate: 0, stop: { kind: 'length' } },
			{ type: 'end' },
		];
		const response = await streamed(parts).responses.stream({ model: 'any', input: 'Hi' }).finalResponse();
		expect(response.status).toBe('incomplete');
		expect(response.incomplete_details).toEqual({ reason: 'max_output_tokens' });
		expect(response.output[0]).toMatchObject({ type: 'message', status: 'incomplete' });
	});

	test.each([
		['from the encoder', (error: RelaisError) => written([{ type: 'start' }, { type: 'error', error }])],
		['from the dialect', (error: RelaisError) => written([{ type: 'start' }]) + openaiResponses.encodeStreamError(error, 'id')],
	])('raises an error inside the stream, %s', async (_, tell) => {
		const text = tell(new RelaisError('provider_overloaded', 'Too busy.'));
		const stream = client(text, 'text/event-stream').responses.stream({ model: 'any', input: 'Hi' });
		await expect(stream.finalResponse()).rejects.toThrow('Too busy.');
	});

	test('reads a refusal, logprobs and a drawn image', async () => {
		const answer: ChatResponse = {
			candidates: [
				{
					index: 0,
					content: [
						{ type: 'image', source: { type: 'base64', data: 'aGk=', mediaType: 'image/png' } },
						{ type: 'text', text: 'No' },
						{ type: 'refusal', text: 'I cannot.' },
					],
					logprobs: [{ token: 'No', logprob: -0.1, top: [] }],
					stop: { kind: 'refusal' },
				},
			],
		};
		const body = JSON.stringify(openaiResponses.encodeResponse(answer, CONTEXT).value);
		const response = await client(body).responses.create({ model: 'any', input: 'Hi' });
		expect(response.output[0]).toMatchObject({ type: 'image_generation_call', result: 'aGk=' });
		expect(response.output[1]).toMatchObject({
			type: 'message',
			content: [
				{ type: 'output_text', text: 'No', logprobs: [{ token: 'No', bytes: [78, 111] }] },
				{ type: 'refusal', refusal: 'I cannot.' },
			],
		});
	});
});

describe('reasoning of another vendor’s model', () => {
	/** What a client sends back: the items it got, word for word. */
	function sentBack(keep: (item: { [key: string]: JsonValue }) => JsonValue): JsonValue {
		const events = written(PARTS)
			.split('\n\n')
			.filter((event) => event.includes('response.completed"'));
		const data = JSON.parse(events[0]?.split('\ndata: ')[1] ?? '{}') as { response: { output: { [key: string]: JsonValue }[] } };
		return { model: 'any', input: [{ role: 'user', content: 'Hi' }, ...data.response.output.map(keep)] };
	}

	test('comes back with its proof', () => {
		const { value } = openaiResponses.decodeRequest(sentBack((item) => item));
		const [, turn] = value.messages;
		expect(turn?.content[0]).toMatchObject({
			type: 'reasoning',
			text: 'Let me think.',
			signature: { vendor: 'anthropic-messages', value: 'proof' },
		});
		expect(turn?.content.map((part) => part.type)).toEqual(['reasoning', 'text', 'text', 'tool-call', 'tool-call']);
	});

	test('comes back from clients that keep no more than the encrypted content', () => {
		const body = sentBack(({ content: _, ...item }) =>
			item.type === 'reasoning' ? { ...item, summary: [] } : { ...item, content: _ ?? 'x' },
		);
		expect(openaiResponses.decodeRequest(body).value.messages[1]?.content[0]).toMatchObject({ text: 'Let me think.' });
	});

	test('keeps such a request out of the pass-through lane', () => {
		expect(openaiResponses.sketch(sentBack((item) => item)).foreign).toBe(true);
	});

	test('is not sent to this dialect’s own vendor, and that is said', () => {
		const { value } = openaiResponses.decodeRequest(sentBack((item) => item));
		const encoded = openaiResponses.encodeRequest(value, { model: 'm', traits: {} });
		expect(JSON.stringify(encoded.value)).not.toContain('relais.');
		expect(encoded.warnings).toMatchObject([{ kind: 'dropped', path: 'messages[1].content[0]' }]);
	});

	test('and the proof of a call returns to its call', () => {
		const answer: ChatResponse = {
			candidates: [
				{
					index: 0,
					content: [
						{
							type: 'tool-call',
							id: 'a',
							name: 'f',
							kind: 'function',
							input: '{}',
							signature: { vendor: 'gemini', value: 'thought' },
						},
						{ type: 'text', text: 'Done.' },
					],
				},
			],
		};
		const { output } = openaiResponses.encodeResponse(answer, CONTEXT).value;
		const { value } = openaiResponses.decodeRequest({ model: 'any', input: output ?? [] });
		expect(value.messages[0]?.content).toMatchObject([
			{ type: 'tool-call', id: 'a', signature: { vendor: 'gemini', value: 'thought' } },
			{ type: 'text', text: 'Done.' },
		]);
	});
});
