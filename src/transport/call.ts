import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../lib/clock.ts';
import type { Ticker } from '../lib/ticker.ts';
import { type HeaderMap, RelaisError, type Timeouts, type WireCall } from '../spec/index.ts';
import { type CodedBody, codingOf, DecodingHandler, isKnownCoding, plainHeaders } from './decoding.ts';
import { failureOf, hostOf, isLostConnection, type Limit, limitPassed, type Progress } from './failures.ts';
import type { Link, LinkUser } from './link.ts';
import type { Pools } from './pools.ts';
import { TimedCall } from './timed-call.ts';
import type { Exchange, ExchangeHandler } from './types.ts';

/** What all calls of a transport share. */
export interface CallHost {
	readonly pools: Pools;
	readonly ticker: Ticker;
	readonly clock: Clock;
}

/** A server that closes an idle connection is noticed within a round trip; a loss later than this is another story. */
const STALE_WINDOW_MS = 1000;

const ABORTED = new Error('the call was aborted');

/**
 * One call: what undici reports comes in, what the caller's handler wants to know goes out. Calls are objects with methods, not
 * closures, because they are made for every request.
 */
export class Call extends TimedCall implements Exchange, Dispatcher.DispatchHandler, LinkUser, CodedBody {
	readonly #host: CallHost;
	readonly #call: WireCall;
	#handler: ExchangeHandler;
	#decoding: DecodingHandler | undefined;
	#controller: Dispatcher.DispatchController | undefined;
	#starting = true;
	#responseBegun = false;
	/** The connection had served other calls before this one. */
	#onUsedLink = false;
	#sentAgain = false;

	constructor(host: CallHost, call: WireCall, timeouts: Timeouts, handler: ExchangeHandler, streamed: boolean) {
		super(host.clock, timeouts, streamed, bytesOf(call.body));
		this.#host = host;
		this.#call = call;
		this.#handler = handler;
	}

	/** Sends the call. Never throws, and calls no handler before it has returned. */
	start(): void {
		this.#host.ticker.watch(this);
		this.#dispatch();
		this.#starting = false;
	}

	// The caller's side

	abort(): void {
		this.#decoding?.abort();
		if (this.phase !== 'over') this.#cut();
	}

	resume(): void {
		if (this.#decoding === undefined) this.resumeBody();
		else this.#decoding.resume();
	}

	contentStarted(): void {
		if (this.phase === 'first-token') this.enter('body');
	}

	// The pool's side

	get wantsFreshLink(): boolean {
		return this.#sentAgain;
	}

	onLink(link: Link): boolean {
		if (this.phase === 'over') return false;
		this.link = link;
		this.enter('connecting');
		return true;
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		// To throw here is how undici is told to leave the call unsent and its connection open.
		if (this.phase === 'over') throw ABORTED;
		this.#controller = controller;
		this.#responseBegun = false;
		this.#onUsedLink = this.link !== undefined && this.link.uses++ > 0;
		this.enter('waiting');
		this.sentAt = this.clock.monotonic();
	}

	onResponseStarted(): void {
		this.#responseBegun = true;
	}

	onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HeaderMap): void {
		if (status < 200 || this.phase === 'over') return;
		this.enter(this.streamed && status < 300 ? 'first-token' : 'body');
		const coding = codingOf(headers);
		if (coding === undefined) this.#handler.onHead(status, headers);
		else this.#decode(coding, status, headers);
	}

	onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
		if (this.phase === 'over') return;
		if (this.phase === 'body' && !this.paused) this.arm();
		const more = this.#handler.onData(chunk);
		// The handler may have aborted.
		if (more || this.#ended()) return;
		this.pauseLimits();
		controller.pause();
	}

	onResponseEnd(): void {
		if (this.phase === 'over') return;
		this.#leave();
		try {
			this.#handler.onEnd();
		} catch (error) {
			this.#handler.onError(failureOf(error, this.#call.origin, 'body'));
		}
	}

	onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
		if (this.phase === 'over') return;
		if (this.#wasStale(error)) this.#sendAgain();
		else this.#fail(failureOf(error, this.#call.origin, this.#progress()));
	}

	/** The compressed body may flow again. */
	resumeBody(): void {
		if (!this.paused || this.phase === 'over') return;
		this.paused = false;
		this.arm();
		this.#controller?.resume();
	}

	protected timedOut(limit: Limit, ms: number): void {
		this.#cut();
		this.#handler.onError(limitPassed(limit, ms, hostOf(this.#call.origin)));
	}

	#dispatch(): void {
		try {
			this.#host.pools.for(this.#call.origin).dispatch(sendable(this.#call), this);
		} catch (error) {
			this.#fail(failureOf(error, this.#call.origin, 'connecting'));
		}
	}

	#ended(): boolean {
		return this.phase === 'over';
	}

	/** Whether the server had closed a kept connection before it could read this call. */
	#wasStale(error: Error): boolean {
		return (
			this.phase === 'waiting' &&
			this.#onUsedLink &&
			!this.#responseBegun &&
			!this.#sentAgain &&
			isLostConnection(error) &&
			this.clock.monotonic() - this.sentAt < STALE_WINDOW_MS
		);
	}

	#sendAgain(): void {
		this.#sentAgain = true;
		this.#controller = undefined;
		this.link = undefined;
		this.enter('queued');
		// undici is in the middle of taking the old connection down.
		queueMicrotask(() => {
			if (!this.#ended()) this.#dispatch();
		});
	}

	#decode(coding: string, status: number, headers: HeaderMap): void {
		const host = hostOf(this.#call.origin);
		if (!isKnownCoding(coding)) {
			this.#cut();
			this.#handler.onError(
				new RelaisError('provider_protocol', `${host} sent a body encoded as "${coding}", which nobody asked for`),
			);
			return;
		}
		this.#decoding = new DecodingHandler(this.#handler, coding, this, host);
		this.#handler = this.#decoding;
		this.#handler.onHead(status, plainHeaders(headers));
	}

	#progress(): Progress {
		if (this.phase === 'body' || this.phase === 'first-token') return 'body';
		return this.phase === 'waiting' ? 'sent' : 'connecting';
	}

	#fail(error: RelaisError): void {
		if (this.#ended()) return;
		if (this.#starting) {
			queueMicrotask(() => this.#fail(error));
			return;
		}
		this.#leave();
		this.link?.cancelConnect();
		this.#handler.onError(error);
	}

	/** Ends the call from this side and closes its connection. */
	#cut(): void {
		this.#leave();
		if (this.#controller === undefined) this.link?.cancelConnect();
		else this.#controller.abort(ABORTED);
	}

	#leave(): void {
		this.phase = 'over';
		this.#host.ticker.forget(this);
	}
}

/** Size of a body in bytes; of text in characters, which will do for its time limit. */
function bytesOf(body: WireCall['body']): number {
	if (!Array.isArray(body)) return body?.length ?? 0;
	return body.reduce((sum, piece) => sum + piece.length, 0);
}

function isWhole(call: WireCall): call is WireCall & { body?: Uint8Array | string } {
	return !Array.isArray(call.body);
}

/** The call as undici takes it: a body in pieces is a stream of known length. */
function sendable(call: WireCall): Dispatcher.DispatchOptions {
	if (isWhole(call)) return call;
	const pieces = Array.isArray(call.body) ? call.body : [];
	const headers = [...call.headers, 'content-length', String(bytesOf(pieces))];
	return { ...call, headers, body: Readable.from(pieces, { objectMode: false }) };
}
