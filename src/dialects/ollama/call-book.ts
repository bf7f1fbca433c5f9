import { createHash } from 'node:crypto';

/** How made ids begin; they are as long as a digest of 16 hexadecimal characters makes them. */
const MADE = /^call_ol[0-9a-f]{16}$/;

function madeId(...words: (string | number)[]): string {
	return `call_ol${createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 16)}`;
}

/** Whether an id was made here. The API needs none then: it tells calls apart by name and order. */
export function isMadeId(id: string): boolean {
	return MADE.test(id);
}

/**
 * Keeps which calls await their results while a conversation or an answer is read: most servers name no ids, and results refer to
 * calls by the tool's name and by their order.
 */
export class CallBook {
	readonly #seed: string;
	#open: { id: string; name: string }[] = [];
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

	/** The call a result belongs to: the one it names, else the first of its tool without a result, else the first without one. */
	result(id: string | undefined, name: string | undefined): { id: string; name: string | undefined } {
		const named = this.#open.findIndex((call) => (id === undefined ? call.name === name : call.id === id));
		const found = named < 0 && id === undefined ? 0 : named;
		const [call] = found < 0 ? [] : this.#open.splice(found, 1);
		this.#count++;
		return { id: id ?? call?.id ?? madeId(this.#seed, this.#count, name ?? ''), name: name ?? call?.name };
	}
}
