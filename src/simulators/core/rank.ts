function words(said: string): Set<string> {
	return new Set(said.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** How near a document is to a query, from 0 to 1: the share of the query's words that it holds. */
function relevance(wanted: Set<string>, document: string): number {
	const held = words(document);
	const shared = [...wanted].filter((word) => held.has(word)).length;
	return Number((0.01 + (0.98 * shared) / Math.max(1, wanted.size)).toFixed(8));
}

/** A document's place among others. */
export interface Ranked {
	index: number;
	score: number;
}

/** Documents by their nearness to a query, nearest first; equal ones in their order. */
export function ranked(query: string, documents: readonly string[]): Ranked[] {
	const wanted = words(query);
	const scored = documents.map((document, index) => ({ index, score: relevance(wanted, document) }));
	return scored.sort((a, b) => b.score - a.score || a.index - b.index);
}
