import { sseEvent } from '../../lib/sse.ts';
import type {
	EncodeResponseContext,
	FinishPart,
	JsonObject,
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
import { callId, skeleton } from './response-encode.ts';
import { encodeStop } from './stop-reason.ts';
import { BlockSequence } from './stream-sequence.ts';
import { encodeUsage } from './usage.ts';

/** Writes one streamed answer for a client: message_start, whole blocks one after another, message_delta, message_stop. */
export function streamEncoder(context: EncodeResponseContext): StreamEncoder {
	return new AnthropicStreamEncoder(context);
}

class AnthropicStreamEncoder implements StreamEncoder {
	readonly #context: EncodeResponseContext;
	readonly #losses = new Losses(DIALECT);
	readonly #state: AnswerState;
	readonly #blocks: BlockSequence;
	#started = false;
	#finish: FinishPart | undefined;
	#usage: Usage | undefined;
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
				return sseEvent(JSON.stringify(refill({ type: 'ping' }, part)), 'ping');
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
				return part.dialect === DIALECT ? this.#begun(this.#blocks.vendorEvent(part)) : this.#lost(part);
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
		const message: JsonObject = {
			...skeleton(part, this.#context),
			content: [],
			stop_reason: null,
			stop_sequence: null,
			...(this.#state.own ? {} : { stop_details: null }),
			usage: encodeUsage(part.usage, part.serviceTier),
		};
		return sseEvent(JSON.stringify({ type: 'message_start', message: refill(message, part) }), 'message_start');
	}

	#end(): string {
		const blocks = this.#blocks.close();
		const stop = this.#finish?.stop;
		if (stop !== undefined) this.#losses.extensions(stop, 'stop_reason');
		const event: JsonObject = {
			type: 'message_delta',
			delta: encodeStop(stop, { own: this.#state.own, calls: this.#blocks.calls, refused: this.#blocks.refused }),
			usage: encodeUsage(this.#usage),
		};
		if (this.#finish !== undefined) refill(event, this.#finish);
		for (const part of this.#usageParts) refill(event, part);
		return `${blocks}${sseEvent(JSON.stringify(event), 'message_delta')}${sseEvent('{"type":"message_stop"}', 'message_stop')}`;
	}
}
