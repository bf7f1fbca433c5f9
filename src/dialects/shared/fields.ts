import { put } from '../../lib/json.ts';
import type { JsonObject, JsonValue } from '../../spec/index.ts';
import { FORM, isForm } from './extensions.ts';
import { at, invalid, type Reader } from './wire.ts';

/**
 * Takes a wire object apart, field by field, and knows at the end what nobody took. Strict for what clients send: a known field of
 * the wrong type throws `invalid_request`. Lenient for what vendors answer: such a field stays among the leftovers.
 */
export class Fields {
	readonly wire: JsonObject;
	readonly path: string;
	readonly lenient: boolean;
	readonly #taken = new Set<string>();
	#form: JsonObject | undefined;

	constructor(wire: JsonObject, path: string, lenient = false) {
		this.wire = wire;
		this.path = path;
		this.lenient = lenient;
	}

	/** The path of a member. */
	at(key: string): string {
		return at(this.path, key);
	}

	/** A member that may be missing; null counts as missing and is remembered as form. */
	take<T>(key: string, reader: Reader<T>): T | undefined {
		const value = this.wire[key];
		if (value === undefined || value === null) return undefined;
		if (!this.lenient) {
			this.#taken.add(key);
			return reader(value, this.at(key));
		}
		try {
			const read = reader(value, this.at(key));
			this.#taken.add(key);
			return read;
		} catch {
			return undefined;
		}
	}

	/** A member that must be there; throws `invalid_request` also when lenient. */
	require<T>(key: string, reader: Reader<T>): T {
		const value = this.wire[key];
		if (value === undefined) throw invalid(this.at(key), `'${this.at(key)}' is required.`);
		this.#taken.add(key);
		return reader(value, this.at(key));
	}

	/** Gives a member back that was taken: its value says what has no other place. */
	leave(key: string): void {
		this.#taken.delete(key);
	}

	/** Counts a member as taken, whatever it holds. */
	drop(key: string): void {
		this.#taken.add(key);
	}

	/** Remembers a member, if it is there, as mere form: it comes back word for word and is no loss elsewhere. */
	keep(key: string, value: JsonValue | undefined = this.wire[key]): void {
		if (value === undefined) return;
		this.#taken.add(key);
		this.#form ??= {};
		put(this.#form, key, value);
	}

	/** What nobody took, sorted into plain keys and `$form`; undefined when nothing is left. */
	rest(): JsonObject | undefined {
		let rest: JsonObject | undefined;
		for (const key in this.wire) {
			const value = this.wire[key];
			if (value === undefined || this.#taken.has(key)) continue;
			if (isForm(key, value)) {
				this.keep(key);
			} else {
				rest ??= {};
				put(rest, key, value);
			}
		}
		if (this.#form !== undefined) {
			rest ??= {};
			rest[FORM] = this.#form;
		}
		return rest;
	}
}
