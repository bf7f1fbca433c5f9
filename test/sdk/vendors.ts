/** A model that reasons, and how it wants to be asked. */
export interface Thinker {
	model: string;
	way: 'effort' | 'budget';
	/** `signed`: text with a proof; `hidden`: a proof alone, unless the text is asked for; `plain`: text alone; `none`: nothing. */
	shows: 'signed' | 'hidden' | 'plain' | 'none';
	/** Signs calls, not texts: what it thought before a text is not taken back. */
	loose?: true;
}

/** A simulated vendor as it stands behind Relais: one row of the matrix. */
export interface Vendor {
	/** Name of the simulator, and of the provider in the config. */
	name: string;
	/** Provider type. */
	type: string;
	/** The dialect it speaks: a surface of the same one passes through. */
	dialect: string;
	needsKey: boolean;
	/** The base URL under the simulator's, as users of the type write it. */
	path: string;
	/** Answers text, sees images, reads documents, calls tools, obeys schemas, does not reason. */
	plain: string;
	thinkers: Thinker[];
	/** A model that sees images within results, where the plain one does not. */
	imageResultsBy?: string;
	/** Its words for reasoning that came back altered; undefined where it asks for no proofs. */
	altered?: string;
	/** The row whose facts hold for clients of another dialect that it speaks too. */
	also?: { dialect: string; row: string; can?: Partial<Vendor['can']> };
	can: {
		candidates: boolean;
		logprobs: boolean;
		countTokens: boolean;
		/** Says which stop sequence was met. */
		stopSequence: boolean;
		/** Counts what it read from the prompt cache only where the request marks prefixes. */
		cacheMarks: boolean;
		/** Has a switch for reasoning that is known of its models. */
		reasoningSwitch: boolean;
		/** States the tokens its reasoning cost. */
		reasoningTokens: boolean;
		/** A flag on the result of a tool that failed. */
		failedResults: boolean;
		imageResults: boolean;
		/** Hides thinking on demand. */
		redacted: boolean;
		/** Reports a refusal as such. */
		refusals: boolean;
		/** Says something when it refuses. */
		refusalText: boolean;
		/** The filter of its answers: an error, a finish reason, or none. */
		filter: 'error' | 'reason';
		/** Ends an answer with a forced call as if it were done. */
		forcedCallsStop: boolean;
		/** Takes stop sequences. */
		stops: boolean;
		/** Can be kept to one call at a time. */
		singleCalls: boolean;
		/** Tells results apart by the ids of their calls, not by their order. */
		resultIds: boolean;
		/** Tools that take free text. */
		freeText: boolean;
		/** Wants to know the media type of what a URL names. */
		urlTypes: boolean;
		/** Takes the names of documents. */
		documentNames: boolean;
		/** Least limit on output, in tokens. */
		leastTokens: number;
		/** Words in one piece of a stream, at most. */
		pieceWords: number;
		/** Fields of some surface that other vendors do not know and this one does. */
		fields: readonly string[];
	};
}

