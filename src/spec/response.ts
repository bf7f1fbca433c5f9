import type { Citation, ContentPart, TokenLogprob } from './content.ts';
import type { Extensible } from './json.ts';
import type { Usage } from './usage.ts';

/** Why an answer ended. */
export type StopKind =
	| 'stop'
	| 'stop_sequence'
	| 'length'
	| 'tool_calls'
	| 'content_filter'
	| 'refusal'
	/** The provider paused a long turn; sending the answer back continues it. */
	| 'pause'
	| 'context_overflow'
	| 'malformed_tool_call'
	| 'compaction'
	| 'error'
	| 'other';

export interface StopReason extends Extensible {
	kind: StopKind;
	/** The vendor's own word. */
	raw?: string;
	/** The sequence that was met. */
	sequence?: string;
	/** What the vendor says about it (a refusal's category, a filter's verdict). */
	message?: string;
}

/** One answer; a request with n > 1 has several. */
export interface Candidate extends Extensible {
	index: number;
	content: ContentPart[];
	stop?: StopReason;
	logprobs?: TokenLogprob[];
	refusalLogprobs?: TokenLogprob[];
	/** Citations the vendor lists for the answer as a whole. */
	citations?: Citation[];
}

/** A whole answer. */
export interface ChatResponse extends Extensible {
	id?: string;
	/** The model as the provider names it in the answer. */
	model?: string;
	/** Unix time in seconds. */
	createdAt?: number;
	candidates: Candidate[];
	usage?: Usage;
	serviceTier?: string;
	systemFingerprint?: string;
}
