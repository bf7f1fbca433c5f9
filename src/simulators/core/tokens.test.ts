import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLeast, countTokens, cut, evenPieces, firstTokens, ofBytes, tokenPieces, wordPieces } from './tokens.ts';

const unicode = fc.string({ unit: 'grapheme', maxLength: 60 });

function wellFormed(text: string): boolean {
	return !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
}

describe('texts cut into pieces', () => {
	it('lose nothing and break no character', () => {
		fc.assert(
			fc.property(unicode, fc.integer({ min: 1, max: 20 }), (text, count) => {
				for (const pieces of [evenPieces(text, count), wordPieces(text), tokenPieces(text)]) {
					expect(pieces.join('')).toBe(text);
					expect(pieces.every((piece) => piece !== '' && wellFormed(piece))).toBe(true);
				}
			}),
		);
	});

	it('are as many as asked for where the text is long enough', () => {
		expect(evenPieces('x'.repeat(500), 100)).toHaveLength(100);
		expect(evenPieces('abc', 10)).toEqual(['a', 'b', 'c']);
	});

	it('keep the space before a word', () => {
		expect(wordPieces('two  words\n')).toEqual(['two', '  words', '\n']);
	});
});

describe('tokens', () => {
	it('are four characters, begun ones whole', () => {
		expect([countTokens(''), countTokens('abc'), countTokens('abcde')]).toEqual([0, 1, 2]);
		expect(firstTokens('abcdefgh', 1)).toBe('abcd');
	});

	it('are cut before a character that would be halved', () => {
		expect(cut('abc😀', 4)).toBe('abc');
		expect(cut('abc😀', 5)).toBe('abc😀');
	});
});

describe('texts made to measure', () => {
	it('have exactly so many bytes', () => {
		fc.assert(
			fc.property(unicode, fc.integer({ min: 0, max: 300 }), (text, bytes) => {
				const made = ofBytes(text, bytes);
				expect(Buffer.byteLength(made)).toBe(bytes);
				expect(wellFormed(made)).toBe(true);
			}),
		);
	});

	it('have at least so many characters', () => {
		expect(atLeast('abc', 200)).toHaveLength(200);
		expect(atLeast('abc', 2)).toBe('abc');
	});
});
