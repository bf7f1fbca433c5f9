import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type LoadedConfig, loadConfig } from '../../src/config/index.ts';

/**
 * Configs users may have: what was valid stays valid and means the same. Add a file for every new version of the shape; never change
 * one that is here.
 */
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), 'fixtures');

const SECRETS = {
	OPENAI_API_KEY: 'fixture-openai-secret',
	AZURE_OPENAI_API_KEY: 'fixture-azure-secret',
	ANTHROPIC_API_KEY: 'fixture-anthropic-secret',
	RELAIS_ADMIN_TOKEN: 'fixture-admin-secret',
	RELAIS_CI_KEY: 'fixture-ci-secret-key',
};

const load = (file: string): Promise<LoadedConfig> =>
	loadConfig({ path: join(FOLDER, file), cwd: FOLDER, env: SECRETS, overrides: {}, discover: false });

const EXPECTED: { [file: string]: (loaded: LoadedConfig) => void } = {
	'2026-11-minimal.yaml': ({ config }) => {
		expect(config.providers.find((provider) => provider.name === 'openai')).toMatchObject({
			apiKey: SECRETS.OPENAI_API_KEY,
			enabled: true,
			priority: 1,
		});
	},
	'2026-11-full.yaml': ({ config }) => {
		expect(config).toMatchObject({
			server: {
				host: '127.0.0.1',
				port: 4242,
				workers: 1,
				bodyLimit: 33_554_432,
				maxDepth: 64,
				requestTimeoutMs: 60_000,
				drainTimeoutMs: 30_000,
			},
			auth: { mode: 'keys' },
			adminToken: SECRETS.RELAIS_ADMIN_TOKEN,
			dataDir: join(FOLDER, '.relais'),
			simulate: 'never',
			plugins: [join(FOLDER, 'my-provider.js')],
			routing: {
				strategy: 'priority',
				healthCheckIntervalMs: 30_000,
				failoverThreshold: 3,
				retries: 2,
				backoff: { baseMs: 100, maxMs: 2000 },
				maxRetryAfterMs: 5000,
			},
			routes: [
				{
					name: 'safe',
					targets: [{ model: 'openai-primary/gpt-4o' }, { model: 'local/llama3.1' }],
					fallbacks: [],
					origin: '2026-11-full.yaml:24',
				},
				{ name: 'outer', targets: [{ model: 'safe' }, { model: 'fast' }], fallbacks: ['local/llama3.1'] },
			],
			keys: [
				{
					name: 'ci',
					key: SECRETS.RELAIS_CI_KEY,
					models: ['safe', 'local/*'],
					budget: { limitUsd: 5, period: 'day', hard: true },
				},
			],
		});
		expect(config.providers[0]).toEqual({
			name: 'openai-primary',
			type: 'openai',
			enabled: true,
			priority: 1,
			apiKey: SECRETS.OPENAI_API_KEY,
			baseUrl: 'https://api.openai.com/v1',
			defaultModel: 'gpt-4o',
			models: [
				{ alias: 'gpt-4o', id: 'gpt-4o' },
				{ alias: 'fast', id: 'gpt-4o-mini' },
			],
			timeouts: { connect: 2000, headers: 30_000, answer: 120_000, firstToken: 10_000, idle: 15_000, total: 600_000 },
			limits: { rpm: 500, tpm: 200_000, concurrency: 64 },
			headers: { 'x-team': 'research' },
			options: { organization: 'org-1', nested: { any: [1, true, null] } },
			origin: '2026-11-full.yaml:7',
		});
	},
	'2026-11-llmproviders.json': ({ config, notices }) => {
		expect(config.providers.slice(0, 4)).toMatchObject([
			{
				name: 'OpenAI-Primary',
				type: 'openai',
				priority: 1,
				apiKey: SECRETS.OPENAI_API_KEY,
				baseUrl: 'https://api.openai.com/v1',
				defaultModel: 'gpt-4o',
				options: { organization: 'org-1' },
				timeouts: { total: 45_000 },
				origin: '2026-11-llmproviders.json:5',
			},
			{
				name: 'azure',
				type: 'azure-openai',
				enabled: true,
				baseUrl: 'https://example.openai.azure.com/openai/v1',
				defaultModel: 'gpt-4o',
				options: { api_version: '2024-10-21' },
			},
			{ name: 'claude', type: 'anthropic', enabled: false, apiKey: SECRETS.ANTHROPIC_API_KEY, defaultModel: 'claude-sonnet-5-5' },
			{ name: 'local', type: 'ollama', baseUrl: 'http://localhost:11434', defaultModel: 'llama3.1' },
		]);
		expect(config.routing).toMatchObject({ strategy: 'priority', healthCheckIntervalMs: 60_000, failoverThreshold: 5 });
		expect(notices).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/:2 Logging: not a setting of Relais: ignored/),
				expect.stringMatching(/:16 LLMProviders\.Providers\[0\]\.Configuration\.MaxTokens: has no counterpart/),
				expect.stringMatching(/:46 LLMProviders\.Routing\.FailoverThreshold: accepted, not enforced yet/),
			]),
		);
	},
};

describe('configs of earlier versions', () => {
	it('each have an expectation here', () => {
		expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(EXPECTED).sort());
	});

	it.each(Object.keys(EXPECTED))('%s is still valid and means the same', async (file) => {
		EXPECTED[file]?.(await load(file));
	});

	it.each(Object.keys(EXPECTED))('%s: no notice holds a secret', async (file) => {
		const { notices } = await load(file);
		for (const secret of Object.values(SECRETS)) expect(notices.join('\n')).not.toContain(secret);
	});
});
