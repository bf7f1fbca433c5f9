import type { Clock } from '../../lib/clock.ts';
import type { Ticker } from '../../lib/ticker.ts';
import {
	type ChatRequest,
	type Dialect,
	type HeaderMap,
	type Provider,
	RelaisError,
	type Translated,
	type Usage,
	type Warning,
	type WireEndpoint,
} from '../../spec/index.ts';
import type { Transport } from '../../transport/index.ts';
import { type RetryPolicy, retryDelay } from '../backoff.ts';
import { judge, type RetiredModels } from '../retired.ts';
import type { AttemptRecord, RequestRecord, RoutedRequest, Target } from '../types.ts';
import type { Attempt, AttemptContext, AttemptOutcome } from './attempt.ts';
import { attemptRecord, failedToStart } from './attempt-record.ts';
import { attribute, scrub } from './blame.ts';
import { counting } from './encode.ts';
import { answerHeaders } from './headers.ts';
import { ModuleAttempt } from './module-attempt.ts';
import { refusal } from './refusal.ts';
import { TaskAttempt } from './task-attempt.ts';
import { WireAttempt } from './wire-attempt.ts';

/** What executions share. */
export interface ExecutionHost {
	readonly transport: Transport;
	readonly clock: Clock;
	/** Keeps the time limits of provider modules. */
	readonly ticker: Ticker;
	/** From 0 to 1, for jitter. */
	random(): number;
}

/** What a request keeps to from its beginning to its end, whatever config comes meanwhile. */
export interface ExecutionTerms {
	readonly policy: RetryPolicy;
	/** Default: `error`. */
	readonly retiredModels?: RetiredModels;
	/** Hides the providers' credentials in a text. */
	redact(text: string): string;
}

/** One request on its way through its plan: owns the attempts, their order, the waits between them, and the end. */
export class Execution implements AttemptContext {
	readonly request: RoutedRequest;
	readonly #host: ExecutionHost;
	readonly #terms: ExecutionTerms;
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
	/** What is to be said of the target itself. */
	#notices: readonly Warning[] = [];

