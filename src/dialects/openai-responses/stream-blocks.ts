import type { ContentPart, Extensions, JsonObject, StreamPart } from '../../spec/index.ts';
import { extend, own } from '../shared/index.ts';
import { decodeLogprobs } from './logprobs.ts';
import { DIALECT } from './name.ts';

/** What the blocks of one streamed answer share. */
export interface Sink {
	out: StreamPart[];
	nextBlock: number;
}

/** Fields of an event that a delta stands for; others are kept with it. */
const KNOWN: ReadonlySet<string> = new Set([
	'type',
	'sequence_number',
	'output_index',
	'content_index',
	'summary_index',
	'item_id',
	'delta',
	'logprobs',
]);

/** What an event says beyond what its part does (padding, mostly), to be said again. */
export function eventLeft(event: JsonObject): { extensions?: Extensions } {
	let rest: JsonObject | undefined;
	for (const key in event) {
		const value = event[key];
		if (value === undefined || KNOWN.has(key)) continue;
		rest ??= {};
		rest[key] = value;
	}
	const logprobs = event.logprobs;
	if (Array.isArray(logprobs) && logprobs.length > 0) rest = { ...rest, logprobs };
	return rest === undefined ? {} : extend(DIALECT, { $event: rest });
}

/** A block that is open, and the text that has come of it. */
export class Block {
	readonly number: number;
	readonly #sink: Sink;
	readonly #kind: 'text' | 'reasoning' | 'input';
	#text = '';
	/** Summary paragraphs so far. */
	readonly #summary: string[] = [];

	constructor(sink: Sink, content: ContentPart) {
		this.#sink = sink;
		this.number = sink.nextBlock++;
		this.#kind = content.type === 'tool-call' ? 'input' : content.type === 'reasoning' ? 'reasoning' : 'text';
		sink.out.push({ type: 'block-start', block: this.number, candidate: 0, content });
	}

	/** More text. @param event the event it came in */
	add(text: string, event: JsonObject): void {
		this.#text += text;
		const block = this.number;
		const left = eventLeft(event);
		if (this.#kind === 'input') this.#sink.out.push({ type: 'tool-input-delta', block, input: text, ...left });
		else if (this.#kind === 'reasoning') this.#sink.out.push({ type: 'reasoning-delta', block, text, ...left });
		else {
			const logprobs = decodeLogprobs(event.logprobs);
			this.#sink.out.push({ type: 'text-delta', block, text, ...(logprobs === undefined ? {} : { logprobs }), ...left });
		}
	}

	/** The text is known to be this: what has not come of it is told now. */
	complete(text: string): void {
		if (text.length > this.#text.length && text.startsWith(this.#text)) this.add(text.slice(this.#text.length), {});
	}

	summarize(index: number, text: string, event: JsonObject): void {
		this.#summary[index] = (this.#summary[index] ?? '') + text;
		this.#sink.out.push({ type: 'reasoning-delta', block: this.number, summary: text, summaryIndex: index, ...eventLeft(event) });
	}

	completeSummary(index: number, text: string): void {
		const said = this.#summary[index] ?? '';
		if (text.length > said.length && text.startsWith(said)) this.summarize(index, text.slice(said.length), {});
	}

	/** Ends the block; `final` is the part as the whole answer has it. */
	end(final: JsonObject | undefined): void {
		this.#sink.out.push({ type: 'block-end', block: this.number, ...extend(DIALECT, final) });
	}
}

/** Tells a part that is whole. */
export function tellWhole(sink: Sink, content: ContentPart): void {
	const block = sink.nextBlock++;
	sink.out.push({ type: 'block-start', block, candidate: 0, content }, { type: 'block-end', block });
}

/** What this dialect remembers of a part that ends, given that of the item around it. */
export function finalOf(part: ContentPart | undefined, first: ContentPart | undefined): JsonObject | undefined {
	if (part === undefined) return undefined;
	const left = own(part, DIALECT) ?? {};
	if (first === undefined || first === part) return left;
	const { item, $item } = own(first, DIALECT) ?? {};
	return { ...left, ...(item === undefined ? {} : { item }), ...($item === undefined ? {} : { $item }) };
}
