import { join } from 'node:path';
import { findNginx, startNginx } from './baselines/nginx.ts';
import { Child, freePort } from './harness/children.ts';
import { answering } from './harness/ready.ts';
import type { Options } from './options.ts';
import { chatRequest, MODEL, OPENAI_PATH } from './payloads.ts';
import { bareProxy, type Subject, subjectOf } from './subjects.ts';

/** Pieces of a streamed answer, and the time between two. */
export const PIECES = 100;
const PIECE_EVERY_MS = 10;

/** Something that answers chat requests: the subject, a baseline, or the upstream itself. */
export interface Service {
	name: string;
	child: Child;
	port: number;
	headers: { [name: string]: string };
	model: string;
}

/** All processes of a run. */
export interface Stage {
	options: Options;
	/** A folder for files, removed at the end. */
	folder: string;
	subjectType: Subject;
	upstream: Service;
	/** Undefined where it is not installed. */
	nginx: Service | undefined;
	bare: Service;
	subject: Service;
	/** The subject on its way to other dialects. */
	toAnthropic: Service | undefined;
	toGemini: Service | undefined;
}

async function started(
	name: string,
	child: Child,
	port: number,
	headers: Service['headers'] = {},
	model = MODEL,
): Promise<Service> {
	await answering(child, { port, path: OPENAI_PATH, headers, body: chatRequest(model) });
	return { name, child, port, headers, model };
}

async function startUpstream(): Promise<Service> {
	const port = await freePort();
	const script = new URL('./upstream.ts', import.meta.url);
	const child = Child.script(script, [String(port), String(PIECES), String(PIECE_EVERY_MS)], 'others');
	return started('upstream', child, port);
}

/** Starts one more instance of a subject. */
export async function startSubject(subject: Subject, folder: string, upstreamPort: number): Promise<Service> {
	const port = await freePort();
	return started(subject.name, subject.start(folder, port, upstreamPort), port, subject.headers, subject.model);
}

async function startBaseline(folder: string, upstreamPort: number): Promise<Service | undefined> {
	const program = findNginx();
	if (program === undefined) return undefined;
	const port = await freePort();
	return started('nginx', startNginx(program, join(folder, 'nginx'), port, upstreamPort), port);
}

export async function setStage(options: Options, folder: string): Promise<Stage> {
	const subjectType = subjectOf(options.subject);
	const upstream = await startUpstream();
	const nginx = await startBaseline(folder, upstream.port);
	const bare = await startSubject(bareProxy, folder, upstream.port);
	const subject = await startSubject(subjectType, join(folder, 'subject'), upstream.port);
	const to = (vendor: 'anthropic' | 'gemini'): Service | undefined => {
		const model = subjectType.translated?.[vendor];
		return model === undefined ? undefined : { ...subject, name: `${subject.name} to ${vendor}`, model };
	};
	return { options, folder, subjectType, upstream, nginx, bare, subject, toAnthropic: to('anthropic'), toGemini: to('gemini') };
}

export async function clearStage(stage: Stage): Promise<void> {
	for (const service of [stage.subject, stage.bare, stage.nginx, stage.upstream]) await service?.child.stop();
}
