import { describe, expect, test } from 'vitest';
import type { ContentPart, StreamPart } from '../../spec/index.ts';
import { formless, formlessPart } from './own-form.ts';

const marked: ContentPart = { type: 'text', text: 'Hi', extensions: { own: { $parts: true }, other: { kept: 1 } } };
const plain: ContentPart = { type: 'text', text: 'Hi', extensions: { other: { kept: 1 } } };

describe('an answer of a vendor that departs from its dialect', () => {
	test('keeps no marks of its form, but those of other dialects and of its head', () => {
		const head = { extensions: { own: { tier: 'standard' } } };
		const answer = { ...head, candidates: [{ index: 0, content: [marked], extensions: { own: { $content: 'parts' } } }] };
		expect(formless(answer, 'own')).toEqual({ ...head, candidates: [{ index: 0, content: [plain], extensions: {} }] });
	});

	test('keeps none in a stream', () => {
		const start: StreamPart = { type: 'block-start', block: 0, candidate: 0, content: marked };
		expect(formlessPart(start, 'own')).toEqual({ ...start, content: plain });
		const delta: StreamPart = { type: 'text-delta', block: 0, text: 'Hi', extensions: { own: { $item: 1 } } };
		expect(formlessPart(delta, 'own')).toEqual({ type: 'text-delta', block: 0, text: 'Hi', extensions: {} });
		const ping: StreamPart = { type: 'ping' };
		expect(formlessPart(ping, 'own')).toBe(ping);
	});
});
