import { type HeaderMap, isRelaisError, RelaisError, type WireReply } from '../spec/index.ts';
import type { Exchange, ExchangeHandler } from './types.ts';

/** The error of a call whose signal has fired. */
export function abortReason(signal: AbortSignal): RelaisError {
	const reason: unknown = signal.reason;
	return isRelaisError(reason) ? reason : new RelaisError('client_closed', 'the call was cancelled', { cause: reason });
}

/** Gathers a whole answer and settles a promise with it. */
export class Gatherer implements ExchangeHandler {
	readonly reply: Promise<WireReply>;
	readonly #maxBytes: number;
	readonly #host: string;
	readonly #signal: AbortSignal | undefined;
	readonly #chunks: Buffer[] = [];
	#bytes = 0;
	#status = 0;
	#headers: HeaderMap = {};
	#exchange: Exchange | undefined;
	#resolve: (reply: WireReply) => void = () => {};
	#reject: (error: RelaisError) => void = () => {};

	/** @param host for messages */
	constructor(maxBytes: number, host: string, signal: AbortSignal | undefined) {
		this.#maxBytes = maxBytes;
		this.#host = host;
		this.#signal = signal;
		this.reply = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
	}

	/** Watches the signal and keeps the exchange to end it by. */
	attach(exchange: Exchange): void {
		this.#exchange = exchange;
		if (this.#signal?.aborted) this.#onAbort();
		else this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
	}

	onHead(status: number, headers: HeaderMap): void {
		this.#status = status;
		this.#headers = headers;
	}

	onData(chunk: Buffer): boolean {
		this.#bytes += chunk.length;
		if (this.#bytes > this.#maxBytes) {
			this.#exchange?.abort();
			this.onError(new RelaisError('provider_protocol', `${this.#host} sent an answer larger than ${this.#maxBytes} bytes`));
			return false;
		}
		this.#chunks.push(chunk);
		return true;
	}

	onEnd(): void {
		this.#detach();
		const [first] = this.#chunks;
		const body = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#bytes);
		this.#resolve({ status: this.#status, headers: this.#headers, body });
	}

	onError(error: RelaisError): void {
		this.#detach();
		this.#reject(error);
	}

	readonly #onAbort = (): void => {
		this.#exchange?.abort();
		if (this.#signal !== undefined) this.onError(abortReason(this.#signal));
	};

	#detach(): void {
		this.#signal?.removeEventListener('abort', this.#onAbort);
	}
}
