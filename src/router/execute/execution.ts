import type { Clock } from '../../lib/clock.ts';
import {
	type ChatRequest,
	type HeaderMap,
	isRelaisError,
	RelaisError,
	type Translated,
	type Usage,
	type Warning,
} from '../../spec/index.ts';
import type { Transport } from '../../transport/index.ts';
import { type RetryPolicy, retryDelay } from '../backoff.ts';
import type { AttemptRecord, RequestRecord, RoutedRequest, Target } from '../types.ts';
import type { Attempt, AttemptContext, AttemptOutcome } from './attempt.ts';
import { attribute, scrub, summarise } from './blame.ts';
import { counting } from './encode.ts';
import { answerHeaders } from './headers.ts';
import { ModuleAttempt } from './module-attempt.ts';
import { WireAttempt } from './wire-attempt.ts';

/** What executions share. */
export interface ExecutionHost {
	readonly transport: Transport;
	readonly policy: RetryPolicy;
	readonly clock: Clock;
	/** From 0 to 1, for jitter. */
	random(): number;
	/** Hides the providers' credentials in a text. */
	redact(text: string): string;
	/** Told of every request once, when it is over. */
	finished(record: RequestRecord): void;
}

/** One request on its way through its plan: owns the attempts, their order, the waits between them, and the end. */
export class Execution implements AttemptContext {
	readonly request: RoutedRequest;
	readonly #host: ExecutionHost;
	readonly #key: string | undefined;
	readonly #startedAt: number;
	readonly #attempts: AttemptRecord[] = [];
	#canonical: Translated<ChatRequest> | undefined;
	#current: Attempt | undefined;
	#wait: AbortController | undefined;
	#cancelled = false;
	#firstByteMs: number | undefined;
	#status = 0;
	#warnings: readonly Warning[] = [];

	/** @param key name of the virtual key, for the record */
	constructor(request: RoutedRequest, host: ExecutionHost, key: string | undefined) {
		this.request = request;
		this.#host = host;
		this.#key = key;
		this.#startedAt = host.clock.monotonic();
	}

