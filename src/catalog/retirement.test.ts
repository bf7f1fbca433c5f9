import { describe, expect, it } from 'vitest';
import { isOver, loadCatalog, retirementOf } from './index.ts';

const catalog = loadCatalog();

describe('the end of a model', () => {
	it('is known with its day and what is closest', () => {
		expect(retirementOf(catalog, 'openai', 'gpt-4', undefined)).toMatchObject({
			of: 'model',
			provider: 'OpenAI',
			date: '2026-10-23',
			replacement: 'gpt-5.6-sol',
		});
	});

	it('leads past replacements that have ended themselves', () => {
		expect(retirementOf(catalog, 'openai', 'o1-mini', undefined)?.replacement).toBe('gpt-5.6-terra');
		expect(retirementOf(catalog, 'groq', 'llama3-70b-8192', undefined)?.replacement).toBe('openai/gpt-oss-120b');
	});

	it('takes the id alone from a vendor’s advice', () => {
		expect(retirementOf(catalog, 'perplexity', 'sonar-pro', undefined)?.replacement).toBe('perplexity/sonar');
	});

	it('of a whole provider holds for every model, also for one the catalog does not know', () => {
		for (const id of ['jamba-large-1.7', 'unheard-of'])
			expect(retirementOf(catalog, 'ai21', id, undefined)).toMatchObject({
				of: 'provider',
				provider: 'AI21 Labs',
				date: '2026-08-09',
			});
		expect(retirementOf(catalog, 'github-models', 'openai/gpt-4o', undefined)).toMatchObject({ date: '2026-07-30' });
		expect(retirementOf(catalog, 'github-models', 'openai/gpt-4o', undefined)?.elsewhere()).toMatch(/^openai\/gpt-4o/);
	});

	it('is nobody’s business at an address that is not the vendor’s', () => {
		expect(retirementOf(catalog, 'openai', 'gpt-4', 'http://127.0.0.1:8000/v1')).toBeUndefined();
		expect(retirementOf(catalog, 'ai21', 'jamba-large-1.7', 'https://jamba.example/v1')).toBeUndefined();
		expect(retirementOf(catalog, 'openai', 'gpt-4', 'https://eu.api.openai.com/v1')).toBeDefined();
	});

	it('is not known of models that go on, and of types the catalog does not have', () => {
		expect(retirementOf(catalog, 'openai', 'gpt-6-luna', undefined)).toBeUndefined();
		expect(retirementOf(catalog, 'openai', 'of-our-own', undefined)).toBeUndefined();
		expect(retirementOf(catalog, 'openai-compatible', 'gpt-4', undefined)).toBeUndefined();
	});

	it('is over from its day on; without a day a model may still answer, a provider does not', () => {
		const end = { provider: 'V', replacement: undefined, elsewhere: () => undefined };
		expect(isOver({ ...end, of: 'model', date: '2026-10-23' }, '2026-10-22')).toBe(false);
		expect(isOver({ ...end, of: 'model', date: '2026-10-23' }, '2026-10-23')).toBe(true);
		expect(isOver({ ...end, of: 'model', date: undefined }, '2026-10-23')).toBe(false);
		expect(isOver({ ...end, of: 'provider', date: undefined }, '2026-10-23')).toBe(true);
	});

	it('never leads to a model that is over before it', () => {
		for (const row of catalog.providers()) {
			for (const model of catalog.models(row.id)) {
				const end = retirementOf(catalog, row.id, model.id, undefined);
				if (end?.date === undefined || end.replacement === undefined) continue;
				const next = retirementOf(catalog, row.id, end.replacement, undefined);
				expect(next?.date === undefined || next.date > end.date, `${row.id}/${model.id} leads to ${end.replacement}`).toBe(true);
			}
		}
	});
});
