/** Says of a text whether it fits a pattern as a whole. */
export type Matcher = (text: string) => boolean;

/**
 * A pattern in which `*` stands for any run of characters. Takes time in proportion to the text, whatever the pattern: both may come
 * from strangers.
 */
export function globMatcher(glob: string, ignoreCase = false): Matcher {
	const plain = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
	const [first = '', ...others] = plain(glob).split('*');
	const last = others.pop();
	if (last === undefined) return (text) => plain(text) === first;
	return (given) => {
		const text = plain(given);
		const end = text.length - last.length;
		if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
		let from = first.length;
		for (const piece of others) {
			const at = text.indexOf(piece, from);
			if (at < 0 || at + piece.length > end) return false;
			from = at + piece.length;
		}
		return true;
	};
}
