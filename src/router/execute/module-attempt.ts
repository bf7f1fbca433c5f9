import { type CallContext, type ChatRequest, isRelaisError, type Provider, RelaisError, type Warning } from '../../spec/index.ts';
import type { ReplySink, Target } from '../types.ts';
import type { Attempt, AttemptContext, AttemptOutcome } from './attempt.ts';
import { located } from './encode.ts';
import { PartSink } from './lane.ts';
import { lateWarnings } from './wire-attempt.ts';

/** One try of a provider that is a module of its own: canonical in, canonical out. */
export class ModuleAttempt implements Attempt {
	readonly lane = 'module';
	readonly #context: AttemptContext;
	readonly #target: Target;
	readonly #abort = new AbortController();
	readonly #warnings: Warning[] = [];
	#begun = false;
	#parts: PartSink | undefined;

	constructor(context: AttemptContext, target: Target) {
		this.#context = context;
		this.#target = target;
	}

	async run(): Promise<AttemptOutcome> {
		const decoded = this.#context.canonical();
		this.#warnings.push(...decoded.warnings);
		const request: ChatRequest = { ...decoded.value, model: this.#target.model };
		try {
			return await (request.stream ? this.#stream(request) : this.#whole(request));
		} catch (error) {
			if (this.#abort.signal.aborted) return { kind: 'cancelled', usage: this.#parts?.usage };
			return {
				kind: 'failed',
				error: asRelaisError(error, this.#target.provider),
				begun: this.#begun,
				usage: this.#parts?.usage,
			};
		}
	}

	cancel(): void {
		this.#abort.abort();
	}

	#call(): CallContext {
		return {
			signal: this.#abort.signal,
			requestId: this.#context.request.id,
			warn: (warning) => this.#warnings.push(located(this.#context.request.surface, this.#context.request.body, warning)),
		};
	}

	async #whole(request: ChatRequest): Promise<AttemptOutcome> {
		const { surface, id, sink } = this.#context.request;
		const response = await raceAbort(this.#target.provider.chat(request, this.#call()), this.#abort.signal);
		const encoded = surface.encodeResponse(response, {
			id,
			model: this.#target.model,
			now: this.#context.nowSeconds,
			streamUsage: true,
		});
		const body = Buffer.from(JSON.stringify(encoded.value));
		this.#begun = true;
		this.#context.begin(this.#target, 'application/json', {}, [...this.#warnings, ...encoded.warnings], body.length);
		sink.end(body);
		return { kind: 'done', usage: response.usage, finish: response.candidates[0]?.stop?.kind };
	}

	async #stream(request: ChatRequest): Promise<AttemptOutcome> {
		const { surface, id, sink, sketch } = this.#context.request;
		const parts = new PartSink(surface, {
			id,
			model: this.#target.model,
			now: this.#context.nowSeconds,
			streamUsage: sketch.streamUsage,
		});
		this.#parts = parts;
		let held = '';
		for await (const part of this.#target.provider.chatStream(request, this.#call())) {
			this.#abort.signal.throwIfAborted();
			held += parts.push(part);
			if (parts.error !== undefined) throw parts.error;
			if (!parts.started || held === '') continue;
			this.#beginStream();
			const ready = sink.write(held);
			held = '';
			if (!ready) await drained(sink, this.#abort.signal);
		}
		this.#abort.signal.throwIfAborted();
		if (!parts.complete) throw new RelaisError('stream_interrupted', 'ended the stream before the answer was complete');
		this.#beginStream();
		sink.end(held + (lateWarnings(parts.warnings) ?? ''));
		return { kind: 'done', usage: parts.usage, finish: parts.finishReason };
	}

	#beginStream(): void {
		if (this.#begun) return;
		this.#begun = true;
		this.#context.begin(this.#target, this.#context.request.surface.streamContentType, {}, this.#warnings);
	}
}

/** A module may ignore its signal: the client's leaving ends the wait all the same. */
function raceAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	return new Promise((resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason), { once: true });
		promise.then(resolve, reject);
	});
}

function drained(sink: ReplySink, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		signal.addEventListener('abort', () => reject(signal.reason), { once: true });
		sink.onDrain = () => {
			sink.onDrain = undefined;
			resolve();
		};
	});
}

function asRelaisError(error: unknown, provider: Provider): RelaisError {
	if (isRelaisError(error)) return error;
	const reason = error instanceof Error ? error.message : 'an unknown failure';
	return new RelaisError('provider_error', `provider module "${provider.type}" failed: ${reason}`, { cause: error });
}
