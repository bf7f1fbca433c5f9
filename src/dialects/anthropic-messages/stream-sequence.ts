import { sseEvent } from '../../lib/sse.ts';
import type { BlockEndPart, BlockStartPart, ReasoningPart, VendorEventPart } from '../../spec/index.ts';
import type { AnswerState } from '../shared/index.ts';
import { DIALECT, mark } from './dialect.ts';
import { CallWriter } from './stream-call.ts';
import { TextWriter } from './stream-text.ts';
import { ThinkingWriter } from './stream-thinking.ts';
import { WholeWriter } from './stream-whole.ts';
import type { BlockWriter, Delta, Wire } from './stream-wire.ts';

/** The parts of a stream that concern one block. */
export type BlockPart = BlockStartPart | BlockEndPart | Delta;

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
	readonly #entries = new Map<number, Entry>();
	/** Blocks that have not ended on the wire, in the order they began; the first is being told. */
	readonly #queue: Entry[] = [];
	readonly #wire: Wire;
	readonly #ignored = new Set<number>();
	/** Whether the answer asks for a tool of the application's, and whether it refuses. */
	calls = false;
	refused = false;

	constructor(state: AnswerState, callId: (index: number) => string) {
		this.#state = state;
		this.#wire = { text: '', index: 0, state, callId };
	}

	/** Text to write for a part of a block. */
	push(part: BlockPart): string {
		this.#wire.text = '';
		if (part.extensions !== undefined) this.#state.losses.extensions(part, 'content');
		if (part.type === 'block-start') this.#open(part);
		else {
			const entry = this.#entries.get(part.block);
			if (entry === undefined) this.#missing(part);
			else if (part.type === 'block-end') entry.ended = true;
			else if (entry === this.#queue[0]) entry.writer.delta(part, this.#wire);
			else entry.waiting.push(part);
		}
		this.#advance();
		return this.#wire.text;
	}

	/** The answer is over: every block that is still open ends. */
	close(): string {
		this.#wire.text = '';
		for (const entry of this.#queue) entry.ended = true;
		this.#advance();
		return this.#wire.text;
	}

	/** An event of this dialect that no part stands for; one of a block needs its block to be the open one. */
	vendorEvent(part: VendorEventPart): string {
		const { index } = part.data;
		if (typeof index !== 'number') return sseEvent(JSON.stringify(part.data), part.event);
		const entry = this.#entries.get(index);
		if (entry === undefined || entry !== this.#queue[0] || entry.writer.index === undefined) {
			this.#state.losses.dropped(part.event ?? 'event', 'An event came for a block that is not open.');
			return '';
		}
		return sseEvent(JSON.stringify({ ...part.data, index: entry.writer.index }), part.event);
	}

	#open(part: BlockStartPart): void {
		const { content, block } = part;
		if (part.candidate !== 0) {
			this.#ignored.add(block);
			this.#state.losses.dropped('candidates', 'Only the first answer is shown.');
			return;
		}
		this.calls ||= content.type === 'tool-call' && content.providerExecuted === undefined;
		this.refused ||= content.type === 'refusal';
		const entry: Entry = { writer: writerFor(part, this.#state), waiting: [], ended: false };
		this.#entries.set(block, entry);
		this.#queue.push(entry);
		if (this.#queue.length === 1) entry.writer.begin(this.#wire);
	}

	#missing(part: BlockPart): void {
		if (!this.#ignored.has(part.block))
			this.#state.losses.dropped('content', `A piece of block ${part.block} came without its start.`);
	}

	/** Ends the blocks that are over and begins the next ones with what has waited. */
	#advance(): void {
		while (this.#queue[0]?.ended === true) {
			this.#queue.shift()?.writer.end(this.#wire);
			const next = this.#queue[0];
			if (next === undefined) return;
			next.writer.begin(this.#wire);
			for (const part of next.waiting) next.writer.delta(part, this.#wire);
			next.waiting = [];
		}
	}
}

/** The writer for a block's kind of content. */
function writerFor(start: BlockStartPart, state: AnswerState): BlockWriter {
	const { content } = start;
	const path = `content[${start.block}]`;
	if (content.type === 'text' || content.type === 'refusal' || content.type === 'audio') return new TextWriter(content, path);
	if (content.type === 'reasoning' && !isOwnRedacted(content)) return new ThinkingWriter(content, path);
	const shown =
		content.type === 'tool-call' && (content.providerExecuted === undefined || typeof mark(content, '$type') === 'string');
	return shown ? new CallWriter(content, path) : new WholeWriter(content, path, state);
}

function isOwnRedacted(part: ReasoningPart): boolean {
	return part.encrypted?.vendor === DIALECT && (part.text === undefined || part.text === '');
}
