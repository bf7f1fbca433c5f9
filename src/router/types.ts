import type { Retirement } from '../catalog/index.ts';
import type {
	CallContext,
	ClientHeaders,
	Dialect,
	JsonObject,
	ModelInfo,
	Operation,
	Provider,
	RelaisError,
	RequestSketch,
	Timeouts,
	Usage,
	Warning,
} from '../spec/index.ts';

/** One model at one provider: something a request can be sent to. Compiled when the config is loaded, shared by all requests. */
export interface Target {
	readonly provider: Provider;
	/** Model id on the wire. */
	readonly model: string;
	/** `provider/model`, as users write it. */
	readonly label: string;
	/** The config's limits for the provider. A wire endpoint keeps its own, which are the same unless a module says otherwise. */
	readonly timeouts: Timeouts;
	/** The end of the model, announced or past. */
	readonly retirement?: TargetRetirement;
	/** What the catalog or the provider's own list says of the model; undefined: nothing is known. */
	readonly info: ModelInfo | undefined;
}

/** The end of a model, and what can be asked in its place. */
export interface TargetRetirement extends Retirement {
	/** The closest configured model that answers. @param today YYYY-MM-DD */
	successor(today: string): Target | undefined;
}

/** Where a request may go, best first. */
export interface Plan {
	/** What the client asked for. */
	readonly requested: string;
	/** Name of the route, when one was asked for. */
	readonly route: string | undefined;
	readonly targets: readonly Target[];
}

/** The client's side of an answer. The server implements it over a raw response; a test or the library over memory. */
export interface ReplySink {
	/** Sends status and headers. Called once, before anything else. */
	begin(status: number, headers: { [name: string]: string }): void;
	/** Texts are in the surface's `streamCharset`. False: the client reads slowly; wait for `onDrain`. */
	write(data: string | Uint8Array): boolean;
	end(data?: string | Uint8Array): void;
	/** Called when a slow client can take more. */
	onDrain: (() => void) | undefined;
	readonly closed: boolean;
}

/** What a task's target answered, in the client's words. */
export interface TaskAnswer {
	body: JsonObject;
	usage: Usage | undefined;
	warnings: Warning[];
}

/** A request that is answered in one piece by another method of the provider than chat. */
export interface RoutedTask {
	/** Name of the client's format. */
	readonly format: string;
	/** Asks a target. Throws what it refuses the request with. */
	run(target: Target, context: CallContext, requestId: string): Promise<TaskAnswer>;
}

/** A request as the router takes it over from the server. */
export interface RoutedRequest {
	readonly id: string;
	/** The client's dialect. */
	readonly surface: Dialect;
	readonly operation: Operation;
	/** Absent: a chat, or a count of its tokens. */
	readonly task?: RoutedTask;
	/** The parsed body; never modified. */
	readonly body: JsonObject;
	/** The body's own bytes. */
	readonly raw: Buffer;
	readonly sketch: RequestSketch;
	/** Client headers that concern the dialect, lower-case names. */
	readonly clientHeaders: ClientHeaders;
	readonly plan: Plan;
	readonly sink: ReplySink;
	/** The body as the client sent it, for surfaces whose answers repeat it. */
	readonly asked?: JsonObject;
	/** Told of the whole answer, as the client gets it, just before its end goes out. */
	readonly onAnswer?: (answer: JsonObject) => void;
}

/** What became of one attempt. */
export interface AttemptRecord {
	target: string;
	lane: 'pass-through' | 'canonical' | 'module' | 'native';
	/** Milliseconds from the attempt's start to its end. */
	durationMs: number;
	outcome: 'ok' | 'failed' | 'cancelled';
	error?: RelaisError;
	usage?: Usage;
}

/** What became of a request: there is one, whatever happened. */
export interface RequestRecord {
	id: string;
	surface: string;
	requested: string;
	route: string | undefined;
	stream: boolean;
	/** Name of the virtual key, undefined in open mode. */
	key: string | undefined;
	/** `completed`; `failed` before anything was sent; `interrupted` after; `cancelled` by the client. */
	outcome: 'completed' | 'failed' | 'interrupted' | 'cancelled';
	status: number;
	attempts: AttemptRecord[];
	usage: Usage | undefined;
	finish: string | undefined;
	warnings: readonly Warning[];
	/** Milliseconds to the first byte of the answer; undefined when there was none. */
	firstByteMs: number | undefined;
	durationMs: number;
	error: RelaisError | undefined;
}
