/** Prices in USD per million tokens; null: not known; 0: free or local. */
export interface Price {
	input: number | null;
	output: number | null;
	cacheRead: number | null;
	/** For the shortest lifetime offered. */
	cacheWrite: number | null;
}

/** What a model can do; null: no source says. */
export interface ModelCapabilities {
	chat: boolean | null;
	streaming: boolean | null;
	tools: boolean | null;
	jsonSchema: boolean | null;
	vision: boolean | null;
	reasoning: boolean | null;
	embeddings: boolean | null;
	dataSources: boolean | null;
}

/** What is said of a model of which nothing is known. */
export const NOTHING_KNOWN: ModelCapabilities = {
	chat: null,
	streaming: null,
	tools: null,
	jsonSchema: null,
	vision: null,
	reasoning: null,
	embeddings: null,
	dataSources: null,
};

/**
 * How a model wants to be spoken to, where models of one vendor differ. Dialects consult these facts; a vendor's descriptor
 * supplies them per model. Absent: the dialect's ordinary behaviour.
 */
export interface ModelTraits {
	/** `budget`: a number of thinking tokens; `adaptive`: a mode plus an effort; `effort`: a level; `none`: cannot reason. */
	reasoning?: 'budget' | 'adaptive' | 'effort' | 'none';
	/** True when reasoning cannot be turned off. */
	reasoningAlways?: boolean;
	/** Effort levels taken, weakest first. */
	efforts?: string[];
	/** False when temperature, top_p and their like are refused. */
	sampling?: boolean;
	/** False when a conversation may not end with an assistant turn. */
	prefill?: boolean;
	/** False when JSON-schema output is not taken natively. */
	jsonSchema?: boolean;
	/** Name of the wire field that limits output, where it is not the dialect's usual one. */
	maxTokensField?: string;
	/** `developer`: instructions go out under that role; `user`: no instruction role at all. */
	systemRole?: 'system' | 'developer' | 'user';
	/** Greatest output limit the vendor takes; it refuses a request that asks for more. */
	outputCeiling?: number;
	/** Output limit to state when the dialect demands one and the request gives none. */
	maxOutputTokens?: number;
}

/** One model at one provider. */
export interface ModelInfo {
	/** As sent on the wire. */
	id: string;
	/** Name of the configured provider that serves it. */
	provider: string;
	name?: string;
	mode: string;
	/** Tokens in all, null when not known. */
	contextWindow: number | null;
	maxInput?: number;
	maxOutput: number | null;
	price: Price;
	priceTiers?: (Price & { aboveInputTokens: number })[];
	capabilities: ModelCapabilities;
	inputModalities: string[];
	outputModalities: string[];
	deprecated?: boolean;
	/** YYYY-MM-DD */
	shutdownDate?: string;
	replacement?: string;
	/** YYYY, YYYY-MM or YYYY-MM-DD */
	released?: string;
	embeddingDimensions?: number;
	/** Whether the provider's own list named it when it was last asked; absent: it was not asked, or has no list. */
	listed?: boolean;
}
