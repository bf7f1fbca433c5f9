import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVertexFront } from '../../../test/support/google/vertex-front.ts';
import { shipped } from '../../../test/support/providers.ts';
import type { Upstream } from '../../../test/support/upstream.ts';
import { type Simulators, startSimulators } from '../../simulators/index.ts';
import type { Provider } from '../../spec/index.ts';
import { createTestHost, type ProviderCheckOptions, providerChecks } from '../../testing/index.ts';

const TOKEN = 'ya29.the-token';
const WRONG_TOKEN = 'ya29.wrong-token-that-nobody-may-see';
const host = createTestHost();
let simulators: Simulators;
let front: Upstream;

beforeAll(async () => {
	simulators = await startSimulators({
		vendors: [
			{ name: 'sim-gemini', kind: 'gemini' },
			{ name: 'sim-anthropic', kind: 'anthropic' },
		],
	});
	const [gemini, anthropic] = simulators.vendors;
	if (gemini === undefined || anthropic === undefined) throw new Error('no simulators');
	front = await startVertexFront(TOKEN, gemini, anthropic);
});
afterAll(async () => {
	await host.close();
	await front.close();
	await simulators.close();
});

function provider(apiKey = TOKEN): Provider {
	return shipped({ type: 'vertex-ai', baseUrl: front.baseUrl, apiKey, options: { project: 'the-project' } }, host);
}

const MODELS: ProviderCheckOptions[] = [
	{ model: 'gemini-2.5-flash', tools: true },
	{ model: 'claude-sonnet-4-5@20250929', tools: true, unknownModel: 'claude-no-such-model' },
];

describe.each(MODELS)('Vertex AI with $model', (options) => {
	const complete: ProviderCheckOptions = {
		...options,
		slowModel: `${options.model}#latency-ms=20000`,
		deterministic: true,
		secrets: [WRONG_TOKEN],
		broken: () => provider(WRONG_TOKEN),
	};

	for (const check of providerChecks(complete)) {
		it(check.name, async () => {
			const skipped = await check.run(provider());
			expect(skipped ?? 'runs').toMatch(/^runs$|nothing to close/);
		});
	}
});
