import { isObject } from '../../lib/json.ts';
import type { EncodeResponseContext, Extensible, JsonObject } from '../../spec/index.ts';
import { Losses } from '../shared/index.ts';
import { mark } from './forms.ts';
import { DIALECT } from './name.ts';

/** What the writers of one streamed answer share: the text being written, the numbering of events and items, the finished items. */
export class EventWriter {
	readonly losses = new Losses(DIALECT);
	/** The answer's id, as shown. */
	answer: string;
	/** Items that are whole, by index. */
	readonly items: JsonObject[] = [];
	#text = '';
	#sequence = 0;
	#next = 0;

	constructor(context: EncodeResponseContext) {
		this.answer = context.id;
	}

	/** What has been written since it was last taken. */
	take(): string {
		const text = this.#text;
		this.#text = '';
		return text;
	}

	/** The index of a further item. */
	place(): number {
		return this.#next++;
	}

	emit(type: string, members: JsonObject): void {
		const event = JSON.stringify({ type, sequence_number: this.#sequence++, ...members });
		this.#text += `event: ${type}\ndata: ${event}\n\n`;
	}

	/** A delta, the commonest event: `head` is the text of all its members but the delta, without the closing brace. */
	delta(type: string, head: string, text: string): void {
		this.#text += `event: ${type}\ndata: ${head},"sequence_number":${this.#sequence++},"delta":${JSON.stringify(text)}}\n\n`;
	}

	/** An event in the vendor's form, numbered anew; `index` is that of its item here. */
	vendor(type: string, data: JsonObject, index: number | undefined): void {
		const { type: _type, sequence_number: _sequence, ...members } = data;
		this.emit(type, index === undefined ? members : { ...members, output_index: index });
	}

	comment(text: string): void {
		this.#text += `: ${text}\n\n`;
	}

	added(index: number, item: JsonObject): void {
		this.emit('response.output_item.added', { output_index: index, item });
	}

	done(index: number, item: JsonObject): void {
		this.items[index] = item;
		this.emit('response.output_item.done', { output_index: index, item });
	}

	/** An item that is told as a whole. */
	whole(item: JsonObject, added: JsonObject = item): void {
		const index = this.place();
		this.added(index, added);
		this.done(index, item);
	}
}

/** What an event of this dialect said beyond what its part does. */
export function eventMembers(part: Extensible): JsonObject | undefined {
	const event = mark(part, '$event');
	return isObject(event) ? event : undefined;
}

/** The item as the vendor announced it. */
export function announcement(part: Extensible): JsonObject | undefined {
	const added = mark(part, '$added');
	return isObject(added) ? added : undefined;
}
