import { oneLine, type Style, styler, widthOf } from './text.ts';

/** A column of a table. */
export interface Column<Row> {
	title: string;
	cell(row: Row): string;
	/** Numbers stand at the right. */
	right?: boolean;
	style?(row: Row): Style | undefined;
}

/** Rows in columns under their titles, a line each, ending in a line feed; cells are made safe for a terminal. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], color = false): string {
	const cells = rows.map((row) => columns.map((column) => oneLine(column.cell(row))));
	const widths = columns.map((column, index) =>
		cells.reduce((widest, row) => Math.max(widest, widthOf(row[index] ?? '')), widthOf(column.title)),
	);
	const paint = styler(color);
	const line = (texts: readonly string[], style: (column: Column<Row>) => Style | undefined): string =>
		columns
			.map((column, index) => {
				const text = texts[index] ?? '';
				const room = ' '.repeat((widths[index] ?? 0) - widthOf(text));
				const named = style(column);
				const shown = named === undefined ? text : paint(named, text);
				const last = index === columns.length - 1;
				return column.right ? room + shown : last ? shown : shown + room;
			})
			.join('  ')
			.trimEnd();
	const head = line(
		columns.map((column) => column.title),
		() => 'bold',
	);
	const body = rows.map((row, index) => line(cells[index] ?? [], (column) => column.style?.(row)));
	return `${[head, ...body].join('\n')}\n`;
}

/** Values as one line of CSV (RFC 4180), CR LF at its end. Text a spreadsheet would take for a formula gets a leading quote mark. */
export function csvLine(values: readonly (string | number | null)[]): string {
	const field = (value: string | number | null): string => {
		if (typeof value !== 'string') return value === null ? '' : String(value);
		const safe = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
		return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
	};
	return `${values.map(field).join(',')}\r\n`;
}
