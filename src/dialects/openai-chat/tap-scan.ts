/**
 * Looks into a chunk's JSON text without parsing it. Quotes inside texts are escaped in JSON, so a key with its closing quote and a
 * colon behind it is never part of an answer's words, save where a text ends in them; then the chunk is parsed, which does no harm.
 */
const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
const COLON = 58;
const OPEN_BRACE = 123;
const SMALL_N = 110;
const ZERO = 48;

/** Keys of a delta whose strings are output; the first that is there is counted. */
const TEXTS = ['content"', 'reasoning_content"', 'reasoning"', 'arguments"', 'refusal"', 'input"', 'text"'] as const;

/** Random characters some vendors add to hide the length of a chunk; always the last member. */
const PADDING = '"obfuscation":"';

/** Position of the value after a key that ends at `at`; 0 when what was found is no key. */
function valueAfter(data: string, at: number): number {
	let next = at;
	while (data.charCodeAt(next) === SPACE) next++;
	if (data.charCodeAt(next) !== COLON) return 0;
	next++;
	while (data.charCodeAt(next) === SPACE) next++;
	return next;
}

/** Whether any value under a key begins with a character that `wanted` accepts. `key` ends with its quote. */
function anyValue(data: string, key: string, wanted: (char: number) => boolean): boolean {
	for (let at = data.indexOf(key); at >= 0; at = data.indexOf(key, at + key.length)) {
		if (data.charCodeAt(at - 1) !== QUOTE) continue;
		const value = valueAfter(data, at + key.length);
		if (value > 0 && wanted(data.charCodeAt(value))) return true;
	}
	return false;
}

const isObjectStart = (char: number): boolean => char === OPEN_BRACE;
const isNotNull = (char: number): boolean => char !== SMALL_N;
const isNotZero = (char: number): boolean => char !== ZERO;

/** Whether a chunk has to be parsed: it may hold usage, a finish reason, an error, or concern a further candidate. */
export function mayTell(data: string): boolean {
	return (
		anyValue(data, 'finish_reason"', isNotNull) ||
		anyValue(data, 'usage"', isObjectStart) ||
		anyValue(data, 'error"', isNotNull) ||
		anyValue(data, 'index"', isNotZero)
	);
}

/** Where the closing quote of the string that begins at `start` is. */
function closingQuote(data: string, start: number): number {
	let end = start;
	for (; end < data.length; end++) {
		const char = data.charCodeAt(end);
		if (char === BACKSLASH) end++;
		else if (char === QUOTE) break;
	}
	return end;
}

/** Where the delta's text is: from its first character to its closing quote; undefined when it has none. */
export function outputSpan(data: string): { start: number; end: number } | undefined {
	const delta = Math.max(0, data.indexOf('delta"'));
	for (const key of TEXTS) {
		const at = data.indexOf(key, delta);
		if (at < 0 || data.charCodeAt(at - 1) !== QUOTE) continue;
		const value = valueAfter(data, at + key.length);
		if (value === 0 || data.charCodeAt(value) !== QUOTE) continue;
		const end = closingQuote(data, value + 1);
		if (end > value + 1) return { start: value + 1, end };
	}
	return undefined;
}

/**
 * What is the same in all ordinary chunks of a stream: everything around the text of the delta. A chunk that fits says nothing but
 * its text, which a comparison shows for a tenth of what parsing costs.
 */
export class Template {
	readonly #before: string;
	readonly #after: string;
	readonly #padded: boolean;

	constructor(data: string, span: { start: number; end: number }) {
		this.#before = data.slice(0, span.start);
		const padding = data.indexOf(PADDING, span.end);
		this.#padded = padding >= 0;
		this.#after = padding < 0 ? data.slice(span.end) : data.slice(span.end, padding + PADDING.length);
	}

	/** Length of the text, escapes counted as written; -1 when the chunk does not fit. */
	textLength(data: string): number {
		const start = this.#before.length;
		// Comparing slices is several times faster than startsWith.
		if (data.slice(0, start) !== this.#before) return -1;
		const end = closingQuote(data, start);
		const rest = end + this.#after.length;
		if (data.slice(end, rest) !== this.#after) return -1;
		const whole = this.#padded ? data.indexOf('"', rest) === data.length - 2 : rest === data.length;
		return whole ? end - start : -1;
	}
}
