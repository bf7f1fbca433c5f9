import { expect, it } from 'vitest';
import { globMatcher } from './glob.ts';

it.each([
	['gpt-4', 'gpt-4', true],
	['gpt-4', 'gpt-4o', false],
	['gpt-*', 'gpt-', true],
	['*', '', true],
	['a*a', 'a', false],
	['a*a', 'aa', true],
	['a*b*c', 'axxbxxc', true],
	['a*b*c', 'axxcxxb', false],
	['*b*', 'abc', true],
	['ab*bc', 'abc', false],
	['a**c', 'abc', true],
	['a.c', 'abc', false],
	['(x)*', '(x)y', true],
	['GPT-*', 'gpt-4', false],
])('%s and %s', (glob, text, fits) => {
	expect(globMatcher(glob)(text)).toBe(fits);
});

it('may leave large and small letters alike', () => {
	expect(globMatcher('GPT-*O', true)('gpt-4O')).toBe(true);
});

it('is quick with a pattern made to be slow', () => {
	const started = performance.now();
	expect(globMatcher(`${'*a'.repeat(250)}b`)('a'.repeat(500))).toBe(false);
	expect(performance.now() - started).toBeLessThan(100);
});
