import type { Timed, TimeKeeper } from '../../lib/ticker.ts';
import {
	type CallContext,
	type ChatRequest,
	isRelaisError,
	type Provider,
	RelaisError,
	type StreamPart,
	type Timeouts,
	type Warning,
} from '../../spec/index.ts';
import { type Limit, limitPassed } from '../../transport/index.ts';
import type { ReplySink, Target } from '../types.ts';
import { type Attempt, type AttemptContext, type AttemptOutcome, MAX_HELD, translationOf } from './attempt.ts';
import { located } from './encode.ts';
import { PartSink } from './lane.ts';
import { answerFor } from './recast.ts';
import { lateWarnings } from './stream-end.ts';

/** The field of `Timeouts` that states a limit. */
const FIELDS = {
	headers: 'headers',
	answer: 'answer',
	first_token: 'firstToken',
	idle: 'idle',
	total: 'total',
} as const satisfies {
	[limit in Limit]?: keyof Timeouts;
};

/**
 * One try of a provider that is a module of its own: canonical in, canonical out. The module is told by its signal when the client
 * has left or a time limit has passed, and nobody waits for it if it does not listen. Its first part counts as the status line.
 */
export class ModuleAttempt implements Attempt, Timed {
	readonly lane = 'module';
	deadline: number;
	readonly #context: AttemptContext;
	readonly #target: Target;
	readonly #time: TimeKeeper;
	readonly #totalDeadline: number;
	readonly #abort = new AbortController();
	readonly #warnings: Warning[] = [];
	#limit: keyof typeof FIELDS = 'total';
	#left = false;
	#begun = false;
	#parts: PartSink | undefined;
	/** Ends the wait that is under way. */
	#giveUp: (reason: unknown) => void = () => undefined;

	constructor(context: AttemptContext, target: Target, time: TimeKeeper) {
		this.#context = context;
		this.#target = target;
		this.#time = time;
		const { total } = target.timeouts;
		this.#totalDeadline = total > 0 ? time.clock.monotonic() + total : Number.POSITIVE_INFINITY;
		this.deadline = this.#totalDeadline;
	}

