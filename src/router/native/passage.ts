import { tryParse } from '../../lib/json.ts';
import {
	type Dialect,
	type HeaderMap,
	isRelaisError,
	type NativeCall,
	type Provider,
	RelaisError,
	type Usage,
} from '../../spec/index.ts';
import type { Exchange, ExchangeHandler } from '../../transport/index.ts';
import { attribute, scrub } from '../execute/blame.ts';
import { inTime } from '../execute/credentials.ts';
import type { ExecutionHost, ExecutionTerms } from '../execute/execution.ts';
import { answerHeaders } from '../execute/headers.ts';
import type { ReplySink, RequestRecord, Target } from '../types.ts';
import { type Listener, listenerFor } from './listener.ts';

/** The client's side of a native answer: it can be broken off, so that what is not whole does not look whole. */
export interface NativeSink extends ReplySink {
	cut(): void;
}

/** A client's own call to a vendor, accepted. */
export interface NativeRequestRun {
	id: string;
	provider: Provider;
	prepared: NativeCall;
	/** The model it is for, as far as path or body tell. */
	model: string | undefined;
	stream: boolean;
	sink: NativeSink;
}

/** Greatest body of an error that is looked at before it goes on, in bytes. */
const MAX_ERROR = 1024 * 1024;

/** Headers of an answer that concern one connection, or the vendor's own site. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
	'connection',
	'keep-alive',
	'proxy-authenticate',
	'set-cookie',
	'strict-transport-security',
	'trailer',
	'transfer-encoding',
	'upgrade',
	'alt-svc',
]);

/**
 * A call that goes to the vendor as the client made it, and comes back as the vendor answered: no other target, no second try, no
 * translation. Relais puts its credentials on it and listens for what it cost.
 */
export class NativePassage implements ExchangeHandler {
	readonly #run: NativeRequestRun;
	readonly #host: ExecutionHost;
	readonly #terms: ExecutionTerms;
	readonly #key: string | undefined;
	readonly #target: Target;
	readonly #startedAt: number;
	#exchange: Exchange | undefined;
	#listener: Listener | undefined;
	#resolve: ((record: RequestRecord) => void) | undefined;
	#over = false;
	#status = 0;
	#headers: HeaderMap = {};
	#firstByteMs: number | undefined;
	/** Pieces of an error's body: it is cleaned of secrets as a whole. */
	#error: Buffer[] | undefined;
	#errorBytes = 0;

	/** @param key name of the virtual key, for the record */
	constructor(run: NativeRequestRun, host: ExecutionHost, terms: ExecutionTerms, key: string | undefined) {
		this.#run = run;
		this.#host = host;
		this.#terms = terms;
		this.#key = key;
		this.#startedAt = host.clock.monotonic();
		const { provider, model = '' } = run;
		const { timeouts } = run.prepared.wire;
		this.#target = { provider, model, label: `${provider.name}/${model === '' ? 'native' : model}`, timeouts, info: undefined };
	}

	/** Resolves with what became of the call. Never rejects. */
	run(): Promise<RequestRecord> {
		return new Promise((resolve) => {
			this.#resolve = resolve;
			this.#send().catch((error: unknown) => this.#fail(error));
		});
	}

	/** The client left. */
	cancel(): void {
		this.#exchange?.abort();
		this.#settle(this.#listener?.complete === true ? 'completed' : 'cancelled', undefined);
	}

