import { isObject } from '../../lib/json.ts';
import { nearest } from '../../lib/nearest.ts';
import { RelaisError } from '../../spec/index.ts';

/** Longest value of a parameter that is looked at, in characters. */
const LONGEST_VALUE = 500;

/** Query parameters, read strictly: what nobody asks for, comes twice or is no such value is an error that names it. */
export class Parameters {
	readonly #values = new Map<string, string[]>();

	/** @param query as the server parsed it: texts, or lists of them where a parameter was repeated */
	constructor(query: unknown) {
		for (const [name, value] of Object.entries(isObject(query) ? query : {})) {
			const values = (Array.isArray(value) ? value : [value]).map(String);
			if (values.some((text) => text.length > LONGEST_VALUE)) throw refused(name, `is longer than ${LONGEST_VALUE} characters`);
			this.#values.set(name, values);
		}
	}

	/** Throws `invalid_request` for a parameter that is none of these. */
	only(...names: readonly string[]): void {
		for (const name of this.#values.keys()) {
			if (names.includes(name)) continue;
			const near = nearest(name, names);
			const hint = near.length > 0 ? `Did you mean "${near[0]}"?` : `There are ${names.join(', ')}.`;
			throw refused(name.slice(0, 100), `is not known. ${hint}`);
		}
	}

	/** A value that may stand once; undefined where it is not given. */
	text(name: string): string | undefined {
		const values = this.#values.get(name) ?? [];
		if (values.length > 1) throw refused(name, 'may be given once');
		if (values[0]?.trim() === '') throw refused(name, 'is empty');
		return values[0];
	}

	/** True or false; false where it is not given. */
	flag(name: string): boolean {
		const value = this.text(name) ?? 'false';
		if (value === 'true' || value === '1') return true;
		if (value === 'false' || value === '0') return false;
		throw refused(name, 'must be true or false');
	}

	/** Values that may be repeated, or stand together with commas in between. */
	list(name: string): string[] {
		const values = (this.#values.get(name) ?? []).flatMap((value) => value.split(',')).map((value) => value.trim());
		if (values.includes('')) throw refused(name, 'has an empty value');
		return values;
	}
}

function refused(name: string, why: string): RelaisError {
	return new RelaisError('invalid_request', `The parameter "${name}" ${why}`, { param: name });
}
