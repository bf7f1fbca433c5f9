import type { TimeKeeper } from '../../lib/ticker.ts';
import type { RelaisError, WireCall, WireEndpoint } from '../../spec/index.ts';
import type { Transport } from '../../transport/index.ts';
import type { Target } from '../types.ts';
import { Amendment } from './amendment.ts';
import type { Attempt, AttemptContext, AttemptOutcome } from './attempt.ts';
import { inTime } from './credentials.ts';
import { canonicalBody, type EncodedBody, located, passThroughBody } from './encode.ts';
import { WireAnswer } from './wire-answer.ts';

/** What calls are sent and timed with. */
export interface WireHost extends TimeKeeper {
	readonly transport: Transport;
}

/** One try over HTTP with a vendor that speaks a known dialect: sends the call, a second time where the dialect can amend it. */
export class WireAttempt extends WireAnswer implements Attempt {
	readonly #host: WireHost;
	/** Only for a dialect that can amend what was refused. */
	readonly #amendment: Amendment | undefined;
	#signedAnew = false;

	constructor(context: AttemptContext, target: Target, wire: WireEndpoint, host: WireHost) {
		super(context, target, wire);
		this.#host = host;
		this.#amendment = wire.dialect.amend === undefined ? undefined : new Amendment(wire.dialect);
	}

	/** Rejects with what the encoders throw (`invalid_request`, `unsupported`): the request cannot go to this target. */
	run(): Promise<AttemptOutcome> {
		return new Promise((resolve, reject) => {
			this.resolve = resolve;
			this.#send().catch(reject);
		});
	}

	#encoded(): EncodedBody['body'] {
		const encode = this.lane === 'pass-through' ? passThroughBody : canonicalBody;
		const { body, warnings } = encode(this.context, this.wire, this.target);
		this.warnings = warnings;
		return body;
	}

	/** Sends the request's body. */
	async #send(body = this.#encoded()): Promise<void> {
		const { operation, clientHeaders, sketch, surface } = this.context.request;
		const { timeouts } = this.wire;
		this.#amendment?.note(body);
		const headers = this.wire.dialect === surface ? clientHeaders : {};
		const prepared = this.wire.call(operation, this.target.model, headers, sketch.stream);
		// The provider may hand out the same object again: it gets no body.
		let call: WireCall = { ...('then' in prepared ? await inTime(prepared, timeouts, this.#host) : prepared), body };
		if (this.wire.sign !== undefined) call = await inTime(this.wire.sign(call), timeouts, this.#host);
		if (!this.settled) this.exchange = this.#host.transport.start(call, timeouts, this, { streamed: sketch.stream });
	}

	/** Sends the call with new credentials, or another body, in place of what was refused, if there is any. */
	protected callsAgain(error: RelaisError): boolean {
		if (this.begun || this.settled) return false;
		if (error.code === 'provider_auth' && this.#signsAnew()) return this.#repeat(undefined);
		const amended = this.#amendment?.after(error);
		if (amended === undefined) return false;
		const { surface, body } = this.context.request;
		this.warnings = [...this.warnings, ...amended.warnings.map((warning) => located(surface, body, warning))];
		return this.#repeat(amended.body);
	}

	/** Whether the refused credentials were a passing thing, of which there may be another; once. */
	#signsAnew(): boolean {
		if (this.#signedAnew) return false;
		this.#signedAnew = this.wire.sign?.refused?.() ?? false;
		return this.#signedAnew;
	}

	#repeat(body: EncodedBody['body'] | undefined): true {
		this.forget();
		this.#send(body).catch((failure: unknown) => this.fail(failure));
		return true;
	}
}
