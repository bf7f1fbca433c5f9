/** What a text looks like, whatever its words say. Counts are of the part that was read. */
export interface Shape {
	/** Characters read. */
	read: number;
	/** Marks that programs are full of. */
	codeMarks: number;
	digits: number;
	lines: number;
	/** Lines that begin as items of a list do. */
	items: number;
	/** Lines with three cells or more, between bars or tabs or commas. */
	rows: number;
	questions: number;
	/** Quotation marks. */
	quotes: number;
	/** Fences of code, opening and closing. */
	fences: number;
}

const NOTHING = 0;
const CODE_MARK = 1;
const DIGIT = 2;
const NEWLINE = 3;
const QUESTION = 4;
const CELL = 5;
const COMMA = 6;
const TICK = 7;
const BLANK = 8;
const QUOTATION = 9;

const KINDS = new Uint8Array(128);
const fill = (kind: number, chars: string): void => {
	for (const char of chars) KINDS[char.charCodeAt(0)] = kind;
};
fill(CODE_MARK, '{}[];=<>_\\$&()');
fill(DIGIT, '0123456789');
fill(NEWLINE, '\n');
fill(QUESTION, '?');
fill(CELL, '|\t');
fill(COMMA, ',;');
fill(TICK, '`');
fill(QUOTATION, '"');
fill(BLANK, ' \r');

const QUOTATIONS = new Set([...'«»“”'].map((mark) => mark.charCodeAt(0)));

const MINUS = 45;
const STAR = 42;
const SEMICOLON = 59;

/** The line that is being read. */
interface Line {
	cells: number;
	commas: number;
	blanks: number;
	begun: boolean;
}

/** A row of comma-separated values has few spaces for its commas; a sentence has one after each. */
function closeLine(line: Line, shape: Shape): void {
	if (line.cells >= 2 || (line.commas >= 2 && line.blanks < line.commas)) shape.rows++;
	line.cells = 0;
	line.commas = 0;
	line.blanks = 0;
	line.begun = false;
	shape.lines++;
}

function countMark(kind: number, line: Line, shape: Shape): void {
	if (kind === CODE_MARK) shape.codeMarks++;
	else if (kind === DIGIT) shape.digits++;
	else if (kind === QUESTION) shape.questions++;
	else if (kind === QUOTATION) shape.quotes++;
	else if (kind === CELL) line.cells++;
	else if (kind === COMMA) line.commas++;
	else if (kind === BLANK) line.blanks++;
	else if (kind === NEWLINE) closeLine(line, shape);
}

/** Looks at `text` from `from` to `to`, adding to `shape`. */
export function look(text: string, from: number, to: number, shape: Shape): void {
	const line: Line = { cells: 0, commas: 0, blanks: 0, begun: false };
	let ticks = 0;
	for (let index = from; index < to; index++) {
		const code = text.charCodeAt(index);
		const kind = code < 128 ? (KINDS[code] ?? NOTHING) : QUOTATIONS.has(code) ? QUOTATION : NOTHING;
		if (kind === TICK) {
			if (++ticks === 3) shape.fences++;
			continue;
		}
		ticks = 0;
		if (!line.begun && kind !== BLANK && kind !== NEWLINE) {
			line.begun = true;
			if (code === MINUS || code === STAR || kind === DIGIT) shape.items++;
		}
		if (code === SEMICOLON) shape.codeMarks++;
		countMark(kind, line, shape);
	}
	closeLine(line, shape);
	shape.read += to - from;
}

export function emptyShape(): Shape {
	return { read: 0, codeMarks: 0, digits: 0, lines: 0, items: 0, rows: 0, questions: 0, quotes: 0, fences: 0 };
}
