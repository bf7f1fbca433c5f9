import { CUE_SYMBOLS, encode, inWord } from './symbols.ts';
import { USE_CASES, type UseCase } from './types.ts';

/** What a cue can speak for: a use case, more or less demanding work, or nothing (`courtesy`: words before a verb). */
export type CueTopic = UseCase | 'hard' | 'easy' | 'courtesy';

/**
 * Words and phrases that speak for a topic, separated by commas; case and accents do not matter, `*` stands for any end of the
 * word. `directive`: verbs that count in full at the head of a clause only, where they tell the model what to do.
 */
export interface CueGroup {
	topic: CueTopic;
	points: number;
	directive?: true;
	cues: string;
}

/** A cue, compiled: what it adds to which topic. */
export interface Cue {
	text: string;
	directive: boolean;
	adds: { topic: number; points: number }[];
}

/** Topics as positions in a list of points. */
export const TOPICS: readonly CueTopic[] = [...USE_CASES, 'hard', 'easy', 'courtesy'];
export const COURTESY = TOPICS.indexOf('courtesy');

/** A match at a place: the cue, and the place after its last symbol. */
export interface Match {
	cue: Cue | undefined;
	end: number;
}

/** All cues as one tree of symbols. Compiled once; finding a cue takes no more steps than the longest cue has letters. */
export class Lexicon {
	private readonly next: Uint16Array;
	private readonly growing: number[] = new Array<number>(CUE_SYMBOLS).fill(0);
	private readonly whole: (Cue | undefined)[] = [undefined];
	private readonly prefix: (Cue | undefined)[] = [undefined];
	private nodes = 1;

	/** Throws `RangeError` when the groups need more nodes than 16 bits number. */
	constructor(groups: readonly CueGroup[]) {
		for (const [text, cue] of collect(groups)) this.plant(text, cue);
		if (this.nodes > 0xffff) throw new RangeError(`The cues need ${this.nodes} nodes; there is room for ${0xffff}.`);
		this.next = Uint16Array.from(this.growing);
		this.growing.length = 0;
	}

	private plant(text: string, cue: Cue): void {
		const open = text.endsWith('*');
		const symbols = new Uint8Array(text.length * 2);
		const length = encode(text, 0, open ? text.length - 1 : text.length, symbols, 0);
		let node = 0;
		for (let index = 0; index < length; index++) node = this.child(node, symbols[index] ?? 0);
		(open ? this.prefix : this.whole)[node] = cue;
	}

	private child(node: number, symbol: number): number {
		const at = node * CUE_SYMBOLS + symbol;
		const known = this.growing[at] ?? 0;
		if (known !== 0) return known;
		const made = this.nodes++;
		this.growing[at] = made;
		for (let column = 0; column < CUE_SYMBOLS; column++) this.growing.push(0);
		this.whole[made] = undefined;
		this.prefix[made] = undefined;
		return made;
	}

	/** Finds the longest cue that begins at `at`, the beginning of a word. Fills `match` rather than making one. */
	find(symbols: Uint8Array, at: number, end: number, match: Match): void {
		match.cue = undefined;
		match.end = at;
		let node = 0;
		let open: Cue | undefined;
		let index = at;
		while (index < end) {
			const symbol = symbols[index] ?? 0;
			node = symbol < CUE_SYMBOLS ? (this.next[node * CUE_SYMBOLS + symbol] ?? 0) : 0;
			if (node === 0) break;
			index++;
			open = this.prefix[node] ?? open;
			if (inWord(symbols[index]) && index < end) continue;
			const found = this.whole[node] ?? open;
			open = undefined;
			if (found === undefined) continue;
			match.cue = found;
			match.end = index;
		}
		if (open === undefined) return;
		while (index < end && inWord(symbols[index])) index++;
		match.cue = open;
		match.end = index;
	}
}

function collect(groups: readonly CueGroup[]): Map<string, Cue> {
	const cues = new Map<string, Cue>();
	for (const group of groups) {
		for (const raw of group.cues.split(',')) {
			const text = raw.trim().replace(/\s+/g, ' ');
			if (text === '') continue;
			const cue = cues.get(text) ?? { text, directive: false, adds: [] };
			cue.directive ||= group.directive === true;
			cue.adds.push({ topic: TOPICS.indexOf(group.topic), points: group.points });
			cues.set(text, cue);
		}
	}
	return cues;
}
