import { accumulate } from '../../lib/accumulate.ts';
import { frameScanner } from '../../lib/frame-scanner.ts';
import { partsOf } from '../../lib/parts-of.ts';
import type { ChatResponse, Dialect, JsonObject, StreamPart, Translated, Warning } from '../../spec/index.ts';
import type { Encoding } from './attempt.ts';
import { unwrapped } from './free-text.ts';
import { PartSink } from './lane.ts';
import { formless } from './own-form.ts';

/** Answers in the other form than was asked for: some vendors stream whether asked to or not, others never do. */

/** Told to the client, who waits for the first word as long as for the last. */
export const RECAST: Warning = {
	kind: 'changed',
	path: 'stream',
	message: 'The provider answered in the other form than was asked for (streamed or in one piece); its answer was converted.',
};

/** Whether a body is server-sent events, whatever it is called: no JSON begins like one. */
export function isEventStream(mediaType: string, body: Buffer): boolean {
	return mediaType === 'text/event-stream' || /^\s*(?:data|event|id|retry)?:/.test(body.toString('latin1', 0, 64));
}

/** The answer a streamed body tells. Throws the error it reports, and `stream_interrupted` where it is not whole. */
export function wholeOf(dialect: Dialect, body: Buffer): ChatResponse {
	const scanner = frameScanner(dialect.framing);
	const decoder = dialect.streamDecoder();
	const frames = scanner.push(body);
	const last = scanner.end();
	const parts: StreamPart[] = (last === undefined ? frames : [...frames, last])
		.filter((frame) => frame.data !== '')
		.flatMap((frame) => decoder.push(frame));
	return accumulate([...parts, ...decoder.end()]);
}

/** A whole answer in the client's words. */
export function answerFor(
	dialect: Dialect,
	response: ChatResponse,
	{ freeText, formless: from, ...context }: Encoding,
): Translated<JsonObject> {
	const plain = from === undefined ? response : formless(response, from);
	const told = freeText === undefined ? plain : unwrapped(plain, freeText);
	return dialect.encodeResponse(told, { ...context, streamUsage: true });
}

/** A whole answer as a client's stream, what could not be carried, and the answer where its end repeats it. */
export function toldAs(
	dialect: Dialect,
	response: ChatResponse,
	context: Encoding,
): { text: string; warnings: readonly Warning[]; answer: JsonObject | undefined } {
	const sink = new PartSink(dialect, context);
	let text = '';
	for (const part of partsOf(response)) text += sink.push(part);
	return { text, warnings: sink.warnings, answer: sink.answer };
}
