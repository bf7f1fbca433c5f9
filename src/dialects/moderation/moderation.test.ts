import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRelaisError, type JsonValue } from '../../spec/index.ts';
import { openaiModeration } from './index.ts';

function codeOf(action: () => unknown): string {
	try {
		action();
	} catch (error) {
		return isRelaisError(error) ? error.code : `not an error of Relais: ${error}`;
	}
	return 'nothing was thrown';
}

describe('a request to judge', () => {
	it.each([
		{ model: 'm', input: 'a' },
		{ input: ['a', 'b'] },
		{
			model: 'm',
			input: [
				{ type: 'text', text: 'a' },
				{ type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
			],
		},
		{ model: 'm', input: 'a', unheard_of: 1 },
	])('comes back as it was: %j', (body) => {
		const { value } = openaiModeration.decodeRequest(body);
		expect(openaiModeration.encodeRequest(value, value.model ?? '')).toEqual({ value: body, warnings: [] });
	});

	it.each([{}, { input: [] }, { input: 3 }, { input: ['a', { type: 'text', text: 'b' }] }, { input: [{ type: 'sound' }] }])(
		'is refused where it is none: %j',
		(body) => {
			expect(codeOf(() => openaiModeration.decodeRequest(body))).toBe('invalid_request');
		},
	);
});

describe('a judgement', () => {
	const request = { inputs: ['a'] };

	it('without a verdict as a whole is flagged where a category is, and comes back as it was', () => {
		const body = {
			id: 'x',
			model: 'm',
			results: [{ categories: { pii: true, law: false }, category_scores: { pii: 0.9, law: 0.1 } }],
		};
		const { value } = openaiModeration.decodeResponse(body, request);
		expect(value.results[0]?.flagged).toBe(true);
		expect(openaiModeration.encodeResponse(value, request, { model: 'm', id: 'id' }).value).toEqual(body);
	});

	it('of another number of texts is no answer, and neither is anything else', () => {
		expect(codeOf(() => openaiModeration.decodeResponse({ results: [] }, request))).toBe('provider_protocol');
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const code = codeOf(() => openaiModeration.decodeResponse(value as JsonValue, request));
				expect(['provider_protocol', 'nothing was thrown']).toContain(code);
			}),
		);
	});
});
