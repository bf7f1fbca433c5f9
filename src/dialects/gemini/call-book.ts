import { madeId } from './call-ids.ts';

interface OpenCall {
	id: string;
	name: string;
}

/**
 * Keeps which calls await their results while a conversation or an answer is read, as this dialect tells calls apart by name and
 * order where it names no ids.
 */
export class CallBook {
	readonly #seed: string;
	#open: OpenCall[] = [];
	#count = 0;

	/** @param seed what tells one answer's calls from another's; empty for conversations, where the place does */
	constructor(seed = '') {
		this.#seed = seed;
	}

	/** The id of a call: its own, or one made of what is known of it. */
	call(id: string | undefined, name: string, input: string): string {
		const given = id ?? madeId(this.#seed, this.#count, name, input);
		this.#count++;
		this.#open.push({ id: given, name });
		return given;
	}

	/** The call a result belongs to: the one it names, else the first of its name without a result, else the first without one. */
	result(id: string | undefined, name: string): string {
		const at = this.#open.findIndex((call) => (id === undefined ? call.name === name : call.id === id));
		const found = at < 0 && id === undefined ? 0 : at;
		const [call] = found < 0 ? [] : this.#open.splice(found, 1);
		this.#count++;
		return id ?? call?.id ?? madeId(this.#seed, this.#count, name);
	}
}
