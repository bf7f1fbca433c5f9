import { describe, expect, it } from 'vitest';
import { PrefixDigest, PromptCache } from './promptcache.ts';

describe('a prompt cache', () => {
	it('remembers until the time is over, the longer time winning', () => {
		const cache = new PromptCache();
		cache.keep('a', 100);
		cache.keep('a', 50);
		expect([cache.has('a', 99), cache.has('a', 100), cache.has('b', 0)]).toEqual([true, false, false]);
		cache.clear();
		expect(cache.has('a', 0)).toBe(false);
	});

	it('gives up the oldest prefixes when there are too many', () => {
		const cache = new PromptCache();
		for (let i = 0; i <= 50_000; i++) cache.keep(String(i), 1000);
		expect([cache.has('0', 1), cache.has('1', 1), cache.has('50000', 1)]).toEqual([false, true, true]);
	});
});

describe('a prefix digest', () => {
	it('is the same however the text was handed over', () => {
		const [whole, pieces] = [new PrefixDigest(), new PrefixDigest()];
		whole.add('some text');
		pieces.add('some');
		pieces.add('my text', 2);
		expect(pieces.key()).toBe(whole.key());
		pieces.add('!');
		expect(pieces.key()).not.toBe(whole.key());
	});
});
