/**
 * Edit distance between two short strings (insertions, deletions, substitutions); undefined when it is more than `most`, which is found
 * out without looking at all of them.
 */
function distance(one: string, other: string, most: number): number | undefined {
	if (Math.abs(one.length - other.length) > most) return undefined;
	const [a, b] = withoutEnds(one, other);
	let previous = Uint16Array.from({ length: b.length + 1 }, (_, i) => i);
	let current = new Uint16Array(b.length + 1);
	for (let i = 1; i <= a.length; i++) {
		current[0] = i;
		let least = i;
		for (let j = 1; j <= b.length; j++) {
			const substitution = (previous[j - 1] ?? 0) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1);
			const edits = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution);
			current[j] = edits;
			if (edits < least) least = edits;
		}
		if (least > most) return undefined;
		[previous, current] = [current, previous];
	}
	const edits = previous[b.length] ?? 0;
	return edits > most ? undefined : edits;
}

/** Two texts without what they begin and end with alike. */
function withoutEnds(a: string, b: string): [string, string] {
	const shorter = Math.min(a.length, b.length);
	let from = 0;
	while (from < shorter && a.charCodeAt(from) === b.charCodeAt(from)) from++;
	let left = 0;
	while (left < shorter - from && a.charCodeAt(a.length - 1 - left) === b.charCodeAt(b.length - 1 - left)) left++;
	return [a.slice(from, a.length - left), b.slice(from, b.length - left)];
}

/** A candidate that contains the name, or is contained in it, ranks behind those two edits away. */
const CONTAINED = 2;

/**
 * The names nearest to a mistyped one, best first: those within a third of its length in edits, and those that contain it or are
 * contained in it. Meant for error messages: not for the hot path.
 */
export function nearest(name: string, candidates: Iterable<string>, most = 3): string[] {
	const wanted = name.toLowerCase().slice(0, 100);
	const best: Scored[] = [];
	let limit = Math.max(2, wanted.length / 3);
	for (const candidate of new Set(candidates)) {
		const score = scoreOf(wanted, candidate.toLowerCase(), limit);
		if (score === undefined) continue;
		best.push({ candidate, score });
		if (best.length <= most) continue;
		best.sort(byScore);
		best.length = most;
		// What is further off than the last of them is of no interest any more.
		limit = Math.min(limit, best[most - 1]?.score ?? limit);
	}
	return best.sort(byScore).map((entry) => entry.candidate);
}

interface Scored {
	candidate: string;
	score: number;
}

function byScore(a: Scored, b: Scored): number {
	return a.score - b.score || a.candidate.localeCompare(b.candidate);
}

/** How far apart two names are, in edits; undefined when that is more than `limit`. */
function scoreOf(wanted: string, other: string, limit: number): number | undefined {
	const contains = wanted.length > 2 && other.length > 2 && (other.includes(wanted) || wanted.includes(other));
	const edits = distance(wanted, other, limit);
	if (contains) return Math.min(edits ?? Number.POSITIVE_INFINITY, CONTAINED + Math.abs(other.length - wanted.length) / 10);
	return edits !== undefined && edits < other.length ? edits : undefined;
}
