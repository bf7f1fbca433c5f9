/** A pattern in which `*` stands for any run of characters, as a regular expression for the whole of a text. */
export function globToRegExp(glob: string, flags = ''): RegExp {
	const escaped = glob.split(/\*+/).map((piece) => piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${escaped.join('.*')}$`, flags);
}
