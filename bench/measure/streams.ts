import { Child } from '../harness/children.ts';
import { usageOf } from '../harness/cpu.ts';
import { median } from '../harness/stats.ts';
import type { StreamReport, StreamTask } from '../load/stream-types.ts';
import { chatRequest, OPENAI_PATH } from '../payloads.ts';
import type { Findings } from '../report/findings.ts';
import { PIECES, type Service, type Stage } from '../stage.ts';
import { present, ratio } from './load-cost.ts';

const STREAMS = 100;
/** Time a stream may take beyond the time in which streams are started, in ms. */
const TAIL_MS = 15_000;

export interface StreamPlan {
	streams: number;
	/** Time in which streams are started. */
	ms: number;
	/** The model is the one of short streams. */
	brief?: boolean;
}

/** Streams at once through a service. Throws when any fails or a piece is missing. */
export async function runStreams(
	generator: Child,
	service: Service,
	{ streams, ms, brief = false }: StreamPlan,
): Promise<StreamReport> {
	const { port, headers, model } = service;
	const body = chatRequest(model, { stream: true });
	const task: StreamTask = { port, headers, path: OPENAI_PATH, body, streams, ms, pauseMs: brief ? 50 : 200, until: 0 };
	generator.send({ ...task });
	const report = (await generator.message(ms + TAIL_MS)) as StreamReport;
	const expected = brief ? PIECES / 10 : PIECES;
	if (report.errors > 0 || report.pieces !== report.streams * expected) {
		const seen = `${report.errors} streams failed, ${report.pieces} pieces came in ${report.streams} streams of ${expected}`;
		throw new Error(`streams through ${service.name}: ${seen}. ${report.complaint ?? ''}`);
	}
	return report;
}

/** Does something with a generator of streams at hand. */
export async function withStreams(work: (generator: Child) => Promise<void>): Promise<void> {
	const generator = Child.script(new URL('../load/streams.ts', import.meta.url), [], 'others');
	await generator.message(10_000);
	await work(generator);
	await generator.stop();
}

/** A hundred streams at once, a piece every 10 ms each: CPU time per piece. */
export async function measureStreams(stage: Stage, findings: Findings): Promise<void> {
	const { rounds, streamMs } = stage.options.effort;
	const services = present([stage.nginx, stage.subject, stage.toAnthropic, stage.toGemini]);
	const costs = new Map(services.map((service) => [service, [] as number[]]));
	await withStreams(async (generator) => {
		for (const service of services) await runStreams(generator, service, { streams: STREAMS, ms: streamMs / 2 });
		for (let round = 0; round < rounds; round++) {
			for (const [service, cpuUs] of costs) {
				const before = usageOf(service.child.pid).cpuMs;
				const report = await runStreams(generator, service, { streams: STREAMS, ms: streamMs });
				cpuUs.push(((usageOf(service.child.pid).cpuMs - before) * 1000) / report.pieces);
			}
		}
	});
	const of = (service: Service | undefined): number[] | undefined => (service === undefined ? undefined : costs.get(service));
	findings.figure('stream-same-dialect', ratio(of(stage.subject), of(stage.nginx)));
	findings.figure('stream-to-anthropic', ratio(of(stage.toAnthropic), of(stage.nginx)));
	findings.figure('stream-to-gemini', ratio(of(stage.toGemini), of(stage.nginx)));
	for (const [service, cpuUs] of costs) {
		findings.detail(`${STREAMS} streams of ${PIECES} pieces`, service.name, { 'CPU us per piece': median(cpuUs) });
	}
}
