import type { JsonObject } from '../../spec/index.ts';
import type { Controls } from './controls.ts';
import type { Outcome } from './outcome.ts';
import type { PromptCache } from './promptcache.ts';

/** Input tokens of a prompt, and what the cache did with them. */
export interface HostedUsage {
	total: number;
	read: number;
	written: { '5m': number; '1h': number };
}

/** One block of an answer in the Messages form. `input`: JSON text, not whole where `broken`. */
export type HostedBlock =
	| { type: 'thinking'; thinking: string; signature: string }
	| { type: 'redacted_thinking'; data: string }
	| { type: 'text'; text: string }
	| { type: 'tool_use'; id: string; name: string; input: string; broken: boolean };

/** An answer before a cloud writes it in its own form. */
export interface HostedAnswer {
	blocks: HostedBlock[];
	outcome: Outcome;
	stopReason: string;
	stopSequence: string | null;
	input: HostedUsage;
}

/** A model that a cloud hosts, whoever made it. */
export interface HostedModel {
	id: string;
	window: number;
	maxOutput: number;
	/** Whether it thinks: never, when asked to, or always. */
	thinks: 'never' | 'asked' | 'always';
}

/** A request in the Messages form, and what an answer to it depends on. */
export interface HostedQuestion {
	request: JsonObject;
	/** The request as it came. */
	bytes: Buffer;
	vendor: string;
	model: HostedModel;
	controls: Controls;
	/** Undefined: nothing is cached. */
	cache: PromptCache | undefined;
	/** Unix ms. */
	now: number;
}

/** What clouds that host models take from the simulated Messages API: requests and answers in its form. */
export interface MessagesHost {
	/** That vendor's own model of this name. */
	claude(name: string): HostedModel | undefined;
	/** What one of that vendor's models finds wrong with a request: rules, order of turns, files, signatures. */
	fault(request: JsonObject, name: string): string | undefined;
	/** What is wrong with the files of a request, whatever the model. */
	fileFault(request: JsonObject): string | undefined;
	/** Tokens of a prompt. */
	tokens(request: JsonObject): number;
	/** The answer to a request that is in order; undefined where a filter blocks it. */
	answer(question: HostedQuestion): HostedAnswer | undefined;
}
