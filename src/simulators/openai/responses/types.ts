import type { JsonObject } from '../../../spec/index.ts';
import type { Outcome } from '../../core/outcome.ts';

/** Reasoning: its summary, and how to write it encrypted where that was asked for. */
export interface ReasoningItem {
	type: 'reasoning';
	id: string;
	summary: string;
	encrypted: ((moment: string) => string) | undefined;
}

/** A search of the web. */
export interface SearchItem {
	type: 'web_search_call';
	id: string;
	query: string;
}

/** What is said. `whole`: it was not cut off. */
export interface MessageItem {
	type: 'message';
	id: string;
	text: string;
	refusal: boolean;
	annotations: JsonObject[];
	whole: boolean;
}

/** A call of a tool; `input`: JSON text for a function, free text for a custom tool. */
export interface CallItem {
	type: 'function_call' | 'custom_tool_call';
	id: string;
	callId: string;
	name: string;
	input: string;
	whole: boolean;
}

/** One item of an answer, before it is written in the wire's form. */
export type OutputItem = ReasoningItem | SearchItem | MessageItem | CallItem;

/** Everything that the body and the stream of one answer are written from. */
export interface Answer {
	id: string;
	/** Unix seconds. */
	created: number;
	completed: number;
	/** The name answers carry. */
	model: string;
	request: JsonObject;
	/** The reasoning effort in force; undefined for models that do not reason. */
	effort: string | undefined;
	items: OutputItem[];
	outcome: Outcome;
	status: 'completed' | 'incomplete' | 'failed';
	/** Why it is incomplete. */
	reason: 'max_output_tokens' | 'content_filter' | undefined;
	promptTokens: number;
	cachedTokens: number;
	searches: number;
	/** Alternatives to list for each token; undefined: no log probabilities. */
	logprobs: number | undefined;
}
