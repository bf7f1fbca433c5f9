import { isObject } from '../../lib/json.ts';
import type {
	Citation,
	EncodeResponseContext,
	FinishPart,
	JsonObject,
	JsonValue,
	StartPart,
	StreamEncoder,
	StreamPart,
	TokenLogprob,
	Usage,
	VendorEventPart,
} from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import type { AnswerState } from './answer-encode.ts';
import { type CitedText, encodeGrounding } from './citations.ts';
import { DIALECT, isOwn, mark, refill } from './dialect.ts';
import { encodeStreamError } from './errors-encode.ts';
import { encodeLogprobs } from './logprobs.ts';
import { encodeHead } from './response-encode.ts';
import { encodeStop, isBlock } from './stop-reason.ts';
import { type BlockWriter, writerFor } from './stream-blocks.ts';
import { encodeUsage } from './usage.ts';

/** Writes one streamed answer for a client: pieces with new parts, and a last one with finish reasons and usage. */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new GeminiStreamEncoder(context);
}

/** A candidate while it is being told. */
interface Told {
	/** Members that go out with its next piece. */
	pending: JsonObject;
	texts: (CitedText & { citations: Citation[]; block: number })[];
	logprobs: TokenLogprob[];
	finish: FinishPart | undefined;
}

class GeminiStreamEncoder implements StreamEncoder {
	readonly #context: EncodeResponseContext;
	readonly #losses = new Losses(DIALECT);
	readonly #state: AnswerState;
	readonly #writers = new Map<number, { writer: BlockWriter; candidate: number }>();
	readonly #told = new Map<number, Told>();
	#head: JsonObject | undefined;
	#feedback: JsonValue | undefined;
	#start: StartPart | undefined;
	#usage: Usage | undefined;
	#ended = false;

	constructor(context: EncodeResponseContext) {
		this.#context = context;
		this.#state = { losses: this.#losses, own: false };
	}

	warnings() {
		return this.#losses.warnings;
	}

	push(part: StreamPart): string {
		switch (part.type) {
			case 'start':
				this.#begin(part);
				return '';
			case 'ping':
				return '';
			case 'usage':
				this.#losses.extensions(part, '');
				this.#usage = part.usage;
				return '';
			case 'finish':
				this.#losses.extensions(part, '');
				this.#toldOf(part.candidate).finish ??= part;
				return '';
			case 'end':
				return this.#end();
			case 'error':
				return encodeStreamError(part.error, this.#context.id);
			case 'vendor-event':
				this.#vendorEvent(part);
				return '';
			default:
				return this.#content(part);
		}
	}

	#begin(part: StartPart): void {
		if (this.#start !== undefined) return;
		this.#start = part;
		this.#state.own = isOwn(part);
		this.#losses.extensions(part, '');
		this.#usage ??= part.usage;
		this.#head = encodeHead(part, this.#context, this.#state.own);
		this.#feedback = mark(part, '$feedback');
	}

	#toldOf(candidate: number): Told {
		const there = this.#told.get(candidate);
		if (there !== undefined) return there;
		const told: Told = { pending: {}, texts: [], logprobs: [], finish: undefined };
		this.#told.set(candidate, told);
		return told;
	}

	#vendorEvent(part: VendorEventPart): void {
		if (part.dialect !== DIALECT) {
			if (part.meaningful === true)
				this.#losses.dropped(part.event ?? 'event', `Only another dialect knows the event '${part.event ?? ''}'.`);
			return;
		}
		const { index, ...members } = part.data;
		Object.assign(this.#toldOf(typeof index === 'number' ? index : 0).pending, members);
	}

