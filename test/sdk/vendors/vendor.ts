import type { SimulatorVendor } from '../../../src/simulators/index.ts';

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
	simulator: Omit<SimulatorVendor, 'name'>;
	/** Provider type. */
	type: string;
	/** The dialect it speaks: a surface of the same one passes through. */
	dialect: string;
	needsKey: boolean;
	/** The base URL under the simulator's, as users of the type write it. */
	path: string;
	/** Settings of the provider in the config, where there is more to it than a key; and those with credentials that are wrong. */
	settings?: object;
	locked?: object;
	/** Answers text, sees images, reads documents, calls tools, obeys schemas, does not reason. */
	plain: string;
	thinkers: Thinker[];
	/** A model that sees images within results, where the plain one does not. */
	imageResultsBy?: string;
	/** A model that sees images, where the plain one does not. */
	seer?: string;
	/** Its words for reasoning that came back altered; undefined where it asks for no proofs. */
	altered?: string;
	/** The row whose facts hold for clients of another dialect that it speaks too. */
	also?: { dialect: string; row: string; facts?: Partial<Vendor>; can?: Partial<Vendor['can']> };
	/** A model with a window of 1000 tokens; default `sim-small`. */
	small?: string;
	/** Statuses of its faults that are not those of most vendors, and why. */
	statuses?: { readonly [fault: string]: number };
	/** Warnings that its own additions to answers are owed with clients of other dialects. */
	asides?: RegExp;
	/** Why it is run through a part of the scenarios only. */
	brief?: string;
	can: {
		candidates: boolean;
		logprobs: boolean;
		countTokens: boolean;
		/** Says which stop sequence was met; `met`: that one was, not which. */
		stopSequence: boolean | 'met';
		/** Counts what it read from the prompt cache only where the request marks prefixes. */
		cacheMarks: boolean;
		/** Has a switch for reasoning that is known of its models. */
		reasoningSwitch: boolean;
		/** States the tokens its reasoning cost. */
		reasoningTokens: boolean;
		/** A flag on the result of a tool that failed. */
		failedResults: boolean;
		/** Images in results; `refused`: not even beside them, `apart`: in a turn of their own, to which it answers. */
		imageResults: boolean | 'refused' | 'apart';
		/** Hides thinking on demand. */
		redacted: boolean;
		/** Reports a refusal as such; `filtered`: as what a filter stopped. */
		refusals: boolean | 'filtered';
		/** Says something when it refuses. */
		refusalText: boolean;
		/** The filter of its answers: an error, a finish reason, or none. */
		filter: 'error' | 'reason' | 'none';
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
		/** Documents of plain text: as files, as part of the text, or beside the conversation. */
		documents: 'files' | 'text' | 'apart';
		/** Other documents. */
		pdfs: boolean;
		/** Takes images for what they are said to be. */
		unreadImages: boolean;
		/** Images at an address. */
		imageUrls: boolean;
		/** Says how much of a prompt it had cached. */
		cacheReads: boolean;
		/** Has a model that sees images. */
		images: boolean;
		/** Takes schemas for its answers; others are told of them in words. */
		schemas: boolean;
		/** Lets a call be demanded while it thinks, as it does unasked. */
		forcedWhileThinking: boolean;
		/** Lets a call of a tool be demanded or forbidden. */
		choices: boolean;
		/** Refuses a prompt beyond its window; others cut it without a word. */
		overflow: boolean;
		/** Its words tell a spent quota from too many requests. */
		quota: boolean;
		/** Tells which model it does not know. */
		namesModels: boolean;
		/** Says what an empty result of a tool was. */
		emptyResults: boolean;
		/** Takes the names of documents; `bent`: with other letters. */
		documentNames: boolean | 'bent';
		/** Least limit on output, in tokens. */
		leastTokens: number;
		/** Words in one piece of a stream, at most. */
		pieceWords: number;
		/** Drops fields also of clients of its own dialect. */
		drops: boolean;
		/** Fields of some surface that other vendors do not know and this one does. */
		fields: readonly string[];
	};
}

/** What most vendors can: a row names where it differs. */
export const COMMON: Vendor['can'] = {
	candidates: false,
	logprobs: false,
	countTokens: false,
	stopSequence: false,
	cacheMarks: false,
	reasoningSwitch: true,
	reasoningTokens: true,
	failedResults: false,
	imageResults: false,
	redacted: false,
	refusals: false,
	refusalText: true,
	filter: 'reason',
	documents: 'files',
	pdfs: true,
	unreadImages: false,
	imageUrls: true,
	cacheReads: true,
	images: true,
	schemas: true,
	forcedWhileThinking: true,
	choices: true,
	overflow: true,
	quota: true,
	namesModels: true,
	emptyResults: true,
	forcedCallsStop: false,
	stops: true,
	singleCalls: true,
	resultIds: true,
	freeText: false,
	urlTypes: false,
	documentNames: true,
	leastTokens: 1,
	pieceWords: 1,
	drops: false,
	fields: [],
};
