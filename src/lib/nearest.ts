/** Edit distance between two short strings (insertions, deletions, substitutions). */
function distance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			current.push(Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, substitution));
		}
		previous = current;
	}
	return previous[b.length] ?? 0;
}

/** A candidate that contains the name, or is contained in it, ranks behind those two edits away. */
const CONTAINED = 2;

/**
 * The names nearest to a mistyped one, best first: those within a third of its length in edits, and those that contain it or are
 * contained in it. Meant for error messages: not for the hot path.
 */
export function nearest(name: string, candidates: Iterable<string>, most = 3): string[] {
	const wanted = name.toLowerCase().slice(0, 100);
	const scored: { candidate: string; score: number }[] = [];
	for (const candidate of new Set(candidates)) {
		const score = scoreOf(wanted, candidate.toLowerCase());
		if (score !== undefined) scored.push({ candidate, score });
	}
	scored.sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate));
	return scored.slice(0, most).map((entry) => entry.candidate);
}

/** How far apart two names are, in edits; undefined when too far. */
function scoreOf(wanted: string, other: string): number | undefined {
	const edits = distance(wanted, other);
	const contains = wanted.length > 2 && other.length > 2 && (other.includes(wanted) || wanted.includes(other));
	if (contains) return Math.min(edits, CONTAINED + Math.abs(other.length - wanted.length) / 10);
	return edits <= Math.max(2, wanted.length / 3) && edits < other.length ? edits : undefined;
}
