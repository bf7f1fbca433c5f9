import type { Dialect } from './dialect.ts';
import type { EmbedRequest, EmbedResponse } from './embedding.ts';
import type { RelaisError } from './errors.ts';
import type { HeaderMap, Timeouts, WireCall } from './http.ts';
import type { JsonObject } from './json.ts';
import type { ModelCapabilities, ModelInfo, ModelTraits } from './model.ts';
import type { ModerationRequest, ModerationResponse } from './moderation.ts';
import type { ChatRequest } from './request.ts';
import type { RerankRequest, RerankResponse } from './rerank.ts';
import type { ChatResponse } from './response.ts';
import type { StreamPart } from './stream.ts';
import type { Warning } from './warnings.ts';

/** What every call to a provider carries. */
export interface CallContext {
	/** Aborted when the client leaves or a time limit passes. */
	signal: AbortSignal;
	requestId: string;
	/** Told of everything the provider could not carry. */
	warn(warning: Warning): void;
	/** Told of the headers the vendor's answer came with: the client is given what helps to trace it. */
	answered?(headers: HeaderMap): void;
}

/** Whether a provider answers. `latencyMs`: time the check took. `detail` names the cause and the cure, never a secret. */
export interface HealthReport {
	healthy: boolean;
	latencyMs: number;
	detail?: string;
	/** What failed, for those who can tell more from it. */
	error?: RelaisError;
}

/**
 * A provider under the name the config gives it. Six methods; `embed` is absent where there are no embeddings, and so are further
 * abilities (`rerank`, `moderate`). A provider that speaks a known dialect over HTTP also has `wire`, which lets the hot path move bytes without going through the canonical form.
 * All methods reject with `RelaisError`.
 */
export interface Provider {
	readonly name: string;
	readonly type: string;
	/** Of one model, or of the provider as a whole. Answers from data: no I/O. */
	capabilities(model?: string): ModelCapabilities;
	listModels(context: CallContext): Promise<ModelInfo[]>;
	/** False where `listModels` asks nobody and tells what the catalog knows anyway. Absent: it asks. */
	readonly hasList?: boolean;
	/** Costs no tokens where the vendor allows it. */
	isHealthy(context: CallContext): Promise<HealthReport>;
	chat(request: ChatRequest, context: CallContext): Promise<ChatResponse>;
	chatStream(request: ChatRequest, context: CallContext): AsyncIterable<StreamPart>;
	embed?(request: EmbedRequest, context: CallContext): Promise<EmbedResponse>;
	rerank?(request: RerankRequest, context: CallContext): Promise<RerankResponse>;
	moderate?(request: ModerationRequest, context: CallContext): Promise<ModerationResponse>;
	readonly wire?: WireEndpoint;
	/**
	 * The endpoint for one model, for vendors that speak several dialects: in the client's own where the model answers in it, so that
	 * bytes pass through, else in the model's best one. Cheap: called once an attempt. Absent: `wire` serves every model.
	 * @param dialect name of the client's dialect
	 */
	wireFor?(model: string, dialect: string): WireEndpoint;
	/**
	 * A call to any path of the vendor's own API with the credentials on it, for clients that speak to the vendor through Relais.
	 * Absent: there is no such API. Throws `invalid_request` for a path that would leave it.
	 */
	native?(request: NativeRequest): NativeCall;
	/** What to do when the vendor refuses the credentials: the variable to set and where to get a key. */
	readonly credentialHint?: string;
	/** What a user can do about a failure with one of the models, where the vendor's own words do not say: one sentence. */
	cure?(error: RelaisError, model: string): string | undefined;
	close?(): Promise<void>;
}

/** Which of a vendor's endpoints is meant. */
export type Operation = 'chat' | 'count_tokens' | 'models' | 'embed' | 'rerank' | 'moderate' | 'complete';

/** A request for a vendor's own API as a client made it. */
export interface NativeRequest {
	method: WireCall['method'];
	/** Begins with a slash; with its query. */
	path: string;
	/** Names and values that are the vendor's business; lower-case names, no credentials. */
	headers: readonly (readonly [name: string, value: string])[];
	body: Uint8Array | undefined;
}

/** The same, ready to be sent, and what the provider knows of the endpoint. */
export interface NativeCall {
	/** Still to be signed (`wire.sign`) where the vendor wants that. */
	call: WireCall;
	/** The dialect the endpoint speaks, as far as that is known. */
	wire: WireEndpoint;
	/** Absent: an endpoint Relais has no use for itself. */
	operation?: Operation;
	/** The model the path names. */
	model?: string;
	/** True for an endpoint that only streams. */
	stream?: boolean;
}

