import { complexityOf, levelOf } from './complexity.ts';
import { ENGLISH } from './cues/english.ts';
import { FRENCH } from './cues/french.ts';
import { Lexicon, TOPICS } from './lexicon.ts';
import { type Extent, noPoints, type Reading, readText, tally } from './read.ts';
import { type Evidence, SIGNALS } from './signals.ts';
import { type Classification, type ClassifierInput, type Reason, USE_CASES, type UseCase } from './types.ts';

let compiled: Lexicon | undefined;

/** Compiled for the first request that needs it: it takes some milliseconds and tens of megabytes on the way. */
function lexicon(): Lexicon {
	compiled ??= new Lexicon([...ENGLISH, ...FRENCH]);
	return compiled;
}
const HARD = TOPICS.indexOf('hard');
const CHAT = TOPICS.indexOf('chat');
const EASY = TOPICS.indexOf('easy');

/** A text of the request: how much of it is read, and the share of its points that count. */
interface Source {
	source: 'user' | 'earlier' | 'system';
	extent: Extent;
	share: number;
}

const USER: Source = { source: 'user', extent: { head: 1200, tail: 500 }, share: 1 };
const EARLIER: Source = { source: 'earlier', extent: { head: 300, tail: 100 }, share: 0.3 };
const SYSTEM: Source = { source: 'system', extent: { head: 700, tail: 200 }, share: 0.7 };
/** A last turn of at most so many words leans on the turn before. */
const FOLLOW_UP_WORDS = 12;
const FOLLOW_UP_SHARE = 0.8;
/** Where the system prompt commands, or names a trade and the user commands nothing, the user mostly sends material. */
const STANDING_ORDER_SHARE = 1.3;
const ORDERED_COMMAND_SHARE = 0.7;
const ORDERED_SHARE = 0.4;
/** Words of small talk count in full up to so many words of text; in longer ones they are mere politeness. */
const SMALL_TALK_WORDS = 16;
const LEAST_SMALL_TALK = 0.3;
/** Reasons that are told. */
const MOST_REASONS = 5;

function best(points: Float64Array): { first: number; second: number } {
	let first = 0;
	let second = -1;
	for (let topic = 1; topic < USE_CASES.length; topic++) {
		if ((points[topic] ?? 0) > (points[first] ?? 0)) {
			second = first;
			first = topic;
		} else if (second < 0 || (points[topic] ?? 0) > (points[second] ?? 0)) second = topic;
	}
	return { first, second };
}

/** How sure a lead is: a lead of nothing is no confidence, a lead of several points near certainty. */
function confidenceOf(points: Float64Array, first: number, second: number): number {
	const lead = (points[first] ?? 0) - Math.max(0, points[second] ?? 0);
	return lead <= 0 ? 0 : Math.round((lead / (lead + 1.5)) * 100) / 100;
}

function reasonsFor(topic: number, readings: readonly [Source, Reading, number][], evidence: Evidence): Reason[] {
	const reasons = new Map<string, Reason>();
	for (const [{ source }, reading, share] of readings) {
		for (const { cue, weight } of reading.findings) {
			for (const add of cue.adds) {
				if (add.topic !== topic) continue;
				const points = Math.round(add.points * weight * share * 100) / 100;
				const key = `${source} ${cue.text}`;
				if (points > (reasons.get(key)?.points ?? 0)) reasons.set(key, { source, cue: cue.text, points });
			}
		}
	}
	for (const signal of SIGNALS) {
		const points = signal.useCase === USE_CASES[topic] ? signal.points(evidence) : 0;
		if (points > 0) reasons.set(`shape ${signal.cue}`, { source: 'shape', cue: signal.cue, points });
	}
	return [...reasons.values()].sort((a, b) => b.points - a.points).slice(0, MOST_REASONS);
}

/**
 * Works out what a request is for and how demanding it is, from its words and its shape alone: no network, no clock, no state.
 * English and French are known; of other languages only the shape is. Texts of any size take the same bounded time; never throws.
 */
export function classify(input: ClassifierInput): Classification {
	const user = readText(input.user, lexicon(), USER.extent);
	const readings: [Source, Reading, number][] = [];
	let userShare = USER.share;
	if (input.system !== '') {
		const system = readText(input.system, lexicon(), SYSTEM.extent);
		const orders = system.commands || (system.named && !user.commands);
		readings.push([SYSTEM, system, orders ? STANDING_ORDER_SHARE : SYSTEM.share]);
		if (orders) userShare = user.commands ? ORDERED_COMMAND_SHARE : ORDERED_SHARE;
	}
	readings.unshift([USER, user, userShare]);
	if (input.earlier !== '') {
		const share = user.words <= FOLLOW_UP_WORDS ? FOLLOW_UP_SHARE : EARLIER.share;
		readings.push([EARLIER, readText(input.earlier, lexicon(), EARLIER.extent), share]);
	}
	const points = noPoints();
	for (const [, reading, share] of readings) tally(reading, share, points);
	points[CHAT] = (points[CHAT] ?? 0) * Math.min(1, Math.max(LEAST_SMALL_TALK, SMALL_TALK_WORDS / Math.max(1, user.words)));
	const evidence: Evidence = { input, user };
	for (const signal of SIGNALS) {
		const topic = USE_CASES.indexOf(signal.useCase);
		points[topic] = (points[topic] ?? 0) + signal.points(evidence);
	}
	const { first, second } = best(points);
	const useCase: UseCase = USE_CASES[first] ?? 'chat';
	const complexity = complexityOf(useCase, input, user, points[HARD] ?? 0, points[EASY] ?? 0);
	return {
		useCase,
		confidence: confidenceOf(points, first, second),
		complexity: Math.round(complexity * 1000) / 1000,
		level: levelOf(complexity),
		reasons: reasonsFor(first, readings, evidence),
	};
}
