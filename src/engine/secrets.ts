import { redactor } from '../config/index.ts';

/** Credentials that came while running are remembered up to this many: tokens last an hour or so, and no longer. */
const MOST_FETCHED = 500;

/** What no answer and no log may hold: credentials of a config, and those its providers find or fetch. */
export class Secrets {
	readonly #stated: readonly string[];
	readonly #fetched = new Set<string>();
	#redact: ((text: string) => string) | undefined;

	/** @param stated credentials of the config */
	constructor(stated: readonly string[]) {
		this.#stated = stated;
	}

	/** Adds one that was found or fetched; those seen first are forgotten. */
	conceal(secret: string): void {
		if (this.#fetched.has(secret)) return;
		this.#fetched.add(secret);
		for (const oldest of this.#fetched) {
			if (this.#fetched.size <= MOST_FETCHED) break;
			this.#fetched.delete(oldest);
		}
		this.#redact = undefined;
	}

	/** The text without any of them. */
	redact(text: string): string {
		this.#redact ??= redactor([...this.#stated, ...this.#fetched]);
		return this.#redact(text);
	}
}
