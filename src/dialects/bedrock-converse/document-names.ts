const NOT_TAKEN = /[^A-Za-z0-9 \-()[\]]+/g;
const LONGEST = 200;

/**
 * Names of documents in the form the API takes: letters, digits, single spaces, hyphens, parentheses and square brackets, and no two
 * alike in one request.
 */
export class DocumentNames {
	readonly #used = new Set<string>();

	/** @param wanted the document's title or file name, if it has one */
	for(wanted: string | undefined): string {
		const clean = (wanted ?? '')
			.replace(NOT_TAKEN, '-')
			.replace(/ {2,}/g, ' ')
			.replace(/^[\s-]+|[\s-]+$/g, '')
			.slice(0, LONGEST - 5);
		const base = clean === '' ? 'document' : clean;
		let name = base;
		for (let n = 2; this.#used.has(name); n++) name = `${base} (${n})`;
		this.#used.add(name);
		return name;
	}
}
