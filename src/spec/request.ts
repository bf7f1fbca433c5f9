import type { CacheHint, ContentPart } from './content.ts';
import type { Extensible, JsonObject, JsonValue } from './json.ts';

/**
 * One turn. Instructions are messages of role `system` wherever they stand in the conversation; `level` keeps the difference
 * between a system and a developer instruction for the dialects that make one. Tool results are `tool` messages; dialects that
 * put them in user turns merge and split them.
 */
export interface Message extends Extensible {
	role: 'system' | 'user' | 'assistant' | 'tool';
	level?: 'developer';
	content: ContentPart[];
	/** The participant's name. */
	name?: string;
	/** Id of a stored message item, where a dialect has them. */
	id?: string;
}

/** A tool the application runs. `parameters` is a JSON Schema. */
export interface FunctionTool extends Extensible {
	type: 'function';
	name: string;
	description?: string;
	parameters?: JsonObject;
	strict?: boolean;
	cache?: CacheHint;
}

/** A tool whose input is free text, optionally bound by a grammar. */
export interface CustomTool extends Extensible {
	type: 'custom';
	name: string;
	description?: string;
	grammar?: { syntax: string; definition: string };
	cache?: CacheHint;
}

/**
 * A tool the provider runs: `kind` is the common name (web_search, web_fetch, code_execution, file_search, image_generation, mcp,
 * computer, bash, text_editor, memory ...), `vendor` the dialect whose wire form `config` holds.
 */
export interface ServerTool extends Extensible {
	type: 'server';
	kind: string;
	name?: string;
	vendor: string;
	config: JsonObject;
	cache?: CacheHint;
}

export type Tool = FunctionTool | CustomTool | ServerTool;

export type ToolChoice =
	| { type: 'auto' | 'none' | 'required' }
	| { type: 'tool'; name: string; kind?: 'function' | 'custom' | 'server' }
	/** Any of the named tools; `mode` as for the simple choices. */
	| { type: 'allowed'; mode: 'auto' | 'required'; names: string[] };

/** The form the answer's text must have. */
export type OutputFormat =
	| { type: 'text' }
	| { type: 'json' }
	| { type: 'json_schema'; schema: JsonObject; name?: string; description?: string; strict?: boolean }
	| { type: 'grammar'; grammar: string }
	| { type: 'regex'; pattern: string };

/** How much and how visibly the model should reason. Levels are the vendors' words: none, minimal, low, medium, high, xhigh, max. */
export interface ReasoningRequest {
	/** `adaptive`: the model decides. */
	mode?: 'off' | 'on' | 'adaptive';
	effort?: string;
	budgetTokens?: number;
	/** Which summary to return: auto, concise, detailed, none, omitted. */
	summary?: string;
	/** Whether encrypted reasoning should come back for stateless replay. */
	includeEncrypted?: boolean;
}

/** Numbers that shape sampling, in the ranges vendors document; not clamped here. */
export interface Sampling {
	temperature?: number;
	topP?: number;
	topK?: number;
	minP?: number;
	frequencyPenalty?: number;
	presencePenalty?: number;
	repetitionPenalty?: number;
	seed?: number;
	stop?: string[];
	/** Token id to bias, -100 to 100. */
	logitBias?: { [token: string]: number };
}

/** A request for a chat answer, in the form every dialect translates to and from. */
export interface ChatRequest extends Extensible {
	/** What the client asked for: a model, `provider/model`, a route or `auto`. Dialects encode the target's own id instead. */
	model: string;
	messages: Message[];
	stream: boolean;
	/** Whether the client wants usage in its stream, where its dialect lets it choose. */
	streamUsage?: boolean;
	tools?: Tool[];
	toolChoice?: ToolChoice;
	parallelToolCalls?: boolean;
	output?: OutputFormat;
	/** Limit on generated tokens, reasoning included where the vendor counts it so. */
	maxOutputTokens?: number;
	sampling: Sampling;
	reasoning?: ReasoningRequest;
	/** Ask for log-probabilities, with this many alternatives a token (0: only the chosen one). */
	logprobs?: { top: number };
	/** How many answers (n). */
	candidates?: number;
	/** Kinds of output wanted; absent: text. */
	modalities?: string[];
	audioOutput?: { voice?: string; format?: string; extra?: JsonObject };
	verbosity?: string;
	/** Stable id of the end user. */
	user?: string;
	metadata?: { [key: string]: JsonValue };
	serviceTier?: string;
	store?: boolean;
	promptCacheKey?: string;
	promptCacheRetention?: string;
	previousResponseId?: string;
	/** Text expected in the answer, to speed it up (predicted outputs). */
	prediction?: ContentPart[];
	/** Grounding sources of the vendor's tenant (Azure's `data_sources`). */
	dataSources?: JsonObject[];
}
