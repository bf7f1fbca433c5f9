import type { JsonObject, ReasoningDelta, ReasoningPart } from '../../spec/index.ts';
import { encodeAnswerPart } from './answer-encode.ts';
import { DIALECT, mark, refill } from './dialect.ts';
import { isOwnReasoning } from './part-encode.ts';
import { sealReasoning } from './seal.ts';
import { type BlockWriter, type Delta, deltaEvent, joined, startEvent, stopEvent, type Wire, wholeBlock } from './stream-wire.ts';

/**
 * Reasoning. Shown text becomes a thinking block; what other vendors need back is sealed into its signature, or into a redacted
 * block where nothing is shown.
 */
export class ThinkingWriter implements BlockWriter {
	index: number | undefined;
	readonly #path: string;
	/** The part as far as it has come, without its text. */
	#part: ReasoningPart;
	#shown = '';
	#summaries: string[];

	constructor(content: ReasoningPart, path: string) {
		this.#part = content;
		this.#path = path;
		this.#summaries = content.summary ?? [];
	}

	begin(wire: Wire): void {
		const text = this.#part.text ?? this.#summaries.join('\n\n');
		if (text !== '') this.#show(text, undefined, wire);
	}

	delta(part: Delta, wire: Wire): void {
		if (part.type !== 'reasoning-delta') return;
		if (part.signature !== undefined) this.#part = { ...this.#part, signature: joined(this.#part.signature, part.signature) };
		if (part.encrypted !== undefined) this.#part = { ...this.#part, encrypted: joined(this.#part.encrypted, part.encrypted) };
		if (part.text !== undefined && (part.text !== '' || part.extensions !== undefined)) {
			this.#part = { ...this.#part, text: '' };
			this.#show(part.text, part, wire);
		}
		if (part.summary !== undefined && part.summary !== '') this.#summarize(part.summary, part.summaryIndex, wire);
	}

	end(wire: Wire): void {
		const part = this.#summaries.length === 0 ? this.#part : { ...this.#part, summary: this.#summaries };
		const redacted = this.index === undefined && part.encrypted !== undefined;
		if (!redacted && (isOwnReasoning(part) || wire.state.own)) this.#endOwn(part, wire);
		else if (this.index !== undefined) {
			deltaEvent(this.index, { type: 'signature_delta', signature: sealReasoning(part) }, undefined, wire);
			stopEvent(this.index, wire);
		} else {
			const block = encodeAnswerPart(part, this.#path, wire.state);
			if (block !== undefined) wholeBlock(block, wire);
		}
	}

	#endOwn(part: ReasoningPart, wire: Wire): void {
		const index = this.#start(wire);
		if (part.signature !== undefined) {
			deltaEvent(index, { type: 'signature_delta', signature: part.signature.value }, undefined, wire);
		}
		stopEvent(index, wire);
	}

	#start(wire: Wire): number {
		if (this.index !== undefined) return this.index;
		const block: JsonObject = { type: 'thinking', thinking: '' };
		if (mark(this.#part, '$signature') !== 'none') block.signature = '';
		this.index = startEvent(refill(block, this.#part), wire);
		return this.index;
	}

	#show(text: string, part: ReasoningDelta | undefined, wire: Wire): void {
		const own = part?.extensions?.[DIALECT] === undefined ? undefined : part;
		if (text === '' && own === undefined) return;
		this.#shown += text;
		deltaEvent(this.#start(wire), { type: 'thinking_delta', thinking: text }, own, wire);
	}

	/** Paragraphs of a summary are told with a blank line between them. */
	#summarize(text: string, index: number | undefined, wire: Wire): void {
		const paragraph = index ?? Math.max(0, this.#summaries.length - 1);
		const summaries = [...this.#summaries];
		const gap = (summaries[paragraph] ?? '') === '' && this.#shown !== '' ? '\n\n' : '';
		while (summaries.length <= paragraph) summaries.push('');
		summaries[paragraph] = `${summaries[paragraph] ?? ''}${text}`;
		this.#summaries = summaries;
		this.#show(gap + text, undefined, wire);
	}
}
