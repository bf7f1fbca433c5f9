import { isObject } from '../../lib/json.ts';
import type {
	BlockStartPart,
	CitationDelta,
	ContentPart,
	JsonObject,
	MediaDelta,
	ReasoningDelta,
	ReasoningPart,
	Signature,
	TextDelta,
	ToolCallPart,
	ToolInputDelta,
} from '../../spec/index.ts';
import { type AnswerState, sealPrevious, sealReasoning } from '../shared/index.ts';
import { encodeAnswerPart } from './answer-encode.ts';
import { encodeCitation } from './citations.ts';
import { DIALECT, mark } from './dialect.ts';
import { isOwnReasoning, isOwnServerPart } from './part-encode.ts';
import { redactedBlob } from './reasoning-decode.ts';
import { blockDelta, blockStart, blockStop } from './stream-wire.ts';

type Delta = TextDelta | ReasoningDelta | ToolInputDelta | MediaDelta | CitationDelta;

/** Writes one block. `begin`, deltas and `end` come in this order, without those of other blocks between them. */
export interface BlockWriter {
	begin(): string;
	delta(part: Delta): string;
	end(): string;
}

/** What writers share. */
export interface WriterContext {
	state: AnswerState;
	/** Id for a call that has none. */
	callId: (index: number) => string;
	/** The number of the next block on the wire. */
	number: () => number;
}

/** The writer for a block's kind of content. */
export function writerFor(start: BlockStartPart, context: WriterContext): BlockWriter {
	const { content } = start;
	const path = `content[${start.block}]`;
	if (content.type === 'text' || content.type === 'refusal' || content.type === 'audio')
		return new TextWriter(content, path, context);
	if (content.type === 'reasoning') return new ThinkingWriter(content, context);
	if (content.type === 'tool-call' && (content.providerExecuted === undefined || isOwnServerPart(content))) {
		return new CallWriter(content, path, context);
	}
	return new WholeWriter(content, path, context);
}

function joined(earlier: Signature | undefined, later: Signature): Signature {
	return { vendor: later.vendor, value: (earlier?.value ?? '') + later.value };
}

/** The block that carries the signature another vendor put on the block before. */
function signatureBlock(signature: Signature | undefined, context: WriterContext): string {
	if (signature === undefined) return '';
	const index = context.number();
	return blockDelta(index, { reasoningContent: { redactedContent: redactedBlob(sealPrevious(signature)) } }) + blockStop(index);
}

/** Text, refusals and the transcript of speech. Such a block has no start: it opens with its first piece. */
class TextWriter implements BlockWriter {
	readonly #content: Extract<ContentPart, { type: 'text' | 'refusal' | 'audio' }>;
	readonly #path: string;
	readonly #context: WriterContext;
	#index: number | undefined;
	#signature: Signature | undefined;

	constructor(content: Extract<ContentPart, { type: 'text' | 'refusal' | 'audio' }>, path: string, context: WriterContext) {
		this.#content = content;
		this.#path = path;
		this.#context = context;
	}

	begin(): string {
		const content = this.#content;
		const { losses } = this.#context.state;
		losses.extensions(content, this.#path);
		if (content.type === 'audio') {
			losses.add('approximated', this.#path, 'Spoken words are shown as their transcript.');
			return this.#text(content.transcript ?? '');
		}
		if (content.type === 'refusal') return this.#text(content.text);
		this.#signature = content.signature;
		return this.#text(content.text) + (content.citations ?? []).map((each) => this.#cite(each)).join('');
	}

	delta(part: Delta): string {
		if (part.type === 'citation') return this.#cite(part.citation);
		if (part.type === 'media-delta') return this.#text(part.transcript ?? '');
		if (part.type !== 'text-delta') return '';
		if (part.signature !== undefined) this.#signature = joined(this.#signature, part.signature);
		return this.#text(part.text);
	}

	end(): string {
		const blank = this.#index === undefined && this.#context.state.own ? this.#delta({ text: '' }) : '';
		return blank + (this.#index === undefined ? '' : blockStop(this.#index)) + signatureBlock(this.#signature, this.#context);
	}

	#text(text: string): string {
		return text === '' ? '' : this.#delta({ text });
	}

	#cite(citation: CitationDelta['citation']): string {
		const wire = encodeCitation(citation, `${this.#path}.citations`, this.#context.state.losses);
		return wire === undefined ? '' : this.#delta({ citation: wire });
	}

	#delta(delta: JsonObject): string {
		this.#index ??= this.#context.number();
		return blockDelta(this.#index, delta);
	}
}

/**
 * Reasoning. What other vendors need back is sealed into the signature of what is shown, or into a redacted block where nothing is.
 */
class ThinkingWriter implements BlockWriter {
	readonly #context: WriterContext;
	/** The part as far as it has come. */
	#part: ReasoningPart;
	#index: number | undefined;
	#shown = false;

	constructor(content: ReasoningPart, context: WriterContext) {
		this.#part = content;
		this.#context = context;
	}

	begin(): string {
		this.#context.state.losses.extensions(this.#part, 'content');
		return this.#show(this.#part.text ?? this.#part.summary?.join('\n\n') ?? '');
	}

	delta(part: Delta): string {
		if (part.type !== 'reasoning-delta') return '';
		if (part.signature !== undefined) this.#part = { ...this.#part, signature: joined(this.#part.signature, part.signature) };
		if (part.encrypted !== undefined) this.#part = { ...this.#part, encrypted: joined(this.#part.encrypted, part.encrypted) };
		if (part.text !== undefined && part.text !== '') this.#part = { ...this.#part, text: '' };
		return this.#show(part.text ?? '') + (part.summary === undefined ? '' : this.#summarize(part.summary, part.summaryIndex));
	}

	end(): string {
		const part = this.#part;
		const proof = isOwnReasoning(part) ? this.#ownProof(part) : this.#seal(part);
		const text = proof === undefined ? '' : this.#delta(proof);
		return this.#index === undefined ? text : text + blockStop(this.#index);
	}

	#ownProof(part: ReasoningPart): JsonObject | undefined {
		if (part.encrypted !== undefined) return { redactedContent: part.encrypted.value };
		if (part.signature !== undefined) return { signature: part.signature.value };
		return this.#index === undefined && this.#context.state.own ? { text: '' } : undefined;
	}

	#seal(part: ReasoningPart): JsonObject | undefined {
		if (this.#shown) return { signature: sealReasoning(part) };
		if (part.encrypted === undefined && part.signature === undefined) return undefined;
		return { redactedContent: redactedBlob(sealReasoning(part)) };
	}

	#show(text: string): string {
		if (text === '') return '';
		this.#shown = true;
		return this.#delta({ text });
	}

