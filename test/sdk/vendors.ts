/** A model that reasons, and how it wants to be asked. */
export interface Thinker {
	model: string;
	way: 'effort' | 'budget';
	/** `signed`: text with a proof; `hidden`: a proof alone, unless the text is asked for; `plain`: text alone; `none`: nothing. */
	shows: 'signed' | 'hidden' | 'plain' | 'none';
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
		},
	},
];
