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

/**
 * The names nearest to a mistyped one, best first: those that contain it or are contained in it, then those within a third of its
 * length in edits. Meant for error messages: not for the hot path.
 */
export function nearest(name: string, candidates: Iterable<string>, most = 3): string[] {
	const wanted = name.toLowerCase().slice(0, 100);
	const scored: { candidate: string; score: number }[] = [];
	for (const candidate of new Set(candidates)) {
		const other = candidate.toLowerCase();
		const contains = wanted.length > 2 && (other.includes(wanted) || wanted.includes(other));
		const score = contains ? Math.abs(other.length - wanted.length) / 10 : distance(wanted, other);
		if (contains || score <= Math.max(2, wanted.length / 3)) scored.push({ candidate, score });
	}
	scored.sort((a, b) => a.score - b.score || a.candidate.localeCompare(b.candidate));
	return scored.slice(0, most).map((entry) => entry.candidate);
}
