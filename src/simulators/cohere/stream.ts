import type { JsonObject } from '../../spec/index.ts';
import { object, text } from '../core/json.ts';
import { evenPieces, streamPieces, wordPieces } from '../core/tokens.ts';
import type { Frame } from '../core/types.ts';
import { type Answer, citationObject, usageOf } from './answer.ts';

const CHARS_PER_TOKEN = 4;
/** Characters of a call's arguments in one delta. */
const ARGUMENT_PIECE = 12;

function event(type: string, fields: JsonObject, part: Frame['part'] = 'start', tokens = 0): Frame {
	const { id, ...rest } = fields;
	const data = id === undefined ? { type, ...rest } : { id, type, ...rest };
	return { text: `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`, part, tokens };
}

function message(fields: JsonObject): JsonObject {
	return { delta: { message: fields } };
}

/** A block of content: opened, written piece by piece, closed. `kind`: its type and its field. */
function block(index: number, kind: 'text' | 'thinking', pieces: string[]): Frame[] {
	return [
		event('content-start', { index, ...message({ content: { type: kind, [kind]: '' } }) }),
		...pieces.map((piece) =>
			event('content-delta', { index, ...message({ content: { [kind]: piece } }) }, 'delta', piece.length / CHARS_PER_TOKEN),
		),
		event('content-end', { index }),
	];
}

/** Citations come within the block, behind the words they belong to. */
function cited(frames: Frame[], answer: Answer, index: number, pieces: string[]): Frame[] {
	let at = 0;
	const open = answer.citations.map((citation, number) => ({ citation, number }));
	return frames.flatMap((frame, position) => {
		at += pieces[position - 1]?.length ?? 0;
		const due = open.filter(({ citation }) => citation.end <= at);
		open.splice(0, open.length, ...open.filter((one) => !due.includes(one)));
		return [
			frame,
			...due.flatMap(({ citation, number }) => [
				event('citation-start', { index: number, ...message({ citations: citationObject(citation, index) }) }),
				event('citation-end', { index: number }),
			]),
		];
	});
}

function call(made: JsonObject, index: number): Frame[] {
	const { name, arguments: input } = object(made.function);
	const opened = { ...made, function: { name: text(name), arguments: '' } };
	const pieces = evenPieces(text(input), Math.ceil(text(input).length / ARGUMENT_PIECE));
	return [
		event('tool-call-start', { index, ...message({ tool_calls: opened }) }, 'delta', text(name).length / CHARS_PER_TOKEN),
		...pieces.map((piece) =>
			event(
				'tool-call-delta',
				{ index, ...message({ tool_calls: { function: { arguments: piece } } }) },
				'delta',
				piece.length / CHARS_PER_TOKEN,
			),
		),
		event('tool-call-end', { index }),
	];
}

/** The answer as a stream of events. `chunks`: into how many deltas to cut the text. */
export function framesOf(answer: Answer, chunks: number | undefined): Frame[] {
	const { id, outcome, plan, calls, finishReason } = answer;
	const empty = { role: 'assistant', content: [], tool_plan: '', tool_calls: [], citations: [] };
	const thought = outcome.reasoning === '' ? [] : block(0, 'thinking', wordPieces(outcome.reasoning));
	const index = thought.length > 0 ? 1 : 0;
	const pieces = streamPieces(outcome.text, chunks);
	const said = outcome.text === '' ? [] : cited(block(index, 'text', pieces), answer, index, pieces);
	return [
		event('message-start', { id, ...message(empty) }),
		...thought,
		...wordPieces(plan).map((piece) => event('tool-plan-delta', message({ tool_plan: piece }))),
		...said,
		...calls.flatMap(call),
		event('message-end', { delta: { finish_reason: finishReason, usage: usageOf(answer) } }, 'end'),
	];
}
