import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/index.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/en/providers/quirks.md'), 'utf8');

/** The rows under a vendor's heading: fact to what handles it. */
function rowsOf(id: string): Map<string, string> {
	const section = page.split(/^## /m).find((text) => text.split('\n', 1)[0]?.endsWith(`(\`${id}\`)`));
	const lines = section?.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| fact ')) ?? [];
	return new Map(
		lines.map((line) => {
			const [, fact = '', handled = ''] = line.split('|').map((cell) => cell.trim());
			return [fact.replaceAll('&#124;', '|').replaceAll('&lt;', '<'), handled];
		}),
	);
}

describe('the page on how habits of vendors are handled', () => {
	const rows = loadCatalog()
		.providers()
		.filter((row) => row.quirks.length > 0);

	it.each(rows.map((row) => [row.id, row.quirks] as const))('answers for each of %s', (id, quirks) => {
		const told = rowsOf(id);
		expect([...told.keys()]).toEqual(quirks);
		for (const [fact, handled] of told) expect(handled, fact).not.toBe('');
	});

	it('names no vendor the catalog does not have', () => {
		const headings = Array.from(page.matchAll(/^## .*\(`([^`]+)`\)$/gm), (match) => match[1]);
		expect(headings).toEqual(rows.map((row) => row.id));
	});
});
