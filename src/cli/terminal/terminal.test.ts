import { describe, expect, it } from 'vitest';
import { csvLine, oneLine, progress, styler, type TerminalIo, table } from './index.ts';
import { widthOf } from './text.ts';

interface Row {
	name: string;
	count: number;
}

const COLUMNS = [
	{ title: 'name', cell: (row: Row) => row.name },
	{ title: 'n', cell: (row: Row) => String(row.count), right: true },
	{ title: 'note', cell: (row: Row) => (row.count > 9 ? 'many' : ''), style: () => 'dim' as const },
];

describe('a table', () => {
	it('lines its columns up, numbers at the right, nothing at the end of lines', () => {
		const rows = [
			{ name: 'one', count: 1 },
			{ name: 'twelve', count: 12 },
		];
		expect(table(COLUMNS, rows)).toBe('name     n  note\none      1\ntwelve  12  many\n');
	});

	it('counts what a terminal shows, not characters', () => {
		expect(['abc', '日本', 'e\u0301', '✅', ''].map(widthOf)).toEqual([3, 4, 1, 2, 0]);
		expect(table(COLUMNS, [{ name: '日本', count: 1 }])).toBe('name  n  note\n日本  1\n');
	});

	it('puts styles around texts, not into widths, and only where there are colours', () => {
		const rows = [{ name: 'one', count: 10 }];
		expect(table(COLUMNS, rows, true)).toContain('one   10  \u001b[2mmany\u001b[0m\n');
		expect(table(COLUMNS, rows, false)).not.toContain('\u001b');
		expect(styler(true)('red', '')).toBe('');
	});

	it('keeps every row on its line whatever a cell holds', () => {
		expect(table(COLUMNS, [{ name: 'a\nb\u001b[31m', count: 1 }])).toBe('name         n  note\na b\\x1b[31m  1\n');
		expect(oneLine(' a\r\n\tb ')).toBe('a b');
	});
});

describe('a line of CSV', () => {
	it('quotes what needs quotes and defuses what a spreadsheet would run', () => {
		expect(csvLine(['a,b', 'say "hi"', 1.5, null, '=SUM(A1)', '-x', -2, 'two\nlines'])).toBe(
			`"a,b","say ""hi""",1.5,,'=SUM(A1),'-x,-2,"two\nlines"\r\n`,
		);
	});
});

describe('progress', () => {
	function run(live: boolean, silent: boolean): string {
		let err = '';
		const io: Pick<TerminalIo, 'live' | 'err'> = {
			live,
			err: (text) => {
				err += text;
			},
		};
		const shown = progress(io, 2, silent);
		shown.waiting('for one');
		shown.step('one: done');
		shown.step(`two: ${'x'.repeat(200)}`);
		shown.end();
		return err;
	}

	it('is one changing line on a terminal, which goes away', () => {
		const err = run(true, false);
		const lines = err.split('\r\u001b[K');
		expect(lines).toEqual(['', '[0/2] for one', '[1/2] one: done', expect.stringMatching(/^\[2\/2\] two: x+$/), '']);
		for (const line of lines) expect(line.length).toBeLessThan(80);
	});

	it('is a line a step elsewhere', () => {
		expect(run(false, false)).toBe(`[1/2] one: done\n[2/2] two: ${'x'.repeat(200)}\n`);
	});

	it('is nothing where the result is for a program', () => {
		expect(run(true, true)).toBe('');
		expect(run(false, true)).toBe('');
	});
});
