import type { JsonObject } from '../../spec/index.ts';

/** Which vendor's protocol a simulator speaks. */
export type SimulatorKind =
	| 'openai'
	| 'anthropic'
	| 'gemini'
	| 'bedrock'
	| 'ollama'
	| 'azure'
	| 'cohere'
	| 'jina'
	| 'voyage'
	| 'vertex'
	| 'watsonx'
	| 'replicate';

/**
 * Which vendor of the OpenAI protocol: the vendor itself; an open-weight server (own models, `reasoning_content`, no key, unknown fields
 * ignored); or one of those that do things their own way.
 */
export type Flavor = 'cloud' | 'local' | 'ollama' | 'azure' | 'mistral' | 'deepseek' | 'groq' | 'xai' | 'watsonx';

/** Keys of an AWS account. */
export interface SigningKeys {
	accessKeyId: string;
	secretAccessKey: string;
	/** Of temporary keys only. */
	sessionToken?: string;
}

/** The file of a Google service account. */
export interface ServiceAccount {
	type: 'service_account';
	project_id: string;
	private_key_id: string;
	private_key: string;
	client_email: string;
	client_id: string;
	token_uri: string;
}

/** One vendor to simulate. */
export interface SimulatorVendor {
	/** First segment of its path, and what its answers call themselves. */
	name: string;
	kind: SimulatorKind;
	/** Of `openai`: which vendor of the protocol; default `cloud`. */
	flavor?: Flavor;
	/** The only key it accepts; default `sk-<name>`. A `local` one accepts any, and none. */
	apiKey?: string;
	/** Keys that requests to `bedrock` may be signed with, in place of the bearer key. */
	keys?: SigningKeys;
}

/** A simulated vendor that is listening. */
export interface RunningSimulator {
	name: string;
	kind: SimulatorKind;
	/** Where its API begins, ending in its version where it has one: `/v1`, or `/v1beta` for Gemini. */
	baseUrl: string;
	/** The key it accepts; a local one accepts any. */
	apiKey: string;
	/** Keys that requests may be signed with instead; only of `bedrock`. */
	keys?: SigningKeys;
	/** An account whose assertions buy tokens; only of `vertex`. */
	serviceAccount?: ServiceAccount;
	flavor: Flavor;
	/** Ids of the models that answer chat requests, best known first. */
	models: readonly string[];
}

/** Tokens of one answer as a ledger counts them: `inputTokens` includes what was read from and written to the prompt cache. */
export interface BilledUsage {
	inputTokens: number;
	outputTokens: number;
	cacheReadTokens: number;
	cacheWriteTokens: number;
	reasoningTokens: number;
}

/** One request a simulator received: what a vendor's invoice would say, and what happened on the wire. */
export interface BilledRequest {
	vendor: string;
	kind: SimulatorKind;
	/** The id sent to the client (`x-request-id` or `request-id`); unique within a run. */
	requestId: string;
	method: string;
	/** Path within the vendor, `/v1/messages`. */
	path: string;
	/** Model asked for, without the control suffix; null where the request has none. */
	model: string | null;
	stream: boolean;
	/** Status sent; 0 where nothing was sent. */
	status: number;
	/** The fault that was played, or null. */
	fault: string | null;
	/** Null where no answer was made. Of a broken-off stream: the output counts what had been sent. */
	usage: BilledUsage | null;
	/** Unix ms. */
	startedAt: number;
	/** Until the answer was handed over or the connection was gone; null while it runs. */
	durationMs: number | null;
	/** The whole answer, faithful or faulty, was handed to the network. */
	completed: boolean;
	/** The client left before the end of the answer, and when, in ms from the start. */
	disconnected: boolean;
	disconnectedAfterMs: number | null;
	/** Parts of the stream that were sent. */
	frames: number;
}

/** An error as a vendor puts it on the wire. */
export interface Problem {
	status: number;
	body: JsonObject;
	headers?: { [name: string]: string };
}

/** An event or a message as it goes over the wire: bytes where the framing is binary. */
export type Framed = string | Buffer;

/** One event of a stream, rendered. `tokens`: output tokens it carries. `part`: `end` events are what makes a stream complete. */
export interface Frame {
	text: Framed;
	part: 'start' | 'delta' | 'end';
	tokens: number;
}

/** A finished answer of either protocol, ready for delivery. */
export interface Reply {
	usage: BilledUsage;
	headers: { [name: string]: string };
	/** The answer in one piece. */
	body(): JsonObject;
	/** The answer as a stream; `chunks`: into how many deltas to cut the text. */
	frames(chunks: number | undefined): Frame[];
}
