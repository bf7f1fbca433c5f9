import type { Frame, RelaisError, StreamTap, TapVerdict, Usage } from '../../spec/index.ts';

/** A tap for a dialect that is laid over another: it shows that one's tap the frames in its words. */
export class TapOver implements StreamTap {
	readonly #tap: StreamTap;
	readonly #words: (frame: Frame) => Frame;

	/** @param words a frame as the dialect beneath would write it */
	constructor(tap: StreamTap, words: (frame: Frame) => Frame) {
		this.#tap = tap;
		this.#words = words;
	}

	frame(frame: Frame): TapVerdict {
		return this.#tap.frame(this.#words(frame));
	}

	closing(): string {
		return this.#tap.closing();
	}

	get started(): boolean {
		return this.#tap.started;
	}
	get complete(): boolean {
		return this.#tap.complete;
	}
	get error(): RelaisError | undefined {
		return this.#tap.error;
	}
	get usage(): Usage | undefined {
		return this.#tap.usage;
	}
	get finish(): string | undefined {
		return this.#tap.finish;
	}
	get outputChars(): number {
		return this.#tap.outputChars;
	}
	get model(): string | undefined {
		return this.#tap.model;
	}
}
