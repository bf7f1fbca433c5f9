import { COURTESY, type Cue, type Lexicon, type Match, TOPICS } from './lexicon.ts';
import { emptyShape, look, type Shape } from './shape.ts';
import { BREAK, COLON, encode, inWord, LINE, QUOTE, TICK } from './symbols.ts';

/** How much of a text is read: characters at its head and at its tail, where instructions stand. */
export interface Extent {
	head: number;
	tail: number;
}

/** A cue that was found, and how much it counts where it stood, 0 to 1. */
export interface Finding {
	cue: Cue;
	weight: number;
}

export interface Reading {
	findings: Finding[];
	shape: Shape;
	/** Words read. */
	words: number;
	/** Whether a clause begins with a verb that is a command. */
	commands: boolean;
	/** Whether a sign that is hard to mistake stands in the first sentence or so. */
	named: boolean;
	/** Words of one letter that name quantities: f, k, x. */
	variables: number;
}

/** Share of its points that a cue counts for, by where it stands. */
const WEIGHTS = {
	/** A sign that is hard to mistake, named first of all: the text's heading, as it were. */
	heading: 1.4,
	/** A verb of command elsewhere than at the head of a clause. */
	verbWithin: 0.4,
	/** Commands after the first. */
	later: 0.6,
	/** Material the command is about: what follows it after a colon, a quotation mark or an empty line. */
	material: 0.2,
	/** A clause of command behind the material. */
	afterword: 0.8,
	code: 0.1,
	/** The middle of a long text in which no command was found yet. */
	middle: 0.5,
} as const;

/** Symbols from the beginning within which everything counts in full, and from the end. */
const OPENING = 500;
const CLOSING = 260;
/** Symbols from the beginning within which a sign heads the text. */
const HEADING = 40;
/** Symbols within which a system prompt says what the model is. */
const NAMING = 110;
/** Points from which a cue is taken for the command: what follows a colon then is its material. */
const COMMANDING = 3;
/** Letters that stand for quantities and for nothing else, in English and in French. */
const VARIABLES = new Set([...'fghkpqrxz'].map((letter) => letter.charCodeAt(0) - 95));

/** Room for symbols, kept between calls: the classifier runs to its end before it can be called again. */
let room = new Uint8Array(8192);
const match: Match = { cue: undefined, end: 0 };

/** Where the reading of symbols stands. */
class Walk {
	readonly findings: Finding[] = [];
	words = 0;
	commands = false;
	named = false;
	variables = 0;
	private clauseHead = true;
	private commanded = false;
	private material = false;
	private code = false;
	private ticks = 0;
	private lines = 0;
	private readonly end: number;
	private readonly lexicon: Lexicon;

	constructor(lexicon: Lexicon, end: number) {
		this.lexicon = lexicon;
		this.end = end;
	}

	/** Takes in the mark at `at`. */
	mark(symbol: number): void {
		this.ticks = symbol === TICK ? this.ticks + 1 : 0;
		if (this.ticks === 3) this.code = !this.code;
		this.lines = symbol === LINE ? this.lines + 1 : 0;
		if (symbol === BREAK || symbol >= LINE) this.clauseHead = true;
		const opens = symbol === COLON || symbol === QUOTE || this.lines === 2;
		if (opens && this.commanded) this.material = true;
	}

	/** Takes in the word at `at`; returns the place behind it or behind the cue that begins there. */
	word(symbols: Uint8Array, at: number): number {
		this.lines = 0;
		this.ticks = 0;
		this.lexicon.find(symbols, at, this.end, match);
		const { cue } = match;
		if (cue === undefined) {
			this.words++;
			this.clauseHead = false;
			const end = endOfWord(symbols, at, this.end);
			if (end - at === 1 && !this.code && VARIABLES.has(symbols[at] ?? 0)) this.variables++;
			return end;
		}
		this.words++;
		const polite = cue.adds.some((add) => add.topic === COURTESY);
		if (cue.adds.length > 1 || !polite) this.findings.push({ cue, weight: this.weigh(cue, at) });
		if (!polite) this.clauseHead = false;
		return match.end;
	}

	private weigh(cue: Cue, at: number): number {
		if (this.code) return WEIGHTS.code;
		const command = cue.directive && this.clauseHead;
		if (this.material) {
			const closing = this.end - at < CLOSING;
			return closing && command ? WEIGHTS.afterword : WEIGHTS.material;
		}
		const strong = cue.adds.some((add) => add.points >= COMMANDING);
		this.named ||= strong && at < NAMING;
		if (command) {
			const weight = this.commanded ? WEIGHTS.later : 1;
			this.commanded ||= strong;
			this.commands ||= strong;
			return weight;
		}
		this.commanded ||= strong && !cue.directive;
		if (strong && !cue.directive && at < HEADING) return WEIGHTS.heading;
		const outer = at < OPENING || this.end - at < CLOSING;
		return (outer ? 1 : WEIGHTS.middle) * (cue.directive ? WEIGHTS.verbWithin : 1);
	}
}

function endOfWord(symbols: Uint8Array, at: number, end: number): number {
	let index = at + 1;
	while (index < end && inWord(symbols[index])) index++;
	return index;
}

/** Encodes head and tail into the room; returns how many symbols they make. */
function fillRoom(text: string, extent: Extent, shape: Shape): number {
	const whole = text.length <= extent.head + extent.tail;
	const headEnd = whole ? text.length : extent.head;
	const tailStart = whole ? text.length : text.length - extent.tail;
	const needed = 2 * (headEnd + text.length - tailStart) + 2;
	if (room.length < needed) room = new Uint8Array(needed);
	let length = encode(text, 0, headEnd, room, 0);
	look(text, 0, headEnd, shape);
	if (whole) return length;
	room[length++] = LINE;
	room[length++] = LINE;
	look(text, tailStart, text.length, shape);
	length = encode(text, tailStart, text.length, room, length);
	return length;
}

/** Reads a text for cues and shape. Takes time proportional to the extent, whatever the length of the text. */
export function readText(text: string, lexicon: Lexicon, extent: Extent): Reading {
	const shape = emptyShape();
	if (text === '') return { findings: [], shape, words: 0, commands: false, named: false, variables: 0 };
	const length = fillRoom(text, extent, shape);
	const walk = new Walk(lexicon, length);
	let index = 0;
	while (index < length) {
		const symbol = room[index] ?? BREAK;
		if (inWord(symbol)) {
			index = walk.word(room, index);
			continue;
		}
		walk.mark(symbol);
		index++;
	}
	const { findings, words, commands, named, variables } = walk;
	return { findings, shape, words, commands, named, variables };
}

/** Adds what a reading found to `points`, one place for each topic. A cue counts once; said again, it adds little. */
export function tally(reading: Reading, share: number, points: Float64Array): void {
	const seen = new Map<Cue, number>();
	for (const { cue, weight } of reading.findings) {
		const before = seen.get(cue) ?? 0;
		const gain = weight > before ? weight - before : weight * 0.1;
		seen.set(cue, Math.max(before, weight));
		for (const add of cue.adds) points[add.topic] = (points[add.topic] ?? 0) + add.points * gain * share;
	}
}

/** An empty list of points, one place for each topic. */
export const noPoints = (): Float64Array => new Float64Array(TOPICS.length);