/** Puts credentials on calls. */
export interface Signer {
	(call: WireCall): WireCall | Promise<WireCall>;
	/**
	 * Told that the vendor refuses what was put on a call, before its end by the clock. True: it is forgotten, and the same call may be
	 * made again with what is fetched then. Absent: there is nothing else to put on it.
	 */
	refused?(): boolean;
}

/** How to reach a vendor that speaks a known dialect. */
export interface WireEndpoint {
	readonly dialect: Dialect;
	readonly timeouts: Timeouts;
	/** Facts on how `model` wants to be spoken to. */
	traits(model: string): ModelTraits;
	/** Whether the vendor has the endpoint. */
	supports(operation: Operation): boolean;
	/**
	 * Address and headers of a call, credentials included; a promise only where credentials must first be fetched.
	 * `clientHeaders`: the client's own headers that concern the dialect (beta flags, versions), already filtered. `stream`: whether
	 * the answer should come as a stream, for vendors that have an address of their own for it.
	 */
	call(operation: Operation, model: string, clientHeaders: ClientHeaders, stream?: boolean): WireCall | Promise<WireCall>;
	/**
	 * Puts credentials on a call whose body is set, for vendors that want the body signed or a token fetched first. Returns another
	 * call: the one given is not modified. Absent: `call` has done all there is to do.
	 */
	readonly sign?: Signer;
	/** True: the vendor's answers depart from the dialect, so that they are translated even for clients of it. */
	readonly translates?: true;
	/** The error in the body of an answer that looks like a success, where the vendor has a form of its own for it. */
	refusalIn?(body: JsonObject): RelaisError | undefined;
	/**
	 * What this vendor's quirks change in a body: renames, drops and defaults of top-level fields, each worth knowing reported to
	 * `warn`. Null when the body may go out as it is. The body itself is never modified: it may be sent to another target next.
	 */
	bodyChanges(body: JsonObject, model: string, warn: (warning: Warning) => void): BodyChanges | null;
}

/** New values of top-level body fields; `undefined` removes one. */
export type BodyChanges = JsonObject;

/** Client headers that a dialect passes on, lower-case names. */
export interface ClientHeaders {
	readonly [name: string]: string | undefined;
}

/** What a provider is built from: one entry of the config, secrets resolved. */
export interface ProviderSettings {
	name: string;
	type: string;
	baseUrl?: string;
	apiKey?: string;
	timeouts: Timeouts;
	/** Models the config lists; empty: the catalog's and the provider's own. `alias` is the name users write. */
	models: { alias: string; id: string }[];
	defaultModel?: string;
	/** Extra request headers. */
	headers: { [name: string]: string };
	/** Settings only this type knows (organization, api_version, region ...). */
	options: JsonObject;
}

/** What must be known of a stream to read it: how it is cut, and what in it a user would see. Every dialect says so. */
export type StreamFormat = Pick<Dialect, 'framing' | 'streamTap'>;

/** What Relais lends a provider. */
export interface ProviderHost {
	/** Catalog rows for a catalog provider id. */
	catalogModels(catalogId: string): ModelInfo[];
	/** The dialect of that name; throws `config_invalid` when there is none. */
	dialect(name: string): Dialect;
	/** Sends a call and gives back the whole body. Rejects with `RelaisError` on transport failure, not on an HTTP status. */
	request(call: WireCall, timeouts: Timeouts, signal: AbortSignal): Promise<WireReply>;
	/** Sends a call and gives back the answer's frames, or the whole body for a status outside 200-299. */
	stream(call: WireCall, format: StreamFormat, timeouts: Timeouts, signal: AbortSignal): Promise<WireStream>;
	/**
	 * Keeps a text out of every answer and log from here on: a token that was fetched, a key that stands in no config. What the config
	 * gives is kept out anyway. Absent: nobody is told anything.
	 */
	conceal?(secret: string): void;
}

/** A whole answer of a vendor. */
export interface WireReply {
	status: number;
	headers: { [name: string]: string | string[] | undefined };
	body: Buffer;
}

/** A vendor's streamed answer. */
export interface WireStream {
	status: number;
	headers: { [name: string]: string | string[] | undefined };
	/** Set for a status outside 200-299. */
	body?: Buffer;
	frames: AsyncIterable<{ event: string; data: string }>;
}

/**
 * A kind of provider, what a plug-in module exports as default. `create` has no side effects: nothing is contacted until a method
 * is called.
 */
export interface ProviderType {
	readonly type: string;
	readonly title: string;
	create(settings: ProviderSettings, host: ProviderHost): Provider;
}
