import type { HeaderMap, RelaisError, Timeouts, WireCall, WireReply } from '../spec/index.ts';

/**
 * Receives one answer. Calls come in order: `onHead` once, `onData` any number of times, then exactly one of `onEnd` and `onError`
 * (`onError` also without `onHead`, when nothing came). Nothing is called before `start` has returned, nor after `abort`.
 */
export interface ExchangeHandler {
	/** The final status line and headers (interim 1xx answers are skipped). Names are lower-case. */
	onHead(status: number, headers: HeaderMap): void;
	/**
	 * A piece of the body, plain whatever `content-encoding` it came in. Return false to pause the body (back-pressure) until
	 * `Exchange.resume`; pieces already read from the socket (up to 64 KiB) may still come when the connection closes meanwhile.
	 */
	onData(chunk: Buffer): boolean;
	onEnd(): void;
	/** `provider_unreachable`, `provider_timeout`, `stream_interrupted`, `provider_protocol`; the provider's name is added by the caller. */
	onError(error: RelaisError): void;
}

/** A call under way. */
export interface Exchange {
	/** Ends the call and closes or frees its connection at once. Safe to call at any time, more than once. */
	abort(): void;
	resume(): void;
	/** The first piece of content has come: the first-token limit ends, the silence limit begins. */
	contentStarted(): void;
}

export interface StartOptions {
	/**
	 * The answer is streamed: the headers limit runs to the status line; where that is 2xx, the first-token limit until
	 * `Exchange.contentStarted` is called, and the silence limit from then on. Without it the answer limit runs to the status line
	 * and the silence limit from there.
	 */
	streamed?: boolean;
}

/** Connections to one origin and calls on them. */
export interface OriginStats {
	/** Open connections, busy and idle. */
	connected: number;
	/** Calls sent and not finished. */
	running: number;
	/** Calls waiting for a connection. */
	pending: number;
}

/** Sends calls to vendors over pooled connections. */
export interface Transport {
	/** Never throws: every failure reaches `handler.onError`. */
	start(call: WireCall, timeouts: Timeouts, handler: ExchangeHandler, options?: StartOptions): Exchange;
	/**
	 * Sends a call and gathers the whole body, up to `maxBytes` (default 64 MiB). Rejects with `RelaisError`; HTTP error statuses
	 * are answers, not rejections. A `signal` that fires rejects with its reason where that is a `RelaisError`, else with `client_closed`.
	 */
	request(call: WireCall, timeouts: Timeouts, signal?: AbortSignal, maxBytes?: number): Promise<WireReply>;
	stats(origin: string): OriginStats;
	/** Cuts every call (`shutting_down`) and connection. Calls started afterwards fail. */
	close(): Promise<void>;
}
