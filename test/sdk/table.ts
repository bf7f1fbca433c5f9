/** What became of the runs of one scenario in one column. */
interface Entry {
	passed: number;
	run: number;
	notes: Set<string>;
}

/** The matrix of what was run: scenarios by client-vendor pairs. */
export class Table {
	readonly #columns: string[] = [];
	readonly #rows = new Map<string, Map<string, Entry>>();

	/** Counts a run in, and its end. A text the action resolves with is shown beside the count. */
	async run(row: string, column: string, action: () => Promise<unknown>): Promise<void> {
		if (!this.#columns.includes(column)) this.#columns.push(column);
		const cells = this.#rows.get(row) ?? new Map<string, Entry>();
		this.#rows.set(row, cells);
		const entry = cells.get(column) ?? { passed: 0, run: 0, notes: new Set() };
		cells.set(column, entry);
		entry.run++;
		const note = await action();
		entry.passed++;
		if (typeof note === 'string') entry.notes.add(note);
	}

	/** The table as text: in each cell the runs that passed, and letters for the notes that stand below. */
	toString(): string {
		const notes = new Legend();
		const lines = [['', ...this.#columns]];
		for (const [row, cells] of this.#rows) {
			lines.push([row, ...this.#columns.map((column) => shown(cells.get(column), notes))]);
		}
		const widths = lines[0]?.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0))) ?? [];
		const written = lines.map((line) =>
			line
				.map((text, at) => text.padEnd(widths[at] ?? 0))
				.join('  ')
				.trimEnd(),
		);
		return [...written, ...notes.lines()].join('\n');
	}
}

/** Letters for the notes of a table, in the order they are met. */
class Legend {
	readonly #letters = new Map<string, string>();

	letter(note: string): string {
		const known = this.#letters.get(note);
		if (known !== undefined) return known;
		const at = this.#letters.size;
		const letter = (at < 26 ? '' : String.fromCharCode(96 + Math.floor(at / 26))) + String.fromCharCode(97 + (at % 26));
		this.#letters.set(note, letter);
		return letter;
	}

	lines(): string[] {
		return Array.from(this.#letters, ([note, letter]) => `  ${letter}: ${note}`);
	}
}

function shown(entry: Entry | undefined, legend: Legend): string {
	if (entry === undefined) return '-';
	const failed = entry.run - entry.passed;
	const letters = Array.from(entry.notes, (note) => legend.letter(note)).join(',');
	const count = failed === 0 ? `${entry.passed}` : `${failed} of ${entry.run} FAILED`;
	return letters === '' ? count : `${count} ${letters}`;
}
