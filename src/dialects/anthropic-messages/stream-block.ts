import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, OpaquePart, StreamPart } from '../../spec/index.ts';
import { DIALECT } from './dialect.ts';

/** A block of a streamed answer between its start and its stop. */
export interface OpenBlock {
	readonly number: number;
	begin(out: StreamPart[]): void;
	/** A delta no handler knows. */
	unknown(event: JsonObject, out: StreamPart[]): void;
	end(out: StreamPart[]): void;
}

/** Opens a block whose content is known as far as `part` says. */
export function openBlock(part: ContentPart, number: number): OpenBlock {
	return part.type === 'opaque' ? new HeldBlock(part, number) : new StreamedBlock(part, number);
}

/** A block that is told as it comes. What its start already holds of text or input is told as a first delta. */
class StreamedBlock implements OpenBlock {
	readonly number: number;
	readonly #part: ContentPart;

	constructor(part: ContentPart, number: number) {
		this.#part = part;
		this.number = number;
	}

	begin(out: StreamPart[]): void {
		const block = this.number;
		const part = this.#part;
		const push = (content: ContentPart): void => {
			out.push({ type: 'block-start', block, candidate: 0, content });
		};
		if (part.type === 'text') {
			push({ ...part, text: '' });
			if (part.text !== '') out.push({ type: 'text-delta', block, text: part.text });
		} else if (part.type === 'tool-call') {
			push({ ...part, input: '' });
			if (part.input !== '' && part.input !== '{}') out.push({ type: 'tool-input-delta', block, input: part.input });
		} else if (part.type === 'reasoning' && part.encrypted === undefined) {
			const { signature, ...rest } = part;
			push({ ...rest, text: '' });
			if (part.text !== undefined && part.text !== '') out.push({ type: 'reasoning-delta', block, text: part.text });
			if (signature !== undefined) out.push({ type: 'reasoning-delta', block, signature });
		} else push(part);
	}

	unknown(event: JsonObject, out: StreamPart[]): void {
		const data = { ...event, index: this.number };
		out.push({ type: 'vendor-event', dialect: DIALECT, event: 'content_block_delta', data, meaningful: true });
	}

	end(out: StreamPart[]): void {
		out.push({ type: 'block-end', block: this.number });
	}
}

/**
 * A block of a kind only this dialect knows. It is held until it is whole, because opaque parts get no deltas. A compaction's delta
 * states its final fields; deltas of kinds unknown are kept beside the value.
 */
class HeldBlock implements OpenBlock {
	readonly number: number;
	readonly #part: OpaquePart;
	#value: JsonObject;
	readonly #deltas: JsonObject[] = [];

	constructor(part: OpaquePart, number: number) {
		this.#part = part;
		this.#value = part.value;
		this.number = number;
	}

	begin(): void {}

	unknown(event: JsonObject): void {
		const { delta } = event;
		if (!isObject(delta)) return;
		if (delta.type === 'compaction_delta') {
			const { type: _, ...fields } = delta;
			this.#value = { ...this.#value, ...fields };
		} else this.#deltas.push(delta);
	}

	end(out: StreamPart[]): void {
		const kept = this.#deltas.length === 0 ? {} : { extensions: { [DIALECT]: { $deltas: this.#deltas } } };
		const content: OpaquePart = { ...this.#part, value: this.#value, ...kept };
		out.push({ type: 'block-start', block: this.number, candidate: 0, content }, { type: 'block-end', block: this.number });
	}
}
