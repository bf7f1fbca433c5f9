import type { ContentPart, StreamPart } from '../spec/index.ts';
import { show } from './check.ts';
import { count, keyOf, object, optional, type Rule, record, text } from './rule.ts';
import { citation, contentPart, relaisError, signature, stopReason, tokenLogprobs, usage } from './shapes.ts';

type Of<T extends StreamPart['type']> = Extract<StreamPart, { type: T }>;

/** What each part must look like, whatever its place. */
const SHAPES: { readonly [type in StreamPart['type']]: Rule } = {
	start: record({ id: optional(text), model: optional(text), usage: optional(usage) }),
	'block-start': record({ block: count, candidate: count, content: contentPart }),
	'text-delta': record({ block: count, text, logprobs: optional(tokenLogprobs), signature }),
	'reasoning-delta': record({
		block: count,
		text: optional(text),
		summary: optional(text),
		summaryIndex: optional(count),
		signature,
		encrypted: signature,
	}),
	'tool-input-delta': record({ block: count, input: text, signature }),
	'media-delta': record({ block: count, data: optional(text), transcript: optional(text) }),
	citation: record({ block: count, citation }),
	'block-end': record({ block: count }),
	finish: record({ candidate: count, stop: stopReason }),
	usage: record({ usage }),
	end: object,
	error: record({ error: relaisError }),
	ping: object,
	'vendor-event': record({ dialect: text, data: object }),
};

/** Kinds of block each delta may add to. */
const GROWS: { readonly [delta: string]: readonly ContentPart['type'][] } = {
	'text-delta': ['text', 'refusal'],
	'reasoning-delta': ['reasoning'],
	'tool-input-delta': ['tool-call'],
	'media-delta': ['image', 'audio', 'video', 'document'],
	citation: ['text', 'refusal'],
};

/** Parts that may stand anywhere, also before the start. */
const ANYWHERE: ReadonlySet<StreamPart['type']> = new Set(['ping', 'vendor-event', 'error']);

interface OpenBlock {
	type: ContentPart['type'];
	candidate: number;
}

/** Follows a stream part by part. Methods give what is wrong, or undefined. */
class Grammar {
	#started = false;
	#nextBlock = 0;
	#usage = false;
	readonly #open = new Map<number, OpenBlock>();
	readonly #candidates = new Set<number>();
	readonly #finished = new Set<number>();

	take(part: StreamPart): string | undefined {
		const shape = keyOf(SHAPES)(part?.type, 'type') ?? SHAPES[part.type](part, 'part');
		if (shape !== undefined) return shape;
		if (!this.#started && part.type !== 'start' && !ANYWHERE.has(part.type)) return 'comes before the start';
		if (part.type in GROWS) return this.#grow(part as Of<'text-delta'>);
		switch (part.type) {
			case 'start':
				return this.#start();
			case 'block-start':
				return this.#blockStart(part);
			case 'block-end':
				return this.#open.delete(part.block) ? undefined : `block ${part.block} is not open`;
			case 'finish':
				return this.#finish(part);
			case 'usage':
				this.#usage = true;
				return undefined;
			case 'end':
				return this.#end();
			default:
				return undefined;
		}
	}

	#start(): string | undefined {
		if (this.#started) return 'is a second start';
		this.#started = true;
		return undefined;
	}

	#blockStart({ block, candidate, content }: Of<'block-start'>): string | undefined {
		if (block !== this.#nextBlock)
			return `opens block ${block}: numbers are unique and grow by one, the next is ${this.#nextBlock}`;
		if (this.#finished.has(candidate)) return `opens a block of candidate ${candidate}, which has finished`;
		this.#nextBlock++;
		this.#candidates.add(candidate);
		this.#open.set(block, { type: content.type, candidate });
		return undefined;
	}

	#grow({ type, block }: { type: string; block: number }): string | undefined {
		const open = this.#open.get(block);
		if (open === undefined) return `block ${block} is not open`;
		return GROWS[type]?.includes(open.type) ? undefined : `block ${block} is a ${open.type} block, which takes no ${type}`;
	}

	#finish({ candidate }: Of<'finish'>): string | undefined {
		if (this.#finished.has(candidate)) return `finishes candidate ${candidate} a second time`;
		for (const [block, open] of this.#open)
			if (open.candidate === candidate) return `finishes candidate ${candidate}, whose block ${block} is still open`;
		this.#finished.add(candidate);
		return undefined;
	}

	#end(): string | undefined {
		const [open] = this.#open.keys();
		if (open !== undefined) return `block ${open} is still open`;
		if (this.#finished.size === 0) return 'no candidate has finished';
		for (const candidate of this.#candidates)
			if (!this.#finished.has(candidate)) return `candidate ${candidate} has not finished`;
		return this.#usage ? undefined : 'no usage was told';
	}
}

/**
 * The first breach of the stream grammar (`StreamPart` in `relais/spec`), or undefined for a stream that is whole: one `start`;
 * blocks opened before their deltas, with numbers that grow from 0, and closed before their candidate's one `finish`; at least one
 * `usage`; `end` last. A stream may also break off with `error`, which nothing follows.
 */
export function streamFault(parts: readonly StreamPart[]): string | undefined {
	const grammar = new Grammar();
	for (const [index, part] of parts.entries()) {
		const before = parts[index - 1]?.type;
		const fault = before === 'end' || before === 'error' ? `comes after ${before}` : grammar.take(part);
		if (fault !== undefined) return `part ${index} (${show(part?.type)}): ${fault}`;
	}
	const last = parts.at(-1)?.type;
	return last === 'end' || last === 'error' ? undefined : `the stream has no end: its last part is ${show(last)}`;
}
