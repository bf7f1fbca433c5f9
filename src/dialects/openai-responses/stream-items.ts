import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue } from '../../spec/index.ts';
import { extend } from '../shared/index.ts';
import { marked } from './forms.ts';
import { decodeItem } from './items-decode.ts';
import { DIALECT } from './name.ts';
import { decodeAnswerPart } from './part-decode.ts';
import { Block, finalOf, type Sink, tellWhole } from './stream-blocks.ts';

function text(value: JsonValue | undefined): string {
	return typeof value === 'string' ? value : '';
}

function index(event: JsonObject, key: string): number {
	const value = event[key];
	return typeof value === 'number' ? value : 0;
}

/** An item that is being streamed piece by piece. */
export interface OpenItem {
	/** An event about the item; false when it has no meaning for it. */
	event(type: string, event: JsonObject): boolean;
	/** The item is whole. */
	done(parts: readonly ContentPart[]): void;
}

/** A message: its content parts are blocks, one after another. */
class OpenMessage implements OpenItem {
	readonly #sink: Sink;
	readonly #added: JsonObject;
	#block: Block | undefined;
	/** The part that is open, once it is whole. */
	#part: ContentPart | undefined;
	#count = 0;

	constructor(sink: Sink, added: JsonObject) {
		this.#sink = sink;
		this.#added = added;
	}

	event(type: string, event: JsonObject): boolean {
		switch (type) {
			case 'response.content_part.added':
				return this.#open(isObject(event.part) ? event.part : {});
			case 'response.output_text.delta':
			case 'response.refusal.delta':
				this.#current(type).add(text(event.delta), event);
				return true;
			case 'response.output_text.done':
				this.#current(type).complete(text(event.text));
				return true;
			case 'response.refusal.done':
				this.#current(type).complete(text(event.refusal));
				return true;
			case 'response.content_part.done':
				this.#part = isObject(event.part) ? decodeAnswerPart(event.part, 'part') : undefined;
				return true;
			default:
				return false;
		}
	}

	/** The number of the block that is open. */
	get block(): number | undefined {
		return this.#block?.number;
	}

	done(parts: readonly ContentPart[]): void {
		const [first] = parts;
		const at = Math.max(0, this.#count - 1);
		this.#block?.end(finalOf(parts[at], first));
		const from = this.#block === undefined ? 0 : this.#count;
		for (const part of parts.slice(from)) {
			tellWhole(this.#sink, part === first ? marked(part, { $added: this.#added }) : part);
		}
		this.#block = undefined;
	}

	#current(type: string): Block {
		if (this.#block === undefined) this.#open({ type: type.startsWith('response.refusal') ? 'refusal' : 'output_text' });
		return this.#block ?? new Block(this.#sink, { type: 'text', text: '' });
	}

	/** A part of an unknown type is told when the item is whole. */
	#open(part: JsonObject): boolean {
		const type = part.type === 'refusal' ? 'refusal' : part.type === 'output_text' ? 'text' : undefined;
		if (type === undefined) return false;
		this.#block?.end({ ...finalOf(this.#part, undefined), ...(this.#count > 1 ? { $of: true } : { $first: true }), $more: true });
		this.#part = undefined;
		const said = text(part.type === 'refusal' ? part.refusal : part.text);
		const place: JsonObject = this.#count === 0 ? { $first: true, $added: this.#added } : { $of: true };
		const left = said === '' ? { ...place, $part: part } : place;
		this.#count++;
		this.#block = new Block(this.#sink, { type, text: '', ...extend(DIALECT, left) });
		if (said !== '') this.#block.add(said, {});
		return true;
	}
}

/** Reasoning: one block, whatever is shown of it. */
class OpenReasoning implements OpenItem {
	readonly #sink: Sink;
	readonly #block: Block;
	/** Place of the text that is being told among the texts. */
	#content = -1;

	constructor(sink: Sink, added: JsonObject) {
		this.#sink = sink;
		const id = typeof added.id === 'string' ? { id: added.id } : {};
		this.#block = new Block(sink, { type: 'reasoning', ...id, ...extend(DIALECT, { $added: bareReasoning(added) }) });
	}

