/** Prefixes remembered before the oldest are forgotten. */
const MOST = 50_000;

/** Remembers prompt prefixes by their digest until they expire, as vendors' prompt caches do. One for each vendor. */
export class PromptCache {
	readonly #until = new Map<string, number>();

	/** Whether the prefix is remembered at `now` (Unix ms). */
	has(key: string, now: number): boolean {
		const until = this.#until.get(key);
		return until !== undefined && until > now;
	}

	/** Remembers a prefix until `until` (Unix ms), or longer if it is already kept longer. */
	keep(key: string, until: number): void {
		const kept = Math.max(until, this.#until.get(key) ?? 0);
		this.#until.delete(key);
		this.#until.set(key, kept);
		if (this.#until.size > MOST) {
			const [oldest] = this.#until.keys();
			if (oldest !== undefined) this.#until.delete(oldest);
		}
	}

	/** Forgets everything. */
	clear(): void {
		this.#until.clear();
	}
}

/** A digest that grows: two 32-bit states, quick enough for prompts of megabytes. */
export class PrefixDigest {
	#a = 2166136261;
	#b = 5381;
	#length = 0;

	/** Takes in more text. */
	add(text: string, from = 0, to = text.length): void {
		let a = this.#a;
		let b = this.#b;
		for (let i = from; i < to; i++) {
			const unit = text.charCodeAt(i);
			a = Math.imul(a ^ unit, 16777619);
			b = (Math.imul(b, 33) + unit) | 0;
		}
		this.#a = a;
		this.#b = b;
		this.#length += to - from;
	}

	/** The digest of all text so far. */
	key(): string {
		return `${this.#length}:${this.#a}:${this.#b}`;
	}
}
