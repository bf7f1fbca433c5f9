import type { ContentPart } from './content.ts';
import type { Extensible } from './json.ts';
import type { Usage } from './usage.ts';

/** A request for vectors, one per input. */
export interface EmbedRequest extends Extensible {
	model: string;
	/** Texts, token id lists, or parts for multimodal models. */
	inputs: (string | number[] | ContentPart[])[];
	dimensions?: number;
	/** What the vectors are for: query, document, classification, clustering ... */
	task?: string;
	truncate?: 'start' | 'end' | 'none';
	user?: string;
}

export interface EmbedResponse extends Extensible {
	model?: string;
	/** In the order of the inputs. */
	vectors: Float32Array[];
	usage?: Usage;
}
