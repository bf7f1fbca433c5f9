import { write, writeSync } from 'node:fs';

const STDERR = 2;

/** How much may wait for a reader that is slow, in characters; lines beyond it are dropped. */
const MOST_WAITING = 4 * 1024 * 1024;

/** A reader that is full for the moment is tried again after this time, in ms. */
const PAUSE_MS = 20;

/** What a logger writes its lines to. */
export interface LineOutput {
	write(line: string): void;
}

/**
 * Standard error, written in the background. Lines are lost rather than requests: where the reader left or the disk is full, the
 * program goes on as if nobody had asked for a log, and logs again once that is over.
 */
class ErrorOutput implements LineOutput {
	#waiting = '';
	#writing = false;

	constructor() {
		process.once('exit', () => this.#flush());
	}

	write(line: string): void {
		if (this.#waiting.length + line.length <= MOST_WAITING) this.#waiting += line;
		if (!this.#writing) this.#next();
	}

	#next(): void {
		const bytes = Buffer.from(this.#waiting);
		this.#waiting = '';
		this.#writing = bytes.length > 0;
		if (this.#writing) this.#send(bytes);
	}

	#send(bytes: Buffer): void {
		write(STDERR, bytes, (error, written) => {
			if (error?.code === 'EAGAIN') setTimeout(() => this.#send(bytes), PAUSE_MS);
			else if (error === null && written < bytes.length) this.#send(bytes.subarray(written));
			else this.#next();
		});
	}

	/** The process ends: what still waits gets one chance. */
	#flush(): void {
		try {
			writeSync(STDERR, this.#waiting);
		} catch {
			// Nobody reads it.
		}
	}
}

let shared: ErrorOutput | undefined;

/** The one output of the process. */
export function errorOutput(): LineOutput {
	shared ??= new ErrorOutput();
	return shared;
}
