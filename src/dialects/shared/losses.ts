import type { Extensible, Warning } from '../../spec/index.ts';

/** Gathers what an encoder could not carry, each loss once. */
export class Losses {
	readonly #dialect: string;
	readonly #seen = new Set<string>();
	readonly #warnings: Warning[] = [];

	/** @param dialect the dialect being written, whose own extensions are no loss */
	constructor(dialect: string) {
		this.#dialect = dialect;
	}

	get warnings(): Warning[] {
		return this.#warnings;
	}

	add(kind: Warning['kind'], path: string, message: string): void {
		const key = `${kind} ${path} ${message}`;
		if (this.#seen.has(key)) return;
		this.#seen.add(key);
		this.#warnings.push({ kind, path, message });
	}

	dropped(path: string, message: string): void {
		this.add('dropped', path, message);
	}

	/** Reports the fields another dialect left on a node; keys beginning with `$` are mere form. */
	extensions(node: Extensible, path: string): void {
		const all = node.extensions;
		if (all === undefined) return;
		for (const dialect in all) {
			if (dialect === this.#dialect) continue;
			for (const key in all[dialect]) {
				if (key.charCodeAt(0) === 36) continue;
				this.dropped(path === '' ? key : `${path}.${key}`, `Only ${dialect} has '${key}'; ${this.#dialect} cannot carry it.`);
			}
		}
	}
}
