import { describe, expect, it } from 'vitest';
import type { ChatResponse } from '../spec/index.ts';
import { accumulate } from './accumulate.ts';
import { partsOf } from './parts-of.ts';

const signature = { vendor: 'd', value: 's' };
const logprobs = (token: string) => [{ token, logprob: -1, top: [] }];

describe('the parts of a whole answer', () => {
	it('add up to the same answer', () => {
		const answer: ChatResponse = {
			id: 'a',
			model: 'm',
			createdAt: 5,
			serviceTier: 's',
			systemFingerprint: 'f',
			extensions: { d: { more: 1 } },
			candidates: [
				{
					index: 0,
					content: [
						{ type: 'reasoning', text: 'hm', summary: ['one', 'two'], signature, encrypted: signature, id: 'r' },
						{ type: 'text', text: 'Hello', signature, citations: [{ source: 'url', url: 'u' }], extensions: { d: { x: 1 } } },
						{ type: 'text', text: ' again' },
						{ type: 'tool-call', id: 'c', name: 'f', kind: 'function', input: '{"a":1}', signature },
						{ type: 'image', source: { type: 'url', url: 'u' } },
					],
					stop: { kind: 'tool_calls', raw: 'tool_calls' },
					logprobs: logprobs('Hello'),
					extensions: { d: { y: 2 } },
				},
				{
					index: 1,
					content: [{ type: 'refusal', text: 'no' }],
					stop: { kind: 'stop' },
					refusalLogprobs: logprobs('no'),
				},
			],
			usage: { inputTokens: 1, outputTokens: 2 },
		};
		expect(accumulate(partsOf(answer))).toEqual(answer);
	});

	it('number their blocks from 0 and end', () => {
		const content = [{ type: 'text' as const, text: 'x' }];
		const parts = [...partsOf({ candidates: [0, 1].map((index) => ({ index, content })) })];
		expect(parts.flatMap((part) => (part.type === 'block-start' ? [part.block] : []))).toEqual([0, 1]);
		expect(parts.at(-1)).toEqual({ type: 'end' });
	});
});
