/**
 * Text as small numbers, so that cues are found without regular expressions, substrings or case mapping: letters without case or
 * accent, digits, and the few marks that mean something. One pass, linear in the characters read.
 */

/** The end of a sentence or clause. */
export const BREAK = 0;
export const SPACE = 1;
const LETTER_A = 2;
const DIGIT_0 = 28;
const PLUS = 38;
const HASH = 39;
/** How many symbols cues may be written with. */
export const CUE_SYMBOLS = 40;
/** A letter no cue is written with. */
export const OTHER = 40;
export const LINE = 41;
export const COLON = 42;
export const QUOTE = 43;
export const TICK = 44;

/** Marks of programming and of tables are breaks to words; they are counted apart. */
const MARKS: { readonly [symbol: number]: string } = {
	[BREAK]: '.!?;(){}[]<>=*|&^%$@~\\¿¡•·…',
	[SPACE]: " \t,/'-_’‘´–—\u00a0\u202f\u2009\u2011\u200b",
	[PLUS]: '+',
	[HASH]: '#',
	[LINE]: '\n\r\u2028',
	[COLON]: ':：',
	[QUOTE]: '"«»“”„',
	[TICK]: '`',
};

const TABLE_SIZE = 0x2100;
/** Symbol of each character; a ligature's second letter stands in `SECOND`. */
const FIRST = new Uint8Array(TABLE_SIZE).fill(OTHER);
const SECOND = new Uint8Array(TABLE_SIZE);
/** Marks that hang over the letter before. */
const COMBINING_FROM = 0x300;
const COMBINING_TO = 0x370;

function letter(char: string): number {
	const code = char.charCodeAt(0);
	if (code >= 97 && code <= 122) return LETTER_A + code - 97;
	return code >= 48 && code <= 57 ? DIGIT_0 + code - 48 : OTHER;
}

function fillTables(): void {
	for (let code = 0; code < COMBINING_FROM; code++) {
		const plain = String.fromCharCode(code).normalize('NFD').toLowerCase();
		FIRST[code] = code < 32 ? SPACE : letter(plain);
	}
	for (const [char, letters] of Object.entries({ œ: 'oe', Œ: 'oe', æ: 'ae', Æ: 'ae', ß: 'ss' })) {
		FIRST[char.charCodeAt(0)] = letter(letters);
		SECOND[char.charCodeAt(0)] = letter(letters.slice(1));
	}
	for (const [symbol, chars] of Object.entries(MARKS)) {
		for (const char of chars) if (char.charCodeAt(0) < TABLE_SIZE) FIRST[char.charCodeAt(0)] = Number(symbol);
	}
}
fillTables();

const isAlphanumeric = (symbol: number): boolean => symbol >= LETTER_A && symbol < PLUS;

/** The symbol of a mark that depends on what follows: a dot within `node.js` or `3.5` ends nothing. */
function dotBefore(text: string, index: number): number {
	const next = text.charCodeAt(index + 1);
	return next < TABLE_SIZE && isAlphanumeric(FIRST[next] ?? OTHER) ? SPACE : BREAK;
}

const DOT = 46;

/**
 * Writes the symbols of `text`, of several blanks one, from `from` to `to` into `out` at `at`, and returns where they end. `out` must hold twice as many
 * symbols as there are characters.
 */
export function encode(text: string, from: number, to: number, out: Uint8Array, at: number): number {
	let length = at;
	for (let index = from; index < to; index++) {
		const code = text.charCodeAt(index);
		if (code >= COMBINING_FROM && code < COMBINING_TO) continue;
		if (code >= TABLE_SIZE) {
			out[length++] = code === 0xff1a ? COLON : OTHER;
			continue;
		}
		const symbol = code === DOT ? dotBefore(text, index) : (FIRST[code] ?? OTHER);
		if (symbol === SPACE && length > at && out[length - 1] === SPACE) continue;
		out[length++] = symbol;
		const second = SECOND[code] ?? 0;
		if (second !== 0) out[length++] = second;
	}
	return length;
}

/** Whether a symbol belongs to a word. */
export function inWord(symbol: number | undefined): boolean {
	return symbol !== undefined && symbol > SPACE && symbol <= OTHER;
}