	#content(
		part: Exclude<StreamPart, { type: 'start' | 'ping' | 'usage' | 'finish' | 'end' | 'error' | 'vendor-event' }>,
	): string {
		if (part.type !== 'text-delta' && part.extensions !== undefined) this.#losses.extensions(part, 'content');
		if (part.type === 'block-start') {
			const told = this.#toldOf(part.candidate);
			const writer = writerFor(part.content, `content[${part.block}]`, this.#state);
			this.#writers.set(part.block, { writer, candidate: part.candidate });
			if (part.content.type === 'text')
				told.texts.push({ block: part.block, part: 0, text: part.content.text, citations: [...(part.content.citations ?? [])] });
			return this.#pieces(part.candidate, writer.begin());
		}
		const entry = this.#writers.get(part.block);
		if (entry === undefined) {
			this.#losses.dropped('content', `A piece of block ${part.block} came without its start.`);
			return '';
		}
		if (part.type === 'block-end') {
			this.#writers.delete(part.block);
			return this.#pieces(entry.candidate, entry.writer.end());
		}
		this.#note(part, this.#toldOf(entry.candidate));
		return part.type === 'citation' ? '' : this.#pieces(entry.candidate, entry.writer.delta(part));
	}

	/** Remembers what goes out only once the text is whole. */
	#note(part: Extract<StreamPart, { block: number }>, told: Told): void {
		const text = told.texts.find(({ block }) => block === part.block);
		if (part.type === 'text-delta') {
			if (text !== undefined) text.text += part.text;
			if (part.logprobs !== undefined) told.logprobs.push(...part.logprobs);
		} else if (part.type === 'citation') text?.citations.push(part.citation);
	}

	#pieces(candidate: number, parts: JsonObject[]): string {
		return parts.map((part) => this.#piece(candidate, part)).join('');
	}

	/** A piece with one part, and what its candidate has waiting. */
	#piece(index: number, part: JsonObject): string {
		const told = this.#toldOf(index);
		const candidate: JsonObject = { content: { parts: [part], role: 'model' }, ...told.pending, index };
		told.pending = {};
		return event({ candidates: [candidate], ...this.#headOf(), ...this.#feedbackOnce() });
	}

	/** What the vendor says of the prompt stands on the first piece. */
	#feedbackOnce(): JsonObject {
		const feedback = this.#feedback;
		this.#feedback = undefined;
		return feedback === undefined ? {} : { promptFeedback: feedback };
	}

	#headOf(): JsonObject {
		this.#head ??= encodeHead({}, this.#context, false);
		return this.#head;
	}

	#end(): string {
		if (this.#ended) return '';
		this.#ended = true;
		let text = '';
		for (const [block, { writer, candidate }] of this.#writers) {
			this.#writers.delete(block);
			text += this.#pieces(candidate, writer.end());
		}
		const candidates = [...this.#told]
			.filter(([, told]) => !isBlock(told.finish?.stop))
			.map(([index, told]) => this.#last(index, told));
		const body: JsonObject = candidates.length === 0 ? {} : { candidates };
		if (this.#usage !== undefined) body.usageMetadata = encodeUsage(this.#usage, this.#losses);
		Object.assign(body, this.#headOf(), this.#feedbackOnce());
		const start = this.#start;
		return text + event(start === undefined ? body : refill(body, start));
	}

	/** The last piece of a candidate. Clients count a piece without parts as invalid, so that it has an empty one. */
	#last(index: number, told: Told): JsonObject {
		const stop = told.finish?.stop;
		const wire: JsonObject = { content: { parts: [{ text: '' }], role: 'model' }, ...told.pending };
		if (stop !== undefined) {
			this.#losses.extensions(stop, 'finishReason');
			Object.assign(wire, encodeStop(stop));
		}
		wire.index = index;
		if (this.#state.own) return wire;
		const grounding = encodeGrounding(told.texts, [], this.#losses);
		if (grounding !== undefined && !isObject(wire.groundingMetadata)) wire.groundingMetadata = grounding;
		if (told.logprobs.length > 0) wire.logprobsResult = encodeLogprobs(told.logprobs);
		return wire;
	}
}

function event(body: JsonObject): string {
	return `data: ${JSON.stringify(body)}\r\n\r\n`;
}
