import type { BlockEndPart, JsonObject, ToolCallPart, ToolInputDelta } from '../../spec/index.ts';
import { extend, own } from '../shared/index.ts';
import { foreignSignature, writeCall, writeSignature } from './items-encode.ts';
import { DIALECT } from './name.ts';
import { announcement, type EventWriter, eventMembers } from './stream-wire.ts';

/** A call of the client's function or custom tool that is being told. */
export class CallWriter {
	readonly #wire: EventWriter;
	readonly #index: number;
	readonly #id: string | undefined;
	readonly #place: JsonObject;
	readonly #type: string;
	readonly #head: string;
	readonly #part: ToolCallPart;

	constructor(wire: EventWriter, content: ToolCallPart) {
		this.#wire = wire;
		this.#index = wire.place();
		this.#part = { ...content, input: '' };
		const isFunction = content.kind === 'function';
		this.#type = isFunction ? 'response.function_call_arguments' : 'response.custom_tool_call_input';
		const context = { losses: wire.losses, answer: wire.answer };
		const fresh = (): JsonObject => ({
			...writeCall(this.#part, this.#index, context),
			status: 'in_progress',
			[isFunction ? 'arguments' : 'input']: '',
		});
		const added = announcement(content) ?? fresh();
		this.#id = typeof added.id === 'string' ? added.id : undefined;
		this.#place = { ...(this.#id === undefined ? {} : { item_id: this.#id }), output_index: this.#index };
		this.#head = JSON.stringify({ type: `${this.#type}.delta`, ...this.#place }).slice(0, -1);
		wire.added(this.#index, added);
		if (content.input !== '') this.delta({ type: 'tool-input-delta', block: 0, input: content.input });
	}

	delta(part: ToolInputDelta): void {
		this.#part.input += part.input;
		if (part.signature !== undefined) this.#part.signature = part.signature;
		if (part.input === '') return;
		const more = eventMembers(part);
		if (more === undefined) this.#wire.delta(`${this.#type}.delta`, this.#head, part.input);
		else this.#wire.emit(`${this.#type}.delta`, { ...this.#place, ...more, delta: part.input });
	}

	end(part: BlockEndPart): void {
		const { extensions: _, ...bare } = this.#part;
		const whole: ToolCallPart = { ...bare, ...extend(DIALECT, own(part, DIALECT) ?? own(this.#part, DIALECT)) };
		const item = writeCall(whole, this.#index, { losses: this.#wire.losses, answer: this.#wire.answer });
		const field = whole.kind === 'function' ? 'arguments' : 'input';
		if (whole.input === '' && item[field] !== '') this.#wire.delta(`${this.#type}.delta`, this.#head, String(item[field]));
		this.#wire.emit(`${this.#type}.done`, { ...this.#place, [field]: item[field] });
		this.#wire.done(this.#index, this.#id === undefined ? item : { ...item, id: this.#id });
		const proof = foreignSignature(whole);
		if (proof === undefined) return;
		this.#wire.whole(writeSignature(proof, this.#wire.items.length, this.#wire.answer));
	}
}
