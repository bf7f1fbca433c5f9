/**
 * `npm run test:live`: the provider conformance suite and a few scenarios against whatever is really there: model servers that answer on
 * this machine, and every provider whose key is set. Costs a few hundred tokens each; what it cost is printed at the end. Ends with 1
 * when something failed.
 *
 *     npm run test:live                          all there is
 *     npm run test:live -- --only openai,ollama  these alone
 *     npm run test:live -- --full                at hosted providers too, the checks that cost more
 *
 * `<TYPE>_MODEL` chooses a model, `<TYPE>_BASE_URL` an address, as everywhere.
 */
import { parseArgs } from 'node:util';
import { dollars } from '../../src/cli/in-process/cost.ts';
import { loadConfig } from '../../src/config/index.ts';
import { Relais } from '../../src/engine/index.ts';
import { createServer } from '../../src/server/index.ts';
import { createLogger } from '../../src/telemetry/log/index.ts';
import type { CheckResult } from '../../src/testing/index.ts';
import { conformance } from './conformance.ts';
import { Meter } from './meter.ts';
import { scenarios } from './scenarios.ts';
import { type Target, targetsOf } from './targets.ts';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, full: { type: 'boolean', default: false } } });
const only = values.only.split(',').filter(Boolean);

const KEY = 'rk-live-tests-only';
const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, overrides: { port: 0, host: '127.0.0.1' } });
const keys = [{ name: 'live', key: KEY, models: ['*'], origin: 'test/live' }];
let meter = new Meter(true);
const relais = await Relais.create({
	config: { ...loaded.config, keys, auth: { mode: 'keys' }, routes: [] },
	logger: createLogger('silent'),
	onFinished: ({ usage, attempts }) => {
		const target = relais.state.table.resolve(attempts.at(-1)?.target ?? '')?.targets[0];
		meter.add(usage, target?.info);
	},
});
const server = createServer({ relais });
const url = await server.listen('127.0.0.1', 0);
await relais.discoverModels('all');

const { targets, skipped } = targetsOf(relais, loaded, only);
const meters: Meter[] = [];
let failed = 0;
for (const target of targets) failed += await tested(target);
await server.close(0);
await relais.close();

if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n')}`);
const total = meters.reduce((sum, { costUsd }) => (sum === null || costUsd === null ? null : sum + costUsd), 0 as number | null);
console.log(
	`\n${targets.length} providers tested, ${failed} checks failed, ${skipped.length} providers skipped; cost ${dollars(total)}`,
);
process.exitCode = failed > 0 ? 1 : 0;

/** Tests one provider and tells how it went; resolves to the number of failures. */
async function tested(target: Target): Promise<number> {
	const { provider, chat, embedding } = target;
	meter = new Meter(target.local);
	meters.push(meter);
	console.log(
		`\n${provider.name} (${provider.title}): ${chat?.id ?? embedding?.id ?? 'no model is known; set its default model'}`,
	);
	const results = await resultsOf(target);
	for (const result of results) console.log(line(result));
	const { answers, inputTokens, outputTokens, costUsd } = meter;
	console.log(`  ${answers} answers, ${inputTokens} tokens in, ${outputTokens} out, ${dollars(costUsd)}`);
	return results.filter(({ outcome }) => outcome === 'failed').length;
}

/** All checks; where the key is refused, that alone, since every other would fail for it. */
async function resultsOf(target: Target): Promise<CheckResult[]> {
	const provider = relais.state.providers.find(({ name }) => name === target.provider.name);
	const health = await provider?.isHealthy({ signal: AbortSignal.timeout(60_000), requestId: 'live', warn: () => undefined });
	if (health?.error?.code === 'provider_auth')
		return [{ name: 'reports that it is healthy', outcome: 'failed', detail: `${health.detail}; nothing else was tried` }];
	return [...(await conformance(target, meter, values.full)), ...(await scenarios({ url, key: KEY, target }))];
}

function line({ name, outcome, detail }: CheckResult): string {
	const safe = [...targets].reduce((text, { config }) => text.replaceAll(config.apiKey ?? KEY, '[key]'), detail ?? '');
	return `  ${outcome.padEnd(7)} ${name}${safe === '' ? '' : `: ${safe}`}`;
}
