import { loadCatalog } from '../../src/catalog/index.ts';
import type { ProviderConfig } from '../../src/config/index.ts';
import { ProviderRegistry } from '../../src/providers/index.ts';
import type { ModelInfo, Provider } from '../../src/spec/index.ts';
import {
	type CheckResult,
	createTestHost,
	type ProviderCheckOptions,
	providerChecks,
	runChecks,
} from '../../src/testing/index.ts';
import { type Meter, metered } from './meter.ts';
import type { Target } from './targets.ts';

/** Checks that ask for many answers, or for answers that are cut off and paid for all the same: at servers of one's own, or with --full. */
const COSTLY = /cancelled|leave a stream|concurrent|leaves a request/;

const WRONG_KEY = 'sk-relais-live-test-wrong-key';

/** What servers say of a model they do not have. */
const UNKNOWN_MODEL = [
	'model_not_found',
	'provider_not_found',
	'provider_rejected',
	'provider_forbidden',
	'model_retired',
] as const;

/** Servers with one model, which answers under any name. */
const ANY_NAME: ReadonlySet<string> = new Set(['llama-cpp', 'llamafile']);

/** Runs the provider conformance suite on a target, every answer counted. */
export async function conformance({ config, chat, local }: Target, meter: Meter, full: boolean): Promise<CheckResult[]> {
	if (chat === undefined) return [];
	const host = createTestHost();
	try {
		const make = (settings: ProviderConfig): Provider => new ProviderRegistry(loadCatalog()).create(settings, host);
		const info: ModelInfo | undefined = loadCatalog().model(config.type, chat.id);
		const checks = providerChecks(optionsOf(config, chat.id, local, make));
		const chosen = full || local ? checks : checks.filter(({ name }) => !COSTLY.test(name));
		const results = await runChecks(chosen, metered(make(config), meter, info));
		const left = checks.filter((check) => !chosen.includes(check));
		return [...results, ...left.map(({ name }) => ({ name, outcome: 'skipped' as const, detail: 'costs more; --full runs it' }))];
	} finally {
		await host.close();
	}
}

function optionsOf(
	config: ProviderConfig,
	model: string,
	local: boolean,
	make: (settings: ProviderConfig) => Provider,
): ProviderCheckOptions {
	const broken = (): Provider => make(local ? { ...config, baseUrl: 'http://127.0.0.1:9/v1' } : { ...config, apiKey: WRONG_KEY });
	return {
		model,
		unknownModel: ANY_NAME.has(config.type) ? false : 'relais-no-such-model',
		unknownModelCodes: UNKNOWN_MODEL,
		broken,
		secrets: [WRONG_KEY, ...(config.apiKey === undefined ? [] : [config.apiKey])],
		timeLimitMs: 120_000,
		cancelLimitMs: 5000,
	};
}
