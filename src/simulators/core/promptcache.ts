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

/** A cached prefix has at least so many tokens and grows in steps of 128. */
const FIRST = 1024;
const STEP = 128;
const CHARS = 4;
const KEPT_MS = 10 * 60_000;

/** Tokens of a prompt that an earlier one of the model had in common, in steps; remembers this one for later. `total`: its tokens. */
export function cachedPrefix(model: string, prefix: string, total: number, cache: PromptCache, now: number): number {
	const digest = new PrefixDigest();
	digest.add(model);
	let cached = 0;
	let done = 0;
	// Past 16 K tokens the steps grow: a prompt of megabytes should not leave thousands of keys behind.
	for (let tokens = FIRST; tokens * CHARS <= prefix.length; tokens += tokens < 16 * FIRST ? STEP : FIRST) {
		digest.add(prefix, done, tokens * CHARS);
		done = tokens * CHARS;
		const key = digest.key();
		if (cache.has(key, now)) cached = tokens;
		cache.keep(key, now + KEPT_MS);
	}
	return Math.min(cached, total);
}
