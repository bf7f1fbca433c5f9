import { Child } from '../harness/children.ts';
import { placeHelpers } from '../harness/pin.ts';
import { percentile } from '../harness/stats.ts';
import type { PacedReport, PacedTask } from '../load/paced-types.ts';
import { BRIEF_MODEL, chatRequest, OPENAI_PATH } from '../payloads.ts';
import type { BudgetId } from '../report/budgets.ts';
import type { Findings } from '../report/findings.ts';
import type { Service, Stage } from '../stage.ts';
import { present } from './load-cost.ts';
import { runStreams, withStreams } from './streams.ts';

const CONNECTIONS = 64;
const STREAMS = 50;

/** Share of the slices that counts as undisturbed. */
const UNDISTURBED = 0.1;

/**
 * How much later the slowest hundredth is answered through the subject than by the upstream itself. Taken in many short slices
 * in turns, and for each service one of the best of its slices: what else happens on the machine only ever adds. nginx is measured
 * along, because part of what is added is the price of any hop on this machine.
 */
async function addedP99(
	stage: Stage,
	findings: Findings,
	what: { id: BudgetId; name: string },
	sample: (service: Service, model: string) => Promise<number[]>,
): Promise<void> {
	const services = present([stage.upstream, stage.nginx, stage.subject]);
	placeHelpers(stage.subject.child.pid, 'others');
	const slices = new Map(services.map((service) => [service, [] as number[]]));
	for (let slice = 0; slice < stage.options.effort.slices; slice++) {
		for (const [service, p99s] of slices) {
			const model = service === stage.subject ? stage.subjectType.briefModel : BRIEF_MODEL;
			p99s.push(percentile(await sample(service, model), 0.99));
		}
	}
	placeHelpers(stage.subject.child.pid, 'subject');
	const p99 = (service: Service): number => percentile(slices.get(service) ?? [], UNDISTURBED);
	findings.figure(what.id, p99(stage.subject) - p99(stage.upstream));
	for (const service of services) findings.detail(what.name, service.name, { 'ms p99': p99(service) });
}

async function paced(generator: Child, service: Service, model: string, perSecond: number, ms: number): Promise<number[]> {
	const { port, headers } = service;
	const task: PacedTask = { port, headers, path: OPENAI_PATH, body: chatRequest(model), connections: CONNECTIONS, perSecond, ms };
	generator.send({ ...task });
	const report = (await generator.message(ms + 10_000)) as PacedReport;
	if (report.errors > 0) throw new Error(`${report.errors} requests to ${service.name} failed`);
	return report.latenciesMs;
}

/** Requests at half the rate at which the subject is saturated. */
export async function measureLatency(stage: Stage, findings: Findings, saturation: number): Promise<void> {
	const perSecond = Math.round(saturation / 2);
	const generator = Child.script(new URL('../load/paced.ts', import.meta.url), [], 'others');
	await generator.message(10_000);
	const what = { id: 'latency', name: `answer, ${perSecond} requests/s` } as const;
	await addedP99(stage, findings, what, (service, model) =>
		paced(generator, service, model, perSecond, stage.options.effort.sliceMs),
	);
	await generator.stop();
}

/** Fifty streams at once, short ones, so that many begin. */
export async function measureFirstPiece(stage: Stage, findings: Findings): Promise<void> {
	const what = { id: 'first-token', name: `first piece, ${STREAMS} streams at once` } as const;
	await withStreams(async (generator) => {
		await addedP99(stage, findings, what, async (service, model) => {
			const report = await runStreams(
				generator,
				{ ...service, model },
				{ streams: STREAMS, ms: stage.options.effort.sliceMs, brief: true },
			);
			return report.firstMs;
		});
	});
}
