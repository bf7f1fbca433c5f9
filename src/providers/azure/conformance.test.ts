import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shipped } from '../../../test/support/providers.ts';
import { type RunningSimulator, type Simulators, startSimulators } from '../../simulators/index.ts';
import type { Provider, ProviderSettings } from '../../spec/index.ts';
import { createTestHost, type ProviderCheckOptions, providerChecks } from '../../testing/index.ts';

const WRONG_KEY = 'azure-wrong-key-that-nobody-may-see';
const host = createTestHost();
let simulators: Simulators;

beforeAll(async () => {
	simulators = await startSimulators({ vendors: [{ name: 'sim-azure', kind: 'azure' }] });
});
afterAll(async () => {
	await host.close();
	await simulators.close();
});

function resource(): RunningSimulator {
	const [found] = simulators.vendors;
	if (found === undefined) throw new Error('no simulator');
	return found;
}

const WAYS: [way: string, options: ProviderCheckOptions, settings: Partial<ProviderSettings> & { type: string }][] = [
	['with the deployment in the body', { model: 'gpt-4o' }, { type: 'azure-openai' }],
	['with the deployment in the path', { model: 'gpt-4o' }, { type: 'azure-openai', options: { api_version: '2024-10-21' } }],
	[
		'for a reasoning model',
		{ model: 'gpt-5.6', tools: true },
		{ type: 'azure-openai', options: { api_version: '2025-04-01-preview' } },
	],
	['in Anthropic’s dialect', { model: 'claude-sonnet-4-5', tools: true }, { type: 'azure-ai-foundry' }],
];

describe.each(WAYS)('a resource of Azure %s', (_, options, settings) => {
	const provider = (apiKey = resource().apiKey): Provider => shipped({ ...settings, baseUrl: resource().baseUrl, apiKey }, host);
	const complete: ProviderCheckOptions = {
		...options,
		slowModel: `${options.model}#latency-ms=20000`,
		deterministic: true,
		secrets: [WRONG_KEY],
		broken: () => provider(WRONG_KEY),
	};

	for (const check of providerChecks(complete)) {
		it(check.name, async () => {
			const skipped = await check.run(provider());
			expect(skipped ?? 'runs').toMatch(/^runs$|nothing to close/);
		});
	}
});
