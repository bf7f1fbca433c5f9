import { frameScanner } from '../../lib/frame-scanner.ts';
import { type FrameScanner, FrameTooLargeError, type RawFrame } from '../../lib/frames.ts';
import {
	type HeaderMap,
	isRelaisError,
	type JsonObject,
	RelaisError,
	type Warning,
	type WireEndpoint,
} from '../../spec/index.ts';
import { type Exchange, type ExchangeHandler, isNoStream } from '../../transport/index.ts';
import type { AttemptRecord, Target } from '../types.ts';
import { type AttemptContext, type AttemptOutcome, type Encoding, encodingOf, MAX_HELD, translationOf } from './attempt.ts';
import { CanonicalLane, type LaneOutput, PassThroughLane, type StreamLane } from './lane.ts';
import { completedFrame, lateWarnings } from './stream-end.ts';
import { wholeAnswer } from './whole.ts';

/** Greatest body of a whole answer or an error, in bytes. */
const MAX_WHOLE = 64 * 1024 * 1024;
const MAX_ERROR = 1024 * 1024;

/**
 * Takes in a vendor's answer over HTTP and hands it to the client, whole or as a stream. What sends the call builds on it, so that an
 * attempt stays one object.
 */
export abstract class WireAnswer implements ExchangeHandler {
	readonly lane: AttemptRecord['lane'];
	protected readonly context: AttemptContext;
	protected readonly target: Target;
	protected readonly wire: WireEndpoint;
	/** The call that is under way. */
	protected exchange: Exchange | undefined;
	protected resolve: ((outcome: AttemptOutcome) => void) | undefined;
	protected settled = false;
	/** Part of the answer is with the client. */
	protected begun = false;
	protected warnings: Warning[] = [];
	#status = 0;
	#headers: HeaderMap = {};
	/** Set for an answer that is read as a stream. */
	#scanner: FrameScanner | undefined;
	#stream: StreamLane | undefined;
	/** Stream output before the first visible piece, or the body of a whole answer. */
	#held: (string | Uint8Array)[] = [];
	#heldBytes = 0;
	#reported = false;

	constructor(context: AttemptContext, target: Target, wire: WireEndpoint) {
		this.context = context;
		this.target = target;
		this.wire = wire;
		const { surface, sketch } = context.request;
		// History that another vendor left in the body must be taken out, even where both sides speak the same dialect.
		const verbatim = wire.dialect === surface && sketch.foreign !== true && wire.translates !== true;
		this.lane = verbatim ? 'pass-through' : 'canonical';
	}

	/** Begins another call in place of one that failed so; false where there is none. */
	protected abstract callsAgain(error: RelaisError): boolean;

	/** Forgets what came of an answer, before another call. */
	protected forget(): void {
		this.#held = [];
		this.#heldBytes = 0;
		this.#scanner = undefined;
		this.#stream = undefined;
	}

	/** A client may leave at the end mark, before the vendor has closed the body: its answer was whole. */
	cancel(): void {
		this.exchange?.abort();
		const stream = this.#stream;
		if (this.begun && stream?.complete === true) this.#settle({ kind: 'done', usage: stream.usage, finish: stream.finishReason });
		else this.#settle({ kind: 'cancelled', usage: stream?.usage });
	}

	onHead(status: number, headers: HeaderMap): void {
		this.#status = status;
		this.#headers = headers;
		if (status > 299 || !this.context.request.sketch.stream) return;
		const { framing } = this.wire.dialect;
		// Something else in answer to a streaming call is trouble, or an answer in one piece: it is read whole.
		if (isNoStream(framing, headers)) return;
		this.#scanner = frameScanner(framing);
		this.#stream = this.#makeLane();
		this.context.request.sink.onDrain = () => this.exchange?.resume();
	}

	onData(chunk: Buffer): boolean {
		if (this.settled) return true;
		return this.#scanner === undefined ? this.#gather(chunk) : this.#take(this.#scanner, chunk);
	}

