import { frameScanner } from '../../lib/frame-scanner.ts';
import type { FrameScanner, RawFrame } from '../../lib/frames.ts';
import { sseEvent } from '../../lib/sse.ts';
import type { ReplySink } from '../../router/index.ts';

/** How an answer is to look. */
export interface ReplyForm {
	/** Streams as a JSON array in place of server-sent events. */
	readonly array: boolean;
	/** Rewrites each event, and a whole answer: JSON in, JSON out. */
	readonly rewrite: ((json: string) => string) | undefined;
}

/**
 * Takes an answer in a dialect's own form, server-sent events or one JSON text, and hands it on in another. An event's data is kept
 * as it is but for `rewrite`; comments have no place in an array. Answers with an error status keep their form.
 */
export class ReframedReply implements ReplySink {
	readonly #inner: ReplySink;
	readonly #form: ReplyForm;
	#scanner: FrameScanner | undefined;
	#rewritesWhole = false;
	#events = 0;

	constructor(inner: ReplySink, form: ReplyForm) {
		this.#inner = inner;
		this.#form = form;
	}

	get closed(): boolean {
		return this.#inner.closed;
	}
	get onDrain(): (() => void) | undefined {
		return this.#inner.onDrain;
	}
	set onDrain(listener: (() => void) | undefined) {
		this.#inner.onDrain = listener;
	}

	begin(status: number, headers: { [name: string]: string }): void {
		const streamed = headers['content-type'] === 'text/event-stream';
		if (streamed) this.#scanner = frameScanner('sse');
		else this.#rewritesWhole = status < 300 && this.#form.rewrite !== undefined;
		if (streamed || this.#rewritesWhole) {
			const { 'content-length': _, ...rest } = headers;
			this.#inner.begin(status, streamed && this.#form.array ? { ...rest, 'content-type': 'application/json' } : rest);
		} else this.#inner.begin(status, headers);
	}

	write(data: string | Uint8Array): boolean {
		if (this.#scanner === undefined) return this.#inner.write(data);
		const text = this.#written(this.#scanner.push(bytesOf(data)));
		return text === '' || this.#inner.write(text);
	}

	end(data?: string | Uint8Array): void {
		if (this.#scanner !== undefined) {
			const frames = data === undefined ? [] : this.#scanner.push(bytesOf(data));
			const last = this.#scanner.end();
			const text = this.#written(last === undefined ? frames : [...frames, last]);
			this.#inner.end(this.#form.array ? `${text}${this.#events === 0 ? '[]' : ']'}` : text);
		} else if (this.#rewritesWhole && data !== undefined) this.#inner.end(this.#rewritten(bytesOf(data).toString('utf8')));
		else this.#inner.end(data);
	}

	#rewritten(json: string): string {
		return this.#form.rewrite?.(json) ?? json;
	}

	#written(frames: readonly RawFrame[]): string {
		let text = '';
		for (const { data, raw } of frames) {
			if (this.#form.array) {
				if (data !== '') text += `${this.#events++ === 0 ? '[' : ',\r\n'}${this.#rewritten(data)}`;
			} else text += data === '' ? raw.toString('utf8') : sseEvent(this.#rewritten(data));
		}
		return text;
	}
}

function bytesOf(data: string | Uint8Array): Buffer {
	if (typeof data === 'string') return Buffer.from(data);
	return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
