import { isObject } from '../../lib/json.ts';
import type { ContentPart, JsonObject, JsonValue, StreamPart } from '../../spec/index.ts';
import { table } from '../shared/index.ts';
import { decodeBlock } from './block-decode.ts';
import { decodeCitation } from './citations.ts';
import { DIALECT } from './dialect.ts';

/** A block of a streamed answer between its first event and its stop. */
export interface OpenBlock {
	/** Takes a delta; false when it is of a kind unknown here. */
	delta(delta: JsonObject, out: StreamPart[]): boolean;
	end(out: StreamPart[]): void;
}

const EMPTY_TEXT: ContentPart = { type: 'text', text: '' };
const EMPTY_THOUGHT: ContentPart = { type: 'reasoning', text: '', extensions: { [DIALECT]: { $unsigned: 'none' } } };
const REDACTED: ContentPart = { type: 'reasoning', redacted: true };

/** What a block without a start holds, told by its first delta: only blocks of tools and images have one. */
export function impliedContent(delta: JsonObject): ContentPart | undefined {
	if (typeof delta.text === 'string' || delta.citation !== undefined) return EMPTY_TEXT;
	if (!isObject(delta.reasoningContent)) return undefined;
	return delta.reasoningContent.redactedContent === undefined ? EMPTY_THOUGHT : REDACTED;
}

type DeltaHandler = (value: JsonValue, block: number, out: StreamPart[]) => boolean;

const DELTAS = table<DeltaHandler>({
	text: (text, block, out) => {
		if (typeof text !== 'string') return false;
		if (text !== '') out.push({ type: 'text-delta', block, text });
		return true;
	},
	toolUse: (value, block, out) => {
		if (!isObject(value) || typeof value.input !== 'string') return false;
		if (value.input !== '') out.push({ type: 'tool-input-delta', block, input: value.input });
		return true;
	},
	reasoningContent: (value, block, out) => {
		if (!isObject(value)) return false;
		const { text, signature, redactedContent: blob } = value;
		if (typeof text === 'string' && text !== '') out.push({ type: 'reasoning-delta', block, text });
		if (typeof signature === 'string' && signature !== '') {
			out.push({ type: 'reasoning-delta', block, signature: { vendor: DIALECT, value: signature } });
		}
		if (typeof blob === 'string') out.push({ type: 'reasoning-delta', block, encrypted: { vendor: DIALECT, value: blob } });
		return [text, signature, blob].some((each) => typeof each === 'string');
	},
	citation: (value, block, out) => {
		out.push({ type: 'citation', block, citation: decodeCitation(value) });
		return true;
	},
});

/** A block that is told as it comes. */
export class StreamedBlock implements OpenBlock {
	readonly #number: number;

	constructor(content: ContentPart, number: number, out: StreamPart[]) {
		this.#number = number;
		out.push({ type: 'block-start', block: number, candidate: 0, content });
	}

	delta(delta: JsonObject, out: StreamPart[]): boolean {
		let known = true;
		for (const member in delta) known = DELTAS[member]?.(delta[member] ?? null, this.#number, out) === true && known;
		return known;
	}

	end(out: StreamPart[]): void {
		out.push({ type: 'block-end', block: this.#number });
	}
}

/** A block that only makes sense whole: a tool's result, an image, a kind unknown here. */
export class HeldBlock implements OpenBlock {
	readonly #number: number;
	readonly #start: JsonObject;
	readonly #deltas: JsonObject[] = [];

	constructor(start: JsonObject, number: number) {
		this.#start = start;
		this.#number = number;
	}

	delta(delta: JsonObject): boolean {
		this.#deltas.push(delta);
		return true;
	}

	end(out: StreamPart[]): void {
		const block = this.#number;
		out.push({ type: 'block-start', block, candidate: 0, content: this.#content() }, { type: 'block-end', block });
	}

	#content(): ContentPart {
		const { toolResult, image } = this.#start;
		if (isObject(toolResult) && this.#deltas.every((delta) => Array.isArray(delta.toolResult))) {
			const content = this.#deltas.flatMap((delta) => delta.toolResult as JsonValue[]);
			return decodeBlock({ toolResult: { ...toolResult, content } }, 'contentBlock', 'answer');
		}
		if (isObject(image) && this.#deltas.every((delta) => isObject(delta.image))) {
			const pieces = this.#deltas.map((delta) => delta.image as JsonObject);
			return decodeBlock({ image: Object.assign({}, image, ...pieces) }, 'contentBlock', 'answer');
		}
		const kept = this.#deltas.length === 0 ? {} : { extensions: { [DIALECT]: { $deltas: this.#deltas } } };
		return { type: 'opaque', dialect: DIALECT, value: this.#start, ...kept };
	}
}
