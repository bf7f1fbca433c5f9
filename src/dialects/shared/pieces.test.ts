import { describe, expect, test } from 'vitest';
import type { ContentPart, JsonObject, JsonValue } from '../../spec/index.ts';
import {
	codeOfWord,
	decodeFunctionTools,
	encodeDocument,
	encodeFunctionTool,
	inputValue,
	Losses,
	opening,
	plainText,
	reportLostEvent,
	samplingRefusal,
	tokensOf,
	walk,
	wordedStops,
} from './index.ts';

const warned = (losses: Losses): string[] => losses.warnings.map((each) => each.path);

describe('the look at a request', () => {
	test.each<[string, JsonValue, string]>([
		['is no object', [], 'The request body must be a JSON object.'],
		['names no model', { messages: [{}] }, "'model' is required."],
		['has no messages', { model: 'm', messages: [] }, "'messages' must hold at least one message."],
	])('refuses a body that %s', (_, body, message) => {
		expect(() => opening(body)).toThrowError(message);
	});

	test('counts what it walks through, and leaves objects to the dialect', () => {
		const found = { characters: 0 };
		const met: JsonObject[] = [];
		walk(['abc', 1, true, null, { skipped: 'text' }], found, (object) => met.push(object));
		expect(found.characters).toBe(11);
		expect(met).toEqual([{ skipped: 'text' }]);
	});

	test('costs media and frames beside the text', () => {
		expect(tokensOf({ chars: 5, images: 1, audio: 0, documents: 1 }, 4, 2)).toBe(3 + 8 + 2000);
	});
});

describe('function tools', () => {
	test('come back as they were, whatever their type was called', () => {
		const wire: JsonObject[] = [
			{ type: 'function', function: { name: 'a', description: 'd', parameters: { type: 'object' }, more: 1 } },
			{ function: { name: 'b' } },
			{ type: 'other', function: { name: 'c' } },
		];
		const losses = new Losses('x');
		const back = decodeFunctionTools('x', wire).map((tool) => encodeFunctionTool('x', tool, 'tools', true, losses));
		expect(back).toEqual(wire);
		expect(losses.warnings).toEqual([]);
	});
});

describe('parts written as text', () => {
	const document: ContentPart & { type: 'document' } = {
		type: 'document',
		title: 'Title',
		context: 'Context',
		source: { type: 'parts', parts: [{ type: 'text', text: 'Inside' }] },
	};

	test('say title and context of a document before its text', () => {
		expect(plainText([{ type: 'text', text: 'Before' }, document])).toBe('Before\n\nTitle\n\nContext\n\nInside');
	});

	test('keep the blocks of a document apart', () => {
		const losses = new Losses('x');
		const part = (each: ContentPart): JsonObject[] => [{ kept: each.type }];
		const items = encodeDocument(document, 'content[0]', losses, { text: 'input_text', part, file: () => undefined });
		expect(items).toEqual([{ type: 'input_text', text: 'Title\n\nContext' }, { kept: 'text' }]);
		expect(warned(losses)).toEqual(['content[0]']);
	});
});

describe('what an encoder decides', () => {
	test.each([
		['provider_error', 529, 'provider_overloaded'],
		['provider_auth', 429, 'provider_auth'],
		['provider_rejected', 400, 'provider_rejected'],
		[undefined, 418, 'provider_rejected'],
	] as const)('a refusal worded %s under status %d means %s', (worded, status, code) => {
		expect(codeOfWord(worded, status)).toBe(code);
	});

	test('only slight sampling is taken while the model thinks', () => {
		const setting = { traits: {}, own: false };
		expect(samplingRefusal('top_p', 0.95, true, setting)).toBeUndefined();
		expect(samplingRefusal('top_p', 0.9, true, setting)).toContain('while the model thinks');
		expect(samplingRefusal('top_p', 0.9, false, setting)).toBeUndefined();
	});

	test('blank stop sequences are left out and reported', () => {
		const losses = new Losses('x');
		expect(wordedStops([' ', 'END'], losses)).toEqual(['END']);
		expect(warned(losses)).toEqual(['stop']);
	});

	test.each([
		['{"a":1}', { input: { a: 1 }, wrapped: false }],
		[' ', { input: {}, wrapped: false }],
		['{a', { input: { _raw: '{a' }, wrapped: true }],
	])('the input %s of a call is read', (input, value) => {
		expect(inputValue({ type: 'tool-call', kind: 'function', id: 'i', name: 'n', input })).toEqual(value);
	});

	test('only a lost event that means something is reported', () => {
		const losses = new Losses('x');
		reportLostEvent({ type: 'vendor-event', dialect: 'y', event: 'quiet', data: {} }, losses);
		reportLostEvent({ type: 'vendor-event', dialect: 'y', event: 'loud', data: {}, meaningful: true }, losses);
		expect(warned(losses)).toEqual(['loud']);
	});
});
