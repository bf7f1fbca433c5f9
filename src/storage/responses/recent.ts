interface Entry {
	bytes: Buffer;
	/** Whether a file holds it too. */
	filed: boolean;
}

/** The records used last, up to a number of bytes. They are kept as they are written: what is not taken apart weighs what it says. */
export class Recent {
	readonly #limit: number;
	readonly #entries = new Map<string, Entry>();
	#bytes = 0;

	/** @param limit bytes of all entries together */
	constructor(limit: number) {
		this.#limit = limit;
	}

	get(name: string): Readonly<Entry> | undefined {
		return this.#entries.get(name);
	}

	/** Puts an entry in as the one used last; those unused for longest make room. One that is larger than a quarter stays out. */
	set(name: string, entry: Entry): void {
		this.delete(name);
		if (entry.bytes.length > this.#limit / 4) return;
		this.#entries.set(name, entry);
		this.#bytes += entry.bytes.length;
		for (const oldest of this.#entries.keys()) {
			if (this.#bytes <= this.#limit) break;
			this.delete(oldest);
		}
	}

	delete(name: string): void {
		const entry = this.#entries.get(name);
		if (entry === undefined) return;
		this.#entries.delete(name);
		this.#bytes -= entry.bytes.length;
	}
}