	/** Paragraphs of a summary are told with a blank line between them. */
	#summarize(text: string, index: number | undefined): string {
		const summary = [...(this.#part.summary ?? [])];
		const paragraph = index ?? Math.max(0, summary.length - 1);
		const gap = text !== '' && (summary[paragraph] ?? '') === '' && this.#shown ? '\n\n' : '';
		while (summary.length <= paragraph) summary.push('');
		summary[paragraph] = `${summary[paragraph] ?? ''}${text}`;
		this.#part = { ...this.#part, summary };
		return this.#show(gap + text);
	}

	#delta(reasoningContent: JsonObject): string {
		this.#index ??= this.#context.number();
		return blockDelta(this.#index, { reasoningContent });
	}
}

/** A call. Its input passes as it comes; free text is told whole at the end, wrapped in an object. */
class CallWriter implements BlockWriter {
	readonly #path: string;
	readonly #context: WriterContext;
	readonly #index: () => number;
	#part: ToolCallPart;
	#free = '';

	constructor(content: ToolCallPart, path: string, context: WriterContext) {
		this.#part = content;
		this.#path = path;
		this.#context = context;
		let index: number | undefined;
		this.#index = () => {
			index ??= context.number();
			return index;
		};
	}

	begin(): string {
		const { state, callId } = this.#context;
		const index = this.#index();
		const written = encodeAnswerPart({ ...this.#part, input: '' }, this.#path, { ...state, fallbackId: callId(index) });
		const { input: _, ...toolUse } = isObject(written?.toolUse) ? written.toolUse : {};
		return blockStart(index, { toolUse }) + this.#input(this.#part.input);
	}

	delta(part: Delta): string {
		if (part.type !== 'tool-input-delta') return '';
		if (part.signature !== undefined) this.#part = { ...this.#part, signature: joined(this.#part.signature, part.signature) };
		return this.#input(part.input);
	}

	end(): string {
		let text = '';
		if (this.#part.kind === 'custom') {
			this.#context.state.losses.add('changed', this.#path, "A call's free text was wrapped in an object.");
			text = blockDelta(this.#index(), { toolUse: { input: JSON.stringify({ input: this.#free }) } });
		}
		return text + blockStop(this.#index()) + signatureBlock(this.#part.signature, this.#context);
	}

	#input(text: string): string {
		if (this.#part.kind === 'custom') this.#free += text;
		return this.#part.kind === 'custom' || text === '' ? '' : blockDelta(this.#index(), { toolUse: { input: text } });
	}
}

/** A part that arrives whole. */
class WholeWriter implements BlockWriter {
	readonly #content: ContentPart;
	readonly #path: string;
	readonly #context: WriterContext;

	constructor(content: ContentPart, path: string, context: WriterContext) {
		this.#content = content;
		this.#path = path;
		this.#context = context;
	}

	begin(): string {
		const block = encodeAnswerPart(this.#content, this.#path, this.#context.state);
		if (block === undefined) return '';
		const index = this.#context.number();
		return this.#events(block, index) + blockStop(index);
	}

	delta(): string {
		return '';
	}

	end(): string {
		return '';
	}

	#events(block: JsonObject, index: number): string {
		const { toolResult, image } = block;
		if (isObject(toolResult)) {
			const { content, ...rest } = toolResult;
			const said = Array.isArray(content) && content.length > 0 ? blockDelta(index, { toolResult: content }) : '';
			return blockStart(index, { toolResult: rest }) + said;
		}
		if (isObject(image)) {
			const { source, ...rest } = image;
			return blockStart(index, { image: rest }) + blockDelta(index, { image: { source } });
		}
		const deltas = mark(this.#content, '$deltas');
		const more = Array.isArray(deltas) ? deltas.filter(isObject).map((delta) => blockDelta(index, delta)) : [];
		return (
			blockStart(index, this.#content.type === 'opaque' && this.#content.dialect === DIALECT ? this.#content.value : block) +
			more.join('')
		);
	}
}
