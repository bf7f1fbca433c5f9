import { describe, expect, it } from 'vitest';
import { nearest } from './nearest.ts';

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'gpt-4.1', 'claude-sonnet-4-5', 'claude-haiku-4-5', 'llama3.1'];

describe('nearest', () => {
	it.each([
		['gpt4o', 'gpt-4o'],
		['gpt-4o-mnii', 'gpt-4o-mini'],
		['claude-sonet-4-5', 'claude-sonnet-4-5'],
		['LLAMA3.1', 'llama3.1'],
		['haiku', 'claude-haiku-4-5'],
		['openai/gpt-4o', 'gpt-4o'],
	])('finds what was meant by %s', (typo, meant) => {
		expect(nearest(typo, MODELS)[0]).toBe(meant);
	});

	it('puts the best first and keeps to the number asked for', () => {
		expect(nearest('gpt-4o', MODELS)).toEqual(['gpt-4o', 'gpt-4.1', 'gpt-4o-mini']);
		expect(nearest('gpt-4o', MODELS, 1)).toEqual(['gpt-4o']);
	});

	it('proposes nothing that is far off', () => {
		expect(nearest('mistral-large', MODELS)).toEqual([]);
		expect(nearest('gpt-4o', [])).toEqual([]);
		expect(nearest('gpt-4o', [''])).toEqual([]);
	});

	it('names each candidate once', () => {
		expect(nearest('gpt-4', ['gpt-4o', 'gpt-4o'])).toEqual(['gpt-4o']);
	});

	it('keeps nobody waiting where there are thousands of long names', () => {
		const many = Array.from({ length: 8000 }, (_, i) => `provider-${i % 12}/vendor-${i % 40}/some-model-${i}-instruct`);
		nearest('gpt', many);
		const start = performance.now();
		expect(nearest('x'.repeat(100), many)).toEqual([]);
		expect(nearest('provider-3/vendor-3/some-modle-3-instruct', many)[0]).toBe('provider-3/vendor-3/some-model-3-instruct');
		expect(performance.now() - start).toBeLessThan(150);
	});

	it('stands a name of any length', () => {
		const start = performance.now();
		expect(nearest('x'.repeat(1_000_000), MODELS)).toEqual([]);
		expect(performance.now() - start).toBeLessThan(1000);
	});
});
