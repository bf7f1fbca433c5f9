import type { JsonObject } from '../../spec/index.ts';
import { pick } from '../core/ids.ts';
import { evenPieces, streamPieces, wordPieces } from '../core/tokens.ts';
import type { Frame } from '../core/types.ts';
import type { Answer, Block } from './answer.ts';
import { inputCounts, messageHead, messageUsage, outputDetails } from './body.ts';

const CHARS_PER_TOKEN = 4;
/** Characters of a tool's input in one delta. */
const INPUT_PIECE = 12;

const PING: Frame = { text: 'event: ping\ndata: {"type": "ping"}\n\n', part: 'start', tokens: 0 };

/** Writes the events of one answer. */
class Writer {
	readonly #seed: string;
	readonly #chunks: number | undefined;
	#written = 0;

	constructor(seed: string, chunks: number | undefined) {
		this.#seed = seed;
		this.#chunks = chunks;
	}

	/** An event. The vendor pads its data with spaces, so that sizes tell less of the text. */
	event(type: string, fields: JsonObject, part: Frame['part'], tokens = 0): Frame {
		const data = JSON.stringify({ type, ...fields });
		const padding = ' '.repeat(pick(`${this.#seed}${this.#written++}`, 16));
		return { text: `event: ${type}\ndata: ${data.slice(0, -1)}${padding}}\n\n`, part, tokens };
	}

	#delta(index: number, delta: JsonObject, characters: number): Frame {
		return this.event('content_block_delta', { index, delta }, 'delta', characters / CHARS_PER_TOKEN);
	}

	#texts(index: number, type: string, field: string, pieces: string[]): Frame[] {
		return pieces.map((piece) => this.#delta(index, { type, [field]: piece }, piece.length));
	}

	/** The deltas of a block. */
	#deltas(block: Block, index: number): Frame[] {
		switch (block.type) {
			case 'thinking': {
				const thought = this.#texts(index, 'thinking_delta', 'thinking', wordPieces(block.thinking));
				return [...thought, this.#delta(index, { type: 'signature_delta', signature: block.signature }, 0)];
			}
			case 'text': {
				const pieces = streamPieces(block.text, this.#chunks);
				return this.#texts(index, 'text_delta', 'text', pieces);
			}
			case 'tool_use': {
				const pieces = ['', ...evenPieces(block.input, Math.ceil(block.input.length / INPUT_PIECE))];
				return this.#texts(index, 'input_json_delta', 'partial_json', pieces);
			}
			case 'redacted_thinking':
				return [];
		}
	}

	/** All events of a block. */
	block(block: Block, index: number): Frame[] {
		return [
			this.event('content_block_start', { index, content_block: empty(block) }, 'start'),
			...this.#deltas(block, index),
			this.event('content_block_stop', { index }, 'start'),
		];
	}
}

/** A block as it stands before its deltas. */
function empty(block: Block): JsonObject {
	switch (block.type) {
		case 'thinking':
			return { type: 'thinking', thinking: '', signature: '' };
		case 'text':
			return { type: 'text', text: '' };
		case 'tool_use':
			return { type: 'tool_use', id: block.id, name: block.name, input: {}, caller: { type: 'direct' } };
		case 'redacted_thinking':
			return { ...block };
	}
}

/** The answer as a stream of events. `chunks`: into how many deltas to cut the text. */
export function framesOf(answer: Answer, chunks: number | undefined): Frame[] {
	const writer = new Writer(answer.id, chunks);
	const { outputTokens } = answer.outcome;
	const message = {
		...messageHead(answer),
		content: [],
		stop_reason: null,
		stop_sequence: null,
		stop_details: null,
		usage: messageUsage(answer, Math.min(1, outputTokens)),
	};
	// Thinking that is not shown was spent before the first event.
	const shown = answer.blocks.some((block) => block.type === 'thinking' && block.thinking !== '');
	const start = writer.event('message_start', { message }, 'start', shown ? 0 : answer.outcome.reasoningTokens);
	const blocks = answer.blocks.map((block, index) => writer.block(block, index));
	const [first = [], ...others] = blocks;
	const [opening, ...deltas] = first;
	const delta = { stop_reason: answer.stopReason, stop_sequence: answer.stopSequence, stop_details: answer.stopDetails };
	const usage = { ...inputCounts(answer.input), output_tokens: outputTokens, ...outputDetails(answer) };
	return [
		start,
		...(opening === undefined ? [] : [opening]),
		PING,
		...deltas,
		...others.flat(),
		writer.event('message_delta', { delta, usage }, 'end'),
		writer.event('message_stop', {}, 'end'),
	];
}
