import type { ContentPart } from './content.ts';
import type { Extensible } from './json.ts';
import type { Usage } from './usage.ts';

/** A request to judge texts, or parts for multimodal models, by a vendor's categories of harm. */
export interface ModerationRequest extends Extensible {
	/** Absent: the provider's usual one. */
	model?: string;
	inputs: (string | ContentPart[])[];
	/** True when the client gave one input and no list. */
	single?: boolean;
}

export interface ModerationResult extends Extensible {
	flagged: boolean;
	categories: { [category: string]: boolean };
	/** From 0 to 1. */
	scores: { [category: string]: number };
}

export interface ModerationResponse extends Extensible {
	id?: string;
	model?: string;
	/** In the order of the inputs. */
	results: ModerationResult[];
	usage?: Usage;
}
