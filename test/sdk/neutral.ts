import type { z } from 'zod';
import type { JsonObject, Warning } from '../../src/spec/index.ts';

/*
 * What every official client can be asked for, in words that belong to none of them: a scenario is written once and run by each
 * client against each vendor.
 */

/** How the SDK fetches an answer: in one piece, by iterating over its raw stream, or with its streaming helper. */
export type Mode = 'whole' | 'iterator' | 'helper';
export const MODES: readonly Mode[] = ['whole', 'iterator', 'helper'];

/** A piece of a message. `cached` ends a prefix that the vendor is asked to keep in its prompt cache. */
export type Piece =
	| string
	| { cached: string }
	| { image: string; mediaType: 'image/png' | 'image/jpeg' }
	| { imageUrl: string }
	| { pdf: string; name: string }
	| { text: string; name: string };

/** A tool call the model made. */
export interface Call {
	id: string;
	name: string;
	input: unknown;
}

/** What a tool gave back. */
export interface Result {
	call: Call;
	content: Piece[];
	failed?: boolean;
}

/** One step of a conversation. An `answer` is echoed as its SDK gave it, unchanged. */
export type Turn = { user: string | Piece[] } | { answer: Answer } | { results: Result[] };

export interface Tool {
	name: string;
	/** Undefined: it takes free text. */
	schema?: JsonObject & { type: 'object' };
}

/** A wish for reasoning, or for none. `budget`: as a number of tokens, where the surface has such a number; else as an effort. */
export interface Think {
	way: 'effort' | 'budget' | 'off';
	effort?: 'low' | 'medium' | 'high';
	/** Asks for the text of the thinking where a model would leave it out. */
	shown?: boolean;
}

/** A request for an answer. */
export interface Ask {
	model: string;
	system?: string;
	turns: Turn[];
	tools?: Tool[];
	choice?: 'auto' | 'none' | 'required' | { name: string };
	/** False: one call at a time. */
	parallel?: boolean;
	maxTokens?: number;
	stop?: string[];
	temperature?: number;
	schema?: JsonObject;
	think?: Think;
	/** Several answers, and log-probabilities: only on surfaces that know them. */
	candidates?: number;
	logprobs?: number;
	/** Fields as they stand in the surface's own body. */
	extra?: JsonObject;
	/** False: a stream without a word on usage, where the surface gives the choice. */
	usage?: boolean;
}

/** Tokens as the client sees them; undefined where its surface shows no such number. Inputs include what was cached. */
export interface SeenUsage {
	inputTokens: number;
	outputTokens: number;
	cacheReadTokens: number | undefined;
	cacheWriteTokens: number | undefined;
	reasoningTokens: number | undefined;
}

export type Stop = 'end' | 'length' | 'sequence' | 'tools' | 'refusal' | 'filtered';

/** An answer as an SDK gave it. */
export interface Answer {
	id: string;
	model: string;
	text: string;
	/** Readable reasoning. */
	reasoning: string;
	calls: Call[];
	stop: Stop | undefined;
	stopSequence: string | undefined;
	usage: SeenUsage;
	/** Texts of all candidates, in order. */
	candidates: string[];
	/** Tokens whose log-probabilities were listed, joined. */
	logprobTokens: string | undefined;
	/** Number of pieces the text came in. */
	pieces: number;
	/** The SDK's own object, to be sent back unchanged. */
	native: unknown;
	headers: Headers;
	warnings: Warning[];
}

/** What an error shows whatever SDK raised it. */
export interface SeenError {
	status: number | undefined;
	requestId: string | null | undefined;
	type: string | undefined;
	message: string;
	headers: Headers | undefined;
}

/** An application's tool, for helpers that run tools by themselves. */
export interface RunnableTool extends Tool {
	schema: JsonObject & { type: 'object' };
	run(input: unknown): string;
}

/** Ways for a client to leave before the end. */
export type Leaving = 'signal' | 'controller' | 'break' | 'helper';

/** Settings of one client. */
export interface ClientOptions {
	url: string;
	apiKey: string;
	maxRetries?: number;
	/** The SDK's own time limit, in ms. */
	timeout?: number;
	headers?: { [name: string]: string };
}

