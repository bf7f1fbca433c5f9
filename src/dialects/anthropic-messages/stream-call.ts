import type { ToolCallPart, ToolInputDelta } from '../../spec/index.ts';
import { encodeAnswerPart, sealedSignature } from './answer-encode.ts';
import { DIALECT } from './dialect.ts';
import { type BlockWriter, type Delta, deltaEvent, joined, startEvent, stopEvent, type Wire, wholeBlock } from './stream-wire.ts';

/** A call. Its input passes as it comes; free text is told whole at the end, wrapped in an object. */
export class CallWriter implements BlockWriter {
	index: number | undefined;
	readonly #path: string;
	#part: ToolCallPart;
	#free = '';

	constructor(content: ToolCallPart, path: string) {
		this.#part = content;
		this.#path = path;
	}

	begin(wire: Wire): void {
		const part = this.#part;
		const state = { ...wire.state, fallbackId: wire.callId(wire.index) };
		const block = encodeAnswerPart({ ...part, input: '', kind: 'function' }, this.#path, state);
		if (block === undefined) return;
		this.index = startEvent(block, wire);
		if (part.input !== '') this.#input(part.input, undefined, wire);
	}

	delta(part: Delta, wire: Wire): void {
		if (part.type !== 'tool-input-delta') return;
		if (part.signature !== undefined) this.#part = { ...this.#part, signature: joined(this.#part.signature, part.signature) };
		if (part.input !== '' || part.extensions?.[DIALECT] !== undefined) this.#input(part.input, part, wire);
	}

	end(wire: Wire): void {
		if (this.index === undefined) return;
		if (this.#part.kind === 'custom') {
			wire.state.losses.add('changed', this.#path, "A call's free text was wrapped in an object.");
			deltaEvent(this.index, { type: 'input_json_delta', partial_json: JSON.stringify({ input: this.#free }) }, undefined, wire);
		}
		stopEvent(this.index, wire);
		const sealed = sealedSignature(this.#part);
		if (sealed !== undefined) wholeBlock(sealed, wire);
	}

	#input(text: string, part: ToolInputDelta | undefined, wire: Wire): void {
		if (this.#part.kind === 'custom') this.#free += text;
		else if (this.index !== undefined) deltaEvent(this.index, { type: 'input_json_delta', partial_json: text }, part, wire);
	}
}
