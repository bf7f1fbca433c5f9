import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import echo from '../../examples/provider-module/echo.ts';
import { shipped } from '../../test/support/providers.ts';
import { DEMO_VENDORS, type RunningSimulator, type Simulators, startSimulators } from '../simulators/index.ts';
import type { Provider } from '../spec/index.ts';
import { createTestHost, type ProviderCheckOptions, providerChecks, testSettings } from './index.ts';

let simulators: Simulators;
const host = createTestHost();
beforeAll(async () => {
	simulators = await startSimulators({ vendors: [...DEMO_VENDORS, { name: 'sim-gemini', kind: 'gemini' }] });
});
afterAll(async () => {
	await host.close();
	await simulators.close();
});

function simulator(name: string): RunningSimulator {
	const found = simulators.vendors.find((vendor) => vendor.name === name);
	if (found === undefined) throw new Error(`no simulator ${name}`);
	return found;
}

function provider(type: string, vendor: string, apiKey = simulator(vendor).apiKey): Provider {
	const { baseUrl } = simulator(vendor);
	return shipped({ type, baseUrl, apiKey }, host);
}

const WRONG_KEY = 'sk-wrong-key-that-nobody-may-see';

const WIRE_PROVIDERS: [type: string, vendor: string, options: ProviderCheckOptions][] = [
	['openai', 'sim-openai', { model: 'gpt-4o' }],
	['openai', 'sim-openai', { model: 'gpt-5.6' }],
	['anthropic', 'sim-anthropic', { model: 'claude-sonnet-4-5' }],
	['openai-compatible', 'sim-local', { model: 'gemma-3-27b', tools: true }],
	['openai-responses-compatible', 'sim-openai', { model: 'gpt-4o', tools: true }],
	['openai-responses-compatible', 'sim-openai', { model: 'gpt-5.6', tools: true }],
	['gemini', 'sim-gemini', { model: 'gemini-2.5-flash', tools: true }],
	['anthropic-compatible', 'sim-anthropic', { model: 'claude-opus-4-6', tools: true }],
];

describe.each(WIRE_PROVIDERS)('a provider of type %s at %s', (type, vendor, options) => {
	const complete: ProviderCheckOptions = {
		...options,
		slowModel: `${options.model}#latency-ms=20000`,
		deterministic: true,
		secrets: [WRONG_KEY],
		broken: () => (vendor === 'sim-local' ? nowhere() : provider(type, vendor, WRONG_KEY)),
	};

	/** A local server asks for no key: it is broken when nobody listens. */
	function nowhere(): Provider {
		return shipped({ type, baseUrl: 'http://127.0.0.1:9/v1', apiKey: WRONG_KEY }, host);
	}

	for (const check of providerChecks(complete)) {
		it(check.name, async () => {
			const skipped = await check.run(provider(type, vendor));
			expect(skipped ?? 'runs').toMatch(/^runs$|nothing to close/);
		});
	}
});

describe('the example of a provider module', () => {
	it.each(providerChecks({ model: 'shout', deterministic: true }))('$name', async (check) => {
		const skipped = await check.run(echo.create(testSettings({ type: 'echo' }), host));
		expect(skipped ?? 'runs').toMatch(/^runs$|nothing to close|calls no tools|no broken provider|speaks for itself/);
	});
});