	event(type: string, event: JsonObject): boolean {
		const paragraph = index(event, 'summary_index');
		switch (type) {
			case 'response.reasoning_text.delta':
				this.#next(event);
				this.#block.add(text(event.delta), event);
				return true;
			case 'response.content_part.added':
				this.#next(event);
				this.#block.add('', {});
				return true;
			case 'response.reasoning_text.done':
				if (this.#content <= 0) this.#block.complete(text(event.text));
				return true;
			case 'response.reasoning_summary_part.added':
				this.#block.summarize(paragraph, '', {});
				return true;
			case 'response.reasoning_summary_text.delta':
				this.#block.summarize(paragraph, text(event.delta), event);
				return true;
			case 'response.reasoning_summary_text.done':
				this.#block.completeSummary(paragraph, text(event.text));
				return true;
			default:
				return type === 'response.content_part.done' || type === 'response.reasoning_summary_part.done';
		}
	}

	done([part]: readonly ContentPart[]): void {
		if (part?.type === 'reasoning') {
			const { summary = [], text: shown, signature, encrypted } = part;
			if (shown !== undefined) this.#block.complete(shown);
			for (const [at, paragraph] of summary.entries()) this.#block.completeSummary(at, paragraph);
			if (signature !== undefined || encrypted !== undefined) {
				const proofs = {
					...(signature === undefined ? {} : { signature }),
					...(encrypted === undefined ? {} : { encrypted }),
				};
				this.#sink.out.push({ type: 'reasoning-delta', block: this.#block.number, ...proofs });
			}
		}
		this.#block.end(finalOf(part, part));
	}

	/** Texts after the first one are told behind it. */
	#next(event: JsonObject): void {
		const content = index(event, 'content_index');
		if (content > this.#content && this.#content >= 0) this.#block.add('\n\n', {});
		this.#content = Math.max(content, this.#content);
	}
}

/** What of an announced item holds no content yet. */
function bareReasoning(added: JsonObject): JsonObject {
	const { summary, content, ...rest } = added;
	return {
		...rest,
		...(summary === undefined ? {} : { summary: [] }),
		...(content === undefined || content === null ? {} : { content: [] }),
	};
}

/** A call of the client's function or custom tool. */
class OpenCall implements OpenItem {
	readonly #block: Block;
	readonly #events: string;
	readonly #field: 'arguments' | 'input';

	constructor(sink: Sink, added: JsonObject) {
		const isFunction = added.type === 'function_call';
		this.#field = isFunction ? 'arguments' : 'input';
		this.#events = isFunction ? 'response.function_call_arguments' : 'response.custom_tool_call_input';
		this.#block = new Block(sink, {
			type: 'tool-call',
			id: text(added.call_id),
			name: text(added.name),
			kind: isFunction ? 'function' : 'custom',
			input: '',
			...extend(DIALECT, { $added: { ...added, [this.#field]: '' }, $call: true }),
		});
		const said = text(added[this.#field]);
		if (said !== '') this.#block.add(said, {});
	}

	event(type: string, event: JsonObject): boolean {
		if (type === `${this.#events}.delta`) this.#block.add(text(event.delta), event);
		else if (type === `${this.#events}.done`) this.#block.complete(text(event[this.#field]));
		else return false;
		return true;
	}

	done([part]: readonly ContentPart[]): void {
		if (part?.type === 'tool-call') this.#block.complete(part.input);
		this.#block.end(finalOf(part, part));
	}
}

/** Opens an item that is streamed piece by piece; undefined for items that are told when they are whole. */
export function openItem(sink: Sink, added: JsonObject): OpenItem | undefined {
	if (added.type === 'message') return new OpenMessage(sink, added);
	if (added.type === 'reasoning') return new OpenReasoning(sink, added);
	if (added.type === 'function_call' || added.type === 'custom_tool_call') return new OpenCall(sink, added);
	return undefined;
}

/** The block to which an annotation of an item's text belongs. */
export function blockOf(item: OpenItem | undefined): number | undefined {
	return item instanceof OpenMessage ? item.block : undefined;
}

/** The parts of a whole item as they are told at once; `announced`: where the vendor had placed it. */
export function wholeParts(wire: JsonObject, announced: number | undefined): ContentPart[] {
	const [first, ...others] = decodeItem(wire, 'item', true);
	if (first === undefined) return [];
	return [announced === undefined ? first : marked(first, { $announced: announced }), ...others];
}
