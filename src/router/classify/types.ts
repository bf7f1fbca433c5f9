/** The use cases Relais tells apart, in the order ties are broken. */
export const USE_CASES = [
	'chat',
	'code_generation',
	'analysis',
	'expert_reasoning',
	'creative_writing',
	'summarization',
	'translation',
	'classification',
	'web_search',
	'long_context',
] as const;

export type UseCase = (typeof USE_CASES)[number];

/** `simple`: one plain step. `medium`: several steps or conditions. `complex`: long work, many conditions or real reasoning. */
export type ComplexityLevel = 'simple' | 'medium' | 'complex';

/** What the classifier reads of a request, in any dialect. Texts may be of any size: only their heads and tails are read. */
export interface ClassifierInput {
	/** Text of the last turn of the user, its text parts joined by line breaks; without results of tools. */
	user: string;
	/** Text of the turn of the user before that; empty where there is none. */
	earlier: string;
	/** Instructions of system and developer. */
	system: string;
	/** Turns of the user, the last one included. */
	turns: number;
	/** Names of the tools that are offered; a tool of the provider goes by its kind (`web_search`). */
	tools: readonly string[];
	images: boolean;
	documents: boolean;
	/** Whether the answer must follow a JSON Schema. */
	schema: boolean;
	/** Counted or estimated tokens of the whole request. */
	inputTokens: number;
	/** Whether the client asked the model to reason. */
	reasoning: boolean;
	/** The limit the client set on output, in tokens. */
	maxOutputTokens: number | undefined;
}

/** Something that spoke for the use case, with what it weighed. `cue` is text of Relais, never of the request. */
export interface Reason {
	source: 'user' | 'earlier' | 'system' | 'shape';
	cue: string;
	points: number;
}

export interface Classification {
	useCase: UseCase;
	/** 0 (nothing spoke for it, or something else as loudly) to 1. */
	confidence: number;
	/** How demanding the request is, 0 to 1. */
	complexity: number;
	level: ComplexityLevel;
	/** What spoke for the use case, the weightiest first; empty where nothing did. */
	reasons: Reason[];
}
