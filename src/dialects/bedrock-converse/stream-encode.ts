import type {
	EncodeResponseContext,
	FinishPart,
	StartPart,
	StreamEncoder,
	StreamPart,
	Usage,
	UsagePart,
	VendorEventPart,
} from '../../spec/index.ts';
import { type AnswerState, Losses, reportLostEvent } from '../shared/index.ts';
import { DIALECT, isOwn, refill } from './dialect.ts';
import { encodeStreamError } from './errors-encode.ts';
import { callId } from './response-encode.ts';
import { encodeStop } from './stop-reason.ts';
import { BlockSequence } from './stream-sequence.ts';
import { event } from './stream-wire.ts';
import { encodeUsage } from './usage.ts';

/**
 * Writes one streamed answer for a client: messageStart, whole blocks one after another, messageStop, metadata. The framing is
 * binary: each character of the text is one byte (`Dialect.streamCharset`).
 */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new ConverseStreamEncoder(context);
}

class ConverseStreamEncoder implements StreamEncoder {
	readonly #context: EncodeResponseContext;
	readonly #losses = new Losses(DIALECT);
	readonly #state: AnswerState;
	readonly #blocks: BlockSequence;
	#started = false;
	#finish: FinishPart | undefined;
	#usage: Usage | undefined;
	#tier: string | undefined;
	#usageParts: UsagePart[] = [];

	constructor(context: EncodeResponseContext) {
		this.#context = context;
		this.#state = { losses: this.#losses, own: false, fallbackId: callId(context, 0) };
		this.#blocks = new BlockSequence(this.#state, (index) => callId(context, index));
	}

	warnings() {
		return this.#losses.warnings;
	}

	push(part: StreamPart): string {
		switch (part.type) {
			case 'start':
				return this.#start(part);
			case 'ping':
				return '';
			case 'usage':
				this.#usage = part.usage;
				this.#losses.extensions(part, '');
				if (part.extensions !== undefined) this.#usageParts.push(part);
				return '';
			case 'finish':
				this.#losses.extensions(part, '');
				if (part.candidate === 0) this.#finish ??= part;
				return '';
			case 'end':
				return this.#begun(this.#end());
			case 'error':
				return encodeStreamError(part.error, this.#context.id);
			case 'vendor-event':
				return part.dialect === DIALECT ? this.#begun(event(part.event ?? '', part.data)) : this.#lost(part);
			default:
				return this.#begun(this.#blocks.push(part));
		}
	}

	/** Puts the start before anything else, should no part have brought it. */
	#begun(text: string): string {
		return this.#started || text === '' ? text : this.#start({ type: 'start' }) + text;
	}

	#lost(part: VendorEventPart): string {
		reportLostEvent(part, this.#losses);
		return '';
	}

	#start(part: StartPart): string {
		if (this.#started) return '';
		this.#started = true;
		this.#state.own = isOwn(part);
		this.#losses.extensions(part, '');
		this.#usage ??= part.usage;
		this.#tier = part.serviceTier;
		return event('messageStart', refill({ role: 'assistant' }, part));
	}

	#end(): string {
		const blocks = this.#blocks.close();
		const stop = this.#finish?.stop;
		if (stop !== undefined) this.#losses.extensions(stop, 'stop_reason');
		const ending = { stopReason: encodeStop(stop, this.#blocks.calls) };
		const stopEvent = event('messageStop', this.#finish === undefined ? ending : refill(ending, this.#finish));
		const metadata = { usage: encodeUsage(this.#usage, this.#losses), ...(this.#state.own ? {} : { metrics: { latencyMs: 0 } }) };
		const tier = this.#usage?.serviceTier ?? this.#tier;
		const told = tier === undefined ? metadata : { ...metadata, serviceTier: { type: tier } };
		for (const part of this.#usageParts) refill(told, part);
		return `${blocks}${stopEvent}${event('metadata', told)}`;
	}
}
