// @ts-check
import { readFileSync } from 'node:fs';

/** @param {string} text `24.15.0`, with or without a leading `v` or a suffix. */
function parse(text) {
	const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text);
	if (!match) throw new Error(`"${text}" is not a version`);
	return match.slice(1).map(Number);
}

/**
 * @param {string} left
 * @param {string} right
 * @returns {number} below, at or above zero, as for `sort`.
 */
function compare(left, right) {
	const a = parse(left);
	const b = parse(right);
	const at = a.findIndex((part, index) => part !== b[index]);
	return at === -1 ? 0 : Number(a[at]) - Number(b[at]);
}

/**
 * Whether `version` lies in `range`. Understands what `engines.node` uses, `^a.b.c` and `>=a.b.c` joined by `||`, and throws on
 * anything else, so that a range it cannot read never passes for one that holds.
 * @param {string} version
 * @param {string} range
 */
export function satisfies(version, range) {
	return range.split('||').some((alternative) => {
		const match = /^\s*(\^|>=)(\d+\.\d+\.\d+)\s*$/.exec(alternative);
		const lowest = match?.[2];
		if (!lowest) throw new Error(`cannot read the version range "${alternative.trim()}"`);
		const sameMajor = parse(version)[0] === parse(lowest)[0];
		return compare(version, lowest) >= 0 && (match[1] === '>=' || sameMajor);
	});
}

/** The range of Node versions this package runs on. */
export function requiredNode() {
	const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
	return String(JSON.parse(text).engines.node);
}
