import { Child } from '../harness/children.ts';
import { median, percentile } from '../harness/stats.ts';
import type { PacedReport, PacedTask } from '../load/paced-types.ts';
import { BRIEF_MODEL, chatRequest, OPENAI_PATH } from '../payloads.ts';
import type { BudgetId } from '../report/budgets.ts';
import type { Findings } from '../report/findings.ts';
import type { Service, Stage } from '../stage.ts';
import { runStreams, withStreams } from './streams.ts';

const CONNECTIONS = 64;
const STREAMS = 50;

/**
 * How much later the slowest hundredth is answered through the subject than by the upstream itself. Taken in many short slices
 * in turns, and of these the median: on a machine that does other things too, a few slices are spoilt, whoever they belong to.
 */
async function addedP99(
	stage: Stage,
	findings: Findings,
	what: { id: BudgetId; name: string },
	sample: (service: Service, model: string) => Promise<number[]>,
): Promise<void> {
	const direct: number[] = [];
	const through: number[] = [];
	for (let slice = 0; slice < stage.options.effort.slices; slice++) {
		direct.push(percentile(await sample(stage.upstream, BRIEF_MODEL), 0.99));
		through.push(percentile(await sample(stage.subject, stage.subjectType.briefModel), 0.99));
	}
	findings.figure(what.id, median(through.map((value, slice) => value - (direct[slice] ?? Number.NaN))));
	findings.detail(what.name, 'upstream', { 'ms p99': median(direct) });
	findings.detail(what.name, stage.subject.name, { 'ms p99': median(through) });
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
