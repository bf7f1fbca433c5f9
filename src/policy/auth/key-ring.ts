import { hash } from 'node:crypto';
import { globMatcher } from '../../lib/glob.ts';
import { RelaisError } from '../../spec/index.ts';

/** A virtual key as the config states it. */
export interface VirtualKey {
	name: string;
	key: string;
	/** Models and routes it may use; `*` stands for any run of characters. */
	models: readonly string[];
}

/** Who sent a request. */
export interface Principal {
	/** The key's name; undefined in open mode. */
	readonly name: string | undefined;
	/** Whether the key's list admits any of the names. */
	mayUse(names: readonly string[]): boolean;
}

const ANYBODY: Principal = { name: undefined, mayUse: () => true };

/**
 * Tells who a key belongs to. Keys are kept as SHA-256 digests: a look-up takes the same time whatever part of a guess is right,
 * and a dump of the process's memory shows none of them.
 */
export class KeyRing {
	readonly #open: boolean;
	readonly #byDigest = new Map<string, Principal>();

	constructor(mode: 'keys' | 'open', keys: readonly VirtualKey[]) {
		this.#open = mode === 'open';
		for (const key of keys) this.#byDigest.set(digest(key.key), principal(key));
	}

	/** Throws `unauthorized`, saying whether the key is missing or wrong, never what it was. */
	authenticate(presented: string | undefined): Principal {
		if (presented !== undefined && presented !== '') {
			const found = this.#byDigest.get(digest(presented));
			if (found !== undefined) return found;
			if (this.#open) return ANYBODY;
			throw new RelaisError(
				'unauthorized',
				'This API key is not known to Relais. Use one of the keys of its config, not a provider key.',
			);
		}
		if (this.#open) return ANYBODY;
		throw new RelaisError(
			'unauthorized',
			'No API key. Send a Relais key as "Authorization: Bearer <key>" or "x-api-key: <key>".',
		);
	}
}

function digest(key: string): string {
	return hash('sha256', key, 'base64');
}

function principal(key: VirtualKey): Principal {
	if (key.models.includes('*')) return { name: key.name, mayUse: () => true };
	const matchers = key.models.map((model) => globMatcher(model));
	return { name: key.name, mayUse: (names) => names.some((name) => matchers.some((fits) => fits(name))) };
}
