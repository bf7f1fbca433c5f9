import { describe, expect, it } from 'vitest';
import { load } from './loading.ts';

/** Notices on a config as they would be on a day. */
async function notices(yaml: string, day: string): Promise<string[]> {
	const loaded = await load({ files: { 'relais.yaml': yaml }, options: { now: () => Date.parse(day) } });
	return loaded.notices;
}

const entry = (more: string): string => `providers: [{ name: main, type: openai, api_key: k, ${more} }]`;

describe('a config that names a model with an end', () => {
	it('is told the day and what to use, before and after it', async () => {
		const yaml = entry('models: [gpt-4]');
		expect(await notices(yaml, '2026-10-22')).toEqual(['main/gpt-4 will be shut down on 2026-10-23: use main/gpt-5.6-sol']);
		expect(await notices(yaml, '2026-10-23')).toEqual([
			'main/gpt-4 was shut down on 2026-10-23, and is answered with an error unless retired_models says otherwise: use main/gpt-5.6-sol',
		]);
	});

	it('is told of default models and of targets of routes, once', async () => {
		const routes = 'routes: [{ name: r, targets: [main/gpt-4, main/o1], fallbacks: [main/gpt-4] }]';
		const found = await notices(`${entry('default_model: gpt-4')}\n${routes}`, '2026-11-20');
		expect(found.map((notice) => notice.split(' ')[0])).toEqual(['main/gpt-4', 'main/o1']);
	});

	it.each([
		['another server stands behind the name', 'models: [gpt-4], base_url: "http://127.0.0.1:8000/v1"'],
		['the provider is switched off', 'models: [gpt-4], enabled: false'],
		['the model goes on', 'models: [gpt-6-luna]'],
	])('is told nothing where %s', async (_, more) => expect(await notices(entry(more), '2026-11-20')).toEqual([]));
});

describe('a config with a provider that has ended or changed', () => {
	it.each([
		['ai21', /AI21 Labs is retired: .*2026-08-09/],
		['github-models', /GitHub Models is retired: .*2026-07-30/],
		['perplexity', /Perplexity.* has changed: .*2026-09-27/],
	])('%s is told since when', async (type, expected) => {
		expect(await notices(`providers: [{ name: p, type: ${type}, api_key: k }]`, '2026-11-20')).toEqual([
			expect.stringMatching(expected),
		]);
		const own = `providers: [{ name: p, type: ${type}, api_key: k, base_url: "http://127.0.0.1:8000/v1" }]`;
		expect(await notices(own, '2026-11-20')).toEqual([]);
	});

	it.each(['error', 'replace', 'ignore'])('may say what becomes of requests: %s', async (retired) => {
		const { config } = await load({ files: { 'relais.yaml': `retired_models: ${retired}` } });
		expect(config.retiredModels).toBe(retired);
	});
});
