import type {
	BlockEndPart,
	BlockStartPart,
	CitationDelta,
	MediaDelta,
	ReasoningDelta,
	TextDelta,
	ToolInputDelta,
} from '../../spec/index.ts';
import type { AnswerState } from '../shared/index.ts';
import { type BlockWriter, writerFor } from './stream-writers.ts';

/** More of a block. */
export type Delta = TextDelta | ReasoningDelta | ToolInputDelta | MediaDelta | CitationDelta;

interface Entry {
	writer: BlockWriter;
	/** What came while another block was open. */
	waiting: Delta[];
	ended: boolean;
}

/**
 * Brings blocks into the order clients of this dialect accept: one after another, numbered without gaps. The first open block is
 * told as it comes; what comes of others meanwhile waits until it has ended.
 */
export class BlockSequence {
	readonly #state: AnswerState;
	readonly #callId: (index: number) => string;
	readonly #entries = new Map<number, Entry>();
	/** Blocks that have not ended on the wire, in the order they began; the first is being told. */
	readonly #queue: Entry[] = [];
	readonly #ignored = new Set<number>();
	#next = 0;
	/** Whether the answer asks for a tool of the application's. */
	calls = false;

	constructor(state: AnswerState, callId: (index: number) => string) {
		this.#state = state;
		this.#callId = callId;
	}

	/** Text to write for a part of a block. */
	push(part: BlockStartPart | BlockEndPart | Delta): string {
		if (part.extensions !== undefined) this.#state.losses.extensions(part, 'content');
		if (part.type === 'block-start') return this.#open(part) + this.#advance();
		const entry = this.#entries.get(part.block);
		if (entry === undefined) {
			if (!this.#ignored.has(part.block))
				this.#state.losses.dropped('content', `A piece of block ${part.block} came without its start.`);
			return '';
		}
		if (part.type === 'block-end') entry.ended = true;
		else if (entry === this.#queue[0]) return entry.writer.delta(part);
		else entry.waiting.push(part);
		return this.#advance();
	}

	/** The answer is over: every block that is still open ends. */
	close(): string {
		for (const entry of this.#queue) entry.ended = true;
		return this.#advance();
	}

	#open(part: BlockStartPart): string {
		const { content, block } = part;
		if (part.candidate !== 0) {
			this.#ignored.add(block);
			this.#state.losses.dropped('candidates', 'Only the first answer is shown.');
			return '';
		}
		this.calls ||= content.type === 'tool-call' && content.providerExecuted === undefined;
		const writer = writerFor(part, { state: this.#state, callId: this.#callId, number: () => this.#next++ });
		const entry: Entry = { writer, waiting: [], ended: false };
		this.#entries.set(block, entry);
		this.#queue.push(entry);
		return this.#queue.length === 1 ? writer.begin() : '';
	}

	/** Ends the blocks that are over and begins the next ones with what has waited. */
	#advance(): string {
		let text = '';
		while (this.#queue[0]?.ended === true) {
			text += this.#queue.shift()?.writer.end() ?? '';
			const next = this.#queue[0];
			if (next === undefined) return text;
			text += next.writer.begin();
			for (const part of next.waiting) text += next.writer.delta(part);
			next.waiting = [];
		}
		return text;
	}
}
