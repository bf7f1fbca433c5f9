import { isObject, tryParse } from '../../../src/lib/json.ts';
import type { Dialect, JsonObject, Usage } from '../../../src/spec/index.ts';
import { accumulate as accumulateMessage, parseEvents } from '../../support/anthropic/accumulate.ts';
import { accumulate as accumulateChunks, framesOf as chatFramesOf, chunksOf } from '../../support/openai-chat/accumulate.ts';
import { type Canonical, DIALECT_OF, decodeAnswer, framesOf, partsOf } from './canonical.ts';
import { short } from './expected.ts';
import type { Answer, SurfaceName } from './recordings.ts';

const CONTEXT = { model: 'shown-model', now: 0, id: 'fallback', streamUsage: true };

/** An answer after its own dialect decoded it and wrote it again. */
export function rewritten(answer: Answer): Buffer {
	const dialect = DIALECT_OF[answer.own];
	if (answer.streamed) {
		const encoder = dialect.streamEncoder(CONTEXT);
		return Buffer.from(
			partsOf(dialect, answer.bytes)
				.map((part) => (part.type === 'error' ? dialect.encodeStreamError(part.error, 'id') : encoder.push(part)))
				.join(''),
		);
	}
	const { value } = dialect.decodeResponse(tryParse(answer.bytes.toString('utf8')) ?? null);
	return Buffer.from(JSON.stringify(dialect.encodeResponse(value, CONTEXT).value));
}

/** Everything the bytes of an answer say, however they are cut into events. */
const ACCUMULATE: { [surface in SurfaceName]: (bytes: Buffer) => unknown } = {
	chat: (bytes) => accumulateChunks(chunksOf(chatFramesOf(bytes.toString('utf8')))),
	messages: (bytes) => accumulateMessage(parseEvents(bytes.toString('utf8'))),
};

export function everything(answer: Answer, bytes: Buffer): unknown {
	return answer.streamed ? ACCUMULATE[answer.own](bytes) : JSON.parse(bytes.toString('utf8'));
}

/** A copy without what a dialect keeps for itself: the meaning of an answer. */
export function meaning(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(meaning);
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key, each]) => key !== 'extensions' && each !== undefined)
			.map(([key, each]) => [key, meaning(each)]),
	);
}

/** Where two values differ, a line for each place. */
export function differences(is: unknown, should: unknown, path = ''): string[] {
	if (JSON.stringify(is) === JSON.stringify(should)) return [];
	if (isObject(is) && isObject(should)) {
		const keys = new Set([...Object.keys(is), ...Object.keys(should)]);
		return [...keys].flatMap((key) => differences(is[key], should[key], path === '' ? key : `${path}.${key}`));
	}
	if (Array.isArray(is) && Array.isArray(should) && is.length === should.length) {
		return is.flatMap((item, index) => differences(item, should[index], `${path}[${index}]`));
	}
	return [`${path}: ${short(is)} in place of ${short(should)}`];
}

/** What the forwarded answer and the rewritten one mean, compared. */
export function compareLanes(answer: Answer, forwarded: Buffer): string[] {
	const dialect = DIALECT_OF[answer.own];
	const through = decodeAnswer(dialect, { ...answer, bytes: forwarded });
	const again = decodeAnswer(dialect, { ...answer, bytes: rewritten(answer) });
	return differences(meaning(facts(again)), meaning(facts(through)));
}

function facts({ response, error, complete }: Canonical): unknown {
	return { response, error: error && { code: error.code, status: error.status, message: error.message }, complete };
}

/** What the tap of the pass-through lane saw of an answer. */
export interface Tapped {
	usage: Usage | undefined;
	finish: string | undefined;
	model: string | undefined;
	complete: boolean;
	error: string | undefined;
	dropped: number;
	closing: string;
}

export function tapped(dialect: Dialect, answer: Answer, dropUsage: boolean): Tapped {
	if (!answer.streamed) {
		const whole = dialect.tapResponse(tryParse(answer.bytes.toString('utf8')) ?? null);
		return { ...whole, complete: true, error: undefined, dropped: 0, closing: '' };
	}
	const tap = dialect.streamTap({ dropUsage });
	let dropped = 0;
	for (const frame of framesOf(answer.bytes)) {
		if (tap.frame(frame) === 'drop') dropped++;
		if (tap.error !== undefined) break;
	}
	const { usage, finish, model, complete, error } = tap;
	return { usage, finish, model, complete, error: error?.message, dropped, closing: complete ? tap.closing() : '' };
}

/** What the tap and the decoder make of an answer, compared. */
export function compareTap(answer: Answer, canonical: Canonical): string[] {
	const seen = tapped(DIALECT_OF[answer.own], answer, false);
	const { response, error, complete } = canonical;
	const stop = response.candidates.find((candidate) => candidate.index === 0)?.stop ?? response.candidates[0]?.stop;
	const should: JsonObject = { error: error?.message, complete };
	const is: JsonObject = { error: seen.error, complete: seen.complete };
	const lines = differences(is, should);
	lines.push(...differences(seen.usage, response.usage, 'usage'));
	if (error === undefined)
		lines.push(...differences({ finish: seen.finish, model: seen.model }, { finish: stop?.raw, model: response.model }));
	return lines;
}