	onEnd(): void {
		if (this.settled) return;
		try {
			if (this.#stream !== undefined) this.#finishStream(this.#stream);
			else this.#finishWhole(Buffer.concat(this.#held as Uint8Array[]));
		} catch (error) {
			this.fail(error);
		}
	}

	onError(error: RelaisError): void {
		// An answer that was already whole is not spoilt by the way its connection ended.
		if (this.#stream?.complete === true) this.onEnd();
		else this.fail(error);
	}

	#makeLane(): StreamLane {
		const { surface, sketch } = this.context.request;
		if (this.lane === 'pass-through') return new PassThroughLane(surface, !sketch.streamUsage);
		return new CanonicalLane(this.wire.dialect, surface, this.#encoding());
	}

	#gather(chunk: Buffer): boolean {
		this.#held.push(chunk);
		this.#heldBytes += chunk.length;
		const limit = this.#status > 299 ? MAX_ERROR : MAX_WHOLE;
		if (this.#heldBytes > limit) this.fail(new RelaisError('provider_protocol', `answered with more than ${limit} bytes`));
		return true;
	}

	#take(scanner: FrameScanner, chunk: Buffer): boolean {
		const stream = this.#stream;
		if (stream === undefined) return true;
		try {
			const before = scanner.pending;
			const frames = scanner.push(chunk);
			if (frames.length === 0) return true;
			return this.#forward(stream, frames, chunk, before === 0 && scanner.pending === 0);
		} catch (error) {
			this.fail(error instanceof FrameTooLargeError ? new RelaisError('provider_protocol', error.message) : error);
			return true;
		}
	}

	/** Hands frames to the lane and its output to the client. False: the client is slow. */
	#forward(stream: StreamLane, frames: readonly RawFrame[], chunk: Uint8Array, aligned: boolean): boolean {
		const output = stream.take(frames, chunk, aligned);
		this.#report(stream.answer);
		const ready = this.#emit(stream, output);
		if (stream.error !== undefined) this.fail(stream.error);
		return ready;
	}

	#emit(stream: StreamLane, output: LaneOutput): boolean {
		if (this.begun) return output === undefined || this.context.request.sink.write(output);
		if (output !== undefined) this.#hold(output);
		if (!stream.started) return this.#mayHoldMore();
		this.exchange?.contentStarted();
		return this.#begin(this.context.request.surface.streamContentType);
	}

	#hold(output: string | Uint8Array): void {
		this.#held.push(output);
		this.#heldBytes += output.length;
	}

	#mayHoldMore(): true {
		if (this.#heldBytes > MAX_HELD) throw new RelaisError('provider_protocol', `sent ${MAX_HELD} bytes without any content`);
		return true;
	}

	/** The answer is on its way to the client: no other target can take over silently from here. */
	#begin(contentType: string): boolean {
		const { sink } = this.context.request;
		this.context.begin(this.target, contentType, this.#headers, this.warnings);
		this.begun = true;
		let ready = true;
		for (const piece of this.#held) ready = sink.write(piece);
		this.#held = [];
		return ready;
	}

	#finishStream(stream: StreamLane): void {
		const last = this.#scanner?.end();
		if (last !== undefined) {
			const whole = completedFrame(last, this.wire.dialect.framing);
			this.#forward(stream, [whole], whole.raw, true);
			// Over, or begun anew with another body.
			if (this.settled || this.#stream !== stream) return;
		}
		const closing = stream.finish();
		this.#report(stream.answer);
		if (stream.error !== undefined) throw stream.error;
		if (!stream.complete) throw new RelaisError('stream_interrupted', 'closed the stream before the answer was complete');
		if (closing !== undefined && closing !== '') this.#emit(stream, closing);
		if (!this.begun) this.#begin(this.context.request.surface.streamContentType);
		this.warnings.push(...stream.warnings);
		const { sink, surface } = this.context.request;
		sink.end(lateWarnings(surface.framing, stream.warnings));
		this.#settle({ kind: 'done', usage: stream.usage, finish: stream.finishReason });
	}

	#finishWhole(body: Buffer): void {
		const { request } = this.context;
		const { contentType, payload, usage, finish, warnings, answer } = wholeAnswer({
			request,
			wire: this.wire,
			passThrough: this.lane === 'pass-through',
			status: this.#status,
			headers: this.#headers,
			body,
			encoding: this.#encoding(),
		});
		this.warnings.push(...warnings);
		this.context.begin(this.target, contentType, this.#headers, this.warnings, payload.length);
		this.begun = true;
		this.#report(answer);
		request.sink.end(payload);
		this.#settle({ kind: 'done', usage, finish });
	}

	#encoding(): Encoding {
		const translated = this.lane === 'canonical' && this.context.request.operation === 'chat';
		return translated ? translationOf(this.context, this.target) : encodingOf(this.context, this.target);
	}

	/** Before the client sees the end of its answer, for it may refer to it at once. */
	#report(answer: JsonObject | undefined): void {
		if (answer === undefined || this.#reported) return;
		this.#reported = true;
		this.context.request.onAnswer?.(answer);
	}

	/** Ends the attempt with an error, unless another call may set it right. */
	protected fail(error: unknown): void {
		this.exchange?.abort();
		const known = isRelaisError(error)
			? error
			: new RelaisError('internal', 'Relais failed while translating the answer', { cause: error, failover: true });
		if (this.callsAgain(known)) return;
		this.#settle({ kind: 'failed', error: known, begun: this.begun, usage: this.#stream?.usage });
	}

	#settle(outcome: AttemptOutcome): void {
		if (this.settled) return;
		this.settled = true;
		this.context.request.sink.onDrain = undefined;
		this.#held = [];
		this.resolve?.(outcome);
	}
}
