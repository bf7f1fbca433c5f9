import type { JsonObject, JsonValue } from '../../../src/spec/index.ts';

function object(value: JsonValue | undefined): JsonObject {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`no object: ${JSON.stringify(value)}`);
	return value;
}

/** A block while its deltas come. */
interface Growing {
	block: JsonObject;
	input: string;
}

const GROW: { [type: string]: (growing: Growing, delta: JsonObject) => void } = {
	text_delta: ({ block }, { type: _, text, ...rest }) => Object.assign(block, { text: `${block.text}${text}` }, rest),
	thinking_delta: ({ block }, { type: _, thinking, ...rest }) =>
		Object.assign(block, { thinking: `${block.thinking}${thinking}` }, rest),
	signature_delta: ({ block }, { type: _, ...rest }) => Object.assign(block, rest),
	compaction_delta: ({ block }, { type: _, ...rest }) => Object.assign(block, rest),
	input_json_delta: (growing, { partial_json }) => {
		growing.input += String(partial_json);
	},
	citations_delta: ({ block }, { citation }) => {
		block.citations = [...(Array.isArray(block.citations) ? block.citations : []), object(citation)];
	},
};

/** An answer while its events come. */
class Accumulated {
	message: JsonObject | undefined;
	stopped = false;
	readonly blocks: Growing[] = [];
	#open: number | undefined;

	add(event: JsonObject): void {
		if (event.type === 'ping') return;
		if (this.stopped) throw new Error('an event after message_stop');
		if (event.type !== 'message_start' && this.message === undefined)
			throw new Error(`${String(event.type)} before message_start`);
		const handler = this.#handlers[String(event.type)];
		if (handler === undefined) Object.assign(this.message ?? {}, { [`event ${String(event.type)}`]: event });
		else handler(event);
	}

	readonly #handlers: { [type: string]: (event: JsonObject) => void } = {
		message_start: (event) => {
			if (this.message !== undefined) throw new Error('a second message_start');
			this.message = { ...object(event.message) };
		},
		content_block_start: (event) => {
			if (this.#open !== undefined || event.index !== this.blocks.length)
				throw new Error(`block ${String(event.index)} out of order`);
			this.#open = this.blocks.length;
			this.blocks.push({ block: { ...object(event.content_block) }, input: '' });
		},
		content_block_delta: (event) => {
			const growing = this.#current(event);
			const delta = object(event.delta);
			const grow = GROW[String(delta.type)];
			if (grow !== undefined) grow(growing, delta);
			else growing.block.unknown = [...((growing.block.unknown as JsonValue[] | undefined) ?? []), delta];
		},
		content_block_stop: (event) => {
			this.#current(event);
			this.#open = undefined;
		},
		message_delta: (event) => {
			if (this.#open !== undefined) throw new Error('message_delta inside a block');
			const { type: _, delta, usage, ...rest } = event;
			const counted = overlay(object(this.message?.usage ?? {}), object(usage ?? {}));
			Object.assign(this.message ?? {}, object(delta), rest, { usage: counted });
		},
		message_stop: () => {
			this.stopped = true;
		},
	};

	#current(event: JsonObject): Growing {
		const growing = this.blocks[Number(event.index)];
		if (growing === undefined || event.index !== this.#open)
			throw new Error(`a piece of block ${String(event.index)} out of order`);
		return growing;
	}
}

/**
 * Puts the events of one streamed answer together, every field of them, as official clients do: deltas appended, later statements
 * laid over earlier ones. Throws where the events come in an order such clients refuse.
 */
export function accumulate(events: readonly JsonObject[]): JsonObject {
	const answer = new Accumulated();
	for (const event of events) answer.add(event);
	if (!answer.stopped) throw new Error('no message_stop');
	const content = answer.blocks.map(({ block, input }) =>
		input === '' ? block : { ...block, input: JSON.parse(input) as JsonValue },
	);
	return { ...answer.message, content };
}

function overlay(earlier: JsonObject, later: JsonObject): JsonObject {
	const stated = Object.entries(later).filter(([key, value]) => value !== null || !Object.hasOwn(earlier, key));
	return { ...earlier, ...Object.fromEntries(stated) };
}

/** The events of SSE text, in order; the event name must be the event's type. */
export function parseEvents(text: string): JsonObject[] {
	return text
		.split(/\r?\n\r?\n/)
		.filter((piece) => piece.trim() !== '')
		.map((piece) => {
			const lines = piece.split(/\r?\n/);
			const event = object(JSON.parse(lines.find((line) => line.startsWith('data:'))?.slice(5) ?? 'null') as JsonValue);
			const name = lines.find((line) => line.startsWith('event: '))?.slice(7);
			if (name !== undefined && name !== event.type) throw new Error(`event ${name} holds a ${String(event.type)}`);
			return event;
		});
}
