import type { ContentPart } from './content.ts';
import type { Extensible } from './json.ts';
import type { Usage } from './usage.ts';

/** What a vector is made of: a text, the ids of its tokens, or parts for multimodal models. */
export type EmbedInput = string | number[] | ContentPart[];

/** What the numbers of a vector are. `binary` and `ubinary` hold eight dimensions in each number, from -128 or from 0. */
export type VectorType = 'float' | 'int8' | 'uint8' | 'binary' | 'ubinary';

/**
 * One vector. Numbers that came as JSON text stay the doubles they are, so that printing them gives the same digits; those that came
 * packed stay the floats they were.
 */
export type Vector = number[] | Float32Array;

/** A request for vectors, one per input. */
export interface EmbedRequest extends Extensible {
	model: string;
	inputs: EmbedInput[];
	/** True when the client gave one input and no list. */
	single?: boolean;
	/** How long vectors should be, for models that can shorten them. */
	dimensions?: number;
	/**
	 * What the vectors are for. Understood by more than one vendor: `query`, `document`, `similarity`, `classification`, `clustering`,
	 * `question`, `fact`, `code_query`, `code_document`; others are a vendor's own.
	 */
	task?: string;
	/** Title of the documents. */
	title?: string;
	/** Where inputs differ in task, title or dimensions: what is said of each, in their order, in place of the above. */
	each?: { task?: string; title?: string; dimensions?: number }[];
	/** What to do with inputs that are too long: cut there, or fail. */
	truncate?: 'start' | 'end' | 'none';
	/** Kinds of numbers wanted; absent: `float`. */
	types?: VectorType[];
	/** True when numbers should come packed (little-endian, base64) rather than written out. */
	packed?: boolean;
	user?: string;
}

export interface EmbedResponse extends Extensible {
	id?: string;
	model?: string;
	/** In the order of the inputs, of the first type asked for. */
	vectors: Vector[];
	/** The same in the further types asked for. */
	further?: { [type in VectorType]?: Vector[] };
	usage?: Usage;
}
