import type { HeaderMap, RelaisError, Timeouts, WireCall, WireReply } from '../spec/index.ts';

/**
 * Receives one answer. Calls come in order: `onHead` once, `onData` any number of times, then exactly one of `onEnd` and `onError`
 * (`onError` also without `onHead`, when nothing came). After `abort` nothing more is called.
 */
export interface ExchangeHandler {
	onHead(status: number, headers: HeaderMap): void;
	/** Return false to pause the body (back-pressure) until `Exchange.resume`. */
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

/** Sends calls to vendors over pooled connections. */
export interface Transport {
	start(call: WireCall, timeouts: Timeouts, handler: ExchangeHandler): Exchange;
	/**
	 * Sends a call and gathers the whole body, up to `maxBytes` (default 64 MiB). Rejects with `RelaisError`; HTTP error statuses
	 * are answers, not rejections.
	 */
	request(call: WireCall, timeouts: Timeouts, signal?: AbortSignal, maxBytes?: number): Promise<WireReply>;
	/** Open and waiting calls to an origin. */
	stats(origin: string): { connected: number; running: number; pending: number };
	close(): Promise<void>;
}
