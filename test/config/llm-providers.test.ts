import { describe, expect, it } from 'vitest';
import { complaints, load, loadYaml } from './loading.ts';

const loadJson = (value: object, env: { [name: string]: string } = {}) =>
	load({ files: { 'relais.json': JSON.stringify(value, null, 2) }, env });

describe('the LLMProviders shape', () => {
	it('is taken at the root as well as under its key, and as a bare list', async () => {
		const Providers = [{ Type: 'OpenAI', Name: 'a', Configuration: { ApiKey: 'k-1' } }];
		for (const value of [
			{ Providers },
			{ LLMProviders: { Providers } },
			{ LlmProviders: { providers: Providers } },
			{ LLMProviders: Providers },
		]) {
			const { config } = await loadJson(value);
			expect(config.providers).toMatchObject([{ name: 'a', type: 'openai', apiKey: 'k-1', enabled: true, priority: 1 }]);
		}
	});

	it('stands beside Relais’s own settings', async () => {
		const { config } = await loadYaml(
			'server: { port: 9 }\nkeys: [{ name: k, key: 0123456789abcdef }]\nLLMProviders:\n  Providers: [{ Type: Ollama }]\n',
		);
		expect(config).toMatchObject({ server: { port: 9 }, keys: [{ name: 'k' }], providers: [{ name: 'ollama', type: 'ollama' }] });
	});

	it('has the fields of Configuration in any case', async () => {
		const { config } = await loadJson({
			Providers: [
				{ type: 'anthropic', NAME: 'x', configuration: { APIKEY: 'k-1', ENDPOINT: 'https://p.example', modelID: 'm' } },
			],
		});
		expect(config.providers[0]).toMatchObject({ name: 'x', apiKey: 'k-1', baseUrl: 'https://p.example/v1', defaultModel: 'm' });
	});

	it.each([
		['00:00:30', 30_000],
		['45s', 45_000],
		[20, 20_000],
	])('takes %s as a duration', async (HealthCheckInterval, ms) => {
		const { config } = await loadJson({ Providers: [], Routing: { HealthCheckInterval } });
		expect(config.routing.healthCheckIntervalMs).toBe(ms);
	});

	it('has its problems placed where they were written', async () => {
		const value = {
			LLMProviders: {
				Providers: [{ Type: 'Nonsense', Name: 'a', Priority: 'high', Configuration: { BaseUrl: 'nowhere' } }],
				Routing: { Strategy: 'RoundRobin' },
			},
		};
		expect(await complaints(loadJson(value))).toEqual([
			expect.stringMatching(/^relais.json:5:17 LLMProviders\.Providers\[0\]\.Type: no provider type "Nonsense"/),
			expect.stringMatching(/^relais.json:7:21 LLMProviders\.Providers\[0\]\.Priority: must be a whole number/),
			expect.stringMatching(
				/^relais.json:9:22 LLMProviders\.Providers\[0\]\.Configuration\.BaseUrl: is not an http or https URL/,
			),
			expect.stringMatching(/^relais.json:14:19 LLMProviders\.Routing\.Strategy: this version has only the strategy "priority"/),
		]);
	});

	it('survives being something else', async () => {
		for (const value of [
			{ LLMProviders: 5 },
			{ LLMProviders: { Providers: 5 } },
			{ LLMProviders: { Providers: [5, null] } },
			{ LLMProviders: { Providers: [], Routing: [] } },
		]) {
			expect((await complaints(loadJson(value))).length).toBeGreaterThan(0);
		}
	});
});
