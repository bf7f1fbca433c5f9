import { describe } from 'vitest';
import { answer, begin, first0, itFinds, saying, stream, streaming } from '../../../test/support/sound-provider.ts';
import { type Provider, RelaisError, type StreamPart } from '../../spec/index.ts';
import { ANSWERS } from './answers.ts';

function first(more: object): Partial<Provider> {
	return saying((whole) => first0(whole, more));
}

const without = (type: StreamPart['type']) => streaming((told) => told.filter((part) => part.type !== type));

function whole(): Partial<Provider> {
	return streaming((told) => {
		const texts = told.filter((part) => part.type === 'text-delta').map((part) => part.text);
		const [head, open, ...rest] = told.filter((part) => part.type !== 'text-delta');
		const delta: StreamPart = { type: 'text-delta', block: 0, text: texts.join('') };
		return head === undefined || open === undefined ? told : [head, open, delta, ...rest];
	});
}

describe('what a provider answers', () => {
	itFinds(ANSWERS, {
		'answers a chat with content, a stop reason and usage': [
			{ wrong: 'no candidates', provider: saying((whole) => ({ ...whole, candidates: [] })), says: /at least 1 items, has 0/ },
			{
				wrong: 'no usage',
				provider: saying((whole) => ({ ...whole, usage: undefined })),
				says: /the answer\.usage must be an object/,
			},
			{
				wrong: 'tokens that are no whole number',
				provider: saying((whole) => ({ ...whole, usage: { inputTokens: 1.5, outputTokens: 1 } })),
				says: /inputTokens must be a whole number/,
			},
			{
				wrong: 'no tokens',
				provider: saying((whole) => ({ ...whole, usage: { inputTokens: 0, outputTokens: 1 } })),
				says: /counts no input tokens/,
			},
			{
				wrong: 'no output',
				provider: saying((whole) => ({ ...whole, usage: { inputTokens: 1, outputTokens: 0 } })),
				says: /counts no output tokens/,
			},
			{ wrong: 'no stop reason', provider: first({ stop: undefined }), says: /candidates\[0\]\.stop must be an object/ },
			{ wrong: 'a stop reason of its own', provider: first({ stop: { kind: 'done' } }), says: /stop\.kind must be one of/ },
			{ wrong: 'a cut answer', provider: first({ stop: { kind: 'length' } }), says: /ends with "length"/ },
			{ wrong: 'a text in place of parts', provider: first({ content: 'Hello' }), says: /content must be a list/ },
			{
				wrong: 'a part of its own',
				provider: first({ content: [{ type: 'poem', text: 'x' }] }),
				says: /content\[0\]\.type must be one of/,
			},
			{
				wrong: 'a part without its text',
				provider: first({ content: [{ type: 'text' }] }),
				says: /content\[0\]\.text must be a text/,
			},
			{ wrong: 'no text', provider: first({ content: [] }), says: /the answer holds no text/ },
			{ wrong: 'an index from 1', provider: first({ index: 1 }), says: /has the index 1/ },
			{ wrong: 'nothing', provider: { chat: async () => undefined as never }, says: /the answer must be an object/ },
			{
				wrong: 'a hang',
				provider: { chat: () => new Promise(() => undefined) },
				options: { timeLimitMs: 50 },
				says: /took longer than 50 ms/,
			},
		],
		'streams a chat by the grammar': [
			{ wrong: 'no start', provider: without('start'), says: /part 0 \("block-start"\): comes before the start/ },
			{ wrong: 'no block', provider: without('block-start'), says: /part 1 \("text-delta"\): block 0 is not open/ },
			{ wrong: 'an open block', provider: without('block-end'), says: /whose block 0 is still open/ },
			{ wrong: 'no finish', provider: without('finish'), says: /no candidate has finished/ },
			{ wrong: 'no usage', provider: without('usage'), says: /no usage was told/ },
			{ wrong: 'no end', provider: without('end'), says: /the stream has no end/ },
			{ wrong: 'one piece', provider: whole(), says: /comes in 1 piece: it is not streamed/ },
			{
				wrong: 'an error',
				provider: streaming((told) => [
					...told.slice(0, 3),
					{ type: 'error', error: new RelaisError('provider_error', 'broke') },
				]),
				says: /^RelaisError: broke$/,
			},
		],
		'streams what it answers whole': [
			{
				wrong: 'another text',
				provider: first({ content: [{ type: 'text', text: 'other' }] }),
				says: /the streamed answer .* is not the whole one/,
			},
			{
				wrong: 'other tokens',
				provider: saying((whole) => ({ ...whole, usage: { inputTokens: 6, outputTokens: 7 } })),
				says: /is not the whole one/,
			},
			{
				wrong: 'two candidates',
				provider: saying((whole) => ({
					...whole,
					candidates: [...whole.candidates, { index: 1, content: [], stop: { kind: 'stop' } }],
				})),
				options: { deterministic: false },
				says: /the whole answer has 2 candidates, the streamed one 1/,
			},
		],
		'leaves a request as it was': [
			{
				wrong: 'a changed request',
				provider: {
					chat: async (request, context) => {
						await begin(request, context);
						request.sampling.temperature = 1;
						return answer(request);
					},
				},
				says: /chat changes the request/,
			},
			{
				wrong: 'a request changed by a stream',
				provider: {
					chatStream: (request, context) => {
						request.messages.push({ role: 'assistant', content: [] });
						return stream(request, context);
					},
				},
				says: /chatStream changes the request/,
			},
		],
	});
});
