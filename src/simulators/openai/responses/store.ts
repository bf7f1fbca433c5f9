import type { JsonObject } from '../../../spec/index.ts';
import { text } from '../../core/json.ts';
import type { Answer } from './types.ts';

/** A response that is kept. */
export interface Kept {
	answer: Answer;
	/** The items of its request, each with an id. */
	input: JsonObject[];
	output: JsonObject[];
	/** The whole conversation up to and with it. */
	conversation: JsonObject[];
}

/** Conversations are held whole: of megabytes each, many more would not fit. */
const MOST = 1000;

/** The responses that were not asked to be forgotten, and their items. One for each vendor; lost with the process. */
export class ResponseStore {
	readonly #kept = new Map<string, Kept>();
	readonly #items = new Map<string, JsonObject>();
	/** Reasoning that has to come with an item, by the item's id. */
	readonly #reasons = new Map<string, string>();

	/** Keeps a response; the oldest gives way when there are too many. */
	keep(kept: Kept): void {
		this.#kept.set(kept.answer.id, kept);
		let reason: string | undefined;
		for (const item of [...kept.input, ...kept.output]) this.#items.set(text(item.id), item);
		for (const item of kept.output) {
			if (item.type === 'reasoning') reason = text(item.id);
			else if (reason !== undefined) this.#reasons.set(text(item.id), reason);
		}
		const [oldest] = this.#kept.keys();
		if (this.#kept.size > MOST && oldest !== undefined) this.delete(oldest);
	}

	/** A kept response. */
	get(id: string): Kept | undefined {
		return this.#kept.get(id);
	}

	/** An item of a kept response, asked or answered. */
	item(id: string): JsonObject | undefined {
		return this.#items.get(id);
	}

	/** The id of the reasoning that an item must not be parted from. */
	reasonFor(id: string): string | undefined {
		return this.#reasons.get(id);
	}

	/** Forgets a response and its items; returns whether there was one. */
	delete(id: string): boolean {
		const kept = this.#kept.get(id);
		if (kept === undefined) return false;
		for (const item of [...kept.input, ...kept.output]) {
			this.#items.delete(text(item.id));
			this.#reasons.delete(text(item.id));
		}
		return this.#kept.delete(id);
	}

	/** Forgets everything. */
	clear(): void {
		this.#kept.clear();
		this.#items.clear();
		this.#reasons.clear();
	}
}