	/** @param key name of the virtual key, for the record */
	constructor(request: RoutedRequest, host: ExecutionHost, terms: ExecutionTerms, key: string | undefined) {
		this.request = request;
		this.#host = host;
		this.#terms = terms;
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

	/** Answers the request, or reports to the client why it cannot be; resolves with what became of it. Never rejects. */
	async run(): Promise<RequestRecord> {
		try {
			return await this.#answer();
		} catch (cause) {
			return this.#breakDown(new RelaisError('internal', 'Relais failed to answer the request.', { cause }));
		}
	}

	async #answer(): Promise<RequestRecord> {
		const { targets } = this.request.plan;
		let error: RelaisError | undefined;
		for (let index = 0; index < targets.length; index++) {
			const target = targets[index];
			if (target === undefined) break;
			const outcome = await this.#tryPlanned(target, index + 1 < targets.length);
			if (outcome.kind === 'done') return this.#record('completed', outcome.usage, outcome.finish, undefined);
			if (outcome.kind === 'cancelled') return this.#record('cancelled', outcome.usage, undefined, undefined);
			error = outcome.error;
			if (outcome.begun) return this.#interrupt(error, outcome.usage);
			if (!error.failover) break;
		}
		return this.#refuse(
			error ?? new RelaisError('no_provider', `"${this.request.plan.requested}" has no target that could be tried.`),
		);
	}

	begin(target: Target, contentType: string, upstream: HeaderMap, lost: readonly Warning[], length?: number): void {
		const { id, plan, sink } = this.request;
		const warnings = this.#notices.length === 0 ? lost : [...this.#notices, ...lost];
		const headers = answerHeaders(id, target, this.#attempts.length + 1, plan.route, warnings, upstream);
		headers['content-type'] = contentType;
		if (length === undefined) headers['cache-control'] = 'no-cache';
		else headers['content-length'] = String(length);
		sink.begin(200, headers);
		this.#warnings = warnings;
		this.#status = 200;
		this.#firstByteMs = this.#elapsed();
	}

	/** One target of the plan, or what answers in its place where its end is past. */
	#tryPlanned(target: Target, othersLeft: boolean): Promise<AttemptOutcome> {
		this.#notices = [];
		if (target.retirement === undefined) return this.#tryTarget(target, othersLeft);
		// Vectors of a successor would not go with those its client has.
		const policy = this.request.operation === 'embed' ? 'error' : (this.#terms.retiredModels ?? 'error');
		const verdict = judge(target, this.#host.clock.now(), policy);
		if ('error' in verdict) return Promise.resolve({ kind: 'failed', error: verdict.error, begun: false, usage: undefined });
		this.#notices = verdict.notices;
		return this.#tryTarget(verdict.target, othersLeft);
	}

	/** One target, as often as the policy allows. */
	async #tryTarget(target: Target, othersLeft: boolean): Promise<AttemptOutcome> {
		for (let tries = 1; ; tries++) {
			const outcome = await this.#attempt(target);
			if (outcome.kind !== 'failed' || outcome.begun) return outcome;
			const delay = retryDelay(outcome.error, tries, othersLeft, this.#terms.policy, this.#host.random());
			if (delay === undefined) return outcome;
			if (!(await this.#pause(delay))) return { kind: 'cancelled', usage: undefined };
		}
	}

	async #attempt(target: Target): Promise<AttemptOutcome> {
		if (this.#cancelled) return { kind: 'cancelled', usage: undefined };
		const attempt = this.#attemptAt(target);
		this.#current = attempt;
		const started = this.#host.clock.monotonic();
		const outcome = await attempt.run().catch((error: unknown) => failedToStart(error));
		this.#current = undefined;
		const attributed =
			outcome.kind === 'failed' ? { ...outcome, error: scrub(attribute(outcome.error, target), this.#terms.redact) } : outcome;
		this.#attempts.push(attemptRecord(attributed, attempt, target, this.#host.clock.monotonic() - started));
		return attributed;
	}

	#attemptAt(target: Target): Attempt {
		const { surface, task } = this.request;
		if (task !== undefined) return new TaskAttempt(this, target, task, this.#host);
		const wire = wireOf(target.provider, target.model, surface);
		return wire === undefined ? new ModuleAttempt(this, target, this.#host) : new WireAttempt(this, target, wire, this.#host);
	}

	/** Waits; false when the client has left. */
	async #pause(ms: number): Promise<boolean> {
		if (this.#cancelled) return false;
		this.#wait = new AbortController();
		await this.#host.clock.sleep(ms, this.#wait.signal).catch(() => undefined);
		this.#wait = undefined;
		return !this.#cancelled;
	}

	/** Nothing was sent yet: a plain error answer. */
	#refuse(last: RelaisError): RequestRecord {
		const { sink } = this.request;
		const { error, status, headers, body } = refusal(this.request, last, this.#attempts);
		sink.begin(status, headers);
		this.#status = status;
		sink.end(body);
		return this.#record('failed', undefined, undefined, error);
	}

	/** Part of the answer is with the client: say inside the stream that it is not whole. */
	#interrupt(error: RelaisError, usage: Usage | undefined): RequestRecord {
		const { surface, id, sink } = this.request;
		sink.end(surface.encodeStreamError(error, id));
		return this.#record('interrupted', usage, undefined, error);
	}

	/** Something failed that cannot: the client gets an end all the same. */
	#breakDown(error: RelaisError): RequestRecord {
		this.#current?.cancel();
		return this.#status === 0 ? this.#refuse(error) : this.#interrupt(error, undefined);
	}

	#record(
		outcome: RequestRecord['outcome'],
		usage: Usage | undefined,
		finish: string | undefined,
		error: RelaisError | undefined,
	): RequestRecord {
		const { id, surface, task, plan, sketch } = this.request;
		return {
			id,
			surface: task?.format ?? surface.name,
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
		};
	}

	#elapsed(): number {
		return this.#host.clock.monotonic() - this.#startedAt;
	}
}

/** The endpoint that serves a model best to clients of a dialect; undefined for a provider that is a module of its own. */
export function wireOf(provider: Provider, model: string, surface: Dialect): WireEndpoint | undefined {
	return provider.wireFor?.(model, surface.name) ?? provider.wire;
}
