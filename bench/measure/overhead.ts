import { median } from '../harness/stats.ts';
import { runLoad } from '../load/index.ts';
import { chatRequest, OPENAI_PATH, promptOfOneMegabyte } from '../payloads.ts';
import type { Findings } from '../report/findings.ts';
import type { Service, Stage } from '../stage.ts';
import { type Cost, costOf, loadCosts, present, ratio } from './load-cost.ts';

const CONNECTIONS = 32;
const PROMPT_CONNECTIONS = 4;

function detail(findings: Findings, what: string, costs: readonly Cost[]): void {
	for (const { service, cpuUs, perSecond } of costs) {
		findings.detail(what, service.name, { 'CPU us per request': median(cpuUs), 'requests/s': median(perSecond) });
	}
}

/** Most seconds that one service is warmed up for. */
const WARM_UP_SECONDS = 8;

async function warmUp(stage: Stage, { port, headers, model }: Service): Promise<void> {
	const task = { port, path: OPENAI_PATH, headers, body: chatRequest(model), connections: CONNECTIONS, seconds: 1 };
	let left = stage.options.effort.warmUpRequests;
	for (let i = 0; i < WARM_UP_SECONDS && left > 0; i++) left -= (await runLoad(task, stage.folder)).requests;
}

/** Small requests, not streamed, as many as go through. Returns what the subject takes in a second. */
export async function measureOverhead(stage: Stage, findings: Findings): Promise<number> {
	const { effort } = stage.options;
	const services = present([stage.nginx, stage.subject, stage.bare, stage.toAnthropic, stage.toGemini]);
	const plan = {
		body: (model: string) => chatRequest(model),
		connections: CONNECTIONS,
		seconds: effort.loadSeconds,
		rounds: effort.rounds,
	};
	for (const service of present([stage.subject, stage.bare, stage.toAnthropic, stage.toGemini])) await warmUp(stage, service);
	const costs = await loadCosts(stage, services, plan);
	const subject = costOf(costs, stage.subject);
	const nginx = costOf(costs, stage.nginx);
	findings.figure('same-dialect', ratio(subject?.cpuUs, nginx?.cpuUs));
	findings.figure('to-anthropic', ratio(costOf(costs, stage.toAnthropic)?.cpuUs, nginx?.cpuUs));
	findings.figure('to-gemini', ratio(costOf(costs, stage.toGemini)?.cpuUs, nginx?.cpuUs));
	findings.figure('bare-proxy', ratio(subject?.cpuUs, costOf(costs, stage.bare)?.cpuUs));
	detail(findings, `a request of 300 bytes, ${CONNECTIONS} connections`, costs);
	return median(subject?.perSecond ?? []);
}

/** A long context: a request of a megabyte. */
export async function measurePrompt(stage: Stage, findings: Findings): Promise<void> {
	const { effort } = stage.options;
	const services = present([stage.nginx, stage.subject, stage.toAnthropic]);
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