	/** Throws `invalid_request` where the request has no canonical form. */
	async run(): Promise<AttemptOutcome> {
		const decoded = this.#context.canonical();
		this.#warnings.push(...decoded.warnings);
		const request: ChatRequest = { ...decoded.value, model: this.#target.model };
		this.#time.ticker.watch(this);
		try {
			return await (request.stream ? this.#stream(request) : this.#whole(request));
		} catch (error) {
			const usage = this.#parts?.usage;
			if (this.#left) return { kind: 'cancelled', usage };
			this.#abort.abort(error);
			return { kind: 'failed', error: asRelaisError(error, this.#target.provider), begun: this.#begun, usage };
		} finally {
			this.#time.ticker.forget(this);
		}
	}

	cancel(): void {
		this.#left = true;
		this.#abort.abort();
		this.#giveUp(this.#abort.signal.reason);
	}

	expired(now: number): void {
		const limit = now >= this.#totalDeadline ? 'total' : this.#limit;
		this.deadline = Number.POSITIVE_INFINITY;
		this.#giveUp(limitPassed(limit, this.#target.timeouts[FIELDS[limit]], 'the provider module'));
	}

	#call(): CallContext {
		return {
			signal: this.#abort.signal,
			requestId: this.#context.request.id,
			warn: (warning) => this.#warnings.push(located(this.#context.request.surface, this.#context.request.body, warning)),
		};
	}

	/** From here on the limit runs; `total` alone where there is no other. */
	#enter(limit: keyof typeof FIELDS): void {
		this.#limit = limit;
		const ms = limit === 'total' ? 0 : this.#target.timeouts[FIELDS[limit]];
		this.deadline = ms > 0 ? Math.min(this.#time.clock.monotonic() + ms, this.#totalDeadline) : this.#totalDeadline;
	}

	#until<T>(promise: PromiseLike<T>): Promise<T> {
		return new Promise((resolve, reject) => {
			this.#giveUp = reject;
			promise.then(resolve, reject);
		});
	}

	async #whole(request: ChatRequest): Promise<AttemptOutcome> {
		const { surface, sink, onAnswer } = this.#context.request;
		this.#enter('answer');
		const response = await this.#until(this.#target.provider.chat(request, this.#call()));
		const encoded = answerFor(surface, response, translationOf(this.#context, this.#target));
		const body = Buffer.from(JSON.stringify(encoded.value));
		this.#context.begin(this.#target, 'application/json', {}, [...this.#warnings, ...encoded.warnings], body.length);
		this.#begun = true;
		onAnswer?.(encoded.value);
		sink.end(body);
		return { kind: 'done', usage: response.usage, finish: response.candidates[0]?.stop?.kind };
	}

	async #stream(request: ChatRequest): Promise<AttemptOutcome> {
		const { surface, sink, onAnswer } = this.#context.request;
		const parts = new PartSink(surface, translationOf(this.#context, this.#target));
		this.#parts = parts;
		this.#enter('headers');
		const iterator = this.#target.provider.chatStream(request, this.#call())[Symbol.asyncIterator]();
		try {
			const rest = await this.#relay(iterator, parts);
			this.#beginStream();
			if (parts.answer !== undefined) onAnswer?.(parts.answer);
			this.#warnings.push(...parts.warnings);
			sink.end(rest + (lateWarnings(surface.framing, parts.warnings) ?? ''));
			return { kind: 'done', usage: parts.usage, finish: parts.finishReason };
		} finally {
			void dismiss(iterator);
		}
	}

	/** Sends parts on as they come; gives back what is still to be sent once the answer is complete. */
	async #relay(iterator: AsyncIterator<StreamPart>, parts: PartSink): Promise<string> {
		let held = '';
		while (!parts.complete) {
			const next = await this.#until(iterator.next());
			if (next.done === true) throw new RelaisError('stream_interrupted', 'ended the stream before the answer was complete');
			held += parts.push(next.value);
			if (parts.error !== undefined) throw parts.error;
			if (parts.started) this.#enter('idle');
			else if (this.#limit === 'headers') this.#enter('first_token');
			if (parts.started && held !== '' && !parts.complete) {
				await this.#send(held);
				held = '';
			}
			if (held.length > MAX_HELD) throw new RelaisError('provider_protocol', `sent ${MAX_HELD} characters without any content`);
		}
		return held;
	}

	/** Resolves when the client can take more. */
	async #send(text: string): Promise<void> {
		const { sink } = this.#context.request;
		this.#beginStream();
		if (sink.write(text)) return;
		this.#enter('total');
		await this.#until(drained(sink));
		this.#enter('idle');
	}

	#beginStream(): void {
		if (this.#begun) return;
		this.#context.begin(this.#target, this.#context.request.surface.streamContentType, {}, this.#warnings);
		this.#begun = true;
	}
}

/** A module that never returns from its clean-up keeps nobody waiting. */
async function dismiss(iterator: AsyncIterator<StreamPart>): Promise<void> {
	try {
		await iterator.return?.();
	} catch {
		// Its answer is over, for better or worse.
	}
}

function drained(sink: ReplySink): Promise<void> {
	return new Promise((resolve) => {
		sink.onDrain = () => {
			sink.onDrain = undefined;
			resolve();
		};
	});
}

/** What a provider threw, as an error of Relais. */
export function asRelaisError(error: unknown, provider: Provider): RelaisError {
	if (isRelaisError(error)) return error;
	const reason = error instanceof Error ? error.message : typeof error === 'string' ? error : 'an unknown failure';
	return new RelaisError('provider_error', `provider module "${provider.type}" failed: ${reason}`, { cause: error });
}