/** An official client, pointed at Relais. */
export interface Client {
	ask(ask: Ask, mode: Mode): Promise<Answer>;
	/** Structured output through the SDK's own helper for zod schemas. */
	parse<T>(ask: Ask, schema: z.ZodType<T>, mode: Mode): Promise<T | null | undefined>;
	/** Runs tools through the SDK's own helper until the model has its final say. */
	runTools(ask: Ask, tools: RunnableTool[], streamed: boolean): Promise<string>;
	/** The surface's own count of a request's tokens; undefined where it has none. */
	countTokens: ((ask: Ask) => Promise<number>) | undefined;
	models(): Promise<string[]>;
	/** Id of a model looked up by its id. */
	model(id: string): Promise<string>;
	/** Asks for an answer in one piece and leaves on `signal`. */
	abandon(ask: Ask, signal: AbortSignal): Promise<unknown>;
	/** Begins a stream, leaves it after its first text, and gives back what was read. */
	leave(ask: Ask, how: Leaving): Promise<string>;
	/** Headers of the latest reply. */
	headers(): Headers;
	/** Number of HTTP requests made so far. */
	requests(): number;
}

/** A class of errors of an SDK. */
export type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Forms that a surface or its client may lack: a choice among tools, of one of them or of none, a list of models, documents, those of plain
 * text, the number of tokens that were read from the prompt cache or spent on reasoning, a word for answers that a filter stopped or
 * the model refused, the words of a refusal, room for the proof of a text, a switch for reasoning,
 * readable reasoning, that of vendors with another dialect, proofs of reasoning, those in
 * the client's own hands, reasoning
 * that shows nothing but its proof, equal requests for streams and whole answers, an ear for advice not to try again.
 */
export type Lack =
	| 'toolChoice'
	| 'noTool'
	| 'namedTool'
	| 'models'
	| 'documents'
	| 'textDocuments'
	| 'cacheReads'
	| 'reasoningTokens'
	| 'filters'
	| 'refusals'
	| 'textProofs'
	| 'reasoningOff'
	| 'reasoningText'
	| 'foreignReasoning'
	| 'reasoningProofs'
	| 'proofsAtHand'
	| 'redactedReasoning'
	| 'sameRequests'
	| 'retryAdvice';

/** A client-facing dialect with its official SDK. */
export interface Surface {
	name: string;
	dialect: string;
	/** Header in which the SDK looks for the request's id. */
	requestIdHeader: string;
	connect(options: ClientOptions): Client;
	/** How its answers are fetched where a scenario leaves that open; all ways where nothing is said. */
	modes?: readonly Mode[];
	/** The class the SDK has for an answer of this status. */
	errorClass(status: number): ErrorClass;
	errors: { api: ErrorClass; connection: ErrorClass; timeout: ErrorClass; userAbort: ErrorClass };
	read(error: unknown): SeenError;
	/** Where warnings place what every surface has under a name of its own. */
	paths: { maxTokens: string; stop: string; logprobs: string; thinking: string; toolChoice: string };
	/** Fields of this surface that others have no counterpart of, and the warnings owed to them. */
	peculiar: { fields: JsonObject; warnings: string[] };
	/** The result of a tool that failed as the client words it, where it has a wording of its own. */
	failedResult?: (text: string) => string;
	/** What nearly every surface has and this one has not. */
	lacks?: readonly Lack[];
	can: {
		/** Several answers to one request. */
		candidates: boolean;
		logprobs: boolean;
		/** Images in tool results. */
		imageResults: boolean;
		/** A flag on the result of a tool that failed. */
		failedResults: boolean;
		/** Shows which stop sequence was met. */
		stopSequence: boolean;
		/** Shows how many input tokens were written to the prompt cache. */
		cacheWrites: boolean;
		/** Asks for a number of thinking tokens. */
		budget: boolean;
		/** Tools that take free text. */
		freeText: boolean;
		/** Reports a refusal as such, not as a text like others. */
		refusals: boolean;
		/** Streams without usage. */
		silentUsage: boolean;
		/** Marks prefixes for the vendor's prompt cache. */
		cacheMarks: boolean;
		/** Asks for one call at a time. */
		singleCalls: boolean;
		/** Names documents. */
		documentNames: boolean;
		/** Takes images by URL, as `plain` or with their media type. */
		imageUrls: 'plain' | 'typed' | false;
		/** Reads events with comments in them, which some vendors send to keep a connection alive. */
		comments: boolean;
		/** Gives errors inside a stream a status; `some`: those that come with one. */
		streamStatus: boolean | 'some';
		/** Tries again by itself, after the wait asked for. */
		retries: boolean;
		/** Ways in which its streams can be left. */
		leaves: readonly Leaving[];
	};
}

/** Warnings of an answer's headers. */
export function warningsOf(headers: Headers): Warning[] {
	const text = headers.get('x-relais-warnings');
	return text === null ? [] : (JSON.parse(text) as Warning[]);
}
