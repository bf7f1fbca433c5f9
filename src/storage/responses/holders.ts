import { isObject } from '../../lib/json.ts';
import type { StoredResponse } from './port.ts';

/** Items remembered. */
const MOST = 50_000;

function keyOf(item: string, owner: string | undefined): string {
	return JSON.stringify([owner ?? null, item]);
}

/** Which answers hold which items, as far as they have been seen lately. */
export class Holders {
	readonly #answers = new Map<string, string>();

	get(item: string, owner: string | undefined): string | undefined {
		return this.#answers.get(keyOf(item, owner));
	}

	/** Remembers the items of an answer; those seen first are forgotten. */
	add({ id, owner, response }: StoredResponse): void {
		if (!Array.isArray(response.output)) return;
		for (const item of response.output) {
			if (isObject(item) && typeof item.id === 'string') this.#answers.set(keyOf(item.id, owner), id);
		}
		for (const oldest of this.#answers.keys()) {
			if (this.#answers.size <= MOST) break;
			this.#answers.delete(oldest);
		}
	}
}
