import { isObject, tryParse } from '../../../src/lib/json.ts';
import { SseScanner } from '../../../src/lib/sse.ts';
import { callWith } from './callers.ts';
import { otherOf } from './canonical.ts';
import type { Problems } from './own.ts';
import { list } from './reading.ts';
import type { Answer, SurfaceName } from './recordings.ts';
import { minimalRequest } from './requests.ts';
import { modelOf, recordOf, type Stage } from './stage.ts';

/** Whether an event says that the answer has ended, or that it fails. */
function isFinal(data: string): boolean {
	const event = tryParse(data);
	if (!isObject(event)) return data.trim() === '[DONE]';
	if (event.type === 'message_delta' || event.type === 'message_stop' || isObject(event.error)) return true;
	return list(event.choices).some((choice) => typeof choice.finish_reason === 'string' && choice.finish_reason !== '');
}

/** The same stream, broken off before anything said that it was over; undefined where nothing came before that. */
export function cutShort(answer: Answer): Answer | undefined {
	if (!answer.streamed) return undefined;
	const scanner = new SseScanner();
	const frames = scanner.push(answer.bytes);
	const end = frames.findIndex((frame) => isFinal(frame.data));
	const kept = frames.slice(0, end);
	if (end < 0 || !kept.some((frame) => frame.data !== '')) return undefined;
	const bytes = Buffer.concat(kept.map((frame) => frame.raw));
	return { ...answer, id: `${answer.id} cut short`, model: `${answer.model}:cut`, bytes, chunkSizes: undefined };
}

async function cutOn(stage: Stage, answer: Answer, surface: SurfaceName): Promise<Problems> {
	const outcome = await callWith(surface, stage.relais, minimalRequest(surface, modelOf(answer), true));
	const record = await recordOf(stage, outcome);
	const problems: Problems = [];
	// Before its first visible piece an answer can still be refused as a whole.
	const begun = outcome.headers.get('content-type')?.startsWith('text/event-stream') === true;
	if (record?.outcome !== (begun ? 'interrupted' : 'failed')) problems.push(`${surface}: recorded as ${record?.outcome}`);
	if (record?.error?.code !== 'stream_interrupted') problems.push(`${surface}: the cause is ${record?.error?.code}`);
	if (outcome.error?.official !== true) problems.push(`${surface}: the client takes it for whole`);
	return problems;
}

/** A stream that breaks off is reported as interrupted on both surfaces. */
export async function checkCut(stage: Stage, cut: Answer): Promise<Problems> {
	return [...(await cutOn(stage, cut, cut.own)), ...(await cutOn(stage, cut, otherOf(cut.own)))];
}
