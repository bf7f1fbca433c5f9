import { describe, expect, it } from 'vitest';
import type { StreamPart } from '../../spec/index.ts';
import { openaiChat } from './index.ts';

const CONTEXT = {
	citations: [
		{ content: 'Paris is the capital.', title: 'Geography', url: 'https://docs.example/g', filepath: 'g.pdf', chunk_id: '0' },
		{ content: 'It lies on the Seine.', title: null, url: null, filepath: 'rivers.pdf', chunk_id: '3' },
		{ content: 'Of nothing', title: null, url: null, filepath: null },
	],
	intent: '["capital"]',
};
const CITED = [
	{ source: 'url', url: 'https://docs.example/g', title: 'Geography', citedText: 'Paris is the capital.' },
	{ source: 'document', title: 'rivers.pdf', citedText: 'It lies on the Seine.' },
];
const CONTEXT_OF = { model: 'm', now: 0, id: 'i', streamUsage: true };

describe('an answer from data sources', () => {
	const body = {
		id: 'c',
		object: 'chat.completion',
		created: 1,
		model: 'gpt-4o',
		choices: [
			{
				index: 0,
				message: { role: 'assistant', content: 'Paris [doc1].', end_turn: true, context: CONTEXT },
				finish_reason: 'stop',
			},
		],
	};

	it('cites them, and comes back with its context as it was', () => {
		const { value } = openaiChat.decodeResponse(body);
		expect(value.candidates[0]?.citations).toMatchObject(CITED);
		expect(value.candidates[0]?.citations).toHaveLength(2);
		const again = openaiChat.encodeResponse(value, CONTEXT_OF);
		expect(again.value).toEqual(body);
		expect(again.warnings).toEqual([]);
	});

	it('cites them in a stream too', () => {
		const chunk = (delta: object, finish: string | null = null) => ({
			id: 'c',
			object: 'chat.completion.chunk',
			created: 1,
			model: 'gpt-4o',
			choices: [{ index: 0, delta, finish_reason: finish }],
		});
		const chunks = [
			chunk({ role: 'assistant', context: CONTEXT }),
			chunk({ content: 'Paris [doc1].' }),
			chunk({ end_turn: true }, 'stop'),
		];
		const decoder = openaiChat.streamDecoder();
		const frames = [...chunks.map((each) => JSON.stringify(each)), '[DONE]'];
		const parts: StreamPart[] = frames.flatMap((data) => decoder.push({ event: '', data }));
		parts.push(...decoder.end());
		const cited = parts.filter((part) => part.type === 'citation').map(({ citation }) => citation);
		expect(cited).toMatchObject(CITED);
		const encoder = openaiChat.streamEncoder(CONTEXT_OF);
		const written = parts.map((part) => encoder.push(part)).join('');
		const read = written
			.split('\n\n')
			.flatMap((event) => (event.startsWith('data: {') ? [JSON.parse(event.slice(6)) as object] : []));
		expect(read).toEqual(chunks);
	});
});
