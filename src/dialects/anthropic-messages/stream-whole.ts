import type { ContentPart, JsonObject } from '../../spec/index.ts';
import type { AnswerState } from '../shared/index.ts';
import { encodeAnswerPart } from './answer-encode.ts';
import { mark } from './dialect.ts';
import { type BlockWriter, deltaEvent, startEvent, stopEvent, type Wire } from './stream-wire.ts';

/** A part that arrives whole. */
export class WholeWriter implements BlockWriter {
	index: number | undefined;
	readonly #content: ContentPart;
	readonly #block: JsonObject | undefined;

	constructor(content: ContentPart, path: string, state: AnswerState) {
		this.#content = content;
		this.#block = encodeAnswerPart(content, path, state);
	}

	begin(wire: Wire): void {
		const block = this.#block;
		if (block === undefined) return;
		if (block.type === 'compaction') this.#compaction(block, wire);
		else this.index = startEvent(block, wire);
		const deltas = mark(this.#content, '$deltas');
		if (Array.isArray(deltas) && this.index !== undefined) {
			for (const delta of deltas) deltaEvent(this.index, delta as JsonObject, undefined, wire);
		}
	}

	delta(): void {}

	end(wire: Wire): void {
		if (this.index !== undefined) stopEvent(this.index, wire);
	}

	/** Clients learn a compaction's content from its delta. */
	#compaction(block: JsonObject, wire: Wire): void {
		const { content, encrypted_content: encrypted } = block;
		const empty: JsonObject = { ...block, content: null };
		const delta: JsonObject = { type: 'compaction_delta', content: content ?? null };
		if (encrypted !== undefined) {
			empty.encrypted_content = null;
			delta.encrypted_content = encrypted;
		}
		this.index = startEvent(empty, wire);
		deltaEvent(this.index, delta, undefined, wire);
	}
}