export const VENDORS: readonly Vendor[] = [
	{
		name: 'sim-openai',
		type: 'openai',
		dialect: 'openai-chat',
		needsKey: true,
		path: '/v1',
		plain: 'gpt-4o',
		thinkers: [
			{ model: 'gpt-6-luna', way: 'effort', shows: 'none' },
			{ model: 'o3', way: 'effort', shows: 'none' },
		],
		also: { dialect: 'openai-responses', row: 'sim-responses', can: { countTokens: true } },
		can: {
			candidates: true,
			logprobs: true,
			countTokens: false,
			stopSequence: false,
			cacheMarks: false,
			reasoningSwitch: true,
			reasoningTokens: true,
			failedResults: false,
			imageResults: false,
			redacted: false,
			refusals: true,
			refusalText: true,
			filter: 'reason',
			forcedCallsStop: true,
			stops: true,
			singleCalls: true,
			resultIds: true,
			freeText: true,
			urlTypes: false,
			documentNames: true,
			leastTokens: 1,
			pieceWords: 1,
			fields: [],
		},
	},
	{
		name: 'sim-anthropic',
		type: 'anthropic',
		dialect: 'anthropic-messages',
		needsKey: true,
		path: '',
		plain: 'claude-haiku-4-5',
		thinkers: [
			{ model: 'claude-sonnet-4-5', way: 'budget', shows: 'signed' },
			{ model: 'claude-sonnet-5-5', way: 'effort', shows: 'hidden' },
			{ model: 'claude-opus-5-5', way: 'effort', shows: 'hidden' },
		],
		altered: 'Invalid `signature` in `thinking` block',
		can: {
			candidates: false,
			logprobs: false,
			countTokens: true,
			stopSequence: true,
			cacheMarks: true,
			reasoningSwitch: true,
			reasoningTokens: true,
			failedResults: true,
			imageResults: true,
			redacted: true,
			refusals: true,
			refusalText: false,
			filter: 'error',
			forcedCallsStop: false,
			stops: true,
			singleCalls: true,
			resultIds: true,
			freeText: false,
			urlTypes: false,
			documentNames: true,
			leastTokens: 1,
			pieceWords: 1,
			fields: ['generationConfig.topK'],
		},
	},
	{
		name: 'sim-local',
		type: 'openai-compatible',
		dialect: 'openai-chat',
		needsKey: false,
		path: '/v1',
		plain: 'gemma-3-27b',
		thinkers: [{ model: 'qwen3-32b', way: 'effort', shows: 'plain' }],
		can: {
			candidates: true,
			logprobs: true,
			countTokens: false,
			stopSequence: true,
			cacheMarks: false,
			reasoningSwitch: false,
			reasoningTokens: false,
			failedResults: false,
			imageResults: false,
			redacted: false,
			refusals: false,
			refusalText: true,
			filter: 'reason',
			forcedCallsStop: true,
			stops: true,
			singleCalls: true,
			resultIds: true,
			freeText: true,
			urlTypes: false,
			documentNames: true,
			leastTokens: 1,
			pieceWords: 1,
			fields: [],
		},
	},
	{
		name: 'sim-gemini',
		type: 'gemini',
		dialect: 'gemini',
		needsKey: true,
		path: '/v1beta',
		plain: 'gemini-2.0-flash',
		thinkers: [
			{ model: 'gemini-2.5-flash', way: 'budget', shows: 'signed', loose: true },
			{ model: 'gemini-3.8-flash', way: 'effort', shows: 'signed' },
		],
		imageResultsBy: 'gemini-3.8-flash',
		altered: 'Thought signature is not valid.',
		can: {
			candidates: true,
			logprobs: true,
			countTokens: true,
			stopSequence: false,
			cacheMarks: false,
			reasoningSwitch: true,
			reasoningTokens: true,
			failedResults: true,
			imageResults: false,
			redacted: false,
			refusals: false,
			refusalText: true,
			filter: 'reason',
			forcedCallsStop: false,
			stops: true,
			singleCalls: false,
			resultIds: false,
			freeText: false,
			urlTypes: true,
			documentNames: false,
			leastTokens: 1,
			pieceWords: 2,
			fields: ['frequency_penalty', 'presence_penalty', 'seed'],
		},
	},
	{
		name: 'sim-responses',
		type: 'openai-responses-compatible',
		dialect: 'openai-responses',
		needsKey: true,
		path: '/v1',
		plain: 'gpt-4o',
		thinkers: [
			{ model: 'gpt-6-luna', way: 'effort', shows: 'hidden' },
			{ model: 'o3', way: 'effort', shows: 'hidden' },
		],
		altered: 'Encrypted content could not be decrypted',
		can: {
			candidates: false,
			logprobs: true,
			countTokens: false,
			stopSequence: false,
			cacheMarks: false,
			reasoningSwitch: true,
			reasoningTokens: true,
			failedResults: false,
			imageResults: true,
			redacted: false,
			refusals: true,
			refusalText: true,
			filter: 'reason',
			forcedCallsStop: false,
			stops: false,
			singleCalls: true,
			resultIds: true,
			freeText: true,
			urlTypes: false,
			documentNames: true,
			leastTokens: 16,
			pieceWords: 1,
			fields: ['verbosity'],
		},
	},
];

/** A vendor as clients of a dialect meet it: one that speaks it too does so to them. */
export function facing(vendor: Vendor, dialect: string): Vendor {
	const { also, name, type } = vendor;
	const facts = also?.dialect === dialect ? VENDORS.find((each) => each.name === also.row) : undefined;
	return facts === undefined ? vendor : { ...facts, name, type, can: { ...facts.can, ...also?.can } };
}
