import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAccount } from '../../../test/support/google/token-server.ts';
import { shipped } from '../../../test/support/providers.ts';
import { type RunningSimulator, type Simulators, startSimulators } from '../../simulators/index.ts';
import type { JsonObject, Provider } from '../../spec/index.ts';
import { createTestHost, type ProviderCheckOptions, providerChecks } from '../../testing/index.ts';

const host = createTestHost();
let simulators: Simulators;

beforeAll(async () => {
	simulators = await startSimulators({ vendors: [{ name: 'sim-vertex', kind: 'vertex' }] });
});
afterAll(async () => {
	await host.close();
	await simulators.close();
});

function location(): RunningSimulator {
	const [found] = simulators.vendors;
	if (found === undefined) throw new Error('no simulator');
	return found;
}

/** The key file of the simulated account. */
function account(): JsonObject {
	return { type: 'service_account', ...location().serviceAccount };
}

function provider(credentials: JsonObject = account()): Provider {
	return shipped({ type: 'vertex-ai', baseUrl: location().baseUrl, options: { project: 'p', credentials } }, host);
}

const STRANGER = makeAccount();

const MODELS: ProviderCheckOptions[] = [
	{ model: 'gemini-2.5-flash', tools: true },
	{ model: 'gemini-3.5-flash', tools: true },
	{ model: 'claude-sonnet-4-5@20250929', tools: true, unknownModel: 'claude-no-such-model' },
];

describe.each(MODELS)('Vertex AI with $model', (options) => {
	const complete: ProviderCheckOptions = {
		...options,
		slowModel: `${options.model}#latency-ms=20000`,
		deterministic: true,
		secrets: [STRANGER.file('https://x').private_key ?? '', 'PRIVATE KEY'],
		broken: () => provider({ ...account(), ...STRANGER.file(`${location().baseUrl}/token`) }),
	};

	for (const check of providerChecks(complete)) {
		it(check.name, async () => {
			const skipped = await check.run(provider());
			expect(skipped ?? 'runs').toMatch(/^runs$|nothing to close/);
		});
	}
});
