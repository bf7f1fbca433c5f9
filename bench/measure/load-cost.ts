import { usageOf } from '../harness/cpu.ts';
import { median } from '../harness/stats.ts';
import { runLoad } from '../load/index.ts';
import { OPENAI_PATH } from '../payloads.ts';
import type { Service, Stage } from '../stage.ts';

/** What one service took in each round. */
export interface Cost {
	service: Service;
	/** CPU time per request, in microseconds. */
	cpuUs: number[];
	perSecond: number[];
}

export interface LoadPlan {
	body: (model: string) => string;
	connections: number;
	seconds: number;
	rounds: number;
}

/** Loads the services in turns, round after round, and counts the CPU time that each takes for a request. */
export async function loadCosts(stage: Stage, services: readonly Service[], plan: LoadPlan): Promise<Cost[]> {
	const costs = services.map((service): Cost => ({ service, cpuUs: [], perSecond: [] }));
	for (let round = 0; round < plan.rounds; round++) {
		for (const cost of costs) {
			const { port, headers, model, child } = cost.service;
			const { connections, seconds } = plan;
			const before = usageOf(child.pid).cpuMs;
			const report = await runLoad(
				{ port, path: OPENAI_PATH, headers, body: plan.body(model), connections, seconds },
				stage.folder,
			);
			cost.cpuUs.push(((usageOf(child.pid).cpuMs - before) * 1000) / report.requests);
			cost.perSecond.push(report.requests / report.seconds);
		}
	}
	return costs;
}

/** The median of the rounds' ratios: what disturbs the machine for a while disturbs both sides of a round. */
export function ratio(of: readonly number[] | undefined, to: readonly number[] | undefined): number | undefined {
	if (of === undefined || to === undefined) return undefined;
	return median(of.map((value, round) => value / (to[round] ?? Number.NaN)));
}

export function present(services: readonly (Service | undefined)[]): Service[] {
	return services.filter((service) => service !== undefined);
}

/** The cost of one service among several; undefined where it did not take part. */
export function costOf(costs: readonly Cost[], service: Service | undefined): Cost | undefined {
	return costs.find((cost) => cost.service === service);
}