	async #send(): Promise<void> {
		const { prepared, stream } = this.#run;
		const { wire } = prepared;
		const call = wire.sign === undefined ? prepared.call : await inTime(wire.sign(prepared.call), wire.timeouts, this.#host);
		if (!this.#over) this.#exchange = this.#host.transport.start(call, wire.timeouts, this, { streamed: stream });
	}

	onHead(status: number, headers: HeaderMap): void {
		this.#status = status;
		this.#headers = headers;
		if (status >= 300) {
			this.#error = [];
			return;
		}
		this.#listener = listenerFor(this.#run.prepared, headers);
		this.#run.sink.onDrain = () => this.#exchange?.resume();
		this.#begin(this.#forwarded());
	}

	onData(chunk: Buffer): boolean {
		if (this.#over) return true;
		if (this.#error !== undefined) return this.#gather(this.#error, chunk);
		this.#exchange?.contentStarted();
		this.#listener?.take(chunk);
		return this.#run.sink.write(chunk);
	}

	onEnd(): void {
		if (this.#over) return;
		if (this.#error !== undefined) {
			this.#refuse(Buffer.concat(this.#error));
			return;
		}
		this.#listener?.end();
		this.#run.sink.end();
		this.#settle('completed', undefined);
	}

	onError(error: RelaisError): void {
		this.#fail(error);
	}

	#begin(headers: { [name: string]: string }): void {
		this.#run.sink.begin(this.#status, headers);
		this.#firstByteMs = this.#elapsed();
	}

	/** The vendor's own headers, without credentials it may quote, with Relais's beside them. */
	#forwarded(): { [name: string]: string } {
		const headers: { [name: string]: string } = {};
		for (const [name, value] of Object.entries(this.#headers)) {
			if (value === undefined || NOT_FORWARDED.has(name)) continue;
			headers[name] = this.#terms.redact(Array.isArray(value) ? value.join(', ') : value);
		}
		return Object.assign(headers, answerHeaders(this.#run.id, this.#target, 1, undefined, [], this.#headers));
	}

	#gather(pieces: Buffer[], chunk: Buffer): boolean {
		this.#errorBytes += chunk.length;
		if (this.#errorBytes <= MAX_ERROR) pieces.push(chunk);
		return true;
	}

	/** The vendor's own words, without what it may quote of the credentials; what it says of them is not repeated at all. */
	#refuse(body: Buffer): void {
		const text = body.toString('utf8');
		const { dialect } = this.#run.prepared.wire;
		const error = this.#known(dialect.decodeError(this.#status, this.#headers, tryParse(text) ?? text));
		if (error.code === 'provider_auth') {
			this.#answer(dialect, error);
		} else {
			const clean = this.#terms.redact(text);
			const payload = clean === text ? body : Buffer.from(clean);
			this.#begin({ ...this.#forwarded(), 'content-length': String(payload.length) });
			this.#run.sink.end(payload);
		}
		this.#settle('failed', error);
	}

	/** An error that is Relais's to tell, in the form of the vendor's dialect. */
	#answer(dialect: Dialect, error: RelaisError): void {
		const encoded = dialect.encodeError(error, this.#run.id);
		const payload = Buffer.from(JSON.stringify(encoded.body));
		const own = answerHeaders(this.#run.id, this.#target, 1, undefined, [], {});
		const headers = { ...own, ...encoded.headers, 'content-type': 'application/json', 'content-length': String(payload.length) };
		this.#status = encoded.status;
		this.#begin(headers);
		this.#run.sink.end(payload);
	}

	#known(error: RelaisError): RelaisError {
		return scrub(attribute(error, this.#target), this.#terms.redact);
	}

	#fail(cause: unknown): void {
		if (this.#over) return;
		this.#exchange?.abort();
		const raised = isRelaisError(cause) ? cause : new RelaisError('internal', 'Relais failed to pass the call on.', { cause });
		const error = this.#known(raised);
		const begun = this.#firstByteMs !== undefined;
		if (begun) this.#run.sink.cut();
		else this.#answer(this.#run.prepared.wire.dialect, error);
		this.#settle(begun ? 'interrupted' : 'failed', error);
	}

	#settle(outcome: RequestRecord['outcome'], error: RelaisError | undefined): void {
		if (this.#over) return;
		this.#over = true;
		this.#run.sink.onDrain = undefined;
		this.#resolve?.(this.#record(outcome, error));
	}

	#record(outcome: RequestRecord['outcome'], error: RelaisError | undefined): RequestRecord {
		const { id, stream, prepared } = this.#run;
		const usage: Usage | undefined = this.#listener?.usage;
		const durationMs = this.#elapsed();
		const attempt = { target: this.#target.label, lane: 'native' as const, durationMs };
		const how = outcome === 'completed' ? 'ok' : outcome === 'cancelled' ? 'cancelled' : 'failed';
		return {
			id,
			surface: `native ${prepared.wire.dialect.name}`,
			requested: this.#target.label,
			route: undefined,
			stream,
			key: this.#key,
			outcome,
			status: outcome === 'cancelled' && this.#status === 0 ? 499 : this.#status,
			attempts: [
				{ ...attempt, outcome: how, ...(error === undefined ? {} : { error }), ...(usage === undefined ? {} : { usage }) },
			],
			usage,
			finish: this.#listener?.finish,
			warnings: [],
			firstByteMs: this.#firstByteMs,
			durationMs,
			error,
		};
	}

	#elapsed(): number {
		return this.#host.clock.monotonic() - this.#startedAt;
	}
}