	get nowSeconds(): number {
		return Math.floor(this.#host.clock.now() / 1000);
	}

	canonical(): Translated<ChatRequest> {
		const { surface, operation, body } = this.request;
		this.#canonical ??= (operation === 'count_tokens' ? counting(surface) : surface).decodeRequest(body);
		return this.#canonical;
	}

	/** The client left: stops whatever is under way. */
	cancel(): void {
		if (this.#cancelled) return;
		this.#cancelled = true;
		this.#wait?.abort();
		this.#current?.cancel();
	}

	/** Answers the request, or reports to the client why it cannot be. Never rejects. */
	async run(): Promise<void> {
		const { targets } = this.request.plan;
		let error: RelaisError | undefined;
		for (let index = 0; index < targets.length; index++) {
			const target = targets[index];
			if (target === undefined) break;
			const outcome = await this.#tryTarget(target, index + 1 < targets.length);
			if (outcome.kind === 'done') return this.#finish('completed', outcome.usage, outcome.finish, undefined);
			if (outcome.kind === 'cancelled') return this.#finish('cancelled', outcome.usage, undefined, undefined);
			error = outcome.error;
			if (outcome.begun) return this.#interrupt(error, outcome.usage);
			if (!error.failover) break;
		}
		this.#refuse(error ?? new RelaisError('no_provider', `"${this.request.plan.requested}" has no target that could be tried.`));
	}

	begin(target: Target, contentType: string, upstream: HeaderMap, warnings: readonly Warning[], length?: number): void {
		const { id, plan, sink } = this.request;
		const headers = answerHeaders(id, target, this.#attempts.length + 1, plan.route, warnings, upstream);
		headers['content-type'] = contentType;
		if (length === undefined) headers['cache-control'] = 'no-cache';
		else headers['content-length'] = String(length);
		this.#warnings = warnings;
		this.#status = 200;
		this.#firstByteMs = this.#elapsed();
		sink.begin(200, headers);
	}

	/** One target, as often as the policy allows. */
	async #tryTarget(target: Target, othersLeft: boolean): Promise<AttemptOutcome> {
		for (let tries = 1; ; tries++) {
			const outcome = await this.#attempt(target);
			if (outcome.kind !== 'failed' || outcome.begun) return outcome;
			const delay = retryDelay(outcome.error, tries, othersLeft, this.#host.policy, this.#host.random());
			if (delay === undefined) return outcome;
			if (!(await this.#pause(delay))) return { kind: 'cancelled', usage: undefined };
		}
	}

	async #attempt(target: Target): Promise<AttemptOutcome> {
		if (this.#cancelled) return { kind: 'cancelled', usage: undefined };
		const { wire } = target.provider;
		const attempt =
			wire === undefined ? new ModuleAttempt(this, target) : new WireAttempt(this, target, wire, this.#host.transport);
		this.#current = attempt;
		const started = this.#host.clock.monotonic();
		const outcome = await attempt.run().catch((error: unknown) => failedToStart(error));
		this.#current = undefined;
		const attributed =
			outcome.kind === 'failed'
				? { ...outcome, error: scrub(attribute(outcome.error, target), (text) => this.#host.redact(text)) }
				: outcome;
		this.#attempts.push(record(attributed, attempt, target, this.#host.clock.monotonic() - started));
		return attributed;
	}

	/** Waits; false when the client left meanwhile. */
	async #pause(ms: number): Promise<boolean> {
		this.#wait = new AbortController();
		await this.#host.clock.sleep(ms, this.#wait.signal).catch(() => undefined);
		this.#wait = undefined;
		return !this.#cancelled;
	}

	/** Nothing was sent yet: a plain error answer. */
	#refuse(last: RelaisError): void {
		const { surface, id, sink, plan } = this.request;
		const error = summarise(last, this.#attempts);
		const encoded = surface.encodeError(error, id);
		const target = plan.targets.find((candidate) => candidate.label === this.#attempts.at(-1)?.target);
		const headers: { [name: string]: string } = { 'x-relais-request-id': id, ...encoded.headers };
		if (target !== undefined) Object.assign(headers, answerHeaders(id, target, this.#attempts.length, plan.route, [], {}));
		const body = Buffer.from(JSON.stringify(encoded.body));
		headers['content-type'] = 'application/json';
		headers['content-length'] = String(body.length);
		this.#status = encoded.status;
		sink.begin(encoded.status, headers);
		sink.end(body);
		this.#finish('failed', undefined, undefined, error);
	}

	/** Part of the answer is with the client: say inside the stream that it is not whole. */
	#interrupt(error: RelaisError, usage: Usage | undefined): void {
		const { surface, id, sink } = this.request;
		sink.end(surface.encodeStreamError(error, id));
		this.#finish('interrupted', usage, undefined, error);
	}

	#finish(
		outcome: RequestRecord['outcome'],
		usage: Usage | undefined,
		finish: string | undefined,
		error: RelaisError | undefined,
	): void {
		const { id, surface, plan, sketch } = this.request;
		this.#host.finished({
			id,
			surface: surface.name,
			requested: plan.requested,
			route: plan.route,
			stream: sketch.stream,
			key: this.#key,
			outcome,
			status: outcome === 'cancelled' && this.#status === 0 ? 499 : this.#status,
			attempts: this.#attempts,
			usage,
			finish,
			warnings: this.#warnings,
			firstByteMs: this.#firstByteMs,
			durationMs: this.#elapsed(),
			error,
		});
	}

	#elapsed(): number {
		return this.#host.clock.monotonic() - this.#startedAt;
	}
}

/** An attempt that threw: the request could not be put into the target's words, or Relais has a bug. */
function failedToStart(error: unknown): AttemptOutcome {
	const known = isRelaisError(error)
		? error
		: new RelaisError('internal', 'Relais failed while preparing the request', { cause: error });
	return { kind: 'failed', error: known, begun: false, usage: undefined };
}

function record(outcome: AttemptOutcome, attempt: Attempt, target: Target, durationMs: number): AttemptRecord {
	const base = { target: target.label, lane: attempt.lane, durationMs };
	const usage = outcome.usage === undefined ? {} : { usage: outcome.usage };
	if (outcome.kind === 'done') return { ...base, outcome: 'ok', ...usage };
	if (outcome.kind === 'cancelled') return { ...base, outcome: 'cancelled', ...usage };
	return { ...base, outcome: 'failed', error: outcome.error, ...usage };
}
