import type { JsonObject } from '../../spec/index.ts';
import type { HostedBlock } from '../core/hosted.ts';
import { pick } from '../core/ids.ts';
import { evenPieces, streamPieces, wordPieces } from '../core/tokens.ts';
import type { Frame } from '../core/types.ts';
import { type Answer, callId, signs, usageOf } from './answer.ts';
import { eventMessage } from './eventstream.ts';

const CHARS_PER_TOKEN = 4;
/** Characters of a tool's input in one delta. */
const INPUT_PIECE = 12;
/** The service hides the sizes of its events with a beginning of this text. */
const PADDING = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Writes the messages of one answer. */
class Writer {
	readonly #answer: Answer;
	readonly #chunks: number | undefined;
	#written = 0;

	constructor(answer: Answer, chunks: number | undefined) {
		this.#answer = answer;
		this.#chunks = chunks;
	}

	/** A message; its keys are in alphabetical order, as the service writes them. */
	event(type: string, fields: JsonObject, part: Frame['part'], tokens = 0): Frame {
		const p = PADDING.slice(0, 3 + pick(`${this.#answer.seed}${this.#written++}`, PADDING.length - 3));
		const payload: JsonObject = {};
		const whole: JsonObject = { ...fields, p };
		for (const key of Object.keys(whole).sort()) payload[key] = whole[key] ?? null;
		return { text: eventMessage(type, payload), part, tokens };
	}

	#delta(contentBlockIndex: number, delta: JsonObject, characters: number): Frame {
		return this.event('contentBlockDelta', { contentBlockIndex, delta }, 'delta', characters / CHARS_PER_TOKEN);
	}

	/** The deltas of a block. */
	#deltas(block: HostedBlock, index: number): Frame[] {
		switch (block.type) {
			case 'text': {
				const pieces = streamPieces(block.text, this.#chunks);
				return pieces.map((piece) => this.#delta(index, { text: piece }, piece.length));
			}
			case 'tool_use': {
				const pieces = evenPieces(block.input, Math.ceil(block.input.length / INPUT_PIECE));
				return pieces.map((piece) => this.#delta(index, { toolUse: { input: piece } }, piece.length));
			}
			case 'thinking': {
				const thought = wordPieces(block.thinking).map((piece) =>
					this.#delta(index, { reasoningContent: { text: piece } }, piece.length),
				);
				if (!signs(this.#answer)) return thought;
				return [...thought, this.#delta(index, { reasoningContent: { signature: block.signature } }, 0)];
			}
			case 'redacted_thinking': {
				const redactedContent = Buffer.from(block.data).toString('base64');
				return [this.#delta(index, { reasoningContent: { redactedContent } }, 0)];
			}
		}
	}

	/** All messages of a block: only calls are opened. */
	block(block: HostedBlock, index: number): Frame[] {
		const opened =
			block.type === 'tool_use'
				? [
						this.event(
							'contentBlockStart',
							{
								contentBlockIndex: index,
								start: {
									toolUse: {
										name: block.name,
										toolUseId: callId(this.#answer, index),
										...(signs(this.#answer) ? { type: 'tool_use' } : {}),
									},
								},
							},
							'start',
							block.name.length / CHARS_PER_TOKEN,
						),
					]
				: [];
		return [...opened, ...this.#deltas(block, index), this.event('contentBlockStop', { contentBlockIndex: index }, 'start')];
	}
}

/** The answer as a stream of binary messages. `chunks`: into how many deltas to cut the text. */
export function framesOf(answer: Answer, chunks: number | undefined): Frame[] {
	const writer = new Writer(answer, chunks);
	const { marks, stopReason } = answer;
	const shown = answer.blocks.some((block) => block.type === 'thinking' && block.thinking !== '');
	return [
		writer.event('messageStart', { role: 'assistant' }, 'start', shown ? 0 : answer.reasoningTokens),
		...answer.blocks.flatMap((block, index) => writer.block(block, index)),
		writer.event('messageStop', { stopReason }, 'end'),
		writer.event('metadata', { metrics: { latencyMs: 1 }, ...marks, usage: usageOf(answer) }, 'end'),
	];
}
