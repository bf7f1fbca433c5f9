import type { JsonObject, JsonValue } from '../../spec/index.ts';
import type { Outcome } from '../core/outcome.ts';

/** What an answer cost. */
export interface Counts {
	prompt: number;
	/** Of the prompt: read from the cache. */
	cached: number;
	/** All that was written, reasoning included. */
	completion: number;
	reasoning: number;
	/** Model as asked for. */
	model: string;
}

/** How a vendor of this protocol writes answers: all that differs from one to the next. */
export interface Style {
	answerId(seed: string): string;
	callId(seed: string): string;
	/** Where reasoning is written out; `hidden`: nowhere. `parts`: content becomes a list of parts. */
	reasoning: 'hidden' | 'reasoning_content' | 'reasoning' | 'parts';
	/** Messages carry `refusal` and `annotations`. */
	refusals: boolean;
	/** `tool_calls` of a message without any; absent: the key is left out. */
	noCalls?: JsonValue;
	/** `content` beside calls. */
	callContent: '' | null;
	/** Choices carry `logprobs: null` where none were asked for. */
	logprobs: boolean;
	/** Choices carry the stop text that ended them as `stop_reason`. */
	stopReason: boolean;
	/** A forced tool ends with `stop`. */
	forcedStops: boolean;
	/** Calls of a stream come in pieces, or each whole in one event. */
	calls: 'pieces' | 'whole';
	/** Calls of a stream say which one they belong to. */
	indexed: boolean;
	usage(counts: Counts): JsonObject;
	/** Usage of a stream: on an event of its own where asked for (or always), beside the last choice, or both. */
	usageAt: 'asked' | 'always' | 'end' | 'both';
	/** Events carry `usage: null` before the usage comes. */
	nullUsage: boolean;
	/** Keys of every answer and event: `system_fingerprint` and the like. */
	marks(request: JsonObject, model: { id: string; reasons: boolean }): JsonObject;
	/** Hides the sizes of events with noise. */
	obfuscates: boolean;
	/** Completes the answer in one piece. */
	body?(body: JsonObject, answer: Answer): JsonObject;
	/** Completes an event of a stream. `place`: whether it opens or ends its choice. */
	event?(event: JsonObject, answer: Answer, place: 'first' | 'middle' | 'last'): JsonObject;
	/** An event as it goes over the wire; default `data:` alone. `index`: from 0. */
	frame?(json: string, index: number): string;
	/** The stream just ends, without `[DONE]`. */
	endless?: boolean;
	/** Events before the first. */
	before?(answer: Answer): JsonObject[];
}

/** Everything that the body and the stream of one answer are written from. */
export interface Answer {
	id: string;
	/** Unix seconds. */
	created: number;
	/** The name answers carry. */
	model: string;
	/** The request that it answers. */
	request: JsonObject;
	style: Style;
	/** Reasoning models leave the `logprobs` key out. */
	reasons: boolean;
	outcomes: Outcome[];
	/** Ids of the tool calls, by choice and position. */
	callId(choice: number, position: number): string;
	usage: JsonObject;
	/** `service_tier` and `system_fingerprint` (or what a local server sends instead). */
	marks: JsonObject;
	/** Alternatives to list for each token; undefined: no log probabilities. */
	logprobs: number | undefined;
	/** The request used the older `functions`. */
	legacy: boolean;
	/** A tool was forced by name: the vendor then ends with `stop`, not `tool_calls`. */
	forced: boolean;
	includeUsage: boolean;
	obfuscate: boolean;
	/** Names of tools that take free text. */
	customTools: ReadonlySet<string>;
}
