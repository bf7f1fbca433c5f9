import { frameScanner } from '../../lib/frame-scanner.ts';
import type { FrameScanner } from '../../lib/frames.ts';
import { isObject, tryParse } from '../../lib/json.ts';
import type { Dialect, HeaderMap, NativeCall, StreamTap, Usage } from '../../spec/index.ts';
import { isNoStream } from '../../transport/index.ts';

/** Hears what a passing answer cost. It never stands in the answer's way: what it cannot read it leaves uncounted. */
export interface Listener {
	take(chunk: Buffer): void;
	end(): void;
	readonly usage: Usage | undefined;
	readonly finish: string | undefined;
	/** The answer was whole, whatever the connection did after. */
	readonly complete: boolean;
}

/** Greatest whole answer that is listened to, in bytes: beyond it are files, not answers of models. */
const MAX_WHOLE = 16 * 1024 * 1024;

/** Listens to a stream of the dialect. */
class StreamListener implements Listener {
	readonly #scanner: FrameScanner;
	readonly #tap: StreamTap;
	#deaf = false;

	constructor(dialect: Dialect) {
		this.#scanner = frameScanner(dialect.framing);
		this.#tap = dialect.streamTap({ dropUsage: false });
	}

	get usage(): Usage | undefined {
		return this.#tap.usage;
	}
	get finish(): string | undefined {
		return this.#tap.finish;
	}
	get complete(): boolean {
		return this.#tap.complete;
	}

	take(chunk: Buffer): void {
		if (this.#deaf) return;
		try {
			for (const frame of this.#scanner.push(chunk)) if (frame.data !== '') this.#tap.frame(frame);
		} catch {
			this.#deaf = true;
		}
	}

	end(): void {
		if (this.#deaf) return;
		try {
			const last = this.#scanner.end();
			if (last !== undefined && last.data !== '') this.#tap.frame(last);
		} catch {
			this.#deaf = true;
		}
	}
}

/** Listens to an answer in one piece. */
class WholeListener implements Listener {
	readonly #dialect: Dialect;
	#pieces: Buffer[] = [];
	#bytes = 0;
	usage: Usage | undefined;
	finish: string | undefined;
	complete = false;

	constructor(dialect: Dialect) {
		this.#dialect = dialect;
	}

	take(chunk: Buffer): void {
		this.#bytes += chunk.length;
		if (this.#bytes <= MAX_WHOLE) this.#pieces.push(chunk);
		else this.#pieces = [];
	}

	end(): void {
		this.complete = true;
		const body = this.#bytes > MAX_WHOLE ? undefined : tryParse(Buffer.concat(this.#pieces).toString('utf8'));
		this.#pieces = [];
		// A stream that is told as an array ends with what it cost.
		const answer = Array.isArray(body) ? body.at(-1) : body;
		if (!isObject(answer)) return;
		try {
			const { usage, finish } = this.#dialect.tapResponse(answer);
			this.usage = usage;
			this.finish = finish;
		} catch {
			// Some other answer of the vendor's: no model was at work that this dialect knows of.
		}
	}
}

/** The listener for an answer of the vendor; undefined for one that is neither a stream of the dialect nor JSON. */
export function listenerFor({ wire, operation }: NativeCall, headers: HeaderMap): Listener | undefined {
	const type = String(headers['content-type'] ?? '').toLowerCase();
	if (type.includes('json') && !type.includes('ndjson')) return new WholeListener(wire.dialect);
	return operation === 'chat' && !isNoStream(wire.dialect.framing, headers) ? new StreamListener(wire.dialect) : undefined;
}
