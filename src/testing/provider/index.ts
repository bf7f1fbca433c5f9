import type { Provider } from '../../spec/index.ts';
import { type Check, type CheckResult, runChecks } from '../check.ts';
import { ANSWERS } from './answers.ts';
import { COURSE } from './course.ts';
import { CLOSING, FACTS } from './facts.ts';
import { FAILURES } from './failures.ts';
import { complete, type ProviderCheckOptions } from './options.ts';
import { TOOLS } from './tools.ts';
import { type Bodies, providerCheck } from './trial.ts';
import { WIRE } from './wire.ts';

export type { ProviderCheckOptions } from './options.ts';

const CHECKS: Bodies = { ...FACTS, ...WIRE, ...FAILURES, ...ANSWERS, ...TOOLS, ...COURSE, ...CLOSING };

/**
 * What every provider must hold to, for any test runner:
 *
 *     for (const check of providerChecks({ model: 'shout' })) test(check.name, () => check.run(provider));
 *
 * Run them in order: the last one closes the provider. They make about thirty short calls to the model.
 */
export function providerChecks(options: ProviderCheckOptions): Check<Provider>[] {
	const settings = complete(options);
	return Object.entries(CHECKS).map(([name, body]) => providerCheck(name, settings, body));
}

/** Runs all checks on a provider, in order, and closes it. Never rejects. */
export function checkProvider(provider: Provider, options: ProviderCheckOptions): Promise<CheckResult[]> {
	return runChecks(providerChecks(options), provider);
}
