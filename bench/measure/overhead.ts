import { median } from '../harness/stats.ts';
import { chatRequest, promptOfOneMegabyte } from '../payloads.ts';
import type { Findings } from '../report/findings.ts';
import type { Stage } from '../stage.ts';
import { type Cost, costOf, loadCosts, present, ratio } from './load-cost.ts';

const CONNECTIONS = 32;
const PROMPT_CONNECTIONS = 4;

function detail(findings: Findings, what: string, costs: readonly Cost[]): void {
	for (const { service, cpuUs, perSecond } of costs) {
		findings.detail(what, service.name, { 'CPU us per request': median(cpuUs), 'requests/s': median(perSecond) });
	}
}

/** Small requests, not streamed, as many as go through. Returns what the subject takes in a second. */
export async function measureOverhead(stage: Stage, findings: Findings): Promise<number> {
	const { effort } = stage.options;
	const services = present([stage.nginx, stage.subject, stage.bare, stage.translated]);
	const plan = {
		body: (model: string) => chatRequest(model),
		connections: CONNECTIONS,
		seconds: effort.loadSeconds,
		rounds: effort.rounds,
	};
	// What is compiled while it runs needs a while to reach its speed.
	const warming = services.filter((service) => service !== stage.nginx);
	await loadCosts(stage, warming, { ...plan, seconds: effort.warmUpSeconds, rounds: 1 });
	const costs = await loadCosts(stage, services, plan);
	const subject = costOf(costs, stage.subject);
	const nginx = costOf(costs, stage.nginx);
	findings.figure('same-dialect', ratio(subject?.cpuUs, nginx?.cpuUs));
	findings.figure('translated', ratio(costOf(costs, stage.translated)?.cpuUs, nginx?.cpuUs));
	findings.figure('bare-proxy', ratio(subject?.cpuUs, costOf(costs, stage.bare)?.cpuUs));
	detail(findings, `a request of 300 bytes, ${CONNECTIONS} connections`, costs);
	return median(subject?.perSecond ?? []);
}

/** A long context: a request of a megabyte. */
export async function measurePrompt(stage: Stage, findings: Findings): Promise<void> {
	const { effort } = stage.options;
	const services = present([stage.nginx, stage.subject, stage.translated]);
	const plan = {
		body: promptOfOneMegabyte,
		connections: PROMPT_CONNECTIONS,
		seconds: effort.promptSeconds,
		rounds: effort.rounds,
	};
	const costs = await loadCosts(stage, services, plan);
	findings.figure('prompt', ratio(costOf(costs, stage.subject)?.cpuUs, costOf(costs, stage.nginx)?.cpuUs));
	detail(findings, 'a request of 1 MB', costs);
}
